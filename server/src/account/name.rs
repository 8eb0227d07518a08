//! What a username and an e-mail address may look like.

/// Why a name or address is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidName {
    /// The name is empty, too long, or has characters that do not show.
    #[error(
        "a username has 1 to 150 characters, without spaces around it and without control characters"
    )]
    Username,
    /// The address is not one.
    #[error("not an e-mail address")]
    Email,
}

/// Checks a username: at most 150 characters, as in Django.
///
/// # Errors
/// [`InvalidName::Username`].
pub fn check_username(name: &str) -> Result<(), InvalidName> {
    let fits = (1..=150).contains(&name.chars().count());
    let clean = name.trim() == name && !name.chars().any(char::is_control);
    if fits && clean {
        Ok(())
    } else {
        Err(InvalidName::Username)
    }
}

/// Checks that text has the shape of an address; only a mail sent to it could tell more.
///
/// # Errors
/// [`InvalidName::Email`].
pub fn check_email(email: &str) -> Result<(), InvalidName> {
    let shaped = email
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let clean = !email.chars().any(|c| c.is_control() || c.is_whitespace());
    // RFC 5321, section 4.5.3.1.3: a path has at most 256 octets, two of them brackets.
    if shaped && clean && email.len() <= 254 {
        Ok(())
    } else {
        Err(InvalidName::Email)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["alice", "Ålice", "a b", "x@y", &"n".repeat(150)] {
            assert_eq!(check_username(good), Ok(()), "{good}");
        }
        for bad in ["", " alice", "alice ", "a\0b", "a\nb", &"n".repeat(151)] {
            assert_eq!(check_username(bad), Err(InvalidName::Username), "{bad}");
        }
    }

    #[test]
    fn addresses() {
        for good in ["a@b", "\"a@b\"@example.com", "ö@example.com"] {
            assert_eq!(check_email(good), Ok(()), "{good}");
        }
        for bad in ["", "a", "@b", "a@", "a b@c", "a@b\n"] {
            assert_eq!(check_email(bad), Err(InvalidName::Email), "{bad}");
        }
    }
}
