//! Makes tokens. The same recipe always gives the same token: HMAC signatures are deterministic, which lets a
//! successor be made again from its row instead of being stored.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Generation, Jti, Keys, SessionId, TokenType, UserId};
use crate::clock::UnixSeconds;
use crate::hooks::CustomClaims;

/// Everything that goes into a token.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// What the token may be used for.
    pub token_type: TokenType,
    /// Its name.
    pub jti: Jti,
    /// When it is issued.
    pub iat: UnixSeconds,
    /// When it stops being valid.
    pub exp: UnixSeconds,
    /// Whom it speaks for.
    pub user_id: UserId,
    /// The session it belongs to.
    pub session_id: SessionId,
    /// The session's generation it belongs to.
    pub generation: Generation,
    /// What an embedding application adds; none of the names above.
    pub custom: CustomClaims,
}

/// A signed token and the recipe it was made from. Not `Debug`: the compact form is a credential.
pub struct Minted {
    /// What went into it.
    pub recipe: Recipe,
    /// The compact form that is handed to the client (RFC 7515, section 3.1).
    pub compact: String,
}

/// SHA-256 of a compact token in lower-case hexadecimal: all the registry keeps of it.
#[must_use]
pub fn sha256(compact: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(compact).into();
    hex(&digest)
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

impl Keys {
    /// Signs a token.
    ///
    /// # Panics
    /// Never: the claims serialise, and the key was made for its algorithm.
    #[must_use]
    pub fn mint(&self, recipe: Recipe) -> Minted {
        let body = Body {
            token_type: recipe.token_type.as_str(),
            exp: recipe.exp,
            iat: recipe.iat,
            jti: recipe.jti.as_str(),
            user_id: recipe.user_id.to_string(),
            sid: recipe.session_id.to_string(),
            generation: recipe.generation.0,
            custom: &recipe.custom,
        };
        let payload = serde_json::to_vec(&body).expect("numbers and texts serialise");
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(payload));
        let signature =
            jsonwebtoken::crypto::sign(signed.as_bytes(), &self.signing, self.algorithm)
                .expect("a key made for an algorithm signs with it");
        Minted {
            recipe,
            compact: format!("{signed}.{signature}"),
        }
    }
}

/// The claims in the order SimpleJWT writes them, then ours.
#[derive(Serialize)]
struct Body<'a> {
    token_type: &'a str,
    exp: UnixSeconds,
    iat: UnixSeconds,
    jti: &'a str,
    user_id: String,
    sid: String,
    #[serde(rename = "gen")]
    generation: i64,
    #[serde(flatten)]
    custom: &'a CustomClaims,
}
