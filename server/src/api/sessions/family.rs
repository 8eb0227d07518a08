//! A session with every token that descends from its login, live or over. What others did to it is told without where
//! they did it from and what they noted: that is the admin's record, and not the user's.

use std::collections::HashMap;

use app::api::{Family, FamilyToken, Notice};

use crate::clock::UnixSeconds;
use crate::error::Result;
use crate::state::Server;
use crate::store::{EventRow, SessionDetail, SessionToken, TokenStatus};
use crate::token::{Generation, SessionId};

/// The most tokens that are shown, the newest.
const TOKENS: i64 = 200;

/// The most events that are shown, the latest.
const EVENTS: i64 = 50;

/// No token is of a generation as early as this.
const BEFORE_THE_FIRST: Generation = Generation(-1);

impl Server {
    /// The session of this id as it is on record, and the number of its user.
    ///
    /// # Errors
    /// [`crate::error::Error::Database`].
    pub(crate) async fn family(&self, id: SessionId) -> Result<Option<(Option<i64>, Family)>> {
        let Some(detail) = self.store.session_detail(id).await? else {
            return Ok(None);
        };
        let tokens = self
            .store
            .newest_tokens_of_session(id, BEFORE_THE_FIRST, TOKENS)
            .await?;
        let events = self.store.events_of_session(id, EVENTS).await?;
        let now = self.clock.now();
        let owner = detail.user_id;
        Ok(Some((owner, arranged(detail, &tokens, events, now))))
    }
}

fn arranged(
    detail: SessionDetail,
    tokens: &[SessionToken],
    events: Vec<EventRow>,
    now: UnixSeconds,
) -> Family {
    let names: HashMap<i64, &str> = tokens.iter().map(|t| (t.id, t.jti.as_str())).collect();
    let shown = |token: &SessionToken| FamilyToken {
        jti: token.jti.clone(),
        token_type: token.token_type.clone(),
        generation: token.generation,
        parent: token
            .parent_id
            .and_then(|id| names.get(&id))
            .map(ToString::to_string),
        issued_at: token.created_at,
        expires_at: token.expires_at,
        status: TokenStatus::of(
            detail.ended_at,
            token.reason.as_deref(),
            token.expires_at,
            now,
        )
        .as_str()
        .to_owned(),
        blacklisted_at: token.blacklisted_at,
        reason: token.reason.clone().unwrap_or_default(),
    };
    let tokens = tokens.iter().map(shown).collect();
    let notice = |row| notice(row, &detail.client);
    let events = events.into_iter().map(notice).collect();
    let is_over = detail.expires_at.min(detail.tokens_expire_at) <= now;
    let state = match detail.ended_at {
        Some(_) => "ended",
        None if is_over => "expired",
        None => "live",
    };
    Family {
        id: detail.id,
        state: state.to_owned(),
        generation: detail.generation,
        opened_at: detail.opened_at,
        rotated_at: detail.rotated_at,
        replays: detail.replays,
        ends_at: detail.expires_at,
        ended_at: detail.ended_at,
        end_reason: detail.end_reason.unwrap_or_default(),
        now,
        tokens,
        events,
    }
}

/// `client` is what that of the session calls itself.
fn notice(row: EventRow, client: &str) -> Notice {
    let told = match row.actor {
        None => (row.ip, row.user_agent, row.detail.unwrap_or_default()),
        Some(_) => (String::new(), String::new(), String::new()),
    };
    let (ip, user_agent, detail) = told;
    Notice {
        at: row.at,
        kind: row.kind,
        session: row.session_id,
        ip,
        user_agent,
        detail,
        client: client.to_owned(),
    }
}
