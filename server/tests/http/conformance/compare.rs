//! Compares an answer with the recorded one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::harness::Answer;

/// Times and names differ from run to run and are compared by what must hold of them.
const BY_WHAT_HOLDS: [&str; 4] = ["exp", "iat", "jti", "refresh_exp"];

/// An answer in the form of the recording.
pub fn observe(answer: &Answer) -> Value {
    let media_type = answer
        .header("content-type")
        .split(';')
        .next()
        .unwrap_or_default();
    let body = match answer.body.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).map_or(json!({"$text": true}), |body| normal(&body)),
    };
    let mut seen = json!({
        "status": answer.status,
        "type": if answer.body.is_empty() { "" } else { media_type },
        "body": body,
    });
    if answer.headers.contains_key("www-authenticate") {
        seen["www-authenticate"] = answer.header("www-authenticate").into();
    }
    if answer.status == 405 {
        let mut allow: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allow.sort_unstable();
        seen["allow"] = json!(allow);
    }
    seen
}

/// Everything recorded that the answer does not agree with.
pub fn disagreements(expected: &Value, seen: &Value, path: &str) -> Vec<String> {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(seen))
            if expected.contains_key("$jwt") && seen.contains_key("$jwt") =>
        {
            token_disagreements(&expected["$jwt"], &seen["$jwt"], path)
        }
        (Value::Object(expected), Value::Object(seen)) => {
            let missing = expected
                .keys()
                .filter(|key| !seen.contains_key(*key))
                .map(|key| format!("{path}.{key}: missing"));
            let extra = seen
                .keys()
                .filter(|key| !path.is_empty() && !expected.contains_key(*key));
            let extra = extra.map(|key| format!("{path}.{key}: unexpected"));
            let both = expected
                .iter()
                .filter_map(|(key, value)| Some((key, value, seen.get(key)?)));
            let differing = both.flat_map(|(key, value, seen)| {
                disagreements(value, seen, &format!("{path}.{key}"))
            });
            missing.chain(extra).chain(differing).collect()
        }
        (Value::Array(expected), Value::Array(seen)) if expected.len() == seen.len() => {
            let both = expected.iter().zip(seen).enumerate();
            both.flat_map(|(n, (expected, seen))| {
                disagreements(expected, seen, &format!("{path}[{n}]"))
            })
            .collect()
        }
        _ if expected == seen => Vec::new(),
        // Drawn at random there, and made of a random salt here.
        (Value::String(expected), Value::String(seen))
            if is_api_token(expected) && is_api_token(seen) =>
        {
            Vec::new()
        }
        _ => vec![format!("{path}: expected {expected}, got {seen}")],
    }
}

fn token_disagreements(expected: &Value, seen: &Value, path: &str) -> Vec<String> {
    let facts = ["alg", "life", "jti", "signed", "refresh_life"]
        .map(|name| (name, &expected[name], &seen[name]));
    let claims = expected["claims"].as_object().expect("claims").iter();
    let claims = claims.map(|(name, value)| (name.as_str(), value, &seen["claims"][name]));
    facts
        .into_iter()
        .chain(claims)
        .filter(|(_, expected, seen)| expected != seen)
        .map(|(name, expected, seen)| format!("{path}: {name} {expected} != {seen}"))
        .collect()
}

/// A token becomes what must hold of it; a parser's wording is cut off.
fn normal(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with("JSON parse error") => "JSON parse error".into(),
        Value::String(text) => token_facts(text).unwrap_or_else(|| value.clone()),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), normal(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn is_api_token(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(is_hex)
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn token_facts(text: &str) -> Option<Value> {
    let parts: Vec<_> = text.split('.').collect();
    let [header, payload, _] = parts.as_slice() else {
        return None;
    };
    let decode =
        |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let (header, claims) = (decode(header)?, decode(payload)?);
    let span = |end: &str| Some(claims.get(end)?.as_i64()? - claims.get("iat")?.as_i64()?);
    let jti = claims["jti"].as_str().unwrap_or_default();
    let others: Map<String, Value> = claims
        .as_object()?
        .clone()
        .into_iter()
        .filter(|(name, _)| !BY_WHAT_HOLDS.contains(&name.as_str()))
        .collect();
    Some(json!({"$jwt": {
        "alg": header["alg"],
        "life": span("exp"),
        "refresh_life": span("refresh_exp"),
        "claims": others,
        "signed": sign_as_it_stands(text) == text,
        "jti": jti.len() == 32 && jti.bytes().all(is_hex),
    }}))
}

/// The token with the signature it ought to have. The order of claims is the sender's, so the parts are signed
/// as they came.
fn sign_as_it_stands(token: &str) -> String {
    let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
    let key = jsonwebtoken::EncodingKey::from_secret(crate::harness::KEY.as_bytes());
    let signature =
        jsonwebtoken::crypto::sign(signed.as_bytes(), &key, jsonwebtoken::Algorithm::HS256)
            .expect("signs");
    format!("{signed}.{signature}")
}
