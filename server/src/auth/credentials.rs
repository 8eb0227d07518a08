//! What the header `Authorization` (`AUTH_HEADER_NAME`) says: whose scheme it has, and whether there is one credential behind it. A scheme is
//! the same in any case (RFC 9110, section 11.1), and runs of spaces count as one.

use axum::http::{HeaderMap, HeaderValue};

use crate::config::Settings;
use crate::error::{ApiTokenError, Error, Result};

/// The scheme of API tokens, as in Django REST framework.
const TOKEN: &str = "Token";

/// What somebody presented.
#[derive(Debug, Eq, PartialEq)]
pub enum Presented {
    /// Behind one of the schemes for access tokens.
    AccessToken(String),
    /// Behind the scheme `Token`: an API token, or what has the shape of an access token.
    Token(String),
}

impl Presented {
    /// Reads the header; `AUTH_HEADER_TYPES` are the schemes of access tokens. Where `Token` is one of them, the
    /// refusals are those of access tokens.
    ///
    /// # Errors
    /// [`Error::NotAuthenticated`] without the header, or with a scheme that is not ours;
    /// [`Error::BadAuthorizationHeader`] and [`Error::ApiToken`] when there is no credential behind the scheme, or more
    /// than one.
    pub fn read(headers: &HeaderMap, settings: &Settings) -> Result<Self> {
        Self::of(
            headers.get_all(&settings.auth_header_name).iter(),
            &settings.auth_header_types,
        )
    }

    fn of<'h>(mut sent: impl Iterator<Item = &'h HeaderValue>, schemes: &[String]) -> Result<Self> {
        let Some(value) = sent.next() else {
            return Err(Error::NotAuthenticated);
        };
        if sent.next().is_some() {
            return Err(Error::BadAuthorizationHeader);
        }
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut words = text.split_whitespace();
        let scheme = words.next().unwrap_or_default();
        let is = |ours: &str| ours.eq_ignore_ascii_case(scheme);
        let is_for_access = schemes.iter().any(|ours| is(ours));
        let credential = (words.next(), words.next());
        if is(TOKEN) && !is_for_access {
            return match credential {
                (None, _) => Err(ApiTokenError::Missing.into()),
                (Some(_), Some(_)) => Err(ApiTokenError::Spaces.into()),
                (Some(_), None) if str::from_utf8(value.as_bytes()).is_err() => {
                    Err(ApiTokenError::Characters.into())
                }
                (Some(token), None) => Ok(Self::Token(token.to_owned())),
            };
        }
        match credential {
            _ if !is_for_access => Err(Error::NotAuthenticated),
            (Some(token), None) if is(TOKEN) && !token.contains('.') => {
                Ok(Self::Token(token.to_owned()))
            }
            (Some(token), None) => Ok(Self::AccessToken(token.to_owned())),
            _ => Err(Error::BadAuthorizationHeader),
        }
    }
}

/// Whether a credential has the shape of a signed token: three parts between two dots (RFC 7515, section 3.1).
#[must_use]
pub fn is_like_jwt(credential: &str) -> bool {
    credential.bytes().filter(|byte| *byte == b'.').count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &[u8], schemes: &[&str]) -> std::result::Result<Presented, String> {
        let value = HeaderValue::from_bytes(value).expect("a header");
        let schemes: Vec<_> = schemes.iter().map(ToString::to_string).collect();
        Presented::of(std::iter::once(&value), &schemes).map_err(|error| error.to_string())
    }

    const NOT_OURS: &str = "Authentication credentials were not provided.";
    const NOT_TWO: &str = "Authorization header must contain two space-delimited values";

    #[test]
    fn who_has_which_scheme() {
        let access = Ok(Presented::AccessToken("a.b.c".into()));
        let token = |text: &str| Ok(Presented::Token(text.into()));
        for value in ["Bearer a.b.c", "bEARER   a.b.c "] {
            assert_eq!(read(value.as_bytes(), &["JWT", "Bearer"]), access);
        }
        for value in ["Token abc", "token abc", "TOKEN  abc"] {
            assert_eq!(read(value.as_bytes(), &["Bearer"]), token("abc"));
        }
        assert_eq!(read(b"Token a.b.c", &["Bearer"]), token("a.b.c"));
        assert_eq!(read(b"Token a.b.c", &["Token"]), access);
        assert_eq!(read(b"Token abc", &["Token"]), token("abc"));
    }

    #[test]
    fn what_is_not_a_scheme_and_a_credential() {
        for (value, schemes, refusal) in [
            ("", "Bearer", NOT_OURS),
            ("Basic abc", "Bearer", NOT_OURS),
            ("Bearer a.b.c", "JWT", NOT_OURS),
            ("Bearer", "Bearer", NOT_TWO),
            ("Bearer a b", "Bearer", NOT_TWO),
            ("Token", "Token", NOT_TWO),
            ("Token a b", "Token", NOT_TWO),
            (
                "Token",
                "Bearer",
                "Invalid token header. No credentials provided.",
            ),
            (
                "Token a b",
                "Bearer",
                "Invalid token header. Token string should not contain spaces.",
            ),
        ] {
            assert_eq!(
                read(value.as_bytes(), &[schemes]),
                Err(refusal.to_owned()),
                "{value}"
            );
        }
        assert_eq!(
            read(b"Token \xff", &["Bearer"]),
            Err("Invalid token header. Token string should not contain invalid characters.".into())
        );
    }
}
