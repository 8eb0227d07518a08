//! The invariants of ARCHITECTURE.md that are about where things may stand, read off the source itself.

use std::fs;
use std::path::{Path, PathBuf};

/// Every Rust file below a folder of the workspace, with its text up to its tests.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("text");
                let code = text
                    .split("#[cfg(test)]")
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                found.push((path, code));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

/// Fails when a file below `folder`, but not below one of `except`, contains one of `words`.
fn none_of(folder: &str, words: &[&str], except: &[&str]) {
    for (path, code) in sources(folder) {
        let shown = path.display().to_string();
        if except.iter().any(|part| shown.contains(part)) {
            continue;
        }
        for word in words {
            assert!(!code.contains(word), "{shown} has {word}");
        }
    }
}

#[test]
fn token_and_session_do_no_io_and_read_no_clock() {
    let io = [
        "sqlx",
        "axum",
        "tokio",
        "std::fs",
        "std::net",
        "std::env",
        "SystemTime",
        "now_v7",
        "Clock",
    ];
    for module in ["token", "session"] {
        none_of(&format!("server/src/{module}"), &io, &[]);
    }
}

#[test]
fn all_sql_is_in_the_store() {
    none_of(
        "server/src",
        &["sqlx::query", "query_as"],
        &["src/store/", "src/store.rs"],
    );
}

#[test]
fn nothing_takes_a_revocation_back() {
    none_of(
        "server/src",
        &["ended_at = null", "update blacklisted"],
        &[],
    );
    // Clean-up removes what is over for good, and only clean-up removes anything.
    let removals = [
        "delete from blacklisted_tokens",
        "delete from sessions",
        "delete from outstanding_tokens",
        "delete from revocations",
        "delete from events",
    ];
    none_of("server/src", &removals, &["src/store/flush"]);
}

#[test]
fn the_client_knows_neither_database_nor_server() {
    none_of("app/src", &["sqlx", "axum::"], &[]);
}

#[test]
fn only_the_token_client_knows_storage_and_fetch() {
    none_of(
        "app/src",
        &[
            "gloo_storage",
            "reqwasm",
            "local_storage",
            "session_storage",
        ],
        &["app/src/client"],
    );
}
