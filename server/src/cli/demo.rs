//! Users to try things with. Their passwords stand in the source: this is why `--demo` serves on loopback only.

use super::{Exit, say};
use crate::account::{AddUser, ChangeError, Checked, Hasher};
use crate::clock::Clock;
use crate::store::Store;

struct DemoUser {
    username: &'static str,
    password: &'static str,
    is_superuser: bool,
    what_for: &'static str,
}

const USERS: [DemoUser; 3] = [
    DemoUser {
        username: "admin",
        password: "admin-demo-pass",
        is_superuser: true,
        what_for: "sees the admin",
    },
    DemoUser {
        username: "alice",
        password: "alice-demo-pass",
        is_superuser: false,
        what_for: "an ordinary user",
    },
    DemoUser {
        username: "bob",
        password: "bob-demo-pass",
        is_superuser: false,
        what_for: "another one",
    },
];

/// Adds the users that are not there yet; who is there already is left alone. Answers who has which password.
pub async fn make(store: &Store, hasher: &Hasher, clock: &Clock) -> Result<Vec<String>, Exit> {
    let mut lines = Vec::new();
    for user in USERS {
        let password = match known_password(&user, store, hasher).await? {
            Known::Yes => user.password,
            Known::Nobody if add(&user, store, hasher, clock).await? => user.password,
            Known::No | Known::Nobody => "(was there before)",
        };
        lines.push(format!(
            "  {:<10}{password:<20}{}",
            user.username, user.what_for
        ));
    }
    Ok(lines)
}

/// Refuses a database in which a user still has the password from the demo: everybody can read it in the source.
pub async fn refuse_known_passwords(store: &Store, hasher: &Hasher) -> Result<(), Exit> {
    for user in USERS {
        if let Known::Yes = known_password(&user, store, hasher).await? {
            return Err(Exit::Failed(format!(
                "user \"{name}\" has the password of the demo, which everybody knows: `jotward user password {name}` \
                 or `jotward user delete {name}` first",
                name = user.username
            )));
        }
    }
    Ok(())
}

/// Whether a user of this name has the password that everybody knows.
enum Known {
    Yes,
    No,
    Nobody,
}

async fn known_password(user: &DemoUser, store: &Store, hasher: &Hasher) -> Result<Known, Exit> {
    let Some((_, phc)) = store.user_with_password(user.username).await? else {
        return Ok(Known::Nobody);
    };
    match hasher.check(user.password.into(), Some(phc)).await? {
        Checked::Wrong => Ok(Known::No),
        Checked::Right | Checked::RightWithNewHash(_) => Ok(Known::Yes),
    }
}

/// Adds a user. False when somebody has the name in another case, or the address: they are left alone.
async fn add(user: &DemoUser, store: &Store, hasher: &Hasher, clock: &Clock) -> Result<bool, Exit> {
    let add = AddUser {
        username: user.username.to_owned(),
        email: format!("{}@example.com", user.username),
        password: user.password.into(),
        is_active: true,
        is_staff: user.is_superuser,
        is_superuser: user.is_superuser,
    };
    match store.add_user(add, hasher, clock).await {
        Ok(_) => Ok(true),
        Err(ChangeError::Taken) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Prints who can log in, and where to look.
pub fn announce(users: &[String], base: &str) -> Result<(), Exit> {
    let heading = format!("\n  {:<10}password", "username");
    let places = [
        ("/login", "sign in as alice; you land on the protected list"),
        (
            "/users",
            "let the access token run out, reload: it is refreshed unnoticed",
        ),
        (
            "/lab",
            "sign in as alice; play an expiry, a lost answer, a theft",
        ),
        (
            "/admin/",
            "sign in as admin; see every token, end a session",
        ),
    ];
    let places = places.map(|(path, what)| format!("  {:<32}{what}", format!("{base}{path}")));
    say(&[
        heading,
        users.join("\n"),
        String::new(),
        places.join("\n"),
        String::new(),
    ]
    .join("\n"))
}
