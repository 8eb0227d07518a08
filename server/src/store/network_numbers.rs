//! Numbers the networks of rows that were written before networks had numbers. Run with every migration; when there are
//! none left it asks two questions.

use super::{Result, Store, reading, writing};
use crate::network::Network;

/// How many networks one transaction numbers.
const AT_ONCE: i64 = 50;

/// How many rows of each: no statement may take as long as PostgreSQL lets one run.
const ROWS: i64 = 1_000;

/// Numbers the rows of a table.
macro_rules! number_all {
    ($store:expr, $find:literal, $set:literal) => {
        loop {
            let networks: Vec<(String,)> = reading!($store, db => {
                sqlx::query_as($find).bind(AT_ONCE).fetch_all(db).await
            })?;
            if networks.is_empty() {
                break;
            }
            let numbered = $store.write(move |tx| {
                Box::pin(async move {
                    for (network,) in networks {
                        let number = Network::parse(&network).number();
                        writing!(tx, db => {
                            sqlx::query($set).bind(&network).bind(number).bind(ROWS).execute(db).await.map(drop)
                        })?;
                    }
                    Ok::<_, super::StoreError>(())
                })
            });
            numbered.await?;
        }
    };
}

impl Store {
    /// Numbers every network that has no number yet.
    ///
    /// # Errors
    /// The database is out of reach; what was numbered until then stays so.
    pub(super) async fn number_networks(&self) -> Result<()> {
        number_all!(
            self,
            "select distinct network from (select network from session_addresses where network_number is null
                                           limit $1) s",
            "update session_addresses set network_number = $2
             where network = $1 and session_id in (select session_id from session_addresses
                                                   where network_number is null and network = $1 limit $3)"
        );
        number_all!(
            self,
            "select distinct network from (select network from events where network_number is null limit $1) e",
            "update events set network_number = $2
             where id in (select id from events where network_number is null and network = $1 limit $3)"
        );
        Ok(())
    }
}
