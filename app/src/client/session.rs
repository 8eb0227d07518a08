//! A session as this client keeps it: the access token, where the refresh token is, and what is needed to judge the access
//! token's age. Ages are measured by this browser's clock alone; the server's clock is never compared with it.

use serde::Serialize;

use super::json::Json;
use super::lifetime::{claims, lifetime, owner};
use super::request::Cookies;
use super::wire::Tokens;

/// Never renew earlier than this before the end, in milliseconds.
const LONGEST_MARGIN: u64 = 10_000;

/// What is stored. It has no `Debug`: tokens belong into no log.
#[derive(Clone, Eq, PartialEq, Serialize)]
pub struct Session {
    /// The name that was typed when signing in.
    pub username: String,
    /// The access token; `None` in a page that has not asked for it yet, which a cookie lets it do.
    pub access: Option<String>,
    /// Where the refresh token is.
    pub refresh: Refresh,
    /// How long the browser keeps the cookie, if it is in one.
    pub cookie: CookieLife,
    /// Whose the access token is, as a number that is another for another login; zero if it does not say.
    pub owner: u64,
    /// When the session was opened, in milliseconds of this browser's clock: by this tabs know a session again that
    /// they know of without its tokens.
    pub opened_at: u64,
    /// When the access token was asked for, in milliseconds of this browser's clock. Asked for, not received: a slow
    /// answer makes a token look older than it is, never younger.
    pub obtained_at: u64,
    /// How long the access token lives, in milliseconds; `None` if it does not say.
    pub lifetime: Option<u64>,
    /// When the access token was last renewed, in milliseconds of this browser's clock.
    pub renewed_at: Option<u64>,
}

/// Where the refresh token is, and so how it travels.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[serde(into = "Option<String>")]
pub enum Refresh {
    /// Here. It travels in bodies.
    Held(String),
    /// In a cookie that no script can read.
    Cookie,
}

/// How long a browser keeps the cookie.
#[derive(Clone, Copy, Eq, PartialEq, Serialize)]
pub enum CookieLife {
    /// As long as the refresh token in it lives.
    OfItsToken,
    /// Until the browser is closed, and no longer than that.
    UntilClosed,
}

/// What to do with the access token before using it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Freshness {
    /// Use it.
    Fresh,
    /// Renew it first; should that not work just now, it may still do.
    Due,
    /// Renew it first: it has run out, or its age can not be told.
    Spent,
}

impl Session {
    /// A session as it was stored; `None` if it can not be told whose it is.
    #[must_use]
    pub fn read(stored: &Json) -> Option<Self> {
        Some(Self {
            username: stored.text("username")?.to_owned(),
            access: stored.text("access").map(str::to_owned),
            refresh: stored.text("refresh").map(str::to_owned).into(),
            cookie: match stored.text("cookie") {
                Some("UntilClosed") => CookieLife::UntilClosed,
                _ => CookieLife::OfItsToken,
            },
            owner: stored.number("owner").unwrap_or_default(),
            opened_at: stored.number("opened_at").unwrap_or_default(),
            obtained_at: stored.number("obtained_at")?,
            lifetime: stored.number("lifetime"),
            renewed_at: stored.number("renewed_at"),
        })
    }

    /// A session just opened by `username` with tokens asked for at `asked_at`.
    #[must_use]
    pub fn opened(username: &str, tokens: Tokens, asked_at: u64) -> Self {
        let claims = claims(&tokens.access);
        Self {
            username: username.to_owned(),
            lifetime: lifetime(&claims),
            owner: owner(&claims),
            cookie: CookieLife::OfItsToken,
            access: Some(tokens.access),
            refresh: tokens.refresh.into(),
            opened_at: asked_at,
            obtained_at: asked_at,
            renewed_at: None,
        }
    }

    /// The same session after a renewal asked for at `asked_at`. Without rotation the refresh token stays.
    #[must_use]
    pub fn renewed(self, tokens: Tokens, asked_at: u64) -> Self {
        let claims = claims(&tokens.access);
        Self {
            lifetime: lifetime(&claims),
            owner: owner(&claims),
            access: Some(tokens.access),
            refresh: match (self.refresh, tokens.refresh) {
                (Refresh::Held(_), Some(successor)) => Refresh::Held(successor),
                (refresh, _) => refresh,
            },
            obtained_at: asked_at,
            renewed_at: Some(asked_at),
            ..self
        }
    }

    /// What requests with its refresh token do about cookies.
    #[must_use]
    pub fn cookies(&self) -> Cookies {
        match (&self.refresh, self.cookie) {
            (Refresh::Held(_), _) => Cookies::None,
            (Refresh::Cookie, CookieLife::OfItsToken) => Cookies::Wanted,
            (Refresh::Cookie, CookieLife::UntilClosed) => Cookies::WantedUntilClosed,
        }
    }

    /// Whether its access token is somebody else's than the one before was, that of `former`: a browser has one cookie, and
    /// another page may have put another one there.
    #[must_use]
    pub fn is_of_another_than(&self, former: u64) -> bool {
        self.refresh == Refresh::Cookie && former != 0 && former != self.owner
    }

    /// What may be known of a session with a cookie where its access token must not be.
    #[must_use]
    pub fn mark(&self) -> Self {
        Self {
            access: None,
            lifetime: None,
            ..self.clone()
        }
    }

