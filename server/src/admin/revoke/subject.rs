//! What somebody is about to revoke, looked up and put into words.

use super::EVERYONE;
use super::facts::Facts;
use crate::admin::Admin;
use crate::admin::confirm::Own;
use crate::admin::listing::{Parameters, address};
use crate::admin::login::local;
use crate::admin::page::Section;
use crate::error::{Error, Result};
use crate::state::Server;
use crate::store::{Count, Radius, Target, TokenId, TokenRow};
use crate::token::{SessionId, UserId};

/// What is to be revoked, and all that its page says but the numbers.
pub struct Subject {
    /// What.
    pub target: Target,
    /// Sessions with a greater id were opened after it was shown.
    pub last_id: Option<String>,
    /// The heading.
    pub title: String,
    /// What is known of it.
    pub facts: Facts,
    /// What happens, in a sentence or two.
    pub lead: &'static str,
    /// What the button says.
    pub button: &'static str,
    /// Where the form is posted to.
    pub action: String,
    /// What goes with the form.
    pub hidden: Vec<(&'static str, String)>,
    /// Where one came from.
    pub back: String,
    /// What becomes of the session one works in.
    pub own: Own,
    /// The user has an API token.
    pub with_api_token: bool,
    /// It wants the password again.
    pub is_sensitive: bool,
    /// It is over already.
    pub is_over: bool,
    /// What it ends, where nothing has to be counted.
    pub known_radius: Option<Radius>,
}

impl Subject {
    /// A subject that is yet to be told more of.
    pub fn new(target: Target, facts: Facts, action: String, back: String) -> Self {
        Self {
            target,
            last_id: None,
            title: String::new(),
            facts,
            lead: "",
            button: "End the sessions",
            action,
            hidden: Vec::new(),
            back,
            own: Own::Apart,
            with_api_token: false,
            is_sensitive: false,
            is_over: false,
            known_radius: None,
        }
    }

    /// The session that is left out: the one it is done from, unless a box was ticked.
    pub fn spared(&self, admin: &Admin, ticked: bool) -> Option<SessionId> {
        (self.own == Own::Among && !ticked).then_some(admin.session)
    }

    /// What to say where there is nothing left to do.
    pub fn over(&self, radius: &Radius) -> Option<&'static str> {
        let is_only_sessions = matches!(
            self.target,
            Target::Device { .. } | Target::Filter(_) | Target::Tokens(_)
        );
        match (
            self.is_over,
            is_only_sessions && radius.is_nothing(),
            self.own,
        ) {
            (true, ..) => Some("It is over already; there is nothing left to revoke."),
            (false, true, Own::Among) => Some(
                "No session is left to end. The one you are working in does not count: sign out to end it.",
            ),
            (false, true, _) => Some("No session is left to end."),
            (false, false, _) => None,
        }
    }
}

/// A token.
pub async fn token(state: &Server, admin: &Admin, id: &str, asked: &Parameters) -> Result<Subject> {
    let id = id.parse().map(TokenId).map_err(|_| Error::NotFound)?;
    let row = state.store.token(id).await?.ok_or(Error::NotFound)?;
    let now = state.clock.now();
    let target = Target::Token {
        jti: row.jti.clone(),
        kind: row.token_type.clone(),
    };
    let alone = target.is_access_token();
    // Where an ended session leaves its access tokens, one of them can still be made to fall.
    let outlives = alone && !state.settings.immediate_revocation;
    let action = action(&format!("/admin/outstanding/{}/blacklist/", row.id), asked);
    let back = back(asked, Section::Outstanding.path());
    Ok(Subject {
        title: "Blacklist this token?".to_owned(),
        lead: if alone {
            "The token is refused from now on. Its session goes on and can fetch another one."
        } else {
            "The token is refused from now on, and its session ends with it: no other token of the session is accepted any \
             more."
        },
        button: "Blacklist the token",
        own: own_session(!alone && row.session_id == admin.session.to_string()),
        is_over: row.expires_at <= now
            || (row.ended_at.is_some() && !outlives)
            || (row.blacklisted_at.is_some() && row.ended_at.is_none()),
        known_radius: alone.then(|| alone_radius(&row)),
        ..Subject::new(target, Facts::Token(Box::new(row)), action, back)
    })
}

