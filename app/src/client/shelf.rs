//! Which of the three storages a session is in. The page's memory goes before the tab's storage, and that before the
//! browser's, so a tab can have a session of its own. A session whose refresh token is in a cookie is in two: whole in
//! memory, and in the browser's storage as a mark that all tabs see, without any token.

use super::ending::Ending;
use super::session::{Refresh, Session};
use super::storage::{Keep, Place, Storage};
use super::world::World;

/// The three storages of one tab.
pub struct Shelf<'a> {
    page: &'a dyn Storage,
    tab: &'a dyn Storage,
    browser: &'a dyn Storage,
}

impl<'a> Shelf<'a> {
    /// Those of `world`.
    pub fn of(world: &'a impl World) -> Self {
        Self {
            page: world.storage(Place::Page),
            tab: world.storage(Place::Tab),
            browser: world.storage(Place::Browser),
        }
    }

    /// The session. One with a cookie may be without an access token, which is to be asked for then.
    pub fn load(&self) -> Option<Session> {
        if let Some(session) = self.page.load() {
            if session.refresh != Refresh::Cookie || self.is_marked(&session) {
                return Some(session);
            }
            // Another tab has signed out, and perhaps in again.
            self.page.clear(Ending::Logout);
        }
        self.tab.load().or_else(|| self.browser.load())
    }

    /// Keeps a session just opened.
    pub fn open(&self, session: &Session, keep: Keep) {
        let place = match (&session.refresh, keep) {
            (Refresh::Cookie, _) => {
                self.tab.clear(Ending::None);
                self.browser.set_cookie(true);
                self.browser.save(&session.mark());
                self.page
            }
            // The server knows of no cookie. Whoever wanted one wants no token in a storage.
            (Refresh::Held(_), Keep::Cookie | Keep::SessionCookie | Keep::Memory) => self.page,
            (Refresh::Held(_), Keep::ThisTab) => {
                self.page.clear(Ending::None);
                self.tab
            }
            (Refresh::Held(_), Keep::Remembered) => {
                self.page.clear(Ending::None);
                self.tab.clear(Ending::None);
                self.browser
            }
        };
        place.save(session);
    }

    /// Keeps a newer state of the session, where the session is.
    pub fn replace(&self, session: &Session) {
        match session.refresh {
            Refresh::Cookie => self.page,
            Refresh::Held(_) => self.place(),
        }
        .save(session);
    }

    /// Forgets the session. Who shared it finds the reason beside it.
    pub fn close(&self, ending: Ending) {
        let is_with_a_cookie = self
            .load()
            .is_some_and(|session| session.refresh == Refresh::Cookie);
        if is_with_a_cookie {
            self.page.clear(ending);
            self.browser.set_cookie(false);
            self.browser.clear(ending);
        } else {
            self.place().clear(ending);
        }
    }

    /// Where the session is.
    fn place(&self) -> &'a dyn Storage {
        [self.page, self.tab]
            .into_iter()
            .find(|storage| storage.load().is_some())
            .unwrap_or(self.browser)
    }

    fn is_marked(&self, session: &Session) -> bool {
        self.browser
            .load()
            .is_some_and(|mark| mark.is_of_the_login_of(session))
    }
}
