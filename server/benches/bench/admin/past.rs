//! The databases that are measured, each filled once by `jotward demo-data`. SQLite's is kept for the next time.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jotward::clock::Clock;
use jotward::token::sha256;
use load::postgres::Database;
use load::process::{Server, Settings};

use crate::Outcome;

/// How many sessions there are, unless `BENCH_ADMIN_SESSIONS` says.
const SESSIONS: usize = 1_000_000;

/// The migrations: what was filled before one was added is not used again.
const MIGRATIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations");

/// A database with a past.
pub struct Past {
    url: String,
    /// Made for one run.
    database: Option<Database>,
}

impl Past {
    /// A file in `BENCH_DIR`. It is filled anew each week, because what was live then is over.
    ///
    /// # Errors
    /// It can not be filled.
    pub async fn sqlite() -> Outcome<Self> {
        let home = std::env::var_os("BENCH_DIR").unwrap_or_else(|| "target/bench".into());
        let home = PathBuf::from(home);
        std::fs::create_dir_all(&home)?;
        let home = home.canonicalize()?;
        let week = Clock::System.now() / (7 * 86_400);
        let name = format!("admin-{}-{}-{week}.db", sessions()?, schema()?);
        let (kept, draft) = (home.join(name), home.join("admin-draft.db"));
        let url = |file: &Path| format!("sqlite://{}", file.display());
        if !kept.exists() {
            remove_old(&home)?;
            fill(&url(&draft)).await?;
            std::fs::rename(&draft, &kept)?;
        }
        Ok(Self {
            url: url(&kept),
            database: None,
        })
    }

    /// A database of its own on the server that `TEST_DATABASE_URL` names.
    ///
    /// # Errors
    /// There is none, or it can not be filled.
    pub async fn postgres() -> Outcome<Self> {
        let database = Database::make().await?;
        let url = database.url();
        if let Err(error) = fill(&url).await {
            database.delete().await?;
            return Err(error);
        }
        Ok(Self {
            url,
            database: Some(database),
        })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether a server can log what it asks of it.
    pub fn logs_statements(&self) -> bool {
        self.database.is_some()
    }

    /// Deletes what is not kept.
    ///
    /// # Errors
    /// The server is gone.
    pub async fn leave(self) -> Outcome<()> {
        match self.database {
            Some(database) => Ok(database.delete().await?),
            None => Ok(()),
        }
    }
}

async fn fill(url: &str) -> Outcome<()> {
    let settings = [("JOTWARD_DATABASE_URL".to_owned(), url.to_owned())];
    let server = Server::new(Settings::from(settings))?;
    let sessions = sessions()?.to_string();
    eprintln!("bench:   making {sessions} sessions up");
    let begun = Instant::now();
    let said = server
        .command(&["demo-data", "--sessions", &sessions], None)
        .await?;
    let seconds = begun.elapsed().as_secs();
    let made: Vec<_> = said.lines().take(4).collect();
    eprintln!("bench:   in {seconds} s: {}", made.join("; "));
    Ok(())
}

fn sessions() -> Outcome<usize> {
    match std::env::var("BENCH_ADMIN_SESSIONS") {
        Ok(text) if !text.is_empty() => Ok(text.parse()?),
        _ => Ok(SESSIONS),
    }
}

/// Files of other weeks, sizes and schemas: each takes gigabytes.
fn remove_old(home: &Path) -> Outcome<()> {
    for entry in std::fs::read_dir(home)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("admin-") {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Tells one schema from another.
fn schema() -> Outcome<String> {
    let mut files: Vec<_> = std::fs::read_dir(MIGRATIONS)?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut all = String::new();
    for file in files {
        all += &std::fs::read_to_string(file)?;
    }
    Ok(sha256(&all)[..12].to_owned())
}
