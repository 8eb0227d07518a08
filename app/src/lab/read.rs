//! The two answers the lab reads beyond those of the token client, by its reader: derived ones would weigh as much as a scene.

use crate::api::{Family, FamilyToken};
use crate::client::Json;

/// What is used of [`crate::api::TokenReport`].
pub struct Report {
    /// What is wrong by the first check that failed; empty if none did.
    pub why: String,
    /// The `detail` a request would be answered that brings the token as its bearer token.
    pub bearer: String,
    /// The `detail` a refresh would be answered.
    pub refresh: String,
    /// For how many more seconds a service would accept it that knows only the key.
    pub stateless: u64,
}

/// The report in `body`.
pub fn report(body: &str) -> Option<Report> {
    let json = Json::read(body);
    let detail = |name| {
        let foreseen = json.member(name)?;
        Some(foreseen.text("detail").unwrap_or_default().to_owned())
    };
    Some(Report {
        why: text(json.member("checks")?.list().last()?, "why"),
        bearer: detail("bearer")?,
        refresh: detail("refresh")?,
        stateless: json.number("stateless").unwrap_or(0),
    })
}

/// The family in `body`, without its events.
pub fn family(body: &str) -> Option<Family> {
    let json = Json::read(body);
    Some(Family {
        id: json.text("id")?.to_owned(),
        state: text(&json, "state"),
        generation: number(&json, "generation")?,
        opened_at: number(&json, "opened_at")?,
        rotated_at: number(&json, "rotated_at")?,
        replays: number(&json, "replays")?,
        ends_at: number(&json, "ends_at")?,
        ended_at: number(&json, "ended_at"),
        end_reason: text(&json, "end_reason"),
        now: number(&json, "now")?,
        tokens: json
            .member("tokens")?
            .list()
            .iter()
            .map(token)
            .collect::<Option<_>>()?,
        events: Vec::new(),
    })
}

fn token(json: &Json) -> Option<FamilyToken> {
    Some(FamilyToken {
        jti: json.text("jti")?.to_owned(),
        token_type: text(json, "token_type"),
        generation: number(json, "generation")?,
        parent: json.text("parent").map(str::to_owned),
        issued_at: number(json, "issued_at")?,
        expires_at: number(json, "expires_at")?,
        status: text(json, "status"),
        blacklisted_at: number(json, "blacklisted_at"),
        reason: text(json, "reason"),
    })
}

fn text(json: &Json, name: &str) -> String {
    json.text(name).unwrap_or_default().to_owned()
}

fn number(json: &Json, name: &str) -> Option<i64> {
    i64::try_from(json.number(name)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Foreseen, TokenCheck, TokenReport};
    use crate::lab::diff::tests::family as made;

    #[test]
    fn reads_the_family_that_the_api_writes() {
        let mut written = made(&[("refresh", 0, "rotated"), ("access", 1, "")]);
        written.ended_at = Some(7);
        written.end_reason = "reuse".to_owned();
        let body = serde_json::to_string(&written).expect("JSON");
        assert_eq!(family(&body), Some(written));
        assert_eq!(family("{}"), None);
    }

    #[test]
    fn reads_the_first_check_that_failed() {
        let check = |passed, why: &str| TokenCheck {
            name: "signature".to_owned(),
            passed,
            why: why.to_owned(),
        };
        let foreseen = |detail: &str| Foreseen {
            status: 401,
            detail: detail.to_owned(),
        };
        let written = TokenReport {
            checks: vec![check(true, ""), check(false, "It is forged.")],
            verify: foreseen("v"),
            bearer: foreseen("b"),
            refresh: foreseen("r"),
            stateless: 5,
        };
        let read = report(&serde_json::to_string(&written).expect("JSON")).expect("a report");
        assert_eq!((&*read.why, &*read.bearer), ("It is forged.", "b"));
        assert_eq!((&*read.refresh, read.stateless), ("r", 5));
    }
}
