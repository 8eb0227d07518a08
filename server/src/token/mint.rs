//! Makes tokens. The same recipe always gives the same claims, which lets a successor be made again from its row instead
//! of being stored. With HMAC, RSASSA-PKCS1-v1_5 and `EdDSA` it gives the same token to the letter; ECDSA and RSASSA-PSS
//! sign with a random number, so there the repetition says the same and is signed anew.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
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
    /// Until when it can be exchanged for itself; of a sliding token only.
    pub refresh_exp: Option<UnixSeconds>,
    /// The mark of its user's password, where tokens carry it (`CHECK_REVOKE_TOKEN`).
    pub password_mark: Option<String>,
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
    /// Signs a token. A recipe that was signed before gives a token with the same claims, and with a deterministic
    /// signature the same token.
    ///
    /// # Panics
    /// Never: the claims serialise, and the key was made for its algorithm.
    #[must_use]
    pub fn mint(&self, recipe: Recipe) -> Minted {
        let body = Body {
            keys: self,
            recipe: &recipe,
        };
        let payload = serde_json::to_vec(&body).expect("numbers and texts serialise");
        let mut compact = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(payload));
        let signature = self.sign(compact.as_bytes());
        compact.push('.');
        compact.push_str(&signature);
        Minted { recipe, compact }
    }
}

/// The claims in the order SimpleJWT writes them, with ours before the audience.
struct Body<'a> {
    keys: &'a Keys,
    recipe: &'a Recipe,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (recipe, names) = (self.recipe, &self.keys.names);
        let mut body = serializer.serialize_map(None)?;
        if names.token_type.is_some() || recipe.token_type == TokenType::Admin {
            body.serialize_entry(names.token_type(), recipe.token_type.as_str())?;
        }
        body.serialize_entry("exp", &recipe.exp)?;
        body.serialize_entry("iat", &recipe.iat)?;
        body.serialize_entry(&names.jti, recipe.jti.as_str())?;
        if let Some(refresh_exp) = recipe.refresh_exp {
            body.serialize_entry(&names.refresh_exp, &refresh_exp)?;
        }
        body.serialize_entry(&names.user_id, &recipe.user_id.to_string())?;
        if let (Some(name), Some(mark)) = (&names.revoke, &recipe.password_mark) {
            body.serialize_entry(name, mark)?;
        }
        body.serialize_entry("sid", &recipe.session_id.to_string())?;
        body.serialize_entry("gen", &recipe.generation.0)?;
        for (name, value) in &recipe.custom {
            body.serialize_entry(name, value)?;
        }
        match self.keys.audience.as_slice() {
            [] => {}
            [one] => body.serialize_entry("aud", one)?,
            several => body.serialize_entry("aud", several)?,
        }
        if let Some(issuer) = &self.keys.issuer {
            body.serialize_entry("iss", issuer)?;
        }
        body.end()
    }
}
