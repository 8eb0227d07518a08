//! Builds the request of a step: fills in what earlier steps saved, forges tokens, encodes the body.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};

use crate::harness::KEY;

/// Forges the tokens a step asks for and saves them under their names.
pub fn forge_all(step: &Value, saved: &mut HashMap<String, String>, now: i64) {
    for (name, recipe) in step
        .get("forge")
        .and_then(Value::as_object)
        .unwrap_or(&Map::new())
    {
        let token = forge(recipe, saved, now);
        saved.insert(name.clone(), token);
    }
}

/// The request of a step.
pub fn build(step: &Value, saved: &HashMap<String, String>) -> Request<Body> {
    let method = step.get("method").and_then(Value::as_str).unwrap_or("POST");
    let path = step["path"].as_str().expect("a path");
    let mut request = Request::builder().method(method).uri(path);
    let (content_type, body) = encode(step, saved);
    let given = fill(step.get("headers").unwrap_or(&json!({})), saved);
    let given = given.as_object().expect("headers");
    if let Some(content_type) = content_type.filter(|_| !given.contains_key("Content-Type")) {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    for (name, value) in given {
        request = request.header(name, value.as_str().expect("text"));
    }
    request.body(Body::from(body)).expect("a request")
}

/// A token of this header and these claims, signed with the tests' key whatever the header says of it.
pub fn sign(header: &Value, claims: &Value) -> String {
    sign_with(KEY, header, claims)
}

fn sign_with(key: &str, header: &Value, claims: &Value) -> String {
    let signed = [header, claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
        .join(".");
    let key = EncodingKey::from_secret(key.as_bytes());
    let sign =
        |algorithm| jsonwebtoken::crypto::sign(signed.as_bytes(), &key, algorithm).expect("signs");
    let signature = match header["alg"].as_str() {
        Some("HS256") => sign(Algorithm::HS256),
        Some("HS384") => sign(Algorithm::HS384),
        Some("HS512") => sign(Algorithm::HS512),
        _ => String::new(),
    };
    format!("{signed}.{signature}")
}

fn forge(recipe: &Value, saved: &HashMap<String, String>, now: i64) -> String {
    let mut claims = fill(&recipe["claims"], saved);
    for value in claims.as_object_mut().expect("claims").values_mut() {
        let distance = value
            .as_str()
            .and_then(|text| text.strip_prefix("now")?.parse::<i64>().ok());
        if let Some(distance) = distance {
            *value = json!(now + distance);
        }
    }
    let mut header =
        json!({"alg": recipe.get("alg").and_then(Value::as_str).unwrap_or("HS256"), "typ": "JWT"});
    for (name, value) in recipe
        .get("header")
        .and_then(Value::as_object)
        .unwrap_or(&Map::new())
    {
        header[name] = value.clone();
    }
    sign_with(
        recipe.get("key").and_then(Value::as_str).unwrap_or(KEY),
        &header,
        &claims,
    )
}

/// Puts saved values into every `{name}` of a template.
fn fill(template: &Value, saved: &HashMap<String, String>) -> Value {
    match template {
        Value::String(text) => {
            let filled = saved.iter().fold(text.clone(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            });
            filled.into()
        }
        Value::Array(items) => items.iter().map(|item| fill(item, saved)).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), fill(value, saved)))
                .collect(),
        ),
        other => other.clone(),
    }
}

fn encode(step: &Value, saved: &HashMap<String, String>) -> (Option<&'static str>, Vec<u8>) {
    let pairs = |body: &Value| -> Vec<(String, String)> {
        let body = fill(body, saved);
        let fields = body.as_object().expect("fields");
        fields
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned()))
            .collect()
    };
    if let Some(body) = step.get("json") {
        return (
            Some("application/json"),
            fill(body, saved).to_string().into_bytes(),
        );
    }
    if let Some(body) = step.get("form") {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs(body))
            .finish();
        return (Some("application/x-www-form-urlencoded"), body.into_bytes());
    }
    if let Some(body) = step.get("multipart") {
        let part = |(name, value): (String, String)| {
            format!(
                "--BoUnDaRy\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
        };
        let body: String = pairs(body)
            .into_iter()
            .map(part)
            .chain(["--BoUnDaRy--\r\n".to_owned()])
            .collect();
        return (
            Some("multipart/form-data; boundary=BoUnDaRy"),
            body.into_bytes(),
        );
    }
    let raw = step.get("raw").map(|raw| fill(raw, saved));
    (
        None,
        raw.map(|raw| raw.as_str().expect("text").as_bytes().to_vec())
            .unwrap_or_default(),
    )
}