    /// Whether both come from the same login.
    #[must_use]
    pub fn is_of_the_login_of(&self, other: &Self) -> bool {
        self.opened_at == other.opened_at && self.username == other.username
    }

    /// Whether nothing was renewed between the two, as far as this client can know.
    #[must_use]
    pub fn is_as_new_as(&self, other: &Self) -> bool {
        self.refresh == other.refresh && self.is_of_the_login_of(other)
    }

    /// How fresh the access token is at `now` (milliseconds).
    #[must_use]
    pub fn freshness(&self, now: u64) -> Freshness {
        if self.access.is_none() {
            return Freshness::Spent;
        }
        let Some(lifetime) = self.lifetime else {
            return Freshness::Fresh; // it does not say: the server will
        };
        let Some(age) = now.checked_sub(self.obtained_at) else {
            return Freshness::Spent; // the clock was set back
        };
        if age >= lifetime {
            Freshness::Spent
        } else if age + margin(lifetime) >= lifetime {
            Freshness::Due
        } else {
            Freshness::Fresh
        }
    }

    /// How long the access token still lives at `now`, both in milliseconds; `None` if that can not be told.
    #[must_use]
    pub fn remaining(&self, now: u64) -> Option<u64> {
        let age = now.checked_sub(self.obtained_at)?;
        Some(self.lifetime?.saturating_sub(age))
    }
}

impl From<Option<String>> for Refresh {
    fn from(token: Option<String>) -> Self {
        token.map_or(Self::Cookie, Self::Held)
    }
}

impl From<Refresh> for Option<String> {
    fn from(refresh: Refresh) -> Self {
        match refresh {
            Refresh::Held(token) => Some(token),
            Refresh::Cookie => None,
        }
    }
}

/// How long before its end a token of this life is renewed, both in milliseconds: a fifth of it, so that short lives work, too,
/// and ten seconds at most.
#[must_use]
pub fn margin(lifetime: u64) -> u64 {
    (lifetime / 5).min(LONGEST_MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(lifetime: Option<u64>) -> Session {
        Session {
            username: "ada".to_owned(),
            access: Some("a".to_owned()),
            refresh: Refresh::Held("r".to_owned()),
            cookie: CookieLife::OfItsToken,
            owner: 0,
            opened_at: 1_000_000,
            obtained_at: 1_000_000,
            lifetime,
            renewed_at: None,
        }
    }

    #[test]
    fn a_token_is_due_shortly_before_its_end() {
        let five_minutes = session(Some(300_000));
        assert_eq!(five_minutes.freshness(1_000_000), Freshness::Fresh);
        assert_eq!(five_minutes.freshness(1_289_999), Freshness::Fresh);
        assert_eq!(five_minutes.freshness(1_290_000), Freshness::Due);
        assert_eq!(five_minutes.freshness(1_299_999), Freshness::Due);
        assert_eq!(five_minutes.freshness(1_300_000), Freshness::Spent);
    }

    #[test]
    fn the_margin_of_a_short_life_is_short() {
        let three_seconds = session(Some(3_000));
        assert_eq!(three_seconds.freshness(1_002_399), Freshness::Fresh);
        assert_eq!(three_seconds.freshness(1_002_400), Freshness::Due);
        assert_eq!(three_seconds.freshness(1_003_000), Freshness::Spent);
    }

    #[test]
    fn a_clock_set_back_makes_the_age_unknown() {
        assert_eq!(session(Some(300_000)).freshness(999_999), Freshness::Spent);
        assert_eq!(session(Some(300_000)).remaining(999_999), None);
    }

    #[test]
    fn a_token_that_does_not_say_is_left_to_the_server() {
        assert_eq!(session(None).freshness(9_999_999), Freshness::Fresh);
        assert_eq!(session(None).remaining(9_999_999), None);
    }

    #[test]
    fn without_rotation_the_refresh_token_stays() {
        let tokens = Tokens {
            access: "b".to_owned(),
            refresh: None,
        };
        let renewed = session(Some(300_000)).renewed(tokens, 2_000_000);
        assert!(renewed.refresh == Refresh::Held("r".to_owned()));
        assert_eq!(renewed.access.as_deref(), Some("b"));
        assert_eq!(
            (renewed.obtained_at, renewed.renewed_at),
            (2_000_000, Some(2_000_000))
        );
    }

    #[test]
    fn a_session_with_a_cookie_is_marked_without_any_token() {
        let tokens = Tokens {
            access: "secret".to_owned(),
            refresh: None,
        };
        let session = Session {
            cookie: CookieLife::UntilClosed,
            owner: 7,
            ..Session::opened("ada", tokens, 7)
        };
        let mark = serde_json::to_string(&session.mark()).expect("JSON");
        assert!(!mark.contains("secret"), "{mark}");
        let mark = Session::read(&Json::read(&mark)).expect("a session");
        assert!(mark.refresh == Refresh::Cookie && mark.is_of_the_login_of(&session));
        assert!(mark.cookies() == Cookies::WantedUntilClosed && mark.owner == 7);
        assert_eq!(mark.freshness(7), Freshness::Spent);
    }

    #[test]
    fn what_was_stored_before_is_still_read() {
        let stored = r#"{"username":"ada","access":"a","refresh":"r","obtained_at":1,"lifetime":2,"renewed_at":null}"#;
        let session = Session::read(&Json::read(stored)).expect("a session");
        assert!(session.refresh == Refresh::Held("r".to_owned()));
    }
}
