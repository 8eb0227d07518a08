//! Databases with a past, made once and kept: writing a million tokens down through the API would take an hour. Whoever
//! asks gets a copy, so that what is measured on it does not change it.

use std::path::{Path, PathBuf};

use jotward::clock::Clock;
use jotward::store::Store;
use jotward::token::sha256;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use crate::Outcome;

/// What a database remembers: tokens of sessions that were refreshed nine times each, ten thousand users' all.
#[derive(Clone, Copy, Debug)]
pub enum Past {
    /// A million tokens that are valid still.
    Outstanding,
    /// Two hundred thousand that expired weeks ago.
    Expired,
}

/// A copy of a database; it is deleted with this.
pub struct Copy {
    directory: TempDir,
}

impl Copy {
    /// As the server's setting `JOTWARD_DATABASE_URL` wants it.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "sqlite://{}",
            self.directory.path().join("jotward.db").display()
        )
    }
}

impl Past {
    fn tokens(self) -> i64 {
        match self {
            Self::Outstanding => 1_000_000,
            Self::Expired => 200_000,
        }
    }

    /// When its tokens were issued and when they expire, in seconds from now.
    fn times(self) -> (i64, i64) {
        const DAY: i64 = 86_400;
        match self {
            Self::Outstanding => (-DAY, 60 * DAY),
            Self::Expired => (-60 * DAY, -30 * DAY),
        }
    }
}

/// A database with this past.
///
/// # Errors
/// It can not be made or copied.
pub async fn copy(past: Past) -> Outcome<Copy> {
    let home = std::env::var_os("BENCH_DIR").unwrap_or_else(|| "target/bench".into());
    let home = PathBuf::from(home);
    std::fs::create_dir_all(&home)?;
    let home = home.canonicalize()?;
    let week = Clock::System.now() / (7 * 86_400);
    // Tokens expire: next week they are made anew, over the old ones.
    let (kept, note) = (
        home.join(format!("{past:?}-{}.db", schema())),
        home.join(format!("{past:?}.week")),
    );
    if std::fs::read_to_string(&note).ok() != Some(week.to_string()) || !kept.exists() {
        eprintln!("bench:   writing {} tokens down, once", past.tokens());
        let _ = std::fs::remove_file(&note);
        remember(past, &kept).await?;
        std::fs::write(&note, week.to_string())?;
    }
    let directory = TempDir::with_prefix_in("copy-", &home)?;
    std::fs::copy(&kept, directory.path().join("jotward.db"))?;
    Ok(Copy { directory })
}

async fn remember(past: Past, file: &Path) -> Outcome<()> {
    if file.exists() {
        std::fs::remove_file(file)?;
    }
    let store = Store::open_file(file).await?;
    store.migrate().await?;
    store.close().await;
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Off)
        .connect()
        .await?;
    for statement in statements(past) {
        // Only numbers vary.
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(())
}

/// Rows as the server writes them, in the order it would have: all sessions' first generation, then all their second.
fn statements(past: Past) -> Vec<String> {
    let now = Clock::System.now();
    let (issued, expires) = past.times();
    let (issued, expires) = (now + issued, now + expires);
    let sessions = past.tokens() / 20;
    let (first_micros, first_milli) = ((issued - 1_577_836_800) * 1_000_000, issued * 1000);
    vec![
        "begin immediate".to_owned(),
        format!(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)
             insert into users (id, username, username_folded, email, email_folded, password, is_active, is_staff,
                                is_superuser, date_joined, tokens_valid_after)
             select i, 'user' || i, 'user' || i, '', '', '', true, false, false, {issued}, 0 from n"
        ),
        "update counters set value = 10000 where name = 'users'".to_owned(),
        format!(
            "with recursive n (i) as (select 1 union all select i + 1 from n where i < {sessions})
             insert into sessions (id, user_id, opened_at, last_seen_at, generation, rotated_at, expires_at,
                                   tokens_expire_at, access_expires_at)
             select printf('%08x-%04x-7', ({first_milli} + i) >> 16, ({first_milli} + i) & 65535)
                        || substr(lower(hex(randomblob(2))), 2) || '-8' || substr(lower(hex(randomblob(2))), 2)
                        || '-' || lower(hex(randomblob(6))),
                    1 + i % 10000, {issued}, {issued}, 9, {issued}, {expires}, {expires}, {expires}
             from n"
        ),
        format!(
            "with recursive g (generation) as (select 0 union all select generation + 1 from g where generation < 9)
             insert into outstanding_tokens (id, jti, sha256, token_type, user_id, session_id, parent_id, generation,
                                             created_at, expires_at, ip, user_agent)
             select ({first_micros} + (g.generation * {sessions} + s.rowid) * 2 + place) << 12,
                    lower(hex(randomblob(16))), lower(hex(randomblob(32))), kind, s.user_id, s.id,
                    case when place = 1 then ({first_micros} + (g.generation * {sessions} + s.rowid) * 2) << 12
                         when g.generation > 0 then ({first_micros} + ((g.generation - 1) * {sessions} + s.rowid) * 2) << 12
                    end,
                    g.generation, {issued} + g.generation, {expires}, '203.0.113.' || (s.rowid % 256),
                    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'
             from g cross join sessions s
             cross join (select 0 as place, 'refresh' as kind union all select 1, 'access')"
        ),
        format!(
            "insert into blacklisted_tokens (token_id, blacklisted_at, reason)
             select id, {issued} + generation + 1, 'rotated' from outstanding_tokens
             where token_type = 'refresh' and generation < 9 order by id"
        ),
        "commit".to_owned(),
    ]
}

/// Tells one schema from another: what was kept by an older one does not fit.
fn schema() -> String {
    let migrations = [
        include_str!("../../../migrations/0001_registry.sql"),
        include_str!("../../../migrations/0002_rotation_and_revocation.sql"),
        include_str!("../../../migrations/0003_known_devices.sql"),
    ];
    sha256(&migrations.concat())[..16].to_owned()
}
