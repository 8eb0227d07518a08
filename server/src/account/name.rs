//! What a username and an e-mail address may look like. An operator may give any name that shows as what it is; strangers
//! choose among less.

use unicode_properties::{
    GeneralCategory as Category, GeneralCategoryGroup as Group, UnicodeGeneralCategory,
};

/// Letters that show as nothing at all: the fillers of Hangul.
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// Why a name or address is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidName {
    /// The name is empty, too long, or has characters that do not show.
    #[error(
        "a username has 1 to 150 characters, without spaces around it and without any that do not show"
    )]
    Username,
    /// The name is not one that strangers can choose.
    #[error("a username has 1 to 150 letters, digits and characters of @.+-_")]
    ChosenUsername,
    /// The address is not one.
    #[error("not an e-mail address")]
    Email,
}

/// Checks a username that an operator gives: at most 150 characters, as in Django, all of which show. Those that turn the
/// direction of the text around them do not.
///
/// # Errors
/// [`InvalidName::Username`].
pub fn check_username(name: &str) -> Result<(), InvalidName> {
    let fits = (1..=150).contains(&name.chars().count());
    let clean = name.trim() == name && name.chars().all(shows);
    if fits && clean {
        Ok(())
    } else {
        Err(InvalidName::Username)
    }
}

/// Checks a username that somebody chooses: what Django's `UnicodeUsernameValidator` accepts, letters and digits of any
/// script and `@`, `.`, `+`, `-` and `_`.
///
/// # Errors
/// [`InvalidName::ChosenUsername`], and those of [`check_username`].
pub fn check_chosen_username(name: &str) -> Result<(), InvalidName> {
    check_username(name)?;
    let may_be_chosen = |c: char| {
        let group = c.general_category_group();
        matches!(group, Group::Letter | Group::Number) || "@.+-_".contains(c)
    };
    if name.chars().all(may_be_chosen) {
        Ok(())
    } else {
        Err(InvalidName::ChosenUsername)
    }
}

/// Whether a character shows as something, and turns nothing around it.
#[must_use]
pub fn shows(c: char) -> bool {
    let shows_nothing = matches!(
        c.general_category(),
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
    );
    !shows_nothing && !FILLERS.contains(&c)
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
        for unseen in [
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2028}',
            '\u{2066}',
            '\u{feff}',
            '\u{3164}',
            '\u{e0041}',
        ] {
            let bad = format!("al{unseen}ice");
            assert_eq!(check_username(&bad), Err(InvalidName::Username), "{bad:?}");
        }
    }

    #[test]
    fn names_that_strangers_choose() {
        for good in ["alice", "Ålice.B+c-d_e@f", "李小龍", "٣اب", "²"] {
            assert_eq!(check_chosen_username(good), Ok(()), "{good}");
        }
        for bad in ["a b", "a\u{a0}b", "a/b", "a!", "<a>", "a\u{301}", "😀"] {
            let refused = Err(InvalidName::ChosenUsername);
            assert_eq!(check_chosen_username(bad), refused, "{bad}");
        }
        for bad in ["", "a\u{202e}b", &"n".repeat(151)] {
            assert_eq!(
                check_chosen_username(bad),
                Err(InvalidName::Username),
                "{bad}"
            );
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
