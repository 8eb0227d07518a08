//! A server as a process: what it prints, how it stops, and what the command line does to it while it runs.

use serde_json::json;

use crate::process::{Home, Serving, until};

pub fn log_in(server: &Serving, name: &str, password: &str) -> (String, String) {
    let (status, pair) = server.post(
        "/api/token/",
        &json!({"username": name, "password": password}),
    );
    assert_eq!(status, 200, "{pair}");
    let token = |name: &str| pair[name].as_str().expect("a token").to_owned();
    (token("refresh"), token("access"))
}

#[test]
fn a_demo_says_who_can_log_in_and_where() {
    let home = Home::new();
    let server = home.serve(&["--demo"]);
    let base = format!("http://{}", server.address);
    log_in(&server, "alice", "alice-demo-pass");
    let said = server.stop();
    assert_eq!(said.status, 0);
    for part in [
        "admin-demo-pass",
        "alice-demo-pass",
        &format!("{base}/login"),
        &format!("{base}/users"),
        &format!("{base}/admin/"),
    ] {
        assert!(said.out.contains(part), "{part} in\n{}", said.out);
    }
    let server = home.serve(&["--demo"]);
    log_in(&server, "alice", "alice-demo-pass");
    drop(server);
    let said = home.run(&["serve"]);
    assert_eq!(said.status, 1, "never where others may rely on it");
    assert!(
        said.err
            .contains("user \"admin\" has the password of the demo"),
        "{}",
        said.err
    );
    assert_eq!(
        home.run(&["user", "list"]).out.lines().count(),
        4,
        "a second start adds nobody"
    );
}

#[test]
fn a_healthcheck_of_a_server_that_is_well() {
    let home = Home::new();
    let server = home.serve(&[]);
    let said = home.run(&["healthcheck", "--listen", &server.address.to_string()]);
    assert_eq!((said.status, said.out.as_str()), (0, "ok\n"));
}

#[test]
fn sessions_survive_a_restart() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (refresh, access) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(server.stop().status, 0);
    let server = home.serve(&[]);
    assert_eq!(server.get("/api/users/", &access).0, 200);
    assert_eq!(
        server
            .post("/api/token/refresh/", &json!({"refresh": refresh}))
            .0,
        200
    );
}

#[test]
fn a_running_server_learns_what_the_command_line_revokes() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (refresh, access) = log_in(&server, "alice", "alice-pass-1");
    assert_eq!(
        server
            .post("/api/token/verify/", &json!({"token": access}))
            .0,
        200
    );
    let said = home.run_with_input(
        &["user", "password", "alice", "--password-stdin"],
        "another-pass\n",
    );
    assert_eq!(
        said.out,
        "changed the password of \"alice\"; 1 session ended\n"
    );
    assert_eq!(
        server
            .post("/api/token/refresh/", &json!({"refresh": refresh}))
            .0,
        401,
        "at once"
    );
    until(|| {
        (server
            .post("/api/token/verify/", &json!({"token": access}))
            .0
            == 401)
            .then_some(())
    });
}

#[test]
fn nothing_secret_is_logged() {
    let home = Home::new().talkative();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let (refresh, access) = log_in(&server, "alice", "alice-pass-1");
    server.post(
        "/api/token/",
        &json!({"username": "alice", "password": "wrong-pass-1"}),
    );
    server.get("/api/users/", &access);
    let (_, successor) = server.post("/api/token/refresh/", &json!({"refresh": refresh}));
    let said = server.stop();
    let logged = format!("{}{}", said.out, said.err);
    assert!(
        logged.contains("/api/token/refresh/"),
        "requests are logged:\n{logged}"
    );
    let successor = successor["refresh"].as_str().expect("a token");
    for secret in [
        refresh.as_str(),
        &access,
        successor,
        "alice-pass-1",
        "wrong-pass-1",
    ] {
        assert!(!logged.contains(secret), "{logged}");
    }
}
