//! The hash itself, in memory that is lent to it. The same as `argon2`'s own `hash_password` and `verify_password`,
//! which take fresh memory every time.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};

use super::{Busy, Memory};

/// What a check of a hash found.
pub enum Verdict {
    /// Another password, or a hash that can not be read.
    Wrong,
    /// The password; with today's parameters or others.
    Right {
        /// Whether the parameters are today's.
        up_to_date: bool,
    },
}

/// Hashes a password with a fresh salt into a PHC string.
///
/// # Errors
/// [`Busy`] when there is no memory for it.
pub fn hash(
    argon2: &Argon2<'_>,
    password: &SecretString,
    memory: &mut Memory,
) -> Result<String, Busy> {
    let salt = Salt::generate();
    let params = argon2.params();
    let output = output(argon2, password, &salt, memory)?
        .expect("a password within the body limit has a hash");
    let phc = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).expect("parameters that hash can be written"),
        salt: Some(salt),
        hash: Some(output),
    };
    Ok(phc.to_string())
}

/// Checks a password against a PHC string, with the algorithm and the parameters that this names.
///
/// # Errors
/// [`Busy`] when there is no memory for it.
pub fn verify(
    argon2: &Argon2<'_>,
    password: &SecretString,
    phc: &str,
    memory: &mut Memory,
) -> Result<Verdict, Busy> {
    let Some((theirs, salt, expected)) = parse(phc) else {
        return Ok(Verdict::Wrong);
    };
    // Two outputs are compared in constant time.
    if output(&theirs.argon2, password, &salt, memory)? != Some(expected) {
        return Ok(Verdict::Wrong);
    }
    let same_params = same_cost(theirs.argon2.params(), argon2.params());
    Ok(Verdict::Right {
        up_to_date: same_params && theirs.algorithm == Algorithm::Argon2id,
    })
}

/// Whether a text is a hash that passwords can be checked against.
pub fn is_readable(phc: &str) -> bool {
    parse(phc).is_some()
}

struct Theirs {
    algorithm: Algorithm,
    argon2: Argon2<'static>,
}

fn parse(phc: &str) -> Option<(Theirs, Salt, Output)> {
    let phc = PasswordHash::new(phc).ok()?;
    let algorithm = Algorithm::try_from(phc.algorithm.as_str()).ok()?;
    let version = phc
        .version
        .map_or(Ok(Version::default()), Version::try_from);
    let params = Params::try_from(&phc).ok()?;
    let argon2 = Argon2::new(algorithm, version.ok()?, params);
    Some((Theirs { algorithm, argon2 }, phc.salt?, phc.hash?))
}

/// `None` where Argon2 refuses its input.
fn output(
    argon2: &Argon2<'_>,
    password: &SecretString,
    salt: &Salt,
    memory: &mut Memory,
) -> Result<Option<Output>, Busy> {
    let params = argon2.params();
    let blocks = memory.blocks(params.block_count())?;
    let mut buffer = [0; Output::MAX_LENGTH];
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let Some(out) = buffer.get_mut(..length) else {
        return Ok(None);
    };
    let password = password.expose_secret().as_bytes();
    let done = argon2.hash_password_into_with_memory(password, salt, out, blocks);
    Ok(done.ok().and_then(|()| Output::new(out).ok()))
}

fn same_cost(a: &Params, b: &Params) -> bool {
    (a.m_cost(), a.t_cost(), a.p_cost()) == (b.m_cost(), b.t_cost(), b.p_cost())
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    fn argon2(algorithm: Algorithm, kib: u32, lanes: u32) -> Argon2<'static> {
        let params = Params::new(kib, 2, lanes, None).expect("valid parameters");
        Argon2::new(algorithm, Version::V0x13, params)
    }

    #[test]
    fn the_crate_itself_agrees() {
        let mut memory = Memory::default();
        for (kib, lanes) in [(64, 1), (128, 4), (32, 2)] {
            let ours = argon2(Algorithm::Argon2id, kib, lanes);
            let phc = hash(&ours, &"correct horse".into(), &mut memory).expect("memory");
            assert_eq!(ours.verify_password(b"correct horse", phc.as_str()), Ok(()));
            assert!(
                ours.verify_password(b"correct horsf", phc.as_str())
                    .is_err()
            );
        }
    }

    #[test]
    fn hashes_of_the_crate_are_understood() {
        let mut memory = Memory::default();
        let ours = argon2(Algorithm::Argon2id, 64, 1);
        for (theirs, is_up_to_date) in [
            (argon2(Algorithm::Argon2id, 64, 1), true),
            (argon2(Algorithm::Argon2id, 128, 2), false),
            (argon2(Algorithm::Argon2i, 64, 1), false),
        ] {
            let phc = theirs
                .hash_password(b"correct horse")
                .expect("a hash")
                .to_string();
            let right = verify(&ours, &"correct horse".into(), &phc, &mut memory);
            let Ok(Verdict::Right { up_to_date }) = right else {
                panic!("{phc}");
            };
            assert_eq!(up_to_date, is_up_to_date, "{phc}");
            let wrong = verify(&ours, &"correct horsf".into(), &phc, &mut memory);
            assert!(matches!(wrong, Ok(Verdict::Wrong)), "{phc}");
        }
    }

    #[test]
    fn what_is_no_hash_is_wrong() {
        for phc in [
            "",
            "no hash",
            "$argon2id$v=19$m=64,t=1,p=1",
            "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ",
            "$scrypt$ln=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
            "$argon2id$v=7$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA",
        ] {
            let ours = argon2(Algorithm::Argon2id, 64, 1);
            let verdict = verify(&ours, &"x".into(), phc, &mut Memory::default());
            assert!(matches!(verdict, Ok(Verdict::Wrong)), "{phc}");
        }
    }
}
