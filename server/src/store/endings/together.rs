//! Ends sessions that somebody found before, by their ids: some of those a warrant has to end. What of them ended meanwhile is
//! left as it is.

use std::collections::HashSet;

use sqlx::QueryBuilder;

use super::{EndedRow, Ending};
use crate::store::{Lent, Result, Revocation, Tx, WarrantId, writing};

/// Sessions that were ended together.
#[derive(Clone, Debug, Default)]
pub struct EndedTogether {
    /// What that revoked, to be announced when all else is done.
    pub revoked: Vec<Revocation>,
    /// How many users they were of.
    pub users: i64,
}

impl Tx {
    /// Ends those of these sessions that had not ended before, by a warrant.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_sessions(
        &mut self,
        warrant: WarrantId,
        ids: &[String],
        ending: &Ending,
    ) -> Result<EndedTogether> {
        if ids.is_empty() {
            return Ok(EndedTogether::default());
        }
        self.hold_sessions(ids).await?;
        let rows: Vec<EndedRow> = writing!(self, db => {
            let mut query = QueryBuilder::new("update sessions set ended_at = ");
            query.push_bind(ending.at).push(", end_reason = ").push_bind(ending.reason.as_str());
            query.push(", ended_by = ").push_bind(ending.by.clone());
            query.push(", end_note = ").push_bind(ending.note.clone());
            query.push(", warrant_id = ").push_bind(warrant.0);
            query.push(" where ended_at is null and id in ");
            query.push_tuples(ids, |mut tuple, id| { tuple.push_bind(id.clone()); });
            query.push(
                " returning id, access_expires_at, user_id,
                            (select username from users where users.id = sessions.user_id) as username",
            );
            query.build_query_as().fetch_all(db).await
        })?;
        let users: HashSet<_> = rows.iter().filter_map(|row| row.user_id).collect();
        Ok(EndedTogether {
            users: i64::try_from(users.len()).unwrap_or(i64::MAX),
            revoked: self.seal(rows, ending).await?,
        })
    }

    /// Holds the rows of sessions, one after the other by their ids: whoever ends some of the same must not wait for this
    /// transaction while it waits for theirs. SQLite has one writer.
    async fn hold_sessions(&mut self, ids: &[String]) -> Result<()> {
        if let Lent::Postgres(tx) = &mut self.lent {
            let mut query = QueryBuilder::new("select id from sessions where id in ");
            query.push_tuples(ids, |mut tuple, id| {
                tuple.push_bind(id.clone());
            });
            query.push(" order by id for update");
            query.build().execute(&mut **tx).await?;
        }
        Ok(())
    }
}
