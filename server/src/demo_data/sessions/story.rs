//! What becomes of a session: when it is refreshed, and whether it ends before its tokens do.

use super::super::Scope;
use super::super::agents::{Agent, SCRIPT, VERSIONS};
use super::super::chance::Chance;
use super::super::people::{Turn, What};
use super::super::places::{Address, Line};
use super::super::plan::{Login, Plan};
use super::super::users::actor;
use super::{from_desk, origin};
use crate::account::COMMAND_LINE;
use crate::clock::UnixSeconds;
use crate::event::Kind;
use crate::network::network_of;
use crate::session::EndReason;
use crate::store::Origin;

/// How often the longest session is refreshed.
const LONGEST: i64 = 300;

/// What admins write.
const NOTES: [&str; 8] = [
    "phone lost on a train, asked us to sign it out",
    "customer called: somebody else is in the account",
    "laptop returned, employee left",
    "reported from an address the customer does not know",
    "suspicious orders, see the ticket",
    "shared computer, forgot to sign out",
    "password found in a public leak",
    "test session, not needed any more",
];

/// What becomes of a session.
pub struct Story {
    /// Its refreshes.
    pub steps: Vec<Step>,
    /// Its end; `None` when it goes on, or just ran out.
    pub end: Option<End>,
    /// When the last of its tokens expires.
    dies: UnixSeconds,
}

/// A refresh.
pub struct Step {
    /// When.
    pub at: UnixSeconds,
    /// From where.
    pub address: Address,
}

/// An end.
pub struct End {
    /// When.
    pub at: UnixSeconds,
    /// Why.
    pub reason: EndReason,
    /// Whose doing it was.
    pub by: Option<String>,
    /// Their words, or the server's.
    pub note: Option<String>,
    /// Where the request came from that led to it; `None` where that is where the session was opened.
    pub origin: Option<Origin>,
    /// What is noted before it: what happened, and the words for it.
    pub because: Option<(Kind, String)>,
}

impl Story {
    /// Makes one up.
    pub fn of(plan: &Plan, number: usize, login: &Login, chance: &mut Chance) -> Self {
        let scope = &plan.scope;
        let turn = login.person.turn.filter(|turn| turn.at > login.at);
        let end = turn.map_or(scope.now - 1, |turn| turn.at);
        let habit = Habit::of(plan, number, login, chance);
        let steps = habit.steps(scope, login, end, chance);
        let last = steps.last().map_or(login.at, |step| step.at);
        let dies = dies(scope, login, last);
        let own = own_end(scope, login, (last, steps.len()), chance);
        let end =
            own.filter(|end| habit != Habit::Longest && end.at < dies && end.at < scope.now - 1);
        let mut story = Self { steps, end, dies };
        if let Some(turn) = turn
            && turn.at < story.until()
        {
            story.end = Some(at_turn(turn));
        }
        story
    }

    /// Until when anything can happen to it.
    pub fn until(&self) -> UnixSeconds {
        self.end.as_ref().map_or(self.dies, |end| end.at)
    }
}

/// How somebody uses a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Habit {
    /// The admin's can not be refreshed.
    Never,
    /// Comes back a few times, or not at all.
    Visit,
    /// Comes back every day.
    Daily,
    /// Comes back all the time.
    Longest,
}

impl Habit {
    fn of(plan: &Plan, number: usize, login: &Login, chance: &mut Chance) -> Self {
        let is_daily = chance.is(12);
        match plan.longest {
            _ if login.to_admin => Self::Never,
            Some(longest) if longest == number => Self::Longest,
            _ if is_daily => Self::Daily,
            _ => Self::Visit,
        }
    }

    /// The refreshes until `end`, each before the token it spends expires.
    fn steps(
        self,
        scope: &Scope,
        login: &Login,
        end: UnixSeconds,
        chance: &mut Chance,
    ) -> Vec<Step> {
        let (mut steps, mut last, mut line) = (Vec::new(), login.at, login.line);
        while self.goes_on(steps.len(), chance) {
            let at = last + self.pause(scope, chance).max(1);
            if at >= end.min(dies(scope, login, last)) {
                break;
            }
            if chance.is(120) {
                line = login.person.line(chance);
            }
            let address = line.address(chance);
            steps.push(Step { at, address });
            last = at;
        }
        steps
    }

