//! `jotward demo-data`.

use crate::process::{Home, Said, database};

/// The first number of the line that has this word.
fn number(said: &Said, word: &str) -> usize {
    let line = said.out.lines().find(|line| line.contains(word));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_else(|| panic!("no {word} in {said:?}"))
}

/// Fills a database, looks at it, and tries again.
fn fills_and_serves(home: &Home) -> String {
    let said = home.run(&["demo-data", "--sessions", "400"]);
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.err
            .lines()
            .last()
            .is_some_and(|line| line == "400 of 400 sessions"),
        "{said:?}"
    );
    assert_eq!(number(&said, "sessions"), 400);
    assert!(number(&said, "tokens") > 1500, "{said:?}");
    assert!(
        said.out.contains("jotward user add NAME --superuser"),
        "{said:?}"
    );
    assert!(said.out.contains("--keep-expired 400d"), "{said:?}");
    let listed = home.run(&["user", "list"]).out;
    assert_eq!(
        listed.lines().count(),
        1 + number(&said, "users"),
        "{listed}"
    );

    home.add_user("root", "root-pass-1", &["--superuser"]);
    let server = home.serve(&[]);
    let body = "username=root&password=root-pass-1&next=";
    let (status, answer) = server
        .request(&format!(
            "POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
        .expect("an answer");
    assert_eq!(status, 303, "{answer}");
    let cookie = answer.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("set-cookie")
            .then(|| value.split(';').next())?
    });
    let cookie = cookie.expect("a cookie");
    let (status, page) = server
        .request(&format!(
            "GET /admin/outstanding/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
        ))
        .expect("an answer");
    assert_eq!(
        (status, page.matches("<tr>").count()),
        (200, 51),
        "a head and a page of 50"
    );
    assert_eq!(server.stop().status, 0);

    let again = home.run(&["demo-data", "--sessions", "10"]);
    assert_eq!(
        (again.status, again.err.lines().count()),
        (1, 1),
        "{again:?}"
    );
    assert!(
        again
            .err
            .contains("there are users or sessions in this database"),
        "{again:?}"
    );
    said.out
}

#[test]
fn a_database_is_filled_once_and_alike_on_both() {
    let home = Home::new();
    let on_sqlite = fills_and_serves(&home);
    let home = Home::new().set("DATABASE_URL", &database());
    assert_eq!(fills_and_serves(&home), on_sqlite);
    let other = Home::new().run(&["demo-data", "--sessions", "400", "--seed", "2"]);
    assert_ne!(other.out, on_sqlite);
}

#[test]
fn what_can_not_be_made_is_said() {
    let home = Home::new();
    for (count, words) in [
        ("0", "must be 1 to 10000000"),
        ("10000001", "must be 1 to 10000000"),
        ("many", "invalid value"),
    ] {
        let said = home.run(&["demo-data", "--sessions", count]);
        assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
        assert!(said.err.contains(words), "{said:?}");
    }
    assert!(
        !home.dir.path().join("jotward.db").exists(),
        "nothing is made for nothing"
    );
}
