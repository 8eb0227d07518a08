//! The payload of a token, and the checks of its claims in their order. Absent and `null` differ: SimpleJWT answers them
//! differently. A claim that means something here is refused when it is given twice.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

use super::scalar::Scalar;
use super::{Expect, TokenError, Verified};
use crate::clock::UnixSeconds;
use crate::token::keys::Signer;
use crate::token::{ClaimNames, Claims, Generation, Jti, Keys, SessionId, TokenType, UserId};

/// The claims that mean something here, as they came.
#[derive(Default)]
pub(super) struct Payload<'p> {
    token_type: Option<Scalar<'p>>,
    exp: Option<Scalar<'p>>,
    iat: Option<Scalar<'p>>,
    nbf: Option<Scalar<'p>>,
    jti: Option<Scalar<'p>>,
    sub: Option<Scalar<'p>>,
    user_id: Option<Scalar<'p>>,
    sid: Option<Scalar<'p>>,
    generation: Option<Scalar<'p>>,
    refresh_exp: Option<Scalar<'p>>,
    revoke: Option<Scalar<'p>>,
    aud: Option<Scalar<'p>>,
    iss: Option<Scalar<'p>>,
}

impl<'p> Payload<'p> {
    /// Reads a payload; `None` when it is no object, or a claim is given twice.
    pub fn read(json: &'p [u8], keys: &Keys) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let read = Reader(&keys.names).deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(read)
    }

    /// The place of the claim of this name; `None` for one that means nothing here.
    fn place(&mut self, name: &str, names: &ClaimNames) -> Option<&mut Option<Scalar<'p>>> {
        Some(match name {
            "exp" => &mut self.exp,
            "iat" => &mut self.iat,
            "nbf" => &mut self.nbf,
            "sid" => &mut self.sid,
            "gen" => &mut self.generation,
            "aud" => &mut self.aud,
            "iss" => &mut self.iss,
            name if name == names.user_id => &mut self.user_id,
            name if name == names.jti => &mut self.jti,
            name if name == names.token_type() => &mut self.token_type,
            name if name == names.refresh_exp => &mut self.refresh_exp,
            name if names.revoke.as_deref() == Some(name) => &mut self.revoke,
            "sub" => &mut self.sub,
            _ => return None,
        })
    }

    /// Whether the token holds.
    pub fn check(
        &self,
        keys: &Keys,
        signer: Signer,
        expect: Expect<'_>,
        now: UnixSeconds,
        leeway: i64,
    ) -> Result<Verified, TokenError> {
        let (iat, nbf) = (time(self.iat.as_ref())?, time(self.nbf.as_ref())?);
        // A token of ours from the future was issued before the clock was set back, or by a node whose clock is
        // ahead; RFC 7519 has no such check, and a client would log out.
        let is_of_a_session = signer == Signer::Ours && self.sid.is_some();
        let doubted = if is_of_a_session { None } else { iat };
        if [doubted, nbf]
            .into_iter()
            .flatten()
            .any(|at| at > now + leeway)
        {
            return Err(TokenError::Invalid);
        }
        let exp = time(self.exp.as_ref())?;
        if exp.is_some_and(|exp| exp <= now - leeway) {
            return Err(TokenError::Expired);
        }
        self.check_parties(keys)?;
        let jti = self.jti()?;
        let exp = exp.ok_or(TokenError::NoExp)?;
        let jti = jti.ok_or(TokenError::NoId)?;
        let token_type = self.token_type(&keys.names, expect)?;
        let claims = Claims {
            jti,
            exp,
            iat,
            user_id: self.user_id(),
            session: match signer {
                Signer::Ours => self.session()?,
                Signer::Theirs => None,
            },
            refresh_exp: time(self.refresh_exp.as_ref())?,
            password_mark: self
                .revoke
                .as_ref()
                .and_then(Scalar::text)
                .map(str::to_owned),
        };
        Ok(Verified { claims, token_type })
    }

    /// Who issued it, for whom and about whom (RFC 7519, sections 4.1.1 to 4.1.3).
    fn check_parties(&self, keys: &Keys) -> Result<(), TokenError> {
        let issuer = self.iss.as_ref().and_then(Scalar::text);
        let is_by_ours = keys.issuer.is_none() || issuer == keys.issuer.as_deref();
        let is_for_us = keys.audience.is_empty()
            || match &self.aud {
                Some(Scalar::Text(one)) => keys.audience.iter().any(|ours| ours == one),
                Some(Scalar::List(several, false)) => {
                    keys.audience.iter().any(|ours| several.contains(ours))
                }
                _ => false,
            };
        let subject = if keys.names.user_id == "sub" {
            &self.user_id
        } else {
            &self.sub
        };
        let is_about_somebody = subject.as_ref().is_none_or(|sub| sub.text().is_some());
        if is_by_ours && is_for_us && is_about_somebody {
            Ok(())
        } else {
            Err(TokenError::Invalid)
        }
    }

    fn jti(&self) -> Result<Option<Jti>, TokenError> {
        let Some(jti) = &self.jti else {
            return Ok(None);
        };
        let jti = jti.text().and_then(Jti::parse);
        jti.map(Some).ok_or(TokenError::Invalid)
    }

    /// Where types are not looked at, a token of the admin is told from all others nevertheless.
    fn token_type(
        &self,
        names: &ClaimNames,
        expect: Expect<'_>,
    ) -> Result<Option<TokenType>, TokenError> {
        let claimed = self.token_type.as_ref().and_then(Scalar::text);
        let claimed = claimed.and_then(TokenType::parse);
        let looked_at = names.token_type.is_some();
        let claimed = claimed.filter(|kind| looked_at || *kind == TokenType::Admin);
        let wanted = match &expect {
            Expect::Any => return Ok(claimed),
            Expect::Only(one) => std::slice::from_ref(one),
            Expect::OneOf(some) => some,
        };
        match claimed {
            Some(kind) if wanted.contains(&kind) => Ok(claimed),
            None if !looked_at && !wanted.contains(&TokenType::Admin) => Ok(None),
            None if self.token_type.is_none() => Err(TokenError::NoType),
            _ => Err(TokenError::WrongType),
        }
    }

    fn user_id(&self) -> Option<UserId> {
        match self.user_id.as_ref()? {
            Scalar::Text(text) => text.parse().ok().map(UserId),
            Scalar::Int(number) => Some(UserId(*number)),
            _ => None,
        }
    }

    /// Both claims or neither: one alone was not written here.
    fn session(&self) -> Result<Option<(SessionId, Generation)>, TokenError> {
        match (&self.sid, &self.generation) {
            (None, None) => Ok(None),
            (Some(Scalar::Text(sid)), Some(Scalar::Int(generation @ 0..))) => {
                let sid = SessionId::parse(sid).ok_or(TokenError::Invalid)?;
                Ok(Some((sid, Generation(*generation))))
            }
            _ => Err(TokenError::Invalid),
        }
    }
}

fn time(value: Option<&Scalar<'_>>) -> Result<Option<UnixSeconds>, TokenError> {
    match value {
        None => Ok(None),
        Some(value) => value.time().map(Some).ok_or(TokenError::Invalid),
    }
}

/// Reads an object whose names are known at run time only.
struct Reader<'n>(&'n ClaimNames);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Payload<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut payload = Payload::default();
        while let Some(Scalar::Text(name)) = map.next_key::<Scalar<'de>>()? {
            let Some(place) = payload.place(&name, self.0) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if place.is_some() {
                return Err(A::Error::custom("a claim is given twice"));
            }
            *place = Some(map.next_value()?);
        }
        Ok(payload)
    }
}
