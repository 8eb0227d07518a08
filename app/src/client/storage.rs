//! Where a session may be kept, as one trait: the browser's two storages, or memory. Which one is for whoever signs in
//! to choose; how the choice is carried out is said in `shelf.rs`.

use super::ending::Ending;
use super::session::Session;

/// How a session is to be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keep {
    /// Both tokens in `localStorage`: until somebody signs out, in all tabs.
    Remembered,
    /// Both tokens in `sessionStorage`: as long as this tab is open, and in no other.
    ThisTab,
    /// Both tokens in memory: until this page is left.
    Memory,
    /// The refresh token in a cookie that no script can read, the access token in memory, and in `localStorage` no more
    /// than that there is a session, and whose: in all tabs, for as long as the cookie lasts.
    Cookie,
    /// The same, for as long as the browser is open.
    SessionCookie,
}

/// How long a storage lasts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// As long as the page: its memory.
    Page,
    /// As long as the tab: `sessionStorage`.
    Tab,
    /// Longer than both, and shared by all tabs: `localStorage`.
    Browser,
}

/// A storage for one session.
pub trait Storage {
    /// The session; `None` if there is none, or none that can be read.
    fn load(&self) -> Option<Session>;
    /// Keeps `session` in place of the one before. Where there is no room the one before stays.
    fn save(&self, session: &Session);
    /// Forgets the session, and remembers why.
    fn clear(&self, why: Ending);
    /// Why the last session here ended.
    fn last_ending(&self) -> Ending;
    /// Whether there is a cookie with a refresh token, as far as is known here. While there is one and no session, somebody
    /// has signed out and the server has yet to hear it.
    fn has_cookie(&self) -> bool;
    /// Notes whether that is so.
    fn set_cookie(&self, is_there: bool);
}
