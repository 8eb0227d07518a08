//! Logins over HTTP, against the password hash alone on as many threads as the server's: a login should cost its
//! hash and nothing else worth mentioning.

use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use jotward::account::Hasher;
use tokio::task::{JoinSet, spawn_blocking};

use crate::Outcome;
use crate::crowd::{What, count, rush};
use crate::rounds::{Ratio, in_turn, median};
use crate::table::{Table, Target};
use crate::world::{PASSWORD, World};

/// How many clients log in at once: enough that no thread waits for the next.
pub const CLIENTS: usize = 8;

const ROUND: Duration = Duration::from_secs(3);

/// Measures it.
///
/// # Errors
/// A server does not start or refuses.
pub async fn measure(table: &mut Table) -> Outcome<()> {
    let mut world = World::with(CLIENTS, None).await?;
    let argon2 = argon2()?;
    let phc = spawn_blocking(move || argon2.hash_password(PASSWORD.as_bytes()))
        .await?
        .map_err(|error| error.to_string())?
        .to_string();
    let (a, b) = in_turn(
        async || Ok(rush(&mut world.clients, What::Login, ROUND).await?.rate()),
        async || alone(&phc).await,
    )
    .await?;
    let figure = |figures: &[f64]| format!("{:.1}/s", median(figures));
    table.row(
        "login, 8 clients, against Argon2id alone on as many threads",
        figure(&a),
        figure(&b),
        &Ratio::of(&a, &b),
        Target::AtLeast(0.95),
    );
    Ok(())
}

/// The parameters that the server uses when none are given.
fn argon2() -> Outcome<Argon2<'static>> {
    let params = Params::new(19456, 2, 1, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Checks of a password a second, on as many threads as there are cores.
async fn alone(phc: &str) -> Outcome<f64> {
    let begun = Instant::now();
    let mut threads = JoinSet::new();
    for _ in 0..Hasher::turns() {
        let (argon2, phc) = (argon2()?, phc.to_owned());
        threads.spawn_blocking(move || checks(&argon2, &phc, begun + ROUND));
    }
    let mut checked = 0;
    while let Some(one) = threads.join_next().await {
        checked += one??;
    }
    Ok(count(checked) / begun.elapsed().as_secs_f64())
}

fn checks(argon2: &Argon2<'_>, phc: &str, until: Instant) -> Outcome<usize> {
    let phc = PasswordHash::new(phc).map_err(|error| error.to_string())?;
    let mut checked = 0;
    while Instant::now() < until {
        argon2
            .verify_password(PASSWORD.as_bytes(), &phc)
            .map_err(|error| error.to_string())?;
        checked += 1;
    }
    Ok(checked)
}
