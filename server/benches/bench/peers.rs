//! `make bench-peers`: the same clients on SimpleJWT, which `scripts/bench-peers` runs, and on Jotward, in turn. Both
//! rotate, blacklist what was spent and keep it in SQLite, each with its own defaults.

use std::net::SocketAddr;
use std::time::Duration;

use crate::Outcome;
use crate::crowd::{Client, What, rush};
use crate::refresh::CLIENTS;
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::World;

const ROUND: Duration = Duration::from_secs(3);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let peer: SocketAddr = std::env::var("BENCH_PEER")?.parse()?;
    let mut others = Vec::new();
    for user in 0..CLIENTS {
        let mut client = Client::new(peer, &format!("bench{user}")).forgiving();
        client.log_in().await?;
        others.push(client);
    }
    let mut world = World::with(CLIENTS, None).await?;
    for (what, name, target) in [
        (What::Refresh, "refresh", Target::AtLeast(40.0)),
        (What::Verify, "verify", Target::None),
        (What::Login, "login", Target::None),
    ] {
        let (a, b) = in_turn(
            async || Ok(rush(&mut world.clients, what, ROUND).await?.rate()),
            async || Ok(rush(&mut others, what, ROUND).await?.rate()),
        )
        .await?;
        let figure = |figures: &[f64]| format!("{:.0}/s", median(figures));
        table.row(
            &format!("{name}, 16 clients, Jotward against SimpleJWT under gunicorn"),
            figure(&a),
            figure(&b),
            &Ratio::of(&a, &b),
            target,
        );
        let refused: usize = others.iter().map(|client| client.refused).sum();
        if refused > 0 {
            table.note(format!(
                "{name}: SimpleJWT failed {refused} requests, which do not count"
            ));
        }
        for client in &mut others {
            client.refused = 0;
        }
    }
    table.note(
        "SimpleJWT 5.5.1, Django 5.2, gunicorn with 2 workers of its default kind, which close the connection after \
         each answer; SQLite as Django opens it"
            .to_owned(),
    );
    table.note(
        "login: the hashers differ, Argon2id here and PBKDF2 with Django's number of rounds there"
            .to_owned(),
    );
    Ok(())
}
