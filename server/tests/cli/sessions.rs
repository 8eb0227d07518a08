//! `jotward session` and `jotward token`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use crate::process::Home;
use crate::serving::log_in;

/// The claim `sid`.
fn session_of(token: &str) -> String {
    let payload = token.split('.').nth(1).expect("three parts");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let claims: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
    claims["sid"].as_str().expect("a session").to_owned()
}

#[test]
fn sessions_are_listed_and_ended() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    home.add_user("carol", "carol-pass-1", &[]);
    let server = home.serve(&[]);
    let (first, first_access) = log_in(&server, "alice", "alice-pass-1");
    let (second, second_access) = log_in(&server, "alice", "alice-pass-1");
    let (other, other_access) = log_in(&server, "carol", "carol-pass-1");
    let refresh = |token: &str| {
        server
            .post("/api/token/refresh/", &json!({"refresh": token}))
            .0
    };
    let verify = |token: &str| {
        server
            .post("/api/token/verify/", &json!({"token": token}))
            .0
    };

    let listed = home.run(&["session", "list", "--user", "alice"]).out;
    let times = |line: &str| {
        let words = line.split_whitespace().map(str::to_owned);
        words.collect::<Vec<_>>()
    };
    let (head, row) = listed.split_once('\n').expect("a head");
    assert!(head.ends_with("ends"), "{head}");
    let [_, _, opened, _, expires, ends] = &times(row.lines().next().expect("a row"))[..] else {
        panic!("{row}")
    };
    assert!(
        opened < expires && expires < ends,
        "a day, and thirty: {row}"
    );
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert_eq!(home.run(&["session", "list"]).out.lines().count(), 4);
    let id = session_of(&first);
    assert!(listed.contains(&id), "{id} in {listed}");

    let said = home.run(&["session", "end", &id]);
    assert_eq!((said.status, said.out.as_str()), (0, "1 session ended\n"));
    assert_eq!(verify(&first_access), 401, "in force when it is answered");
    assert_eq!(verify(&second_access), 200);
    assert_eq!(refresh(&first), 401);
    assert_eq!(refresh(&second), 200);
    assert_eq!(
        home.run(&["session", "end", &id]).out,
        "no session was open\n"
    );

    assert_eq!(
        home.run(&["session", "end", "--user", "alice"]).out,
        "1 session ended\n"
    );
    assert_eq!(verify(&second_access), 401, "in force, too");
    assert_eq!((refresh(&second), verify(&other_access)), (401, 200));

    assert_eq!(
        home.run(&["session", "end", "--all"]).out,
        "1 session ended\n"
    );
    assert_eq!((verify(&other_access), refresh(&other)), (401, 401));
    assert_eq!(home.run(&["session", "list"]).out.lines().count(), 1);
}

#[test]
fn a_session_is_printed_as_a_tree() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (first, _) = log_in(&server, "alice", "alice-pass-1");
    let (status, answer) = server.post("/api/token/refresh/", &json!({"refresh": first}));
    assert_eq!(status, 200);
    let access = answer["access"].as_str().expect("text");
    server.post("/api/token/expire/", &json!({"token": access}));
    let id = session_of(&first);
    let said = home.run(&["session", "tree", &id]);
    assert_eq!((said.status, said.err.as_str()), (0, ""), "{said:?}");
    let lines: Vec<_> = said.out.lines().collect();
    assert!(lines[0].starts_with(&format!("session {id} of alice, opened ")));
    let words = |line: &str| {
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let shown: Vec<_> = lines[2..]
        .iter()
        .map(|line| {
            let words = words(line);
            (words[0].clone(), words[1].clone(), words[5..].join(" "))
        })
        .collect();
    let expected = [
        ("0", "refresh", "blacklisted (rotated) 127.0.0.1"),
        ("0", "access", "active 127.0.0.1"),
        ("1", "refresh", "active 127.0.0.1"),
        ("1", "access", "blacklisted (logout) 127.0.0.1"),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(shown, expected, "{}", said.out);
    for (only, count) in [("active", 2), ("over", 2)] {
        let said = home.run(&["session", "tree", &id, "--only", only]);
        assert_eq!(said.out.lines().count(), 2 + count, "{said:?}");
    }
    let said = home.run(&["session", "tree", &id.to_uppercase()]);
    assert_eq!((said.status, said.out.lines().count()), (0, 6), "{said:?}");
    let said = home.run(&["event", "list", "--session", &id.to_uppercase()]);
    assert_eq!(said.status, 0, "{said:?}");
    let said = home.run(&["session", "tree", "0196a0b0-0000-7000-8000-000000000000"]);
    assert_eq!(
        (said.status, said.err.contains("no session")),
        (1, true),
        "{said:?}"
    );
}

#[test]
fn what_can_not_be_ended_is_said() {
    let home = Home::new();
    for (args, words) in [
        (
            vec!["session", "end", "nonsense"],
            "is not the id of a session",
        ),
        (
            vec!["session", "end", "--user", "nobody"],
            "there is no user \"nobody\"",
        ),
        (vec!["session", "end"], "required"),
    ] {
        let said = home.run(&args);
        assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
        assert!(said.err.contains(words), "{}", said.err);
    }
}

#[test]
fn what_could_still_matter_is_not_removed() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (refresh, _) = log_in(&server, "alice", "alice-pass-1");
    let flush = |age: &str| home.run(&["token", "flush-expired", "--older-than", age]);
    for age in ["1s", "59m"] {
        let said = flush(age);
        let problem = "jotward: --older-than must be at least an hour, and LEEWAY on top\n";
        assert_eq!((said.status, said.err.as_str()), (1, problem), "{said:?}");
    }
    let said = flush("1h");
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "removed 0 tokens and 0 sessions that had expired\n"),
        "{said:?}"
    );
    let answer = server.post("/api/token/refresh/", &json!({"refresh": refresh}));
    assert_eq!(answer.0, 200);
}
