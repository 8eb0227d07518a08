//! How a session is over: an access token that falls alone, the end, and what is left on record.

use super::super::users::{actor, event};
use super::story::End;
use super::{Teller, from_desk};
use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::session::EndReason;
use crate::store::{NewToken, PastBlacklisting, Revocation, Revoked, TokenId};

impl Teller<'_> {
    /// Rarely an admin blacklists an access token alone, before `until`.
    pub(super) fn stop_one_access_token(&mut self, until: UnixSeconds) {
        if self.login.to_admin || !self.chance.is(3) {
            return;
        }
        let last = self.batch.tokens.last().map(|token| &token.token);
        let Some(NewToken {
            id: TokenId(id),
            jti,
            expires_at,
            created_at,
            ..
        }) = last.cloned()
        else {
            return;
        };
        let at = created_at + self.chance.within(1, 60);
        if at >= until.min(expires_at) {
            return;
        }
        let admin = actor(&self.plan.scope, &mut self.chance);
        self.good.retain(|(good, _)| *good != id);
        self.batch.blacklisted.push(PastBlacklisting {
            token: id,
            at,
            reason: EndReason::Admin.as_str(),
            actor: Some(admin.username()),
            note: Some("leaked in a log".to_owned()),
        });
        self.batch.revocations.push(Revocation {
            what: Revoked::Token(jti.clone()),
            value: expires_at,
        });
        let revoked = event(Kind::TokenRevoked, at, &self.login.person)
            .session(self.session.id)
            .from(&from_desk(&admin, &mut self.chance))
            .by(&admin.username())
            .detail(format!("the access token {}", jti.as_str()));
        self.note(at, [revoked]);
    }

    /// Ends it, if it has an end, and puts it on record.
    pub(super) fn close(mut self, end: Option<End>) {
        let until = end.as_ref().map_or(self.plan.scope.now - 1, |end| end.at);
        let last = self.session.last_seen_at.max(self.session.rotated_at);
        let used = last + self.chance.within(0, self.plan.scope.lifetimes.access);
        self.session.last_seen_at = used.min(until);
        if let Some((seen, _)) = self.seen.iter_mut().max_by_key(|(seen, _)| seen.at) {
            seen.at = self.session.last_seen_at;
        }
        self.batch.addresses.append(&mut self.seen);
        if let Some(end) = end {
            self.end(end);
        }
        self.batch.sessions.push(self.session);
    }

    fn end(&mut self, end: End) {
        let End {
            at,
            reason,
            by,
            note,
            origin,
            because,
        } = end;
        self.batch.revocations.push(Revocation {
            what: Revoked::Session(self.session.id),
            value: self.session.access_expires_at,
        });
        let usable = self.good.iter().filter(|(_, expires_at)| *expires_at > at);
        self.batch
            .blacklisted
            .extend(usable.map(|(token, _)| PastBlacklisting {
                token: *token,
                at,
                reason: reason.as_str(),
                actor: by.clone(),
                note: note.clone(),
            }));
        let origin = origin.unwrap_or_else(|| self.origin(&self.login.address));
        let because = because.map(|(kind, detail)| {
            let because = event(kind, at, &self.login.person).session(self.session.id);
            because.from(&origin).detail(detail).noticed()
        });
        let over = Event {
            user: Some(self.login.person.id()),
            username: Some(self.login.person.username()),
            actor: by.clone(),
            ..Event::session_over(self.session.id, reason, at).from(&origin)
        };
        let told: Vec<_> = because.into_iter().chain([over]).collect();
        self.note(at, told);
        self.session.end = Some((at, reason, by, note));
    }
}
