//! `jotward event`.

use serde_json::{Value, json};

use crate::process::Home;

#[test]
fn what_happened_is_told_after_the_user_is_gone() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    home.add_user("carol", "carol-pass-1", &[]);
    let server = home.serve(&[]);
    let body = json!({"username": "alice", "password": "alice-pass-1"});
    assert_eq!(server.post("/api/token/", &body).0, 200);
    assert_eq!(home.run(&["user", "delete", "alice"]).status, 0);

    let told = home.run(&["event", "list", "--user", "alice"]).out;
    let kinds: Vec<_> = told
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    let all = [
        "user_deleted",
        "session_expired",
        "session_created",
        "authn_login_success",
        "user_created",
    ];
    assert_eq!(kinds, all, "{told}");
    assert!(
        told.contains("by=\"command line\"") && told.contains("detail=\"user_disabled\""),
        "{told}"
    );

    let told = home
        .run(&["event", "list", "--kind", "session_created", "--json"])
        .out;
    let event: Value = serde_json::from_str(&told).expect("one object");
    assert_eq!(
        (&event["ip"], &event["username"]),
        (&json!("127.0.0.1"), &json!("alice"))
    );
    let session = event["session_id"].as_str().expect("an id");
    assert_eq!(
        home.run(&["event", "list", "--session", session])
            .out
            .lines()
            .count(),
        3
    );
    assert_eq!(
        home.run(&["event", "list", "--limit", "1"])
            .out
            .lines()
            .count(),
        1
    );
    for wrong in [
        ["--kind", "nonsense"],
        ["--session", "nonsense"],
        ["--limit", "0"],
    ] {
        let said = home.run(&[&["event", "list"], &wrong[..]].concat());
        assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    }
}
