//! Steps of sessions: what a refresh writes. A step is a compare-and-swap on the session's row; the tokens it
//! issues and the token it spends are on record if, and only if, it was taken. SQLite takes many in a few
//! statements, PostgreSQL one in a single statement, which is a transaction of its own.

use std::collections::HashSet;

use sqlx::{PgExecutor, QueryBuilder, Sqlite, SqliteConnection};

use super::tokens::{NewToken, Origin, RECORD, push_tokens};
use super::{Lent, ROTATED, Result, TokenId, Tx};
use crate::clock::UnixSeconds;
use crate::event::Event;
use crate::session::{Device, Trail};
use crate::token::{Generation, SessionId, TokenType};

/// What a step does to its session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stride {
    /// Begins the next generation.
    Rotate,
    /// Issues an access token in the current one.
    Renew,
    /// The same, for a lone token that is renewed.
    Extend,
    /// The same, for a spent token that was answered with its successor again.
    Replay,
}

/// A step to take.
#[derive(Clone, Debug)]
pub struct Step {
    /// The session.
    pub session: SessionId,
    /// The generation it must be at, and live.
    pub from: Generation,
    /// What to do.
    pub stride: Stride,
    /// Now.
    pub at: UnixSeconds,
    /// Its user must be there and may log in (`CHECK_USER_IS_ACTIVE`).
    pub check_user_is_active: bool,
    /// Whose request it is.
    pub device: Device,
    /// The tokens it issues.
    pub tokens: Vec<NewToken>,
    /// The refresh token a rotation spends, where that is on record.
    pub spent: Option<TokenId>,
    /// Where the request came from.
    pub origin: Origin,
    /// Where the session was refreshed from, this time included.
    pub trail: Trail,
    /// What is to be kept of it beside the tokens; usually nothing.
    pub events: Vec<Event>,
}

impl Step {
    /// Whether it can be taken together with another step of its session: repetitions can, a rotation can not.
    pub(super) fn goes_with(&self, (from, stride): (Generation, Stride)) -> bool {
        let stays = |stride| stride != Stride::Rotate;
        self.from == from && stays(self.stride) && stays(stride)
    }
}

/// What the steps of one session do to its row.
struct Move {
    session: SessionId,
    from: Generation,
    rotates: i64,
    replays: i64,
    any_user: i64,
    at: UnixSeconds,
    device: String,
    access_expires_at: UnixSeconds,
    tokens_expire_at: UnixSeconds,
    ip: String,
    trail: Trail,
}

impl Move {
    fn of(step: &Step) -> Self {
        let latest = |counts: fn(&NewToken) -> bool| {
            let expiries = step.tokens.iter().filter(|token| counts(token));
            expiries.map(|token| token.expires_at).max().unwrap_or(0)
        };
        Self {
            session: step.session,
            from: step.from,
            rotates: i64::from(step.stride == Stride::Rotate),
            replays: i64::from(step.stride == Stride::Replay),
            any_user: i64::from(!step.check_user_is_active),
            at: step.at,
            device: step.device.mark().to_owned(),
            access_expires_at: latest(|token| token.token_type == TokenType::Access),
            tokens_expire_at: latest(|_| true),
            ip: step.origin.ip.clone(),
            trail: step.trail,
        }
    }

    /// The moves of these steps, one a session.
    fn all(steps: &[&Step]) -> Vec<Self> {
        let mut moves: Vec<Self> = Vec::with_capacity(steps.len());
        for step in steps {
            let more = Self::of(step);
            match moves.iter_mut().find(|known| known.session == more.session) {
                Some(known) => known.merge(&more),
                None => moves.push(more),
            }
        }
        moves
    }

    fn merge(&mut self, more: &Self) {
        self.replays += more.replays;
        self.at = self.at.max(more.at);
        self.access_expires_at = self.access_expires_at.max(more.access_expires_at);
        self.tokens_expire_at = self.tokens_expire_at.max(more.tokens_expire_at);
        if !more.ip.is_empty() {
            self.ip.clone_from(&more.ip);
        }
        self.trail = more.trail;
    }
}

/// How many steps one statement takes. Each number of them is a statement to prepare, and to keep.
pub(super) const AT_ONCE: usize = 16;

