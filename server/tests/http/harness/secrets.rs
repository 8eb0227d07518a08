//! Nothing secret is stored or logged, in the whole run: every token that tests are handed is remembered, every line of the
//! log is looked at as it is written, and at the end of a test its whole database.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use axum::http::{HeaderMap, header};
use jotward::store::{Db, Store};
use sqlx::AssertSqlSafe;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::statements;

/// In every password of the tests' users.
const PASSWORD: &str = "-pass-1";

/// The tokens that were handed out: signed ones, and API tokens of 40 digits.
static ISSUED: Mutex<Option<HashSet<String>>> = Mutex::new(None);

/// Lines of the log that hold a secret.
static LEAKS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Remembers the tokens in an answer.
pub fn remember_all(headers: &HeaderMap, body: &str) {
    let cookies = headers.get_all(header::SET_COOKIE).iter();
    let texts = cookies
        .filter_map(|cookie| cookie.to_str().ok())
        .chain([body]);
    let tokens: Vec<_> = texts
        .flat_map(words)
        .filter(|word| is_token(word))
        .collect();
    let mut issued = lock(&ISSUED);
    let issued = issued.get_or_insert_default();
    issued.extend(tokens.into_iter().map(str::to_owned));
}

/// What stands between anything that can not be in a token.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c)))
}

fn is_token(word: &str) -> bool {
    let is_key = word.len() == 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    is_key || word.starts_with("eyJ") && word.matches('.').count() == 2
}

/// From now on every line of the log is looked at.
pub fn watch_log() {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(|| Looking)
            .with_filter(EnvFilter::new("debug,jotward=trace"));
        tracing_subscriber::registry()
            .with(lines)
            .with(statements::listener())
            .init();
    });
}

struct Looking;

impl Write for Looking {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if find(&text).is_some() {
            lock(&LEAKS).push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A secret in a text.
fn find(text: &str) -> Option<String> {
    if text.contains(PASSWORD) {
        return Some(PASSWORD.to_owned());
    }
    let issued = lock(&ISSUED);
    let is_issued = |word: &&str| issued.as_ref().is_some_and(|issued| issued.contains(*word));
    words(text).find(is_issued).map(str::to_owned)
}

/// What a test ends with.
pub async fn none_was_kept(store: &Store) {
    // A database that was taken away has nothing in it.
    let stored = everything(store).await.unwrap_or_default();
    assert_eq!(find(&stored), None, "stored: {stored}");
    let leaks = lock(&LEAKS).clone();
    assert!(leaks.is_empty(), "logged: {leaks:#?}");
}

/// Every value of every table, in one text.
pub async fn everything(store: &Store) -> sqlx::Result<String> {
    let mut stored = String::new();
    for table in tables(store).await? {
        let rows: Vec<(String,)> = match store.db() {
            Db::Sqlite { read, .. } => {
                let columns =
                    "select group_concat('coalesce(' || name || ', '''')', ' || '' '' || ')
                               from pragma_table_info($1)";
                let (values,): (String,) =
                    sqlx::query_as(columns).bind(&table).fetch_one(read).await?;
                let query = format!("select {values} from {table}");
                sqlx::query_as(AssertSqlSafe(query)).fetch_all(read).await?
            }
            Db::Postgres(pool) => {
                let query = format!("select row_to_json(t)::text from {table} t");
                sqlx::query_as(AssertSqlSafe(query)).fetch_all(pool).await?
            }
        };
        stored.extend(rows.into_iter().map(|(row,)| row + "\n"));
    }
    Ok(stored)
}

async fn tables(store: &Store) -> sqlx::Result<Vec<String>> {
    let names: Vec<(String,)> = match store.db() {
        Db::Sqlite { read, .. } => {
            let query = "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\'";
            sqlx::query_as(query).fetch_all(read).await?
        }
        Db::Postgres(pool) => {
            let query = "select tablename::text from pg_tables
                         where schemaname = 'public' and tablename not like '\\_%'";
            sqlx::query_as(query).fetch_all(pool).await?
        }
    };
    Ok(names.into_iter().map(|(name,)| name).collect())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn what_was_handed_out_is_found_wherever_it_stands() {
    let (token, key) = (
        "eyJhIjoxfQ.eyJiIjoyfQ.c2ln",
        "92dabf348aa65b0a72c6c330c135635aadd010d9",
    );
    let mut headers = HeaderMap::new();
    let cookie = format!("jotward-admin={token}; Path=/admin");
    headers.insert(header::SET_COOKIE, cookie.parse().expect("a header"));
    remember_all(&headers, &format!("{{\"token\":\"{key}\"}}"));
    for secret in [token, key, "alice-pass-1"] {
        assert!(
            find(&format!("{{\"note\":\"{secret}\"}} and more")).is_some(),
            "{secret}"
        );
    }
    assert_eq!(find("eyJhIjoxfQ.eyJiIjoyfQ.another"), None);
}
