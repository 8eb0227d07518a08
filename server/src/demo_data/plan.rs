//! Who logs in when, on what and from where. A login follows from the seed and its number; what is remembered of it is whose it
//! is, and which login was the first on its device.

use super::Scope;
use super::chance::{Chance, Stream};
use super::people::{MACHINE, MOST_DEVICES, Person};
use super::places::{Address, Line};
use crate::clock::UnixSeconds;

/// A login that opened a session.
#[derive(Debug)]
pub struct Login {
    /// When.
    pub at: UnixSeconds,
    /// Who.
    pub person: Person,
    /// On which of their devices.
    pub device: usize,
    /// In which network.
    pub line: Line,
    /// From which address.
    pub address: Address,
    /// To the admin.
    pub to_admin: bool,
}

/// All logins.
#[derive(Debug)]
pub struct Plan {
    /// What all is made of.
    pub scope: Scope,
    /// The one whose session is refreshed some hundred times, if there is one that could be.
    pub longest: Option<usize>,
    /// The logins of all users, user by user, in their order.
    logins: Vec<u32>,
    /// Where those of each user begin.
    begins: Vec<u32>,
    /// Of each login the first on its device.
    firsts: Vec<u32>,
}

impl Login {
    /// The login of this number; later ones have greater numbers.
    #[must_use]
    pub fn of(scope: &Scope, number: usize) -> Self {
        let mut chance = Chance::of(scope.seed, Stream::Login, number);
        let at = opened_at(scope, number);
        let to_admin = number % 331 == 17;
        let person = who(scope, number, at, &mut chance);
        let device = match person.devices.len() {
            // Most use one of theirs more than the others.
            2.. if chance.is(400) => chance.below(person.devices.len()),
            _ => 0,
        };
        let line = person.line(&mut chance);
        Self {
            at,
            device,
            line,
            address: line.address(&mut chance),
            person,
            to_admin,
        }
    }
}

impl Person {
    /// Where they happen to be.
    #[must_use]
    pub fn line(&self, chance: &mut Chance) -> Line {
        match (chance.below(100), self.work) {
            _ if self.number == MACHINE => self.home,
            (0..55, _) | (90.., None) => self.home,
            (55..88, Some(work)) => work,
            (88..90, _) => Line::abroad(chance),
            _ => self.home.on_the_way(chance),
        }
    }
}

/// When a login happens: rarer and rarer the longer ago, and later than the one before it.
#[must_use]
pub fn opened_at(scope: &Scope, number: usize) -> UnixSeconds {
    const ONE: usize = 1 << 24;
    let jitter = Chance::of(scope.seed, Stream::Time, number).below(ONE);
    let left = ((scope.sessions - 1 - number) * ONE + jitter) / scope.sessions;
    // A number from nought to one, in 2^-24; its square makes them denser towards now.
    let ago = i64::try_from(left * left / ONE).unwrap_or_default();
    scope.now - 2 - ((ago * scope.window) >> ONE.trailing_zeros())
}

/// Who logs in: the machine every two hundredth time, staff where it is to the admin, and some customers more often than others.
fn who(scope: &Scope, number: usize, at: UnixSeconds, chance: &mut Chance) -> Person {
    let staff = MACHINE + 1 + chance.below(scope.staff);
    if number % 331 == 17 {
        return Person::of(scope, staff);
    }
    if number % 200 == 3 {
        return Person::of(scope, MACHINE);
    }
    let customers = scope.users - MACHINE - scope.staff;
    for _ in 0..8 {
        let (a, b) = (chance.below(customers), chance.below(customers));
        let person = Person::of(scope, scope.users - a.min(b));
        if person.is_there_at(at) {
            return person;
        }
    }
    Person::of(scope, staff)
}

