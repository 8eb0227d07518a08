//! What there is to hold a filter against: how old the oldest live session is, how long tokens live, and what the same person
//! revoked before. It looks at a bounded number of rows, and says no more than those tell.

use crate::clock::UnixSeconds;
use crate::store::scan::COUNTED;
use crate::store::{Result, Store, Target, reading};
use crate::token::TokenType;

/// For how many seconds what somebody revoked counts as part of what they revoke next.
const TOGETHER: i64 = 86_400;

/// What a filter is held against.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The id of the oldest session that is live, or one that is lower than those of all of them; `None` where there is no
    /// session that is live.
    pub oldest: Option<String>,
    /// How long tokens live.
    pub lives: TokenLives,
    /// What the same person revoked by a filter with an address within a day, and when.
    pub before: Vec<(UnixSeconds, Target)>,
}

/// For how many seconds tokens of each type are issued. That some are accepted a little longer tells nearly nobody from
/// everyone.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct TokenLives {
    /// Access tokens.
    pub access: i64,
    /// Refresh tokens.
    pub refresh: i64,
    /// Sliding tokens, in all their forms.
    pub sliding: i64,
    /// Tokens of the admin.
    pub admin: i64,
}

impl TokenLives {
    /// The life of tokens of this type; of any, the longest.
    #[must_use]
    pub fn longest(&self, kind: Option<TokenType>) -> i64 {
        match kind {
            Some(TokenType::Access) => self.access,
            Some(TokenType::Refresh) => self.refresh,
            Some(TokenType::Sliding) => self.sliding,
            Some(TokenType::Admin) => self.admin,
            None => {
                let clients = self.access.max(self.refresh).max(self.sliding);
                clients.max(self.admin)
            }
        }
    }
}

impl Store {
    /// What a filter of this person's is held against, where tokens live so long. One statement, which looks at no more than
    /// the first sessions and the latest warrants.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn known_of_everyone(
        &self,
        actor: &str,
        lives: TokenLives,
        now: UnixSeconds,
    ) -> Result<Known> {
        // Where none of the first is live, all that are were opened after these.
        let rows: Vec<(Option<String>, UnixSeconds)> = reading!(self, db => {
            sqlx::query_as(
                "select coalesce(min(case when expires_at > $1 and tokens_expire_at > $1 then id end),
                                 case when count(*) = $2 then max(id) end) as what,
                        0 as begun_at
                 from (select id, expires_at, tokens_expire_at from sessions
                       where ended_at is null order by id limit $2) t
                 union all
                 select target, begun_at
                 from (select target, actor, begun_at from warrants order by id desc limit $2) w
                 where begun_at > $3 and actor = $4 and target like '%\"address\":%'",
            )
            .bind(now)
            .bind(COUNTED)
            .bind(now - TOGETHER)
            .bind(actor)
            .fetch_all(db)
            .await
        })?;
        let mut known = Known {
            lives,
            ..Known::default()
        };
        for (what, begun_at) in rows {
            match (begun_at, what) {
                (0, oldest) => known.oldest = oldest,
                (at, Some(target)) => {
                    let target = serde_json::from_str(&target).ok();
                    known.before.extend(target.map(|target| (at, target)));
                }
                (_, None) => {}
            }
        }
        Ok(known)
    }
}
