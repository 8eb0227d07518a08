//! The rows of a session: what it was opened with, each refresh, and its end. Each step leaves what `lifecycle` would have
//! left, in the same order.

mod over;
mod story;

use super::agents::{Agent, VERSIONS};
use super::chance::{Chance, Stream};
use super::numbers::Numbers;
use super::people::Person;
use super::places::Address;
use super::plan::{Login, Plan};
use super::users::{device_of, event};
use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::network::Network;
use crate::session::Trail;
use crate::store::{
    Batch, NewToken, Origin, PastBlacklisting, PastSession, PastToken, ROTATED, Seen, TokenId,
};
use crate::token::{Generation, Jti, SessionId, TokenType};
use story::Story;

/// Makes the rows of the session that the login of this number opened.
pub fn tell(plan: &Plan, number: usize, numbers: &mut Numbers, batch: &mut Batch) {
    let login = Login::of(&plan.scope, number);
    let mut chance = Chance::of(plan.scope.seed, Stream::Session, number);
    let story = Story::of(plan, number, &login, &mut chance);
    let mut teller = Teller::new(plan, number, login, numbers, batch, chance);
    teller.failed_logins();
    teller.open();
    for step in &story.steps {
        teller.refresh(step.at, &step.address);
    }
    teller.stop_one_access_token(story.until());
    teller.close(story.end);
}

/// Whether a session can still go on.
pub fn is_live(session: &PastSession, now: UnixSeconds) -> bool {
    session.end.is_none() && session.tokens_expire_at > now
}

/// Tells one session.
struct Teller<'a> {
    plan: &'a Plan,
    numbers: &'a mut Numbers,
    batch: &'a mut Batch,
    chance: Chance,
    login: Login,
    agent: &'static Agent,
    is_on_new_device: bool,
    session: PastSession,
    /// Its tokens that are not blacklisted, and when they expire.
    good: Vec<(i64, UnixSeconds)>,
    /// The current refresh token.
    current: Option<TokenId>,
    /// From where it was used, and since when.
    seen: Vec<(Seen, UnixSeconds)>,
}

impl<'a> Teller<'a> {
    fn new(
        plan: &'a Plan,
        number: usize,
        login: Login,
        numbers: &'a mut Numbers,
        batch: &'a mut Batch,
        mut chance: Chance,
    ) -> Self {
        let (scope, at) = (&plan.scope, login.at);
        let is_known = !login.person.is_deleted();
        let device = device_of(plan, number, &login.person, login.device);
        let lifetime = if login.to_admin {
            scope.lifetimes.admin
        } else {
            scope.lifetimes.session
        };
        let session = PastSession {
            id: SessionId::made_of(at, chance.bits()),
            user: is_known.then(|| login.person.id()),
            device: is_known.then_some(device),
            opened_at: at,
            last_seen_at: at,
            generation: Generation::FIRST,
            rotated_at: at,
            rotated_by: String::new(),
            received: Generation::FIRST,
            replays: 0,
            expires_at: at + lifetime,
            tokens_expire_at: 0,
            access_expires_at: 0,
            confirmed_at: if login.to_admin { at } else { 0 },
            ip: login.address.ip.clone(),
            trail: Trail::begin(Network::of(&login.address.ip), at),
            end: None,
        };
        Self {
            agent: Agent::of(login.person.devices[login.device], scope.age(at)),
            is_on_new_device: plan.is_on_new_device(number, login.person.number),
            plan,
            numbers,
            batch,
            chance,
            login,
            session,
            good: Vec::new(),
            current: None,
            seen: Vec::new(),
        }
    }

    /// Now and then somebody mistypes their password first, or their name.
    fn failed_logins(&mut self) {
        if !self.chance.is(40) {
            return;
        }
        let at = self.login.at - self.chance.within(4, 60);
        let failed = if self.chance.is(800) {
            event(Kind::LoginFail, at, &self.login.person).detail("password")
        } else {
            Event::new(Kind::LoginFail, at).detail("unknown name")
        };
        let failed = failed.from(&self.origin(&self.login.address));
        self.note(at, [failed]);
    }