/// A session.
pub async fn session(
    state: &Server,
    admin: &Admin,
    id: &str,
    asked: &Parameters,
) -> Result<Subject> {
    let id = SessionId::parse(id).ok_or(Error::NotFound)?;
    let now = state.clock.now();
    let found = state.store.session_facts(id, now).await?;
    let found = found.ok_or(Error::NotFound)?;
    let target = Target::Session {
        id: found.id.clone(),
        username: found.username.clone(),
    };
    let action = action(&format!("/admin/sessions/{id}/end/"), asked);
    let back = back(asked, Section::Sessions.path());
    Ok(Subject {
        title: "End this session?".to_owned(),
        lead: "Whoever uses it has to sign in again, wherever they are.",
        button: "End the session",
        own: own_session(id == admin.session),
        is_over: found.ended_at.is_some(),
        ..Subject::new(target, Facts::Session(found), action, back)
    })
}

/// All sessions of a user.
pub async fn user(state: &Server, admin: &Admin, id: &str, asked: &Parameters) -> Result<Subject> {
    let id = id.parse().map(UserId).map_err(|_| Error::NotFound)?;
    let user = state.store.user(id).await?.ok_or(Error::NotFound)?;
    let api_token = state.store.api_token_of(id).await?;
    let target = Target::User {
        id: user.id,
        username: user.username.clone(),
    };
    let action = action(&format!("/admin/users/{id}/end-sessions/"), asked);
    let back = back(asked, &format!("/admin/users/{id}/"));
    Ok(Subject {
        title: format!("End all sessions of {}?", user.username),
        lead: "They are signed out everywhere, and tokens that another issuer gave them until now are refused, too. Whoever \
               knows their password can sign in again: set another one, or deactivate them, if that is not to be.",
        own: among(user.id == admin.user.id),
        with_api_token: api_token.is_some(),
        ..Subject::new(target, Facts::User(user), action, back)
    })
}

/// All sessions on a device.
pub async fn device(
    state: &Server,
    admin: &Admin,
    id: &str,
    asked: &Parameters,
) -> Result<Subject> {
    let id = SessionId::parse(id).ok_or(Error::NotFound)?.to_string();
    let found = state.store.device_facts(&id).await?;
    let found = found.ok_or(Error::NotFound)?;
    let target = Target::Device {
        id: found.id.clone(),
        name: format!("{} of {}", found.shown(), found.username),
    };
    let action = action(&format!("/admin/devices/{id}/end-sessions/"), asked);
    let back = back(asked, Section::Devices.path());
    Ok(Subject {
        title: "End all sessions on this device?".to_owned(),
        lead: "Whoever uses the device has to sign in again.",
        own: among(found.user_id == admin.user.id),
        ..Subject::new(target, Facts::Device(found), action, back)
    })
}

/// Everyone's sessions.
pub fn everyone(asked: &Parameters) -> Subject {
    let (action, back) = (
        action(EVERYONE, asked),
        back(asked, Section::Sessions.path()),
    );
    Subject {
        title: "End everyone's sessions?".to_owned(),
        lead: "Everyone is signed out, tokens of other issuers of before are refused, and every API token is reset: \
               programs that use one stop until they are given another. Who signs in after this stays signed in.",
        button: "End everyone's sessions",
        own: Own::Among,
        is_sensitive: true,
        ..Subject::new(Target::Everyone, Facts::Everyone, action, back)
    }
}

/// An access token that falls alone.
fn alone_radius(row: &TokenRow) -> Radius {
    Radius {
        access: Count::Exactly(1),
        last_access_at: Some(row.expires_at),
        ..Radius::NOTHING
    }
}

fn own_session(is_own: bool) -> Own {
    if is_own { Own::Itself } else { Own::Apart }
}

fn among(may_be: bool) -> Own {
    if may_be { Own::Among } else { Own::Apart }
}

/// The address itself, with the way back.
fn action(path: &str, asked: &Parameters) -> String {
    let kept = ["q", "next"].map(|name| (name, asked.get(name)));
    address(path, &kept)
}

/// Where one came from: the page that said so, or the list of tokens with the search that was made there.
fn back(asked: &Parameters, otherwise: &str) -> String {
    match (asked.get("next"), asked.get("q")) {
        ("", "") => otherwise.to_owned(),
        ("", search) => address(Section::Outstanding.path(), &[("q", search)]),
        (next, _) => local(next),
    }
}
