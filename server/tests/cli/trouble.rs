//! What can be in the way of a start.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use crate::process::Home;

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let said = Home::new().set("LISTEN", &address).run(&["serve"]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    assert!(
        said.err.contains(&format!("can not listen on {address}")),
        "{}",
        said.err
    );
}

#[test]
fn a_file_that_is_no_database() {
    let home = Home::new();
    std::fs::write(
        home.dir.path().join("jotward.db"),
        "these are not the bytes you are looking for",
    )
    .expect("written");
    let said = home.run(&["serve"]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    assert!(
        said.err.contains("can not open the database") && said.err.contains("jotward.db"),
        "{}",
        said.err
    );
}

#[test]
fn a_data_directory_that_can_not_be_made() {
    let home = Home::new();
    let file = home.dir.path().join("file");
    std::fs::write(&file, "").expect("written");
    let said = home.run(&[
        "migrate",
        "--data-dir",
        file.join("below").to_str().expect("text"),
    ]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    assert!(
        said.err.contains("can not make the data directory"),
        "{}",
        said.err
    );
}

#[test]
fn a_demo_on_an_address_that_others_reach() {
    let said = Home::new().run(&["serve", "--demo", "--listen", "0.0.0.0:0"]);
    assert_eq!(said.status, 1);
    assert!(said.err.contains("loopback only"), "{}", said.err);
}

#[test]
fn what_is_made_is_for_its_owner_only() {
    let home = Home::new();
    let data = home.dir.path().join("data");
    let said = home.run(&["migrate", "--data-dir", data.to_str().expect("text")]);
    assert_eq!(said.status, 0, "{said:?}");
    let mode = |path: &std::path::Path| {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    };
    assert_eq!(
        (mode(&data), mode(&data.join("jotward.db"))),
        (0o700, 0o600)
    );
}

#[test]
fn a_signing_key_is_made_once_and_for_its_owner_only() {
    let home = Home::new();
    let key = || std::fs::read_to_string(home.dir.path().join("signing.key")).expect("a key");
    home.serve(&[]).stop();
    let first = key();
    assert_eq!(first.trim().len(), 128);
    let mode = std::fs::metadata(home.dir.path().join("signing.key"))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    home.serve(&[]).stop();
    assert_eq!(key(), first);
    let files = std::fs::read_dir(home.dir.path()).expect("a directory");
    assert!(
        !files
            .flatten()
            .any(|file| file.file_name().to_string_lossy().contains("draft"))
    );
}

#[test]
fn a_healthcheck_of_nobody() {
    let said = Home::new()
        .set("LISTEN", "127.0.0.1:1")
        .run(&["healthcheck"]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    assert!(said.err.contains("does not answer"), "{}", said.err);
}
