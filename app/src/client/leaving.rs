//! How a session is left: by signing out, or because it was ended already; and how the server is told later of a sign-out
//! that it did not hear. That is for cookies alone, which no script can delete: a token that was held is forgotten.

use super::answer::{self, Farewell};
use super::ending::Ending;
use super::engine::Client;
use super::request::{Cookies, Request};
use super::session::{Refresh, Session};
use super::storage::Place;
use super::wire::BLACKLIST;
use super::world::World;

impl<W: World> Client<W> {
    /// Ends the session: here at once, at the server if it can be reached. It waits for a renewal under way, for only the
    /// newest refresh token ends it properly. With a cookie a server that does not answer is told later.
    pub async fn sign_out(&self) -> Farewell {
        let _alone = self.world().alone().await;
        let Some(session) = self.session() else {
            return if self.is_anothers() {
                Farewell::Another
            } else {
                Farewell::Heard
            };
        };
        self.close(Ending::Logout);
        if session.refresh == Refresh::Cookie {
            // Before it is sent: the page may be closed before there is an answer.
            self.world().storage(Place::Browser).set_cookie(true);
        }
        let farewell = answer::of_logout(self.present(BLACKLIST, &session, None).await);
        match session.refresh {
            Refresh::Cookie => self.note(farewell),
            Refresh::Held(_) if farewell == Farewell::Owed => Farewell::Unheard,
            Refresh::Held(_) => farewell,
        }
    }

    /// Forgets a session that was ended at the server already. It waits for a renewal under way, whose answer would be
    /// stored after it otherwise.
    pub async fn forget(&self) {
        let _alone = self.world().alone().await;
        if self.session().is_some() {
            self.close(Ending::Logout);
        }
    }

    /// Tells the server that somebody signed out, if it has yet to hear that.
    pub async fn pay_what_is_owed(&self) {
        if !self.is_owed() {
            return;
        }
        let _alone = self.world().alone().await;
        // Another tab may have, or somebody may have signed in.
        if self.is_owed() {
            let request = Request::post(BLACKLIST, "{}".to_owned()).with(Cookies::Wanted);
            self.note(answer::of_logout(self.ask(&request, None).await));
        }
    }

    /// Whether there is a cookie of nobody who is signed in here.
    fn is_owed(&self) -> bool {
        let browser = self.world().storage(Place::Browser);
        let is_marked = |session: Session| session.refresh == Refresh::Cookie;
        browser.has_cookie() && !browser.load().is_some_and(is_marked)
    }

    /// Notes whether a sign-out of the cookie's session is owed still.
    fn note(&self, farewell: Farewell) -> Farewell {
        if farewell != Farewell::Owed {
            self.world().storage(Place::Browser).set_cookie(false);
        }
        farewell
    }
}
