//! Refreshes on PostgreSQL against refreshes on SQLite. Without a PostgreSQL server there is no such row.

use load::postgres::Database;
use sqlx::{Connection, PgConnection};

use crate::Outcome;
use crate::crowd::{What, rush};
use crate::refresh::{CLIENTS, ROUND};
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::World;

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let database = Database::make().await?;
    let measured = on(database.url(), table).await;
    database.delete().await?;
    measured
}

async fn on(url: String, table: &mut Table) -> Outcome<()> {
    let mut shared = World::with(CLIENTS, Some(url.clone())).await?;
    let mut file = World::with(CLIENTS, None).await?;
    let (a, b) = in_turn(
        async || {
            Ok(rush(&mut shared.clients, What::Refresh, ROUND)
                .await?
                .rate())
        },
        async || Ok(rush(&mut file.clients, What::Refresh, ROUND).await?.rate()),
    )
    .await?;
    shared.server.stop().await?;
    let mut connection = PgConnection::connect(&url).await?;
    let (fsync, synchronous, version): (String, String, String) = sqlx::query_as(
        "select current_setting('fsync'), current_setting('synchronous_commit'), current_setting('server_version')",
    )
    .fetch_one(&mut connection)
    .await?;
    connection.close().await?;
    let figure = |figures: &[f64]| format!("{:.0}/s", median(figures));
    table.row(
        "refresh, 16 clients, PostgreSQL against SQLite",
        figure(&a),
        figure(&b),
        &Ratio::of(&a, &b),
        Target::None,
    );
    table.note(format!(
        "PostgreSQL {version} with fsync={fsync}, synchronous_commit={synchronous}, on the same machine"
    ));
    Ok(())
}
