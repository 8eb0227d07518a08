//! Passwords: Argon2id on a bounded number of threads. A hash takes milliseconds of a core and megabytes of
//! memory, so fewer run than there are cores, behind everything else, and who can not be served soon is told to come
//! back.

mod argon2id;
mod crew;
mod django;
mod memory;

use std::thread::available_parallelism;
use std::time::Instant;

use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};

use argon2id::{Verdict, hash, verify};
use crew::Crew;
use django::{Django, Understood};
use memory::Memory;

/// The shortest password accepted, in characters (OWASP ASVS 5.0, 6.2.1).
pub const MIN_CHARS: usize = 8;

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
    crew: Crew,
    /// The hash that is checked when there is no user, so that the answer takes as long.
    nobody: String,
}

impl Hasher {
    /// A hasher with these parameters, with [`Hasher::turns`] turns.
    #[must_use]
    pub fn new(params: HashParams) -> Self {
        Self::bounded(params, Self::turns())
    }

    /// How many hashes are made at once: one less than there are cores, and at least one. Hashes on all cores would make
    /// the disk's interrupts and the memory of those who refresh wait, whatever their priority.
    #[must_use]
    pub fn turns() -> usize {
        let cores = available_parallelism().map_or(1, usize::from);
        cores.saturating_sub(1).max(1)
    }

    /// A hasher that works on at most `turns` threads at once, or twice as many where others want all cores for long.
    ///
    /// # Panics
    /// When there is not enough memory for one hash.
    #[must_use]
    pub fn bounded(params: HashParams, turns: usize) -> Self {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = uuid::Uuid::new_v4().to_string().into();
        let begun = Instant::now();
        let nobody = hash(&argon2, &nobody, &mut Memory::default())
            .expect("a server has the memory for one hash");
        let usual = begun.elapsed();
        Self {
            argon2,
            crew: Crew::new(turns, usual),
            nobody,
        }
    }

    /// Hashes a password with a fresh salt into a PHC string.
    ///
    /// # Errors
    /// [`Busy`] when no turn came in time.
    pub async fn hash(&self, password: SecretString) -> Result<String, Busy> {
        let argon2 = self.argon2.clone();
        self.crew
            .run(move |memory| hash(&argon2, &password, memory))
            .await?
    }

    /// Checks a password against a PHC string, or a hash that Django made; without one it takes the same time and finds it wrong.
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
        let check = move |memory: &mut Memory| match judge(&argon2, &password, &phc, memory)? {
            Verdict::Right { up_to_date: true } if known => Ok(Checked::Right),
            Verdict::Right { up_to_date: false } if known => {
                let fresh = hash(&argon2, &password, memory)?;
                Ok(Checked::RightWithNewHash(fresh))
            }
            Verdict::Right { .. } | Verdict::Wrong => Ok(Checked::Wrong),
        };
        self.crew.run(check).await?
    }
}

fn judge(
    argon2: &Argon2<'_>,
    password: &SecretString,
    hash: &str,
    memory: &mut Memory,
) -> Result<Verdict, Busy> {
    match django::read(password, hash) {
        None => verify(argon2, password, hash, memory),
        Some(Django::Pbkdf2(true)) => Ok(Verdict::Right { up_to_date: false }),
        Some(Django::Pbkdf2(false)) => Ok(Verdict::Wrong),
        Some(Django::Argon2(phc)) => Ok(match verify(argon2, password, phc, memory)? {
            Verdict::Right { .. } => Verdict::Right { up_to_date: false },
            Verdict::Wrong => Verdict::Wrong,
        }),
    }
}

/// Whether some password can have this hash: where none can, nobody logs in with it.
#[must_use]
pub fn is_readable(hash: &str) -> bool {
    match django::understand(hash) {
        None => argon2id::is_readable(hash),
        Some(Understood::Pbkdf2(_)) => true,
        Some(Understood::Argon2(phc)) => argon2id::is_readable(phc),
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
