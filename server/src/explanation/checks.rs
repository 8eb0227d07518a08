//! The checks of a token in words: what each one is, and why the one that fails does. Pure.

use app::ui::when::relative;
use serde_json::Value;

use super::claims::date;
use crate::clock::UnixSeconds;
use crate::config::Settings;
use crate::token::{Check, ClaimCheck, ClaimNames, Explanation, TokenError};

/// What the words depend on.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// What the operator chose.
    pub settings: &'a Settings,
    /// How claims are called.
    pub names: &'a ClaimNames,
    /// The time.
    pub now: UnixSeconds,
}

/// What a check looks at: a part of the token, or the name of a claim.
#[must_use]
pub fn looked_at(check: Check, names: &ClaimNames) -> &str {
    match check {
        Check::Parts => "parts",
        Check::Header => "header",
        Check::Signature => "signature",
        Check::Payload => "payload",
        Check::Claim(check) => match check {
            ClaimCheck::IssuedAt => "iat",
            ClaimCheck::NotBefore => "nbf",
            ClaimCheck::Expiry | ClaimCheck::HasExpiry => "exp",
            ClaimCheck::Issuer => "iss",
            ClaimCheck::Audience => "aud",
            ClaimCheck::Subject => "sub",
            ClaimCheck::IdForm | ClaimCheck::HasId => &names.jti,
            ClaimCheck::Type => names.token_type(),
            ClaimCheck::Session => "sid",
            ClaimCheck::RefreshExpiry => &names.refresh_exp,
        },
    }
}

/// What a check asks.
#[must_use]
pub fn question(check: Check, terms: Terms<'_>) -> String {
    let names = terms.names;
    match check {
        Check::Parts => "It has three parts, with dots between them.".to_owned(),
        Check::Header => format!(
            "Its header asks for {} and for no extension.",
            terms.settings.algorithm
        ),
        Check::Signature => "A key that is known here made its signature.".to_owned(),
        Check::Payload => "Its payload is a JSON object, and gives no claim twice.".to_owned(),
        Check::Claim(check) => match check {
            ClaimCheck::IssuedAt => "iat is a time, and not one to come.".to_owned(),
            ClaimCheck::NotBefore => "nbf, if there, is a time that has come.".to_owned(),
            ClaimCheck::Expiry => "exp is a time to come.".to_owned(),
            ClaimCheck::Issuer => match &terms.settings.issuer {
                Some(issuer) => format!("iss is {issuer}."),
                None => "iss may be anything (ISSUER is not set).".to_owned(),
            },
            ClaimCheck::Audience => match terms.settings.audience.as_slice() {
                [] => "aud may be anything (AUDIENCE is not set).".to_owned(),
                audience => format!("aud has one of: {}.", audience.join(", ")),
            },
            ClaimCheck::Subject => "sub, if there, is a text.".to_owned(),
            ClaimCheck::IdForm => format!("{} is a text that can be kept.", names.jti),
            ClaimCheck::HasExpiry => "exp is there.".to_owned(),
            ClaimCheck::HasId => format!("{} is there.", names.jti),
            ClaimCheck::Type => match &names.token_type {
                Some(name) => format!("{name} is looked at by whom it is presented to."),
                None => "Types are not looked at (TOKEN_TYPE_CLAIM is off).".to_owned(),
            },
            ClaimCheck::Session => "sid and gen are a session's, or neither is there.".to_owned(),
            ClaimCheck::RefreshExpiry => {
                format!("{}, if there, is a time.", names.refresh_exp)
            }
        },
    }
}