    fn goes_on(self, steps: usize, chance: &mut Chance) -> bool {
        match self {
            Self::Never => false,
            Self::Visit => steps < 20 && chance.is(560),
            Self::Daily => steps < 60,
            Self::Longest => i64::try_from(steps).is_ok_and(|steps| steps < LONGEST),
        }
    }

    /// Seconds until the next refresh.
    fn pause(self, scope: &Scope, chance: &mut Chance) -> i64 {
        let (access, refresh) = (scope.lifetimes.access, scope.lifetimes.refresh);
        match self {
            Self::Longest => scope.lifetimes.session * 4 / 5 / (LONGEST + 20),
            Self::Daily => chance.within(refresh / 2, refresh),
            Self::Visit | Self::Never if chance.is(700) => chance.within(access, access * 12),
            Self::Visit | Self::Never => chance.within(refresh / 6, refresh),
        }
    }
}

/// When the token expires that a session goes on with which was last refreshed at `last`.
fn dies(scope: &Scope, login: &Login, last: UnixSeconds) -> UnixSeconds {
    if login.to_admin {
        return login.at + scope.lifetimes.admin;
    }
    (login.at + scope.lifetimes.session).min(last + scope.lifetimes.refresh)
}

/// How a session ends by itself, if it does: some time after its last refresh, at the generation it reached.
fn own_end(
    scope: &Scope,
    login: &Login,
    (last, generation): (UnixSeconds, usize),
    chance: &mut Chance,
) -> Option<End> {
    let reason = match chance.below(1000) {
        0..420 => EndReason::Logout,
        420..455 => EndReason::Admin,
        455..475 if generation > 0 => EndReason::Reuse,
        475..483 if generation > 0 => EndReason::Anomaly,
        483..495 if !login.to_admin => EndReason::Limit,
        _ => return None,
    };
    let plain = End {
        at: last + chance.within(90, 6 * 3600),
        reason,
        by: None,
        note: None,
        origin: None,
        because: None,
    };
    Some(match reason {
        EndReason::Admin => by_admin(plain, scope, chance),
        EndReason::Reuse => by_reuse(plain, generation, chance),
        EndReason::Anomaly => by_anomaly(plain, scope, login, chance),
        _ => plain,
    })
}

fn by_admin(end: End, scope: &Scope, chance: &mut Chance) -> End {
    let admin = actor(scope, chance);
    End {
        by: Some(admin.username()),
        note: Some((*chance.pick(&NOTES)).to_owned()),
        origin: Some(from_desk(&admin, chance)),
        ..end
    }
}

/// A thief with a script, in another country.
fn by_reuse(end: End, generation: usize, chance: &mut Chance) -> End {
    let (words, spent) = if generation > 1 && chance.is(500) {
        let words = "a refresh token older than the predecessor of the current one";
        (words, generation - 2)
    } else {
        let words = "the spent refresh token, from another device";
        (words, generation - 1)
    };
    let address = Line::abroad(chance).address(chance);
    let detail =
        format!("{words}; generation {spent} came back, generation {generation} is current");
    End {
        note: Some(words.to_owned()),
        origin: Some(origin(&address, Agent::of(SCRIPT, VERSIONS))),
        because: Some((Kind::TokenReuse, detail)),
        ..end
    }
}

fn by_anomaly(end: End, scope: &Scope, login: &Login, chance: &mut Chance) -> End {
    let there = Line::abroad(chance).address(chance);
    let (a, b) = (network_of(&login.address.ip), network_of(&there.ip));
    let words = format!("refreshed from {a} and {b} by turns");
    let agent = Agent::of(login.person.devices[login.device], scope.age(end.at));
    End {
        note: Some(words.clone()),
        origin: Some(origin(&there, agent)),
        because: Some((Kind::ImpossibleTravel, words)),
        ..end
    }
}

/// The end with all other sessions of its user.
fn at_turn(turn: Turn) -> End {
    let by = match turn.what {
        What::LoggedOut => Some(COMMAND_LINE.to_owned()),
        What::NewPassword | What::ShutOut | What::Deleted => None,
    };
    End {
        at: turn.at,
        reason: turn.what.reason(),
        by,
        note: None,
        origin: Some(Origin::default()),
        because: None,
    }
}
