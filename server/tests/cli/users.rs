//! `jotward user …`.

use crate::process::{Home, Said};

fn fails(said: &Said, part: &str) {
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    assert!(said.err.contains(part), "{}", said.err);
}

#[test]
fn users_from_their_first_day_to_their_last() {
    let home = Home::new();
    let said = home.run_with_input(
        &[
            "user",
            "add",
            "alice",
            "--email",
            "alice@example.com",
            "--staff",
            "--password-stdin",
        ],
        "alice-pass-1\n",
    );
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "added user 1 \"alice\"\n")
    );
    home.add_user("bob", "bob-pass-1", &["--inactive"]);
    home.add_user("admin", "admin-pass-1", &["--superuser"]);

    let list = || home.run(&["user", "list"]).out;
    let line = |name: &str| {
        list()
            .lines()
            .find(|line| line.contains(name))
            .map(str::to_owned)
    };
    assert!(
        line("alice")
            .is_some_and(|line| line.contains("alice@example.com") && line.ends_with("staff"))
    );
    assert!(line("bob").is_some_and(|line| line.contains("inactive")));
    assert!(line("admin").is_some_and(|line| line.ends_with("superuser")));

    assert_eq!(home.run(&["user", "activate", "bob"]).status, 0);
    assert!(line("bob").is_some_and(|line| !line.contains("inactive")));
    let said = home.run(&["user", "deactivate", "bob"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "\"bob\" may not log in any more; no session was open\n")
    );
    assert_eq!(
        home.run_with_input(
            &["user", "password", "bob", "--password-stdin"],
            "another-pass\n"
        )
        .status,
        0
    );
    assert_eq!(home.run(&["user", "delete", "bob"]).status, 0);
    assert_eq!(line("bob"), None);
}

#[test]
fn what_is_refused_changes_nothing() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &["--email", "alice@example.com"]);
    let add = |args: &[&str], password: &str| {
        home.run_with_input(
            &[&["user", "add", "--password-stdin"], args].concat(),
            password,
        )
    };
    fails(&add(&["alice"], "alice-pass-1"), "is taken");
    fails(&add(&["ALICE"], "alice-pass-1"), "is taken");
    fails(
        &add(&["eve", "--email", "Alice@Example.com"], "alice-pass-1"),
        "is taken",
    );
    fails(&add(&["eve"], "1234567\n"), "at least 8 characters");
    fails(&add(&["eve"], ""), "at least 8 characters");
    fails(&add(&[" eve"], "eve-pass-1"), "a username has");
    fails(
        &add(&["eve", "--email", "nobody"], "eve-pass-1"),
        "not an e-mail address",
    );
    for command in ["activate", "deactivate", "delete"] {
        fails(
            &home.run(&["user", command, "nobody"]),
            "there is no user \"nobody\"",
        );
    }
    fails(&home.run(&["user", "add", "eve"]), "--password-stdin");
    assert_eq!(
        home.run(&["user", "list"]).out.lines().count(),
        2,
        "the heading and alice"
    );
}

#[test]
fn the_last_superuser_may_be_removed_here_and_it_is_said() {
    let home = Home::new();
    for name in ["first", "second", "third"] {
        home.add_user(name, "a-long-pass-1", &["--superuser"]);
    }
    let warns = |args: &[&str]| {
        let said = home.run(&[&["user"], args].concat());
        assert_eq!(said.status, 0, "{said:?}");
        said.out.contains("no superuser is left who may log in")
    };
    assert!(!warns(&["delete", "first"]));
    assert!(!warns(&["deactivate", "second"]));
    assert!(warns(&["deactivate", "third"]));
    assert!(warns(&["delete", "second"]));
}

#[test]
fn migrating_twice_does_nothing_more() {
    let home = Home::new();
    assert_eq!(home.run(&["migrate"]).status, 0);
    assert_eq!(home.run(&["migrate"]).status, 0);
}