/// Why a check fails, to follow *it does not hold:*.
#[must_use]
pub fn reason(
    check: Check,
    error: TokenError,
    explanation: &Explanation,
    terms: Terms<'_>,
) -> String {
    let said = |name: &str| explanation.payload.as_ref().and_then(|said| said.get(name));
    let shown = |name: &str| said(name).map_or_else(|| "missing".to_owned(), Value::to_string);
    let time = |name: &str| said(name).and_then(Value::as_f64);
    match check {
        Check::Parts => "it has not three parts".to_owned(),
        Check::Header => header(explanation, terms),
        Check::Signature => signature(explanation, terms),
        Check::Payload if explanation.payload.is_none() => "its payload is no JSON".to_owned(),
        Check::Payload if explanation.payload.as_ref().is_some_and(Value::is_object) => {
            "its payload gives a claim twice".to_owned()
        }
        Check::Payload => "its payload is no JSON object".to_owned(),
        Check::Claim(check) => match (check, error) {
            (ClaimCheck::Expiry, TokenError::Expired) => match time("exp") {
                Some(exp) => expired(exp, terms.now),
                None => "its exp is long past".to_owned(),
            },
            (ClaimCheck::IssuedAt, _) if time("iat").is_some() => {
                format!("its iat is to come, {}", date_of(time("iat")))
            }
            (ClaimCheck::NotBefore, _) if time("nbf").is_some() => {
                format!("its nbf is to come, {}", date_of(time("nbf")))
            }
            (ClaimCheck::IssuedAt, _) => format!("its iat is no time: {}", shown("iat")),
            (ClaimCheck::NotBefore, _) => format!("its nbf is no time: {}", shown("nbf")),
            (ClaimCheck::Expiry, _) => format!("its exp is no time: {}", shown("exp")),
            (ClaimCheck::Issuer, _) => format!("it is of another issuer: iss is {}", shown("iss")),
            (ClaimCheck::Audience, _) => format!("it is for others: aud is {}", shown("aud")),
            (ClaimCheck::Subject, _) => "its sub is no text".to_owned(),
            (ClaimCheck::IdForm, _) => {
                format!("its {} is no text of 1 to 255 characters", terms.names.jti)
            }
            (ClaimCheck::HasExpiry, _) => "it has no exp, and would never expire".to_owned(),
            (ClaimCheck::HasId, _) => {
                format!("it has no {}, and could not be revoked", terms.names.jti)
            }
            (ClaimCheck::Type, _) => "it is of another type".to_owned(),
            (ClaimCheck::Session, _) => format!(
                "its sid and gen are not those of a session: {} and {}",
                shown("sid"),
                shown("gen")
            ),
            (ClaimCheck::RefreshExpiry, _) => {
                format!("its {} is no time", terms.names.refresh_exp)
            }
        },
    }
}

fn header(explanation: &Explanation, terms: Terms<'_>) -> String {
    let Some(Value::Object(header)) = &explanation.header else {
        return "its header is no JSON object".to_owned();
    };
    let ours = terms.settings.algorithm.as_str();
    match header.get("alg") {
        Some(Value::String(alg)) if alg != ours => {
            format!("its header asks for {alg}, and only {ours} is accepted")
        }
        Some(Value::String(_)) if header.contains_key("crit") => {
            "its header demands an extension (crit), and none is known here".to_owned()
        }
        Some(Value::String(_)) => "its header is not of the form of ours".to_owned(),
        _ => "its header names no algorithm".to_owned(),
    }
}

fn signature(explanation: &Explanation, terms: Terms<'_>) -> String {
    let and_asked = if terms.settings.jwk_url.is_some() {
        "; when it is used, JWK_URL is asked for that"
    } else {
        ""
    };
    match &explanation.unknown_kid {
        Some(kid) => {
            format!("its signature is by the key {kid}, which is not known here{and_asked}")
        }
        None => "no key known here made its signature. It was changed or cut off, or it was signed elsewhere or before \
                 the key was changed"
            .to_owned(),
    }
}

fn expired(exp: f64, now: UnixSeconds) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "it was found to be a time")]
    let at = exp as i64;
    if now - at < 60 {
        format!("it expired {}", relative(at, now))
    } else {
        format!("it expired {}, on {}", relative(at, now), date(at))
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is no date is said to be none"
)]
fn date_of(at: Option<f64>) -> String {
    at.map_or_else(String::new, |at| date(at as i64))
}