const STEP: &str = "with step (id, generation, rotates, replays, any_user, at, device, access_expires_at, tokens_expire_at,
                           ip, network, network_at, moved_from, moved_at, moves) as (";

const MOVE: &str = "update sessions set
    generation = sessions.generation + step.rotates,
    rotated_at = case when step.rotates = 1 then step.at else sessions.rotated_at end,
    rotated_by = case when step.rotates = 1 then step.device else sessions.rotated_by end,
    replays = sessions.replays + step.replays,
    last_seen_at = step.at,
    ip = case when step.ip <> '' then step.ip else sessions.ip end,
    network = step.network,
    network_at = step.network_at,
    moved_from = step.moved_from,
    moved_at = step.moved_at,
    moves = step.moves,
    access_expires_at = case when sessions.access_expires_at < step.access_expires_at
                             then step.access_expires_at else sessions.access_expires_at end,
    tokens_expire_at = case when sessions.tokens_expire_at < step.tokens_expire_at
                            then step.tokens_expire_at else sessions.tokens_expire_at end
from step
where sessions.id = step.id and sessions.generation = step.generation and sessions.ended_at is null
  and (step.any_user = 1
       or exists (select 1 from users where users.id = sessions.user_id and users.is_active))
returning sessions.id";

const TOKEN: &str =
    "token (id, jti, sha256, token_type, user_id, session_id, parent_id, generation, created_at,
                            expires_at, ip, user_agent) as (";

const SPEND: &str = "insert into blacklisted_tokens (token_id, blacklisted_at, reason) ";

/// Adds the values of moves, in the order of [`STEP`].
macro_rules! push_moves {
    ($query:expr, $moves:expr) => {
        $query.push_values($moves, |mut row, step| {
            row.push_bind(step.session.to_string())
                .push_bind(step.from.0)
                .push_bind(step.rotates)
                .push_bind(step.replays)
                .push_bind(step.any_user)
                .push_bind(step.at)
                .push_bind(step.device)
                .push_bind(step.access_expires_at)
                .push_bind(step.tokens_expire_at)
                .push_bind(step.ip)
                .push_bind(step.trail.network.to_string())
                .push_bind(step.trail.at)
                .push_bind(step.trail.moved_from.to_string())
                .push_bind(step.trail.moved_at)
                .push_bind(step.trail.moves);
        })
    };
}

/// The tokens of these steps, each with where its request came from.
fn tokens_of<'s>(steps: &[&'s Step]) -> impl Iterator<Item = (&'s NewToken, &'s Origin)> {
    let of = |step: &&'s Step| step.tokens.iter().map(|token| (token, &step.origin));
    steps.iter().flat_map(of)
}

/// Takes these steps on SQLite, in a transaction of their own, and answers the sessions whose steps were taken. A
/// rotation is the only step of its session. After an error the transaction may still be open.
///
/// Two messages to the driver's thread are enough for sixteen steps: who sends and who receives one wake each other up,
/// which costs more than a statement.
///
/// # Errors
/// [`super::StoreError::Conflict`] when a token of one of these names is there already.
pub async fn take_in_one_commit(
    connection: &mut SqliteConnection,
    steps: &[&Step],
) -> Result<HashSet<SessionId>> {
    let mut all = HashSet::new();
    let last = steps.len().div_ceil(AT_ONCE).saturating_sub(1);
    for (n, steps) in steps.chunks(AT_ONCE).enumerate() {
        let before = if n == 0 { "begin immediate; " } else { "" };
        let after = if n == last { "; commit" } else { "" };
        all.extend(take(connection, steps, before, after).await?);
    }
    Ok(all)
}

/// Takes at most [`AT_ONCE`] steps between two statements that may be empty.
pub(super) async fn take(
    connection: &mut SqliteConnection,
    steps: &[&Step],
    before: &'static str,
    after: &'static str,
) -> Result<HashSet<SessionId>> {
    let mut query = QueryBuilder::<Sqlite>::new(before);
    query.push(STEP);
    push_moves!(query, Move::all(steps));
    query.push(") ").push(MOVE);
    let moved: Vec<(String,)> = query.build_query_as().fetch_all(&mut *connection).await?;
    let moved: HashSet<_> = moved
        .iter()
        .filter_map(|(id,)| SessionId::parse(id))
        .collect();
    let taken: Vec<_> = steps
        .iter()
        .copied()
        .filter(|step| moved.contains(&step.session))
        .collect();
    let mut query = QueryBuilder::<Sqlite>::default();
    if !taken.is_empty() {
        query.push(RECORD);
        push_tokens!(query, tokens_of(&taken));
    }
    let spent: Vec<_> = taken
        .iter()
        .filter_map(|step| Some((step.spent?, step.at)))
        .collect();
    if !spent.is_empty() {
        query.push("; ").push(SPEND);
        query.push_values(spent, |mut row, (id, at)| {
            row.push_bind(id.0).push_bind(at).push_bind(ROTATED);
        });
        query.push(" on conflict (token_id) do nothing");
    }
    query.push(after);
    if !query.sql().as_str().is_empty() {
        query.build().execute(connection).await?;
    }
    Ok(moved)
}

/// Takes one step on PostgreSQL, in one round trip.
pub(super) async fn take_at_once(db: impl PgExecutor<'_>, step: &Step) -> Result<bool> {
    let steps = [step];
    let mut query = QueryBuilder::new(STEP);
    push_moves!(query, [Move::of(step)]);
    query.push("), moved as (").push(MOVE);
    query.push("), ").push(TOKEN);
    push_tokens!(query, tokens_of(&steps));
    query.push("), recorded as (").push(RECORD);
    query.push("select token.* from token join moved on moved.id = token.session_id)");
    if let Some(spent) = step.spent {
        query.push(", spent as (").push(SPEND);
        query.push("select ").push_bind(spent.0);
        query.push(", ").push_bind(step.at);
        query.push(", ").push_bind(ROTATED);
        query.push(" from moved on conflict (token_id) do nothing)");
    }
    query.push(" select id from moved");
    let moved: Vec<(String,)> = query.build_query_as().fetch_all(db).await?;
    Ok(!moved.is_empty())
}

impl Tx {
    /// Takes a step together with what is to be kept of it; false, and nothing changed, when the session is not where
    /// the step begins.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when a token of one of these names is there already.
    pub async fn step(&mut self, mut step: Step) -> Result<bool> {
        let events = std::mem::take(&mut step.events);
        let taken = match &mut self.lent {
            Lent::Sqlite(connection) => !take(connection, &[&step], "", "").await?.is_empty(),
            Lent::Postgres(tx) => take_at_once(&mut **tx, &step).await?,
        };
        if taken {
            self.note_all(events).await?;
        }
        Ok(taken)
    }
}