/// What Django 5.2 wrote of four users: hashes by PBKDF2 with SHA-256 and SHA-1 and by Argon2, and no password at all.
const DJANGO: &str = include_str!("django_users.json");

#[test]
fn users_come_over_from_django() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let said = home.run_with_input(&["user", "import"], DJANGO);
    fails(
        &said,
        "user 1 \"root\": the number or the name is taken; nobody was taken over",
    );
    assert_eq!(home.run(&["user", "list"]).out.lines().count(), 2);

    let home = Home::new();
    let said = home.run_with_input(&["user", "import"], DJANGO);
    let words = "took over 4 users\n\
                 \"twin\" has no e-mail address here: somebody else has it, or it is none\n\
                 \"gone\" can not log in until `jotward user password gone`: there is no hash of theirs that is understood here\n";
    assert_eq!((said.status, said.out.as_str()), (0, words), "{said:?}");
    home.add_user("alice", "alice-pass-1", &[]);
    let alice = home.run(&["user", "list"]).out;
    assert!(
        alice.lines().any(|line| line.starts_with("    13  alice")),
        "a number above theirs: {alice}"
    );

    let server = home.serve(&[]);
    let log_in = |name: &str, password: &str| {
        let body = serde_json::json!({"username": name, "password": password});
        server.post("/api/token/", &body).0
    };
    for _ in 0..2 {
        // The second time the hash is ours.
        let known = [
            ("root", "root-pass-1"),
            ("erin", "erin pass 1 "),
            ("twin", "twin-pass-1"),
        ];
        assert_eq!(
            known.map(|(name, password)| log_in(name, password)),
            [200; 3]
        );
    }
    let unknown = [
        ("root", "root-pass-2"),
        ("erin", "erin pass 1"),
        ("gone", ""),
        ("gone", "!F0KKkmESvVUJ"),
    ];
    assert_eq!(
        unknown.map(|(name, password)| log_in(name, password)),
        [401, 401, 400, 401]
    );
}

#[test]
fn who_has_a_hash_of_another_kind_is_named() {
    for (hash, is_understood) in [
        ("bcrypt_sha256$$2b$12$aaaaaaaaaaaaaaaaaaaaaa", false),
        ("scrypt$16384$salt$8$1$aGFzaA==", false),
        ("md5$salt$0123456789abcdef0123456789abcdef", false),
        ("argon2$argon2id$v=19$broken", false),
        ("!F0KKkmESvVUJW0NPOcIQBRC2sSa9S1AZPrUx8Y3B", false),
        ("pbkdf2_sha256$1000$salty$aGFzaA==", true),
    ] {
        let dump = serde_json::json!([{"model": "auth.user", "pk": 3, "fields": {
            "username": "alice", "password": hash, "is_active": true, "is_staff": false, "is_superuser": false,
            "date_joined": "2026-11-25T18:32:49Z",
        }}]);
        let said = Home::new().run_with_input(&["user", "import"], &dump.to_string());
        assert_eq!(said.status, 0, "{said:?}");
        let is_named = said
            .out
            .contains("\"alice\" can not log in until `jotward user password alice`");
        assert_eq!(is_named, !is_understood, "{hash}: {said:?}");
    }
}

#[test]
fn what_django_did_not_write_is_refused() {
    let nobody = "[{\"pk\": 1, \"fields\": {\"username\": 1, \"password\": 1}}]";
    for dump in ["", "{}", "[1]", nobody, "nonsense"] {
        let said = Home::new().run_with_input(&["user", "import"], dump);
        fails(
            &said,
            "this is not what `manage.py dumpdata auth.user` writes",
        );
    }
    let others = "[{\"model\": \"app.thing\", \"pk\": \"x\", \"fields\": {}}]";
    let said = Home::new().run_with_input(&["user", "import"], others);
    assert_eq!((said.status, said.out.as_str()), (0, "took over 0 users\n"));
}