impl Plan {
    /// Plans all logins.
    #[must_use]
    pub fn of(scope: Scope) -> Self {
        let mut users = Vec::with_capacity(scope.sessions);
        let mut devices = Vec::with_capacity(scope.sessions);
        let mut longest = None;
        let begin = scope.now - scope.lifetimes.session * 4 / 5;
        for number in 0..scope.sessions {
            let login = Login::of(&scope, number);
            if longest.is_none()
                && login.at >= begin
                && login.person.turn.is_none()
                && login.person.number > MACHINE + scope.staff
            {
                longest = Some(number);
            }
            users.push(login.person.number);
            devices.push(login.device);
        }
        let (begins, logins) = by_user(&users, scope.users);
        let mut plan = Self {
            scope,
            longest,
            logins,
            begins,
            firsts: vec![0; users.len()],
        };
        plan.find_firsts(&devices);
        plan
    }

    /// The logins of a user, in their order.
    pub fn logins_of(&self, user: usize) -> impl Iterator<Item = usize> {
        let (begin, end) = (self.begins[user] as usize, self.begins[user + 1] as usize);
        self.logins[begin..end].iter().map(|login| *login as usize)
    }

    /// The first login on the device of this one.
    #[must_use]
    pub fn first_on_its_device(&self, login: usize) -> usize {
        self.firsts[login] as usize
    }

    /// Whether this login is the first on its device, of somebody who used others before.
    #[must_use]
    pub fn is_on_new_device(&self, login: usize, user: usize) -> bool {
        let is_first = self.first_on_its_device(login) == login;
        is_first && self.logins_of(user).next() != Some(login)
    }

    fn find_firsts(&mut self, devices: &[usize]) {
        for user in 1..=self.scope.users {
            let mut first_on: [Option<usize>; MOST_DEVICES] = [None; MOST_DEVICES];
            let logins: Vec<_> = self.logins_of(user).collect();
            for login in logins {
                let first = *first_on[devices[login]].get_or_insert(login);
                self.firsts[login] = narrow(first);
            }
        }
    }
}

/// The numbers of the logins, user by user, and where those of each user begin.
fn by_user(users: &[usize], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut begins = vec![0_u32; count + 2];
    for user in users {
        begins[user + 1] += 1;
    }
    for user in 1..begins.len() {
        begins[user] += begins[user - 1];
    }
    let (mut next, mut logins) = (begins.clone(), vec![0; users.len()]);
    for (login, user) in users.iter().enumerate() {
        logins[next[*user] as usize] = narrow(login);
        next[*user] += 1;
    }
    (begins, logins)
}

/// There are ten million at the most.
fn narrow(login: usize) -> u32 {
    u32::try_from(login).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_come_in_their_order_and_denser_towards_now() {
        let scope = Scope::for_tests(10_000);
        let times: Vec<_> = (0..scope.sessions)
            .map(|number| opened_at(&scope, number))
            .collect();
        assert!(times.is_sorted());
        let (first, last) = (times[0], times[scope.sessions - 1]);
        assert!(first >= scope.now - scope.window - 2 && last <= scope.now - 2);
        let late = times
            .iter()
            .filter(|at| **at > scope.now - scope.window / 4)
            .count();
        assert!(
            (4900..5100).contains(&late),
            "half in the last quarter: {late}"
        );
    }

    #[test]
    fn every_login_is_somebodys_and_in_the_order_of_time() {
        let plan = Plan::of(Scope::for_tests(5000));
        let mut all = 0;
        for user in 1..=plan.scope.users {
            let logins: Vec<_> = plan.logins_of(user).collect();
            assert!(logins.is_sorted());
            for login in &logins {
                let known = Login::of(&plan.scope, *login);
                let first = Login::of(&plan.scope, plan.first_on_its_device(*login));
                assert_eq!(known.person.number, user);
                assert_eq!((first.person.number, first.device), (user, known.device));
                assert!(known.person.is_there_at(known.at));
            }
            all += logins.len();
        }
        assert_eq!(all, 5000);
        assert!(plan.logins_of(MACHINE).count() >= 24);
        assert!(plan.longest.is_some());
    }
}
