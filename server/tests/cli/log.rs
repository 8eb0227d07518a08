//! The log as programs read it.

use serde_json::{Value, json};

use crate::process::Home;

#[test]
fn each_line_is_an_object_and_nobody_begins_one() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&["--log-format=json"]);
    let body = json!({"username": "alice", "password": "wrong"}).to_string();
    let head = "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n";
    let forged = "User-Agent: curl\u{9b}31m {\"level\":\"ERROR\"}\r\n";
    let length = format!("Content-Length: {}\r\n\r\n", body.len());
    server.request(&format!("{head}{forged}{length}{body}"));
    let said = server.stop();
    let lines: Vec<Value> = said
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let failed: Vec<_> = lines
        .iter()
        .filter(|line| line["message"] == "authn_login_fail")
        .collect();
    assert_eq!(failed.len(), 1, "{}", said.err);
    assert_eq!(failed[0]["target"], "jotward::event");
    assert_eq!(
        (&failed[0]["user.id"], &failed[0]["ip"]),
        (&json!(1), &json!("127.0.0.1"))
    );
    let agent = "curl\u{fffd}31m {\"level\":\"ERROR\"}";
    assert_eq!(
        failed[0]["user_agent"], agent,
        "as it is, but for what a terminal obeys"
    );
    assert_eq!(failed[0]["user.name"], "alice");
}
