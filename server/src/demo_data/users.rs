//! The rows of a user: who they are, what they logged in on, and what happened to them as a whole.

use super::Scope;
use super::agents::Agent;
use super::chance::{Chance, Stream};
use super::numbers::Numbers;
use super::people::{MACHINE, Person, Turn, What};
use super::plan::{Login, Plan, opened_at};
use crate::account::COMMAND_LINE;
use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::store::{ApiTokenRow, Batch, Origin, PastDevice, PastUser, Revocation, Revoked};
use crate::throttle::device_mark;
use crate::token::SessionId;

/// What stands in place of a password's hash, as with Django: no password has it.
const UNUSABLE: &str = "!";

/// For how long before the first login people were added, in seconds: 300 days.
const JOINING: i64 = 300 * super::DAY;

/// Makes the rows of the user of this number.
pub fn tell(plan: &Plan, number: usize, numbers: &mut Numbers, batch: &mut Batch) {
    let scope = &plan.scope;
    let person = Person::of(scope, number);
    let mut chance = Chance::of(scope.seed, Stream::Rows, number);
    let joined = joined_at(scope, number);
    let created = event(Kind::UserCreated, joined, &person).by(COMMAND_LINE);
    batch.events.extend(numbers.at(joined, 1).zip([created]));
    if let Some(turn) = person.turn {
        tell_turn(scope, &person, turn, numbers, &mut chance, batch);
    }
    if person.is_deleted() {
        return;
    }
    let is_staff = (MACHINE + 1..=MACHINE + scope.staff).contains(&number);
    let has_new_password = |turn: &Turn| turn.what == What::NewPassword;
    batch.users.push(PastUser {
        id: person.id(),
        username: person.username(),
        email: person.email(),
        password: UNUSABLE.to_owned(),
        password_mark: match person.turn.filter(has_new_password) {
            Some(_) => chance.digits(2),
            None => String::new(),
        },
        is_active: !person.is_shut_out(),
        is_staff,
        date_joined: joined,
        tokens_valid_after: person.turn.map_or(0, |turn| turn.at),
    });
    tell_devices(plan, &person, &mut chance, batch);
    if person.turn.is_none() && (number == MACHINE || chance.is(20)) {
        let at = scope.now - chance.within(1, scope.window);
        let kept = ApiTokenRow {
            salt: chance.digits(2),
            sha256: chance.digits(4),
        };
        let used = chance.is(800).then(|| chance.within(at, scope.now));
        batch.api_tokens.push((person.id(), kept, at, used));
        let made = event(Kind::TokenCreated, at, &person);
        batch.events.extend(numbers.at(at, 1).zip([made]));
    }
}

/// The id of the device of a login.
pub fn device_of(plan: &Plan, login: usize, person: &Person, device: usize) -> String {
    let first = plan.first_on_its_device(login);
    let mut chance = Chance::of(plan.scope.seed, Stream::Device, person.number * 8 + device);
    // A device's id is made as a session's.
    SessionId::made_of(opened_at(&plan.scope, first), chance.bits()).to_string()
}

/// An event that concerns somebody.
pub fn event(kind: Kind, at: UnixSeconds, person: &Person) -> Event {
    Event::new(kind, at).user(person.id(), &person.username())
}

/// A member of staff who does something.
pub fn actor(scope: &Scope, chance: &mut Chance) -> Person {
    Person::of(scope, MACHINE + 1 + chance.below(scope.staff))
}

fn joined_at(scope: &Scope, number: usize) -> UnixSeconds {
    let ago = |count: usize| i64::try_from(count).unwrap_or_default();
    let before = JOINING * ago(scope.users - number) / ago(scope.users);
    scope.now - scope.window - 1 - before
}

fn tell_turn(
    scope: &Scope,
    person: &Person,
    turn: Turn,
    numbers: &mut Numbers,
    chance: &mut Chance,
    batch: &mut Batch,
) {
    let event = |kind| event(kind, turn.at, person);
    let told = match turn.what {
        What::NewPassword => {
            let agent = Agent::of(person.devices[0], scope.age(turn.at));
            let origin = Origin {
                ip: person.home.address(chance).ip,
                user_agent: agent.header.clone(),
                ..Origin::default()
            };
            Some(event(Kind::PasswordChange).from(&origin).noticed())
        }
        What::ShutOut => Some(
            event(Kind::UserUpdated)
                .by(COMMAND_LINE)
                .detail("deactivated"),
        ),
        What::Deleted => Some(event(Kind::UserDeleted).by(COMMAND_LINE)),
        What::LoggedOut => None,
    };
    batch.events.extend(numbers.at(turn.at, 1).zip(told));
    batch.revocations.push(Revocation {
        what: Revoked::User(person.id()),
        value: turn.at,
    });
}

/// The devices, and the networks the throttle knows them in. Logins to the admin are on them, too.
fn tell_devices(plan: &Plan, person: &Person, chance: &mut Chance, batch: &mut Batch) {
    let scope = &plan.scope;
    let from = batch.devices.len();
    let known = batch.known_devices.len();
    for number in plan.logins_of(person.number) {
        let login = Login::of(scope, number);
        let agent = Agent::of(person.devices[login.device], scope.age(login.at));
        let id = device_of(plan, number, person, login.device);
        match batch.devices[from..]
            .iter_mut()
            .find(|device| device.id == id)
        {
            Some(device) => {
                device.last_seen_at = login.at;
                device.description = agent.description.clone();
            }
            None => batch.devices.push(PastDevice {
                id,
                user: person.id(),
                description: agent.description.clone(),
                name: if chance.is(50) {
                    "My computer".to_owned()
                } else {
                    String::new()
                },
                first_seen_at: login.at,
                last_seen_at: login.at,
            }),
        }
        let mark = device_mark(&Origin {
            ip: login.address.ip,
            user_agent: agent.header.clone(),
            ..Origin::default()
        });
        match batch.known_devices[known..]
            .iter_mut()
            .find(|device| device.1 == mark)
        {
            Some(device) => device.3 = login.at,
            None => batch
                .known_devices
                .push((person.id(), mark, login.at, login.at)),
        }
    }
}
