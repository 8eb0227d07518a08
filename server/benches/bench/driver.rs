//! What a refresh is held against: the same writes straight through the driver, without HTTP and without tokens,
//! sixteen in each commit.

use std::time::{Duration, Instant};

use jotward::clock::{Clock, UnixSeconds};
use jotward::session::{Device, Trail};
use jotward::store::{
    NewSession, NewToken, NewUser, Origin, Step, Store, Stride, TokenId, Tx, take_in_one_commit,
};
use jotward::token::{Generation, Jti, SessionId, TokenType, UserId};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::Outcome;
use crate::crowd::count;
use crate::world::AGENT;

/// How many sessions take their step in one commit.
const BATCH: usize = 16;

/// A database with sessions that go on and on.
pub struct Driver {
    connection: SqliteConnection,
    user: UserId,
    sessions: Vec<(SessionId, NewToken)>,
    _directory: TempDir,
}

impl Driver {
    /// A new database.
    ///
    /// # Errors
    /// It can not be made.
    pub async fn new() -> Outcome<Self> {
        let directory = TempDir::with_prefix("jotward-bench-")?;
        let file = directory.path().join("jotward.db");
        let store = Store::open_file(&file).await?;
        store.migrate().await?;
        let now = Clock::System.now();
        let user = add_user(&store, now).await?;
        let sessions: Vec<_> = (0..BATCH)
            .map(|_| {
                let id = SessionId::at(now);
                (
                    id,
                    token(user, id, TokenType::Refresh, Generation::FIRST, None),
                )
            })
            .collect();
        for (id, token) in sessions.clone() {
            store
                .write(move |tx| Box::pin(open(tx, user, id, token, now)))
                .await?;
        }
        store.close().await;
        // As the server opens it.
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("cache_size", "-16384")
            .pragma("wal_autocheckpoint", "8000")
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        Ok(Self {
            connection: options.connect().await?,
            user,
            sessions,
            _directory: directory,
        })
    }

    /// Steps a second, for `time`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn rate(&mut self, time: Duration) -> Outcome<f64> {
        let begun = Instant::now();
        let mut steps = 0;
        while begun.elapsed() < time {
            self.batch().await?;
            steps += BATCH;
        }
        Ok(count(steps) / begun.elapsed().as_secs_f64())
    }

    async fn batch(&mut self) -> Outcome<()> {
        let mut steps = Vec::new();
        for (id, presented) in &mut self.sessions {
            let (from, spent) = (presented.generation, Some(presented.id));
            let refresh = token(self.user, *id, TokenType::Refresh, from.next(), spent);
            let access = token(
                self.user,
                *id,
                TokenType::Access,
                from.next(),
                Some(refresh.id),
            );
            *presented = refresh.clone();
            steps.push(Step {
                session: *id,
                from,
                stride: Stride::Rotate,
                at: Clock::System.now(),
                check_user_is_active: true,
                device: Device::of(AGENT),
                tokens: vec![refresh, access],
                spent,
                origin: origin(),
                trail: Trail::default(),
                events: Vec::new(),
            });
        }
        let steps: Vec<_> = steps.iter().collect();
        let taken = take_in_one_commit(&mut self.connection, &steps).await?;
        if taken.len() == BATCH {
            Ok(())
        } else {
            Err("not every step was taken".into())
        }
    }
}

async fn add_user(store: &Store, now: UnixSeconds) -> Outcome<UserId> {
    let new = NewUser {
        username: "bench".to_owned(),
        email: String::new(),
        password: String::new(),
        is_active: true,
        is_staff: false,
        is_superuser: false,
    };
    let added: jotward::store::Result<UserId> = store
        .write(move |tx| Box::pin(async move { tx.add_user(&new, now).await }))
        .await;
    Ok(added?)
}

async fn open(
    tx: &mut Tx,
    user: UserId,
    id: SessionId,
    first: NewToken,
    now: UnixSeconds,
) -> jotward::store::Result<()> {
    let session = NewSession {
        id,
        user_id: Some(user),
        opened_at: now,
        expires_at: now + 86_400,
        tokens_expire_at: now + 86_400,
        access_expires_at: now + 300,
        confirmed_at: 0,
        client: String::new(),
    };
    tx.open_session(&session).await?;
    tx.record(&[first], &origin()).await
}

/// A token's row. Nobody will present the token, so it is never made.
fn token(
    user: UserId,
    session: SessionId,
    token_type: TokenType,
    generation: Generation,
    parent: Option<TokenId>,
) -> NewToken {
    let now = Clock::System.now();
    let jti = Jti::at(Clock::System.now());
    NewToken {
        id: TokenId::next(),
        sha256: jti.as_str().repeat(2),
        jti,
        token_type,
        user_id: Some(user),
        session_id: session,
        parent,
        generation,
        created_at: now,
        expires_at: now + 86_400,
    }
}

fn origin() -> Origin {
    Origin {
        ip: "127.0.0.1".to_owned(),
        user_agent: AGENT.to_owned(),
        ..Origin::default()
    }
}
