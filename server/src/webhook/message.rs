//! What is sent: a body, and a signature over it, its name and the time. Pure.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::UnixSeconds;
use crate::store::EventRow;

/// The name of an event: the same however often it is sent. In letters, because its number is larger than those
/// that JavaScript knows.
#[must_use]
pub fn name(event: &EventRow) -> String {
    format!("evt_{}", event.id)
}

/// The body: what the record has of the event. There is no secret in it.
#[must_use]
pub fn body(event: &EventRow) -> String {
    let user = event
        .user_id
        .map(|id| json!({"id": id, "username": event.username}));
    let known = |text: &str| (!text.is_empty()).then(|| Value::from(text));
    json!({
        "id": name(event),
        "type": event.kind,
        "at": moment(event.at),
        "user": user,
        "session": event.session_id,
        "actor": event.actor,
        "device": known(&event.user_agent),
        "address": known(&event.ip),
        "detail": event.detail,
    })
    .to_string()
}

/// The headers of a message that is sent at `now`.
#[must_use]
pub fn headers(key: &hmac::Key, name: &str, now: UnixSeconds, body: &str) -> HeaderMap {
    let named = [
        ("webhook-id", name.to_owned()),
        ("webhook-timestamp", now.to_string()),
        ("webhook-signature", sign(key, name, now, body)),
    ];
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (header, value) in named {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(header), value);
        }
    }
    headers
}

/// `v1,` and the HMAC of name, time and body, joined by full stops (Standard Webhooks, symmetric signatures).
fn sign(key: &hmac::Key, name: &str, now: UnixSeconds, body: &str) -> String {
    let signed = format!("{name}.{now}.{body}");
    let tag = hmac::sign(key, signed.as_bytes());
    format!("v1,{}", STANDARD.encode(tag))
}

fn moment(at: UnixSeconds) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(at).ok()?;
    at.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::key_bytes;

    /// Computed by another implementation.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let secret = key_bytes("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        let name = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signed = sign(&key, name, 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_body_says_what_is_known_and_null_for_the_rest() {
        let mut event = EventRow {
            id: 7,
            at: 1_800_000_000,
            kind: "authn_login_success".into(),
            user_id: Some(2),
            username: Some("alice".into()),
            session_id: None,
            actor: None,
            ip: "192.0.2.1".into(),
            network: "192.0.2.0/24".into(),
            user_agent: String::new(),
            detail: None,
            notice: false,
        };
        assert_eq!(
            body(&event),
            "{\"id\":\"evt_7\",\"type\":\"authn_login_success\",\"at\":\"2027-01-15T08:00:00Z\",\
             \"user\":{\"id\":2,\"username\":\"alice\"},\"session\":null,\"actor\":null,\"device\":null,\
             \"address\":\"192.0.2.1\",\"detail\":null}"
        );
        event.user_id = None;
        assert!(body(&event).contains("\"user\":null"));
    }
}
