//! Ends sessions in the table `sessions`. An end is written once and never taken back; the tokens of the session are
//! blacklisted with it.

mod together;

use super::{Lent, Origin, Result, Revocation, Revoked, Store, Tx};
use super::{reading, unreadable, writing};
use crate::clock::UnixSeconds;
use crate::event::Event;
use crate::session::EndReason;
use crate::token::{SessionId, UserId};

pub use together::EndedTogether;

/// How a session is ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// When.
    pub at: UnixSeconds,
    /// Why.
    pub reason: EndReason,
    /// The name of who did it; `None` where the server acted by itself.
    pub by: Option<String>,
    /// Their words for it.
    pub note: Option<String>,
    /// Where the request came from that led to it; empty where there was none.
    pub origin: Origin,
}

/// A session that was ended.
#[derive(sqlx::FromRow)]
struct EndedRow {
    id: String,
    /// The latest expiry among its access tokens.
    access_expires_at: UnixSeconds,
    user_id: Option<i64>,
    username: Option<String>,
}

impl Ending {
    fn event(&self, id: SessionId, user_id: Option<i64>, username: Option<String>) -> Event {
        let over = Event::session_over(id, self.reason, self.at).from(&self.origin);
        // Every other reason has an event of its own, which says more.
        let over = match (self.reason, &self.note) {
            (EndReason::Admin, Some(note)) => {
                over.detail(format!("{}: {note}", self.reason.as_str()))
            }
            _ => over,
        };
        Event {
            user: user_id.map(UserId),
            username,
            actor: self.by.clone(),
            ..over
        }
    }
}

impl Store {
    /// Whether any session is live at `now`.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn is_any_session_live(&self, now: UnixSeconds) -> Result<bool> {
        let (any,): (bool,) = reading!(self, db => {
            sqlx::query_as("select exists (select 1 from sessions where ended_at is null and expires_at > $1)")
                .bind(now)
                .fetch_one(db)
                .await
        })?;
        Ok(any)
    }
}

/// Ends the live sessions a condition selects.
macro_rules! end_text {
    ($before:literal, $condition:literal, $after:literal) => {
        concat!(
            "update sessions set ended_at = $2, end_reason = $3, ended_by = $4, end_note = $5
             where ended_at is null and ",
            $before,
            $condition,
            $after,
            " returning id, access_expires_at, user_id,
                       (select username from users where users.id = sessions.user_id) as username",
        )
    };
}

/// Ends the live sessions a condition on `$1` selects. It may refer to what is given beyond its key as `$6`. PostgreSQL
/// locks them one after the other by their ids, as everybody who ends several does: whoever ends some of the same must not
/// wait for this transaction while it waits for theirs. SQLite has one writer.
macro_rules! end_where {
    ($tx:expr, $condition:literal, $key:expr, $ending:expr $(, $more:expr)?) => {{
        let text = match &$tx.lent {
            Lent::Postgres(_) => end_text!(
                "id in (select id from sessions where ended_at is null and ",
                $condition,
                " order by id for update)"
            ),
            Lent::Sqlite(..) => end_text!("", $condition, ""),
        };
        let rows: Vec<EndedRow> = writing!($tx, db => {
            sqlx::query_as(text)
            .bind($key)
            .bind($ending.at)
            .bind($ending.reason.as_str())
            .bind(&$ending.by)
            .bind(&$ending.note)
            $(.bind($more))?
            .fetch_all(db)
            .await
        })?;
        rows
    }};
}

