//! Who the users are: everything about one of them follows from the seed and their number, so that nobody has to be
//! remembered. Number 1 is a machine that logs in all the time, some after it are staff, the rest are customers.

use super::chance::{Chance, Stream};
use super::places::Line;
use super::{DAY, Scope, agents};
use crate::clock::UnixSeconds;
use crate::session::EndReason;
use crate::token::UserId;

/// The number of the machine.
pub const MACHINE: usize = 1;

/// How many devices somebody has at the most.
pub const MOST_DEVICES: usize = 4;

const FIRST: [&str; 64] = [
    "Anna", "Ben", "Clara", "David", "Elena", "Felix", "Greta", "Hannes", "Ida", "Jonas", "Karin",
    "Lukas", "Mara", "Nils", "Olga", "Paul", "Quirin", "Rosa", "Simon", "Tara", "Uwe", "Vera",
    "Walter", "Xenia", "Yusuf", "Zora", "Amir", "Bianca", "Carlos", "Dilek", "Emil", "Fatima",
    "Giulia", "Henrik", "Ines", "Jakub", "Kemal", "Lea", "Marek", "Nora", "Oskar", "Petra",
    "Rahul", "Sofia", "Tomasz", "Ulla", "Viktor", "Wanda", "Agnes", "Bruno", "Chloe", "Daria",
    "Erik", "Freya", "Goran", "Hatice", "Ivan", "Julia", "Kofi", "Lina", "Mehmet", "Nadia", "Otto",
    "Priya",
];

const LAST: [&str; 80] = [
    "Abel", "Bauer", "Conrad", "Dietrich", "Eberle", "Fischer", "Graf", "Hofer", "Iversen", "Jung",
    "Keller", "Lang", "Maier", "Neumann", "Otto", "Peters", "Quast", "Richter", "Schmidt",
    "Thaler", "Ulrich", "Vogel", "Weber", "Yilmaz", "Ziegler", "Adeyemi", "Baker", "Costa",
    "Dubois", "Evans", "Ferrari", "Gupta", "Hansen", "Ibrahim", "Jansen", "Kowalski", "Larsen",
    "Moreau", "Novak", "Okafor", "Patel", "Quinn", "Rossi", "Sharma", "Taylor", "Usman", "Visser",
    "Walsh", "Young", "Zhang", "Andersen", "Brandt", "Cooper", "Demir", "Engel", "Franke",
    "Gruber", "Huber", "Ivanova", "Jensen", "Kaya", "Lehmann", "Mueller", "Nowak", "Olsen",
    "Petrov", "Reuter", "Sandberg", "Tanaka", "Urban", "Vasquez", "Winter", "Yamada", "Zimmer",
    "Arslan", "Berger", "Clarke", "Diaz", "Eriksen", "Frank",
];

const DOMAINS: [&str; 4] = ["example.com", "example.org", "example.net", "mail.example"];

/// A user.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their number.
    pub number: usize,
    /// The line they have at home.
    pub home: Line,
    /// The line of their office, if they log in from one.
    pub work: Option<Line>,
    /// The programs of their devices, see [`agents::Agent`]; no two are alike.
    pub devices: Vec<usize>,
    /// What all their sessions ended by at some time.
    pub turn: Option<Turn>,
    email: Option<&'static str>,
}

/// A time at which every session of a user ended.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// When.
    pub at: UnixSeconds,
    /// How.
    pub what: What,
}

/// What happened to a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum What {
    /// They changed their password.
    NewPassword,
    /// An admin ended all their sessions.
    LoggedOut,
    /// An admin shut them out.
    ShutOut,
    /// An admin deleted them.
    Deleted,
}

impl Person {
    /// The user of this number.
    #[must_use]
    pub fn of(scope: &Scope, number: usize) -> Self {
        let mut chance = Chance::of(scope.seed, Stream::Person, number);
        let home = Line::at_home(&mut chance);
        let work = chance.is(400).then(|| Line::at_work(&mut chance));
        let email = (!chance.is(30)).then(|| *chance.pick(&DOMAINS));
        let at = scope.now - chance.within(DAY, scope.window - DAY);
        let what = match chance.below(1000) {
            0..30 => Some(What::ShutOut),
            30..35 => Some(What::Deleted),
            35..155 => Some(What::NewPassword),
            155..175 => Some(What::LoggedOut),
            _ => None,
        };
        let what = what.filter(|_| number > MACHINE + scope.staff);
        Self {
            number,
            home,
            work,
            devices: devices(number, &mut chance),
            turn: what.map(|what| Turn { at, what }),
            email,
        }
    }

