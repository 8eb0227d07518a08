//! How the claims of a token are called. An operator may rename those that SimpleJWT lets them rename; no two claims can
//! have one name, and none can take the name of one that has a meaning of its own.

/// Claims that mean something by these names: those of RFC 7519, those of SimpleJWT, and those of a session here. No other
/// claim can have one of them.
pub const RESERVED: [&str; 10] = [
    "aud",
    "exp",
    "gen",
    "iat",
    "iss",
    "jti",
    "nbf",
    "sid",
    "sub",
    "token_type",
];

/// The claim of a token's type where none is chosen.
pub(super) const TOKEN_TYPE: &str = "token_type";

/// The names of the claims that can be renamed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClaimNames {
    /// `USER_ID_CLAIM`. May be `sub`.
    pub user_id: String,
    /// `JTI_CLAIM`.
    pub jti: String,
    /// `TOKEN_TYPE_CLAIM`; `None` where one type is accepted in place of another. Tokens of the admin say what they are
    /// all the same.
    pub token_type: Option<String>,
    /// `SLIDING_TOKEN_REFRESH_EXP_CLAIM`.
    pub refresh_exp: String,
    /// `REVOKE_TOKEN_CLAIM`; `None` where `CHECK_REVOKE_TOKEN` is off.
    pub revoke: Option<String>,
}

/// Names that can not be used.
#[derive(Debug, thiserror::Error)]
pub enum NamesError {
    /// A claim needs a name.
    #[error("the claim {0} needs a name")]
    Empty(&'static str),
    /// The name has a meaning of its own.
    #[error("the claim {setting} can not be called \"{name}\", which means something else")]
    Reserved {
        /// The setting.
        setting: &'static str,
        /// The name it gave.
        name: String,
    },
    /// Two claims have one name.
    #[error("the claims {first} and {second} can not both be called \"{name}\"")]
    Twice {
        /// One setting.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// The name both gave.
        name: String,
    },
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            user_id: "user_id".to_owned(),
            jti: "jti".to_owned(),
            token_type: Some(TOKEN_TYPE.to_owned()),
            refresh_exp: "refresh_exp".to_owned(),
            revoke: None,
        }
    }
}

impl ClaimNames {
    /// Checks that every claim has a name of its own.
    ///
    /// # Errors
    /// The first name that can not be used.
    pub fn check(&self) -> Result<(), NamesError> {
        let named = self.named();
        for (n, (setting, name)) in named.iter().enumerate() {
            if name.is_empty() {
                return Err(NamesError::Empty(setting));
            }
            if let Some((first, _)) = named[..n].iter().find(|(_, other)| other == name) {
                return Err(NamesError::Twice {
                    first,
                    second: setting,
                    name: (*name).to_owned(),
                });
            }
        }
        let stolen = named
            .iter()
            .find(|(setting, name)| RESERVED.contains(name) && !is_at_home(setting, name));
        match stolen {
            None => Ok(()),
            Some((setting, name)) => Err(NamesError::Reserved {
                setting,
                name: (*name).to_owned(),
            }),
        }
    }

    /// Whether a claim of this name has a meaning to the server, so that nobody else may give it one.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        RESERVED.contains(&name) || self.named().iter().any(|(_, taken)| *taken == name)
    }

    /// The claim of a token's type, also where only the admin's tokens have one.
    pub(crate) fn token_type(&self) -> &str {
        self.token_type.as_deref().unwrap_or(TOKEN_TYPE)
    }

    fn named(&self) -> Vec<(&'static str, &str)> {
        let mut named = vec![
            ("USER_ID_CLAIM", self.user_id.as_str()),
            ("JTI_CLAIM", &self.jti),
            ("TOKEN_TYPE_CLAIM", self.token_type()),
            ("SLIDING_TOKEN_REFRESH_EXP_CLAIM", &self.refresh_exp),
        ];
        named.extend(
            self.revoke
                .as_deref()
                .map(|name| ("REVOKE_TOKEN_CLAIM", name)),
        );
        named
    }
}

/// Whether a name of its own is given to the claim it is of; the subject is the user.
fn is_at_home(setting: &str, name: &str) -> bool {
    matches!(
        (setting, name),
        ("JTI_CLAIM", "jti") | ("TOKEN_TYPE_CLAIM", TOKEN_TYPE) | ("USER_ID_CLAIM", "sub")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(change: impl FnOnce(&mut ClaimNames)) -> Option<String> {
        let mut names = ClaimNames::default();
        change(&mut names);
        names.check().err().map(|error| error.to_string())
    }

    #[test]
    fn every_claim_has_a_name_of_its_own() {
        assert_eq!(renamed(|_| {}), None);
        assert_eq!(renamed(|names| names.user_id = "sub".into()), None);
        assert_eq!(renamed(|names| names.token_type = None), None);
        for (refused, said) in [
            (renamed(|names| names.jti = String::new()), "needs a name"),
            (renamed(|names| names.jti = "sid".into()), "JTI_CLAIM"),
            (renamed(|names| names.jti = "sub".into()), "\"sub\""),
            (renamed(|names| names.user_id = "exp".into()), "\"exp\""),
            (
                renamed(|names| names.revoke = Some("jti".into())),
                "JTI_CLAIM and REVOKE_TOKEN_CLAIM",
            ),
            (
                renamed(|names| {
                    names.token_type = None;
                    names.user_id = "token_type".into();
                }),
                "TOKEN_TYPE_CLAIM",
            ),
        ] {
            let refused = refused.expect("refused");
            assert!(refused.contains(said), "{refused}");
        }
    }
}