    fn open(&mut self) {
        let (at, address) = (self.login.at, self.login.address.clone());
        self.issue(at, &address);
        let origin = self.origin(&address);
        let id = self.session.id;
        let about = |kind, person: &Person| event(kind, at, person).session(id).from(&origin);
        let person = &self.login.person;
        let new_device = self.is_on_new_device.then(|| {
            let device = self.agent.description.to_string();
            about(Kind::NewDevice, person).detail(device).noticed()
        });
        let opened = [Kind::LoginSuccess, Kind::SessionCreated].map(|kind| about(kind, person));
        let told: Vec<_> = new_device.into_iter().chain(opened).collect();
        self.note(at, told);
    }

    fn refresh(&mut self, at: UnixSeconds, address: &Address) {
        let session = &mut self.session;
        session.generation = session.generation.next();
        session.received = session.generation;
        session.rotated_at = at;
        session.rotated_by.clone_from(&self.agent.mark);
        session.ip.clone_from(&address.ip);
        let here = Network::of(&address.ip);
        session.trail = session
            .trail
            .follow(here, at, self.plan.scope.travel, |_| None)
            .trail;
        let spent = self.current;
        self.issue(at, address);
        if let Some(TokenId(spent)) = spent {
            self.good.retain(|(id, _)| *id != spent);
            self.batch.blacklisted.push(PastBlacklisting {
                token: spent,
                at,
                reason: ROTATED,
                actor: None,
                note: None,
            });
        }
    }

    /// Issues what a login or a refresh is answered with.
    fn issue(&mut self, at: UnixSeconds, address: &Address) {
        let (lifetimes, ends) = (self.plan.scope.lifetimes, self.session.expires_at);
        self.see(at, address);
        let mut numbers = self.numbers.at(at, 2).map(TokenId);
        let (Some(first), Some(second)) = (numbers.next(), numbers.next()) else {
            return;
        };
        if self.login.to_admin {
            self.record(first, TokenType::Admin, (at, ends), None, address);
            return;
        }
        let refresh = ends.min(at + lifetimes.refresh);
        let access = ends.min(at + lifetimes.access);
        self.record(
            first,
            TokenType::Refresh,
            (at, refresh),
            self.current,
            address,
        );
        self.record(
            second,
            TokenType::Access,
            (at, access),
            Some(first),
            address,
        );
        self.current = Some(first);
    }

    fn record(
        &mut self,
        id: TokenId,
        token_type: TokenType,
        (created_at, expires_at): (UnixSeconds, UnixSeconds),
        parent: Option<TokenId>,
        address: &Address,
    ) {
        let session = &mut self.session;
        session.tokens_expire_at = session.tokens_expire_at.max(expires_at);
        if token_type == TokenType::Access {
            session.access_expires_at = session.access_expires_at.max(expires_at);
        }
        self.good.push((id.0, expires_at));
        let token = NewToken {
            id,
            jti: Jti::made_of(created_at, self.chance.bits()),
            sha256: self.chance.digits(4),
            token_type,
            user_id: session.user,
            session_id: session.id,
            parent,
            generation: session.generation,
            created_at,
            expires_at,
        };
        let origin = self.origin(address);
        self.batch.tokens.push(PastToken { token, origin });
    }

    fn see(&mut self, at: UnixSeconds, address: &Address) {
        let network = Network::of(&address.ip).to_string();
        match self
            .seen
            .iter_mut()
            .find(|(seen, _)| seen.network == network)
        {
            Some((seen, _)) => {
                seen.at = at;
                seen.ip.clone_from(&address.ip);
            }
            None => self.seen.push((
                Seen {
                    session: self.session.id,
                    at,
                    network,
                    ip: address.ip.clone(),
                    country: address.country.to_owned(),
                },
                at,
            )),
        }
    }
}

impl Teller<'_> {
    fn note(&mut self, at: UnixSeconds, events: impl IntoIterator<Item = Event>) {
        let numbers = self.numbers.at(at, 4);
        self.batch.events.extend(numbers.zip(events));
    }

    fn origin(&self, address: &Address) -> Origin {
        origin(address, self.agent)
    }
}

fn origin(address: &Address, agent: &Agent) -> Origin {
    Origin {
        ip: address.ip.clone(),
        user_agent: agent.header.clone(),
        ..Origin::default()
    }
}

/// A member of staff at work.
fn from_desk(admin: &Person, chance: &mut Chance) -> Origin {
    let line = admin.work.unwrap_or(admin.home);
    origin(&line.address(chance), Agent::of(admin.devices[0], VERSIONS))
}
