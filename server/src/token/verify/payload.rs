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
    pub fn check(&self, against: &Against<'_>) -> Result<Verified, TokenError> {
        for check in ClaimCheck::ALL {
            self.passes(check, against)?;
        }
        self.verified(against)
    }

    /// One check of the claims; those before it were passed.
    pub fn passes(&self, check: ClaimCheck, against: &Against<'_>) -> Result<(), TokenError> {
        let Against { keys, .. } = against;
        let must = |holds: bool| {
            if holds {
                Ok(())
            } else {
                Err(TokenError::Invalid)
            }
        };
        match check {
            ClaimCheck::IssuedAt => self.check_issued_at(against),
            ClaimCheck::NotBefore => {
                let nbf = time(self.nbf.as_ref())?;
                must(nbf.is_none_or(|nbf| nbf <= against.latest()))
            }
            ClaimCheck::Expiry => match time(self.exp.as_ref())? {
                Some(exp) if exp <= against.now - against.leeway => Err(TokenError::Expired),
                Some(_) | None => Ok(()),
            },
            ClaimCheck::Issuer => {
                let issuer = self.iss.as_ref().and_then(Scalar::text);
                must(keys.issuer.is_none() || issuer == keys.issuer.as_deref())
            }
            ClaimCheck::Audience => must(self.is_for(&keys.audience)),
            ClaimCheck::Subject => must(self.is_about_somebody(&keys.names)),
            ClaimCheck::IdForm => self.jti().map(drop),
            ClaimCheck::HasExpiry => self.exp.as_ref().map(drop).ok_or(TokenError::NoExp),
            ClaimCheck::HasId => self.jti.as_ref().map(drop).ok_or(TokenError::NoId),
            ClaimCheck::Type => self.token_type(&keys.names, against.expect).map(drop),
            ClaimCheck::Session => self.session_by(against.signer).map(drop),
            ClaimCheck::RefreshExpiry => time(self.refresh_exp.as_ref()).map(drop),
        }
    }

    /// What a token says that passed every check.
    pub fn verified(&self, against: &Against<'_>) -> Result<Verified, TokenError> {
        let mark = self.revoke.as_ref().and_then(Scalar::text);
        let claims = Claims {
            jti: self.jti()?.ok_or(TokenError::NoId)?,
            exp: time(self.exp.as_ref())?.ok_or(TokenError::NoExp)?,
            iat: time(self.iat.as_ref())?,
            user_id: self.user_id(),
            session: self.session_by(against.signer)?,
            refresh_exp: time(self.refresh_exp.as_ref())?,
            password_mark: mark.map(str::to_owned),
        };
        let token_type = self.token_type(&against.keys.names, against.expect)?;
        Ok(Verified { claims, token_type })
    }

    /// A token of ours from the future was issued before the clock was set back, or by a node whose clock is ahead;
    /// RFC 7519 has no such check, and a client would log out.
    fn check_issued_at(&self, against: &Against<'_>) -> Result<(), TokenError> {
        let iat = time(self.iat.as_ref())?;
        let is_of_a_session = against.signer == Signer::Ours && self.sid.is_some();
        if !is_of_a_session && iat.is_some_and(|iat| iat > against.latest()) {
            return Err(TokenError::Invalid);
        }
        Ok(())
    }

    /// For whom it is (RFC 7519, section 4.1.3).
    fn is_for(&self, audience: &[String]) -> bool {
        audience.is_empty()
            || match &self.aud {
                Some(Scalar::Text(one)) => audience.iter().any(|ours| ours == one),
                Some(Scalar::List(several, false)) => {
                    audience.iter().any(|ours| several.contains(ours))
                }
                _ => false,
            }
    }

    /// A subject is a text (RFC 7519, section 4.1.2).
    fn is_about_somebody(&self, names: &ClaimNames) -> bool {
        let subject = if names.user_id == "sub" {
            &self.user_id
        } else {
            &self.sub
        };
        subject.as_ref().is_none_or(|sub| sub.text().is_some())
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

    /// What another issuer says of a session means nothing here.
    fn session_by(&self, signer: Signer) -> Result<Option<(SessionId, Generation)>, TokenError> {
        match signer {
            Signer::Ours => self.session(),
            Signer::Theirs => Ok(None),
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

/// A check of a token's claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClaimCheck {
    /// `iat` is a time, and not one to come.
    IssuedAt,
    /// `nbf` is a time that has come.
    NotBefore,
    /// `exp` is a time that has not come.
    Expiry,
    /// `iss` is the issuer that is asked for.
    Issuer,
    /// `aud` has one of the audiences that are asked for.
    Audience,
    /// `sub` is a text.
    Subject,
    /// `jti` is a text that can be kept.
    IdForm,
    /// `exp` is there.
    HasExpiry,
    /// `jti` is there.
    HasId,
    /// `token_type` is what is asked for.
    Type,
    /// `sid` and `gen` are both there and of their form, or neither is.
    Session,
    /// `refresh_exp` is a time.
    RefreshExpiry,
}

impl ClaimCheck {
    /// All of them, in the order in which they are made.
    pub const ALL: [Self; 12] = [
        Self::IssuedAt,
        Self::NotBefore,
        Self::Expiry,
        Self::Issuer,
        Self::Audience,
        Self::Subject,
        Self::IdForm,
        Self::HasExpiry,
        Self::HasId,
        Self::Type,
        Self::Session,
        Self::RefreshExpiry,
    ];
}

/// What claims are checked against.
pub(super) struct Against<'a> {
    pub keys: &'a Keys,
    pub signer: Signer,
    pub expect: Expect<'a>,
    pub now: UnixSeconds,
    pub leeway: i64,
}

impl Against<'_> {
    /// What is after this is to come.
    fn latest(&self) -> UnixSeconds {
        self.now + self.leeway
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
