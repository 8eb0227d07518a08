//! What the settings say of tokens: names of claims, the header they come in, and the keys they are signed with.

use axum::http::HeaderName;
use secrecy::ExposeSecret;

use super::signing_key::FILE;
use super::{Settings, SigningKeyError};
use crate::token::{ClaimNames, Keys, Profile, TokenType};

impl Settings {
    /// How claims are called.
    #[must_use]
    pub fn claim_names(&self) -> ClaimNames {
        let token_type = Some(self.token_type_claim.clone()).filter(|name| !name.is_empty());
        let revoke = self.revoke_token_claim.clone();
        ClaimNames {
            user_id: self.user_id_claim.clone(),
            jti: self.jti_claim.clone(),
            token_type,
            refresh_exp: self.sliding_token_refresh_exp_claim.clone(),
            revoke: self.check_revoke_token.then_some(revoke),
        }
    }

    /// The keys tokens are signed and verified with. Makes one, and keeps it, when none is given.
    ///
    /// # Errors
    /// A key's file can be neither read nor made, or a key can not be used.
    pub fn keys(&self) -> Result<Keys, SigningKeyError> {
        let (signing, verifying) = (self.signing_secret()?, self.verifying_pem()?);
        let named = |name: &String| !name.is_empty();
        let keys = Keys::new(Profile {
            algorithm: self.algorithm,
            signing: &signing,
            // The keys at that place come in its stead, as with SimpleJWT.
            verifying: verifying
                .as_deref()
                .filter(|_| self.jwk_url.as_deref().is_none_or(str::is_empty)),
            names: self.claim_names(),
            audience: self
                .audience
                .iter()
                .filter(|name| named(name))
                .cloned()
                .collect(),
            issuer: self.issuer.clone().filter(named),
        });
        Ok(keys?)
    }

    /// What `jotward config` prints of them.
    pub(super) fn token_values(&self) -> Vec<(&'static str, String)> {
        let signing_key = match &self.signing_key {
            Some(key) => shown_key(key.expose_secret()),
            None => format!("(file {})", self.signing_key_file().display()),
        };
        let verifying_key = self.verifying_key.as_deref().unwrap_or_default();
        let types: Vec<_> = self
            .auth_token_types
            .iter()
            .map(|kind| kind.as_str())
            .collect();
        vec![
            ("ALGORITHM", self.algorithm.to_string()),
            ("SIGNING_KEY", signing_key),
            ("VERIFYING_KEY", shown_key(verifying_key)),
            ("JWK_URL", self.jwk_url.clone().unwrap_or_default()),
            ("AUDIENCE", self.audience.join(",")),
            ("ISSUER", self.issuer.clone().unwrap_or_default()),
            ("LEEWAY", self.leeway.to_string()),
            ("AUTH_HEADER_TYPES", self.auth_header_types.join(",")),
            ("AUTH_HEADER_NAME", self.auth_header_name.to_string()),
            ("AUTH_TOKEN_TYPES", types.join(",")),
            ("USER_ID_CLAIM", self.user_id_claim.clone()),
            ("JTI_CLAIM", self.jti_claim.clone()),
            ("TOKEN_TYPE_CLAIM", self.token_type_claim.clone()),
            (
                "SLIDING_TOKEN_REFRESH_EXP_CLAIM",
                self.sliding_token_refresh_exp_claim.clone(),
            ),
            ("REVOKE_TOKEN_CLAIM", self.revoke_token_claim.clone()),
        ]
    }
}

/// A key as it may be shown: where it is, or how long. It may have lines that nobody should copy.
fn shown_key(key: &str) -> String {
    if key.is_empty() || key.starts_with(FILE) {
        key.to_owned()
    } else {
        format!("(set, {} bytes)", key.len())
    }
}

/// Headers no token can come in: those of one connection (RFC 9110, section 7.6.1), and those that clients and proxies write
/// by themselves, or that are read here for what they say.
const HAVE_OTHER_WORK: [&str; 28] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    app::api::REFRESH_TRANSPORT,
    "keep-alive",
    "origin",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
];

/// A header's name, or the name Django gives it in its environment (`HTTP_` and capitals).
pub(super) fn header_name(text: &str) -> Result<HeaderName, &'static str> {
    let name = match text.strip_prefix("HTTP_") {
        Some(name) => name.replace('_', "-"),
        None => text.to_owned(),
    };
    let name: HeaderName = name
        .parse()
        .map_err(|_| "not the name of a header such as Authorization or HTTP_X_ACCESS_TOKEN")?;
    if HAVE_OTHER_WORK.contains(&name.as_str()) || name.as_str().starts_with("sec-") {
        return Err("a header that says something else, or does not get here");
    }
    Ok(name)
}

/// A type of token that may come with a request.
pub(super) fn auth_token_type(text: &str) -> Result<TokenType, &'static str> {
    match TokenType::parse(text.trim()) {
        Some(kind @ (TokenType::Access | TokenType::Sliding)) => Ok(kind),
        _ => Err("not a type of token that comes with a request: access, sliding"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_be_called_as_in_django() {
        for (text, name) in [
            ("Authorization", "authorization"),
            ("HTTP_AUTHORIZATION", "authorization"),
            ("HTTP_X_ACCESS_TOKEN", "x-access-token"),
            ("X-Access-Token", "x-access-token"),
        ] {
            assert_eq!(header_name(text).expect("a name").as_str(), name);
        }
        for text in ["", "HTTP_", "a b", "é"] {
            assert!(header_name(text).is_err(), "{text}");
        }
        for text in [
            "Host",
            "Cookie",
            "HTTP_CONTENT_TYPE",
            "Sec-Fetch-Site",
            "TE",
        ] {
            let refused = header_name(text).expect_err(text);
            assert!(refused.contains("something else"), "{refused}");
        }
    }
}
