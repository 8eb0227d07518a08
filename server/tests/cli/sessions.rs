//! `jotward session` and `jotward token`.

use serde_json::json;

use crate::process::Home;
use crate::serving::log_in;

#[test]
fn sessions_are_listed_and_ended() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    home.add_user("carol", "carol-pass-1", &[]);
    let server = home.serve(&[]);
    let (first, first_access) = log_in(&server, "alice", "alice-pass-1");
    let (second, _) = log_in(&server, "alice", "alice-pass-1");
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
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert_eq!(home.run(&["session", "list"]).out.lines().count(), 4);
    let id = listed
        .lines()
        .last()
        .and_then(|line| line.split(' ').next())
        .expect("an id");

    let said = home.run(&["session", "end", id]);
    assert_eq!((said.status, said.out.as_str()), (0, "1 session ended\n"));
    assert_eq!(verify(&first_access), 401, "in force when it is answered");
    assert_eq!(refresh(&first), 401);
    assert_eq!(refresh(&second), 200);
    assert_eq!(
        home.run(&["session", "end", id]).out,
        "no session was open\n"
    );

    assert_eq!(
        home.run(&["session", "end", "--user", "alice"]).out,
        "1 session ended\n"
    );
    assert_eq!((refresh(&second), verify(&other_access)), (401, 200));

    assert_eq!(
        home.run(&["session", "end", "--all"]).out,
        "1 session ended\n"
    );
    assert_eq!((verify(&other_access), refresh(&other)), (401, 401));
    assert_eq!(home.run(&["session", "list"]).out.lines().count(), 1);
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
    let said = home.run(&["token", "flush-expired", "--older-than", "1s"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "removed 0 tokens and 0 sessions that had expired\n"),
        "{said:?}"
    );
    let answer = server.post("/api/token/refresh/", &json!({"refresh": refresh}));
    assert_eq!(answer.0, 200);
}
