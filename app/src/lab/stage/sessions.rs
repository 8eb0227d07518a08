//! The sessions the lab opened: which are watched, and how they are ended. None is to outlive the lab, as far as the server
//! can be reached.

use super::{Stage, token_in};
use crate::client::{Cookies, Refresh, Reply, Request, is_cookie_in_use, part, send};

const BLACKLIST: &str = "/api/token/blacklist/";

impl Stage {
    /// Ends every session the lab opened but the observer's, as far as the server can be reached.
    pub async fn end_sessions(&self) {
        // One by one, and forgotten afterwards: this may be given up in the middle.
        while let Some((session, refresh)) = self.newest_alive() {
            // Of a session that is over the server says so, which is as good.
            let json = ["{\"refresh\":\"", &refresh, "\"}"].concat();
            let _ = send(&Request::post(BLACKLIST, json), None).await;
            let mut alive = self.alive.borrow_mut();
            alive.retain(|(known, _)| *known != session);
        }
        if self.has_own_cookie() {
            let request = Request::post(BLACKLIST, "{}".to_owned()).with(Cookies::Wanted);
            let _ = send(&request, None).await;
        }
    }

    /// The page is being left: ends what can be ended without waiting.
    pub fn abandon(&self) {
        for (_, refresh) in self.alive.take() {
            part(&Refresh::Held(refresh));
        }
        if self.has_own_cookie() {
            part(&Refresh::Cookie);
        }
        let observer = self
            .learner
            .take()
            .and_then(|learner| learner.observer.session());
        if let Some(session) = observer {
            part(&session.refresh);
        }
    }

    /// Ends everything, and forgets who was here.
    pub async fn leave(&self) {
        self.end_sessions().await;
        let learner = self.learner.take();
        if let Some(learner) = learner {
            learner.observer.sign_out().await;
        }
    }

    /// Whether there is a cookie of a scene's.
    pub fn has_cookie(&self) -> bool {
        self.has_cookie.get()
    }

    fn newest_alive(&self) -> Option<(String, String)> {
        self.alive.borrow().last().cloned()
    }

    /// Whether the cookie of this browser is of a session that a scene opened, and nobody has signed in here meanwhile. Asked
    /// once: that session is ended then.
    fn has_own_cookie(&self) -> bool {
        self.has_cookie.take() && !is_cookie_in_use()
    }

    /// Remembers which session an answer belongs to, to watch it and to end it later.
    pub(super) fn note_tokens(&self, request: &Request, reply: &Reply) {
        if request.cookies == Cookies::Wanted && reply.status == 200 && request.path == BLACKLIST {
            self.has_cookie.set(false);
        }
        let Some(token) = token_in(reply, "access") else {
            return;
        };
        let session = token.word("sid").to_owned();
        if request.path == "/api/token/" && !session.is_empty() {
            *self.family.borrow_mut() = None;
            self.watched.borrow_mut().clone_from(&session);
        }
        if let Some(refresh) = token_in(reply, "refresh") {
            let mut alive = self.alive.borrow_mut();
            alive.retain(|(known, _)| *known != session);
            alive.push((session, refresh.text));
        }
    }
}
