//! What the stage sees of the registry: the watched family, read through the observer's session. A look after a request
//! records what it changed; a glance in between shows what was done elsewhere, and records nothing.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::Stage;
use crate::api::Family;
use crate::browser;
use crate::client::Request;
use crate::lab::cast::Actor;
use crate::lab::record::Event;
use crate::lab::standing::{Standing, standing};
use crate::lab::{diff, read};

/// A request of a scene that is under way, until it is dropped: a scene may be stopped in the middle of one.
pub struct UnderWay<'s>(&'s Cell<u32>);

impl<'s> UnderWay<'s> {
    /// One more.
    pub fn begin(all: &'s Cell<u32>) -> Self {
        all.set(all.get() + 1);
        Self(all)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Stage {
    /// Looks at the registry while nothing is asked here: what changed meanwhile was done elsewhere, such as in the admin.
    pub async fn glance(&self) {
        let is_still = || self.under_way.get() == 0;
        if !is_still() {
            return;
        }
        let Some(new) = self.read_family().await.filter(|_| is_still()) else {
            return;
        };
        let now = new.now;
        let old = self.family.replace(Some(new.clone()));
        // That time goes by is no news.
        if old.map(|old| Family { now, ..old }) != Some(new) {
            (self.changed)();
        }
    }

    /// What became of the token of this name, as far as it belongs to the watched session.
    pub fn standing(&self, jti: &str) -> Option<Standing> {
        let family = self.family.borrow();
        let token = family
            .as_ref()?
            .tokens
            .iter()
            .find(|token| token.jti == jti)?;
        Some(standing(token, self.server_time()))
    }

    /// Looks at the watched session, and records what a request of `actor` changed.
    pub(super) async fn look(&self, actor: Actor) {
        let Some(new) = self.read_family().await else {
            return;
        };
        let old = self.family.replace(Some(new.clone()));
        for change in diff::changes(old.as_ref(), &new) {
            self.record.borrow_mut().add(actor, Event::Changed(change));
        }
        (self.changed)();
    }

    /// Asks the API through the observer's session, unseen.
    pub(super) async fn ask(&self, request: Request) -> Option<String> {
        let observer = Rc::clone(&self.learner.borrow().as_ref()?.observer);
        // Boxed: the observer is a client like those whose requests lead here.
        let call: LocalBoxFuture<'_, _> = Box::pin(observer.call(request));
        call.await.ok()
    }

    /// The watched family as it is on record now; none where nothing is watched, or another is by now.
    async fn read_family(&self) -> Option<Family> {
        let id = self.watched.borrow().clone();
        if id.is_empty() {
            return None;
        }
        let request = Request::get(["/api/sessions/", &id, "/"].concat());
        let new = read::family(&self.ask(request).await?)?;
        if new.id != *self.watched.borrow() {
            return None; // another scene has begun meanwhile
        }
        self.ahead.set(new.now - browser::seconds());
        if new.ended_at.is_some() {
            self.alive
                .borrow_mut()
                .retain(|(session, _)| *session != new.id);
        }
        Some(new)
    }
}