impl Tx {
    /// Ends a session and every token of it. `None` when it had ended before: the first reason stays.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_session(
        &mut self,
        id: SessionId,
        ending: &Ending,
    ) -> Result<Option<Revocation>> {
        self.end_session_because(id, ending, Vec::new()).await
    }

    /// The same; these events are kept before its end, if it was this that ended it.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_session_because(
        &mut self,
        id: SessionId,
        ending: &Ending,
        events: Vec<Event>,
    ) -> Result<Option<Revocation>> {
        let rows = end_where!(self, "id = $1", id.to_string(), ending);
        if rows.is_empty() {
            return Ok(None);
        }
        self.note_all(events).await?;
        let ended = self.seal(rows, ending).await?;
        self.announce(&ended).await?;
        Ok(ended.into_iter().next())
    }

    /// Ends every live session of a user. Answers what that revoked, to be announced when all else is done.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_sessions_of(
        &mut self,
        user_id: UserId,
        ending: &Ending,
    ) -> Result<Vec<Revocation>> {
        let rows = end_where!(self, "user_id = $1", user_id.0, ending);
        self.seal(rows, ending).await
    }

    /// Ends every live session of a user but for the one to keep. Answers what that revoked, to be announced when all else
    /// is done.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_other_sessions_of(
        &mut self,
        user_id: UserId,
        keep: Option<SessionId>,
        ending: &Ending,
    ) -> Result<Vec<Revocation>> {
        // No session has an empty id.
        let kept = keep.map(|id| id.to_string()).unwrap_or_default();
        let rows = end_where!(self, "user_id = $1 and id <> $6", user_id.0, ending, kept);
        self.seal(rows, ending).await
    }

    /// The sessions of a user that are live at `since`. The caller holds the user's row, so no login can add one.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn live_sessions_of(
        &mut self,
        user_id: UserId,
        since: UnixSeconds,
    ) -> Result<Vec<String>> {
        let rows: Vec<(String,)> = writing!(self, db => {
            sqlx::query_as(
                "select id from sessions
                 where user_id = $1 and ended_at is null and expires_at > $2 and tokens_expire_at > $2",
            )
            .bind(user_id.0)
            .bind(since)
            .fetch_all(db)
            .await
        })?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Ends the sessions of a user that were not seen for longest, so that `count` others live on; of those seen in the same
    /// second, the ones that were opened first, by the order of their tokens on record. Sessions of the admin,
    /// which have no access token, neither count nor end. The caller holds the user's row: two logins at once would each
    /// leave the other's place free. Answers what that revoked, to be announced when all else is done.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_sessions_beyond(
        &mut self,
        user_id: UserId,
        count: u32,
        ending: &Ending,
    ) -> Result<Vec<Revocation>> {
        let rows = end_where!(
            self,
            "id in (select id from (select id, row_number() over (
                                        order by last_seen_at desc, opened_at desc,
                                                 (select min(t.id) from outstanding_tokens t
                                                  where t.session_id = sessions.id) desc) as place
                                    from sessions
                                    where user_id = $1 and ended_at is null and expires_at > $2
                                      and tokens_expire_at > $2 and access_expires_at > 0) live
                    where place > $6)",
            user_id.0,
            ending,
            i64::from(count)
        );
        self.seal(rows, ending).await
    }

    /// Ends at most `limit` live sessions, whoever's. Answers what that revoked, to be announced when all else is done.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn end_some_sessions(
        &mut self,
        limit: i64,
        ending: &Ending,
    ) -> Result<Vec<Revocation>> {
        let rows = end_where!(
            self,
            "id in (select id from sessions where ended_at is null and expires_at > $2 order by id limit $1)",
            limit,
            ending
        );
        self.seal(rows, ending).await
    }

    /// What belongs to every end: the tokens are blacklisted, and it is noted. Answers what is to be announced.
    async fn seal(&mut self, ended: Vec<EndedRow>, ending: &Ending) -> Result<Vec<Revocation>> {
        let mut revocations = Vec::with_capacity(ended.len());
        let mut events = Vec::with_capacity(ended.len());
        for row in ended {
            let id = SessionId::parse(&row.id).ok_or_else(|| unreadable("sessions"))?;
            events.push(ending.event(id, row.user_id, row.username));
            revocations.push(Revocation {
                what: Revoked::Session(id),
                value: row.access_expires_at,
            });
        }
        self.blacklist_sessions(&revocations, ending).await?;
        self.note_all(events).await?;
        Ok(revocations)
    }
}
