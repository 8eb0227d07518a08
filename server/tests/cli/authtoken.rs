//! `jotward authtoken`.

use crate::process::{Home, Serving};

fn token(home: &Home, args: &[&str]) -> String {
    let said = home.run(&[&["authtoken", "alice"], args].concat());
    assert_eq!(said.status, 0, "{said:?}");
    let token = said
        .out
        .strip_prefix("Generated token ")
        .and_then(|rest| rest.strip_suffix(" for user alice\n"));
    let token = token.unwrap_or_else(|| panic!("{said:?}")).to_owned();
    assert_eq!(token.len(), 40);
    token
}

fn status(server: &Serving, token: &str) -> u16 {
    let request = format!(
        "GET /api/users/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Token {token}\r\n\r\n"
    );
    server.request(&request).expect("an answer").0
}

#[test]
fn a_token_is_given_and_reset() {
    let home = Home::new();
    home.add_user("alice", "alice-pass-1", &[]);
    let server = home.serve(&[]);
    let first = token(&home, &[]);
    assert_eq!(token(&home, &[]), first, "the same again");
    let login = serde_json::json!({"username": "alice", "password": "alice-pass-1"});
    let (_, answer) = server.post("/api/get-auth-token/", &login);
    assert_eq!(answer["token"], first, "and at a login");
    assert_eq!(status(&server, &first), 200);
    let second = token(&home, &["--reset"]);
    assert_eq!(
        (status(&server, &first), status(&server, &second)),
        (401, 200),
        "at once"
    );
    let said = server.stop();
    assert!(!format!("{}{}", said.out, said.err).contains(&second));
}

#[test]
fn nobody_has_no_token() {
    let home = Home::new();
    for args in [
        &["authtoken", "nobody"][..],
        &["authtoken", "nobody", "--reset"],
    ] {
        let said = home.run(args);
        assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
        assert!(
            said.err.contains("there is no user \"nobody\""),
            "{}",
            said.err
        );
    }
    assert_eq!(home.run(&["authtoken"]).status, 1);
}
