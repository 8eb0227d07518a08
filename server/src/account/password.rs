//! Passwords: Argon2id on a bounded number of threads. A hash takes milliseconds of a core and megabytes of
//! memory, so no more run than there are cores, and who can not be served soon is told to come back.

use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// The shortest password accepted, in characters (OWASP ASVS 5.0, 6.2.1).
pub const MIN_CHARS: usize = 8;

/// How long a login waits for its turn.
const PATIENCE: Duration = Duration::from_secs(3);

/// A password that is refused when it is set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a password has at least {MIN_CHARS} characters")]
pub struct WeakPassword;

/// All threads are hashing and none became free in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("too many logins at once")]
pub struct Busy;

/// The cost of a hash (RFC 9106, section 3.1).
pub type HashParams = Params;

/// What a check of a password found.
#[derive(Debug)]
pub enum Checked {
    /// It is another password, or there is no such user.
    Wrong,
    /// It is the password.
    Right,
    /// It is the password, but its hash was made with other parameters; this is one with today's.
    RightWithNewHash(String),
}

/// Hashes and checks passwords.
pub struct Hasher {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// The hash that is checked when there is no user, so that the answer takes as long.
    nobody: String,
}

impl Hasher {
    /// A hasher with these parameters, with as many turns as there are cores.
    #[must_use]
    pub fn new(params: HashParams) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::bounded(params, cores)
    }

    /// A hasher that works on at most `turns` threads at once.
    #[must_use]
    pub fn bounded(params: HashParams, turns: usize) -> Self {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, &uuid::Uuid::new_v4().to_string().into());
        Self {
            argon2,
            turns: Arc::new(Semaphore::new(turns)),
            nobody,
        }
    }

    /// Hashes a password with a fresh salt into a PHC string.
    ///
    /// # Errors
    /// [`Busy`] when no turn came in time.
    pub async fn hash(&self, password: SecretString) -> Result<String, Busy> {
        let argon2 = self.argon2.clone();
        self.in_turn(move || hash(&argon2, &password)).await
    }

    /// Checks a password against a PHC string; without one it takes the same time and finds it wrong.
    ///
    /// # Errors
    /// [`Busy`] when no turn came in time.
    pub async fn check(
        &self,
        password: SecretString,
        phc: Option<String>,
    ) -> Result<Checked, Busy> {
        let argon2 = self.argon2.clone();
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobody.clone());
        self.in_turn(move || match verify(&argon2, &password, &phc) {
            Verdict::Right { up_to_date: true } if known => Checked::Right,
            Verdict::Right { up_to_date: false } if known => {
                Checked::RightWithNewHash(hash(&argon2, &password))
            }
            Verdict::Right { .. } | Verdict::Wrong => Checked::Wrong,
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let turn = self.turn().await?;
        // The turn is given back when the work ends, even if whoever asked has gone away.
        let work = spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        work.await.map_err(|_| Busy)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Busy> {
        let turn = timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        turn.map_err(|_| Busy)?.map_err(|_| Busy)
    }
}

/// Checks that a password may be set.
///
/// # Errors
/// [`WeakPassword`].
pub fn check_password(password: &SecretString) -> Result<(), WeakPassword> {
    let password = password.expose_secret();
    if password.chars().count() < MIN_CHARS || password.contains('\0') {
        Err(WeakPassword)
    } else {
        Ok(())
    }
}

enum Verdict {
    Wrong,
    Right { up_to_date: bool },
}

fn verify(argon2: &Argon2<'_>, password: &SecretString, phc: &str) -> Verdict {
    let Ok(parsed) = PasswordHash::new(phc) else {
        return Verdict::Wrong;
    };
    if argon2
        .verify_password(password.expose_secret().as_bytes(), &parsed)
        .is_err()
    {
        return Verdict::Wrong;
    }
    let same_algorithm = parsed.algorithm.as_str() == Algorithm::Argon2id.as_str();
    let same_params =
        Params::try_from(&parsed).is_ok_and(|params| same_cost(&params, argon2.params()));
    Verdict::Right {
        up_to_date: same_algorithm && same_params,
    }
}

fn same_cost(a: &Params, b: &Params) -> bool {
    (a.m_cost(), a.t_cost(), a.p_cost()) == (b.m_cost(), b.t_cost(), b.p_cost())
}

fn hash(argon2: &Argon2<'_>, password: &SecretString) -> String {
    argon2
        .hash_password(password.expose_secret().as_bytes())
        .expect("a password within the body limit has a hash")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasher(iterations: u32) -> Hasher {
        Hasher::new(Params::new(64, iterations, 1, None).expect("valid parameters"))
    }

    #[tokio::test]
    async fn only_the_password_is_right() {
        let hasher = hasher(1);
        let phc = hasher.hash("correct horse".into()).await.expect("a turn");
        assert!(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{phc}");
        assert!(matches!(
            hasher
                .check("correct horse".into(), Some(phc.clone()))
                .await,
            Ok(Checked::Right)
        ));
        for wrong in ["correct horse ", "Correct horse", ""] {
            assert!(matches!(
                hasher.check(wrong.into(), Some(phc.clone())).await,
                Ok(Checked::Wrong)
            ));
        }
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        assert!(matches!(
            hasher(1).check("anything".into(), None).await,
            Ok(Checked::Wrong)
        ));
        assert!(matches!(
            hasher(1).check("x".into(), Some("no hash".into())).await,
            Ok(Checked::Wrong)
        ));
    }

    #[tokio::test]
    async fn changed_parameters_give_a_new_hash() {
        let old = hasher(1)
            .hash("correct horse".into())
            .await
            .expect("a turn");
        let checked = hasher(2).check("correct horse".into(), Some(old)).await;
        let Ok(Checked::RightWithNewHash(new)) = checked else {
            panic!("{checked:?}");
        };
        assert!(new.contains("t=2"), "{new}");
        assert!(matches!(
            hasher(2).check("correct horse".into(), Some(new)).await,
            Ok(Checked::Right)
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_turn_in_time_the_answer_is_busy() {
        let hasher = Hasher::bounded(Params::new(64, 1, 1, None).expect("valid parameters"), 0);
        let phc = hasher.nobody.clone();
        assert_eq!(hasher.hash("correct horse".into()).await, Err(Busy));
        let somebody = hasher.check("correct horse".into(), Some(phc)).await;
        let nobody = hasher.check("correct horse".into(), None).await;
        assert!(
            matches!((somebody, nobody), (Err(Busy), Err(Busy))),
            "nobody waits for a turn too"
        );
    }

    #[test]
    fn short_passwords_are_refused() {
        assert_eq!(check_password(&"1234567".into()), Err(WeakPassword));
        assert_eq!(check_password(&"pässwörd".into()), Ok(()));
        assert_eq!(check_password(&"12345678\0".into()), Err(WeakPassword));
    }
}
