//! Yesterday's database is put back: nobody who was logged out since comes back to life.

use std::fs;

use serde_json::json;

use crate::process::{Home, Serving};
use crate::serving::log_in;

const FILE: &str = "jotward.db";

fn copy(home: &Home, from: &str, to: &str) {
    let dir = home.dir.path();
    fs::copy(dir.join(from), dir.join(to)).expect("copied");
    for part in ["-wal", "-shm"] {
        let _ = fs::remove_file(dir.join(format!("{to}{part}")));
    }
}

fn refresh(server: &Serving, token: &str) -> (u16, serde_json::Value) {
    server.post("/api/token/refresh/", &json!({"refresh": token}))
}

fn verify(server: &Serving, token: &str) -> u16 {
    server
        .post("/api/token/verify/", &json!({"token": token}))
        .0
}

#[test]
fn an_older_database_is_noticed_and_every_session_in_it_ends() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (ended, ended_access) = log_in(&server, "alice", "alice-pass-1");
    let (spent, access) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(server.stop().status, 0);
    copy(&home, FILE, "backup");

    let server = home.serve(&[]);
    assert_eq!(
        server
            .post("/api/token/blacklist/", &json!({"refresh": ended}))
            .0,
        200
    );
    let (status, pair) = refresh(&server, &spent);
    assert_eq!(status, 200);
    let newest = pair["refresh"].as_str().expect("a token").to_owned();
    let (late, late_access) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(server.stop().status, 0);
    copy(&home, "backup", FILE);
    // A command that revokes something else first must not make the database look as if it had been here all along.
    home.add_user("carol", "carol-pass-1", &[]);
    assert_eq!(home.run(&["user", "deactivate", "carol"]).status, 0);

    let server = home.serve(&[]);
    for token in [&ended, &spent, &newest, &late] {
        assert_eq!(refresh(&server, token).0, 401);
        assert_eq!(verify(&server, token), 401);
    }
    for token in [&ended_access, &access, &late_access] {
        assert_eq!(verify(&server, token), 401);
        assert_eq!(server.get("/api/users/", token).0, 401);
    }
    let (live, _) = log_in(&server, "alice", "alice-pass-1");
    let said = server.stop();
    assert!(
        said.err.contains("replaced by an older copy") && said.err.contains("sessions=2"),
        "{}",
        said.err
    );

    let server = home.serve(&[]);
    assert_eq!(refresh(&server, &live).0, 200, "it happens once");
}

#[test]
fn an_api_token_that_was_reset_does_not_come_back() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let said = home.run(&["authtoken", "alice"]);
    let token = said.out.split(' ').nth(2).expect("a token").to_owned();
    let works = |server: &Serving| {
        let request = format!(
            "GET /api/users/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Token {token}\r\n\r\n"
        );
        server.request(&request).expect("an answer").0
    };
    let server = home.serve(&[]);
    assert_eq!(works(&server), 200);
    assert_eq!(server.stop().status, 0);
    copy(&home, FILE, "backup");
    assert_eq!(home.run(&["authtoken", "alice", "--reset"]).status, 0);
    copy(&home, "backup", FILE);
    let server = home.serve(&[]);
    assert_eq!(works(&server), 401);
}

#[test]
fn a_restart_alone_ends_nothing() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (mut token, _) = log_in(&server, "alice", "alice-pass-1");
    drop(server);
    for _ in 0..3 {
        // Killed, not stopped: what was noted last may be behind, and must never be ahead.
        let server = home.serve(&[]);
        let (status, pair) = refresh(&server, &token);
        assert_eq!(status, 200);
        token = pair["refresh"].as_str().expect("a token").to_owned();
        drop(server);
    }
}

#[test]
fn an_operator_who_restores_the_whole_directory_ends_all_sessions_by_hand() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (ended, ended_access) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(server.stop().status, 0);
    copy(&home, FILE, "backup");
    copy(&home, "tide", "tide.backup");
    let server = home.serve(&[]);
    assert_eq!(
        server
            .post("/api/token/blacklist/", &json!({"refresh": ended}))
            .0,
        200
    );
    assert_eq!(server.stop().status, 0);
    copy(&home, "backup", FILE);
    copy(&home, "tide.backup", "tide");

    let said = home.run(&["session", "end", "--all"]);
    assert_eq!(
        (said.status, said.out.as_str()),
        (0, "1 session ended\n"),
        "{said:?}"
    );
    let server = home.serve(&[]);
    assert_eq!(refresh(&server, &ended).0, 401);
    assert_eq!(verify(&server, &ended_access), 401);
    let (live, _) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(refresh(&server, &live).0, 200);
}

#[test]
fn another_database_with_the_same_directory_is_not_an_older_copy() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (first, _) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(server.stop().status, 0);
    let other = Home::new();
    other.add_user("alice", "alice-pass-1", &[]);
    let server = other.serve(&[]);
    assert_eq!(server.stop().status, 0);
    let note = fs::read_to_string(home.dir.path().join("tide")).expect("a note");
    let (database, _) = note.split_once(' ').expect("two numbers");
    fs::write(other.dir.path().join("tide"), format!("{database} 1000\n")).expect("written");
    let server = other.serve(&[]);
    let (live, _) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(refresh(&server, &live).0, 200);
    let said = server.stop();
    assert!(!said.err.contains("older copy"), "{}", said.err);
    let server = home.serve(&[]);
    assert_eq!(refresh(&server, &first).0, 200);
}
