//! Reads the list of sessions as a browser gets it. By hand, and by the client's one reader of JSON: derived ones for these
//! shapes were a twentieth of the module that shows them. What is missing is empty, only a list has to be there.

use serde::de::{Deserialize, Deserializer, Error};

use super::{Notice, OwnSession, OwnSessions, SessionAddress, SessionDevice};
use crate::client::Json;

impl<'de> Deserialize<'de> for OwnSessions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        if json.member("sessions").is_none() {
            return Err(D::Error::custom("no sessions"));
        }
        Ok(Self {
            sessions: all(&json, "sessions", session),
            notices: all(&json, "notices", notice),
        })
    }
}

fn session(json: &Json) -> OwnSession {
    OwnSession {
        id: text(json, "id"),
        current: json.member("current") == Some(&Json::True),
        device: device(json.member("device").unwrap_or(&Json::Other)),
        opened_at: time(json, "opened_at"),
        last_seen_at: time(json, "last_seen_at"),
        ip: text(json, "ip"),
        network: text(json, "network"),
        user_agent: text(json, "user_agent"),
        client: text(json, "client"),
        expires_at: time(json, "expires_at"),
        ends_at: time(json, "ends_at"),
        addresses: all(json, "addresses", address),
        notices: all(json, "notices", notice),
    }
}

fn device(json: &Json) -> SessionDevice {
    SessionDevice {
        id: json.text("id").map(str::to_owned),
        name: text(json, "name"),
        browser: text(json, "browser"),
        browser_version: text(json, "browser_version"),
        os: text(json, "os"),
        kind: text(json, "kind"),
    }
}

fn address(json: &Json) -> SessionAddress {
    SessionAddress {
        network: text(json, "network"),
        ip: text(json, "ip"),
        country: text(json, "country"),
        first_seen_at: time(json, "first_seen_at"),
        last_seen_at: time(json, "last_seen_at"),
    }
}

fn notice(json: &Json) -> Notice {
    Notice {
        at: time(json, "at"),
        kind: text(json, "kind"),
        session: json.text("session").map(str::to_owned),
        ip: text(json, "ip"),
        user_agent: text(json, "user_agent"),
        client: text(json, "client"),
        detail: text(json, "detail"),
    }
}

fn all<T>(json: &Json, name: &str, read: fn(&Json) -> T) -> Vec<T> {
    let list = json.member(name).map_or(&[][..], Json::list);
    list.iter().map(read).collect()
}

fn text(json: &Json, name: &str) -> String {
    json.text(name).unwrap_or_default().to_owned()
}

fn time(json: &Json, name: &str) -> i64 {
    let seconds = json.number(name).unwrap_or_default();
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of it is something else than what a missing one is.
    fn seen() -> OwnSessions {
        let notice = |at| Notice {
            at,
            kind: "authn_login_fail".to_owned(),
            session: Some("s".to_owned()),
            ip: "192.0.2.1".to_owned(),
            user_agent: "curl".to_owned(),
            client: "a script".to_owned(),
            detail: "more".to_owned(),
        };
        let session = OwnSession {
            id: "s".to_owned(),
            current: true,
            device: SessionDevice {
                id: Some("d".to_owned()),
                name: "mine".to_owned(),
                browser: "Firefox".to_owned(),
                browser_version: "140".to_owned(),
                os: "Linux".to_owned(),
                kind: "desktop".to_owned(),
            },
            opened_at: 1,
            last_seen_at: 2,
            ip: "192.0.2.1".to_owned(),
            network: "192.0.2.0/24".to_owned(),
            user_agent: "Firefox/140".to_owned(),
            client: "The lab".to_owned(),
            expires_at: 3,
            ends_at: 4,
            addresses: vec![SessionAddress {
                network: "192.0.2.0/24".to_owned(),
                ip: "192.0.2.1".to_owned(),
                country: "NZ".to_owned(),
                first_seen_at: 5,
                last_seen_at: 6,
            }],
            notices: vec![notice(7)],
        };
        OwnSessions {
            sessions: vec![session],
            notices: vec![notice(8), notice(9)],
        }
    }

    #[test]
    fn what_the_server_sends_is_read_whole() {
        let sent = serde_json::to_string(&seen()).expect("JSON");
        let read: OwnSessions = serde_json::from_str(&sent).expect("a list");
        assert_eq!(read, seen());
    }

    #[test]
    fn what_is_no_list_is_not_taken_for_an_empty_one() {
        for text in ["{}", "[]", "null", r#"{"notices":[]}"#, "<html>"] {
            assert!(serde_json::from_str::<OwnSessions>(text).is_err(), "{text}");
        }
    }
}