    /// Their number.
    #[must_use]
    pub fn id(&self) -> UserId {
        UserId(i64::try_from(self.number).unwrap_or(i64::MAX))
    }

    /// Their name, which nobody else has.
    #[must_use]
    pub fn username(&self) -> String {
        if self.number == MACHINE {
            return "nightly-reports".to_owned();
        }
        let names = FIRST.len() * LAST.len();
        // A prime number, so that all names come before one comes again.
        let name = self.number * 7919 % names;
        let (first, last) = (FIRST[name % FIRST.len()], LAST[name / FIRST.len()]);
        let name = format!("{}.{}", first.to_lowercase(), last.to_lowercase());
        match self.number / names {
            0 => name,
            others => format!("{name}{}", others + 1),
        }
    }

    /// Their address; empty where it is not known.
    #[must_use]
    pub fn email(&self) -> String {
        let domain = self
            .email
            .map(|domain| format!("{}@{domain}", self.username()));
        domain.unwrap_or_default()
    }

    /// Whether they are not there any more.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.turn.is_some_and(|turn| turn.what == What::Deleted)
    }

    /// Whether they may not log in.
    #[must_use]
    pub fn is_shut_out(&self) -> bool {
        self.turn.is_some_and(|turn| turn.what == What::ShutOut)
    }

    /// Whether they could log in at this time.
    #[must_use]
    pub fn is_there_at(&self, at: UnixSeconds) -> bool {
        let is_over = |turn: Turn| turn.at <= at && turn.what.is_for_good();
        !self.turn.is_some_and(is_over)
    }
}

impl What {
    /// Whether nobody logged in after it.
    fn is_for_good(self) -> bool {
        matches!(self, Self::ShutOut | Self::Deleted)
    }

    /// What their sessions ended for.
    #[must_use]
    pub fn reason(self) -> EndReason {
        match self {
            Self::NewPassword => EndReason::Password,
            Self::LoggedOut => EndReason::Admin,
            Self::ShutOut | Self::Deleted => EndReason::UserDisabled,
        }
    }
}

fn devices(number: usize, chance: &mut Chance) -> Vec<usize> {
    if number == MACHINE {
        return vec![agents::SCRIPT];
    }
    let wanted = match chance.below(100) {
        0..45 => 1,
        45..80 => 2,
        80..95 => 3,
        _ => MOST_DEVICES,
    };
    let mut devices = Vec::with_capacity(wanted);
    while devices.len() < wanted {
        let program = agents::Agent::program(chance);
        if !devices.contains(&program) {
            devices.push(program);
        }
    }
    devices
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::account::check_chosen_username;

    #[test]
    fn no_two_have_a_name() {
        let scope = Scope::for_tests(100_000);
        let names: HashSet<_> = (1..=scope.users)
            .map(|number| Person::of(&scope, number).username())
            .collect();
        assert_eq!(names.len(), scope.users);
        assert!(names.iter().all(|name| check_chosen_username(name).is_ok()));
        assert_eq!(
            FIRST.len() * LAST.len() % 7919,
            FIRST.len() * LAST.len(),
            "the prime is greater"
        );
    }

    #[test]
    fn whoever_was_shut_out_does_not_log_in_again() {
        let scope = Scope::for_tests(20_000);
        let people = (1..=scope.users).map(|number| Person::of(&scope, number));
        let gone: Vec<_> = people
            .filter(|person| person.is_deleted() || person.is_shut_out())
            .collect();
        assert!((60..240).contains(&gone.len()), "{}", gone.len());
        for person in gone {
            let at = person.turn.expect("a turn").at;
            assert!(person.is_there_at(at - 1) && !person.is_there_at(at));
        }
    }
}
