//! Explains a token to who has it in hand: what it says, what is on record of it, and what would come of its use. The
//! answers are those of the operations themselves; nothing is used, noted, ended or adopted, and no other issuer is asked.

use serde_json::Value;

use super::foreign::Found;
use super::refresh::refused;
use crate::error::{Error, Result};
use crate::session::{Decision, Device, EndReason, Phase, Refusal, decide};
use crate::state::Server;
use crate::store::{RecordedToken, SessionRow, User};
use crate::token::{
    Claims, Expect, Explanation, Jti, TokenError, TokenType, UserId, Verified, sha256,
};

/// All there is to say of a token.
#[derive(Debug)]
pub struct Explained {
    /// What it says, and whether it holds as far as that can be known without a record.
    pub token: Explanation,
    /// What is on record by the name it claims, signed or not.
    pub record: Option<RecordedToken>,
    /// The record is of this very token: the hash is the same.
    pub is_same: bool,
    /// The user it claims to speak for, if there is one.
    pub user: Option<User>,
    /// How `POST /api/token/verify/` would refuse it; `None` if it would not.
    pub at_verify: Option<Error>,
    /// How a request that comes with it would be refused; `None` if it would not.
    pub as_bearer: Option<Error>,
    /// What would come of its exchange for others.
    pub as_refresh: Outlook,
    /// The device that began the generation its session is in.
    pub began_by: Option<Device>,
}

/// What would come of a token's exchange for others.
#[derive(Debug)]
pub enum Outlook {
    /// It would be refused. Nothing changes.
    Refused(Error),
    /// The password was changed since: it would be refused, and its session end.
    EndsForPassword,
    /// A decision on its session.
    Decided {
        /// From the device that began the session's generation.
        here: Decision,
        /// From any other.
        elsewhere: Decision,
    },
    /// It is another issuer's: a session would be opened for it.
    Adopted,
    /// A sliding token: it would be exchanged for itself with a later end.
    Slides,
}

/// What is on record of a token that holds; what it is refused for where nothing can be.
type Recorded = std::result::Result<Option<SessionRow>, TokenError>;

impl Server {
    /// Explains `compact`.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn explain(&self, compact: &str) -> Result<Explained> {
        let (now, leeway) = (self.clock.now(), self.settings.leeway.get());
        let token = self.keys.explain(compact, Expect::Any, now, leeway);
        let record = match token
            .payload
            .as_ref()
            .and_then(|said| self.claimed_jti(said))
        {
            Some(jti) => self.store.recorded_token(&jti).await?,
            None => None,
        };
        let user = match token
            .payload
            .as_ref()
            .and_then(|said| self.claimed_user(said))
        {
            Some(id) => self.store.user(id).await?,
            None => None,
        };
        let recorded = match &token.verified {
            // Memory says of an access token whether it was revoked, and nothing is exchanged for one.
            Some(verified) if verified.token_type != Some(TokenType::Access) => {
                self.look_up(&verified.claims).await?
            }
            Some(_) | None => Ok(None),
        };
        let hash = sha256(compact);
        Ok(Explained {
            is_same: record.as_ref().is_some_and(|record| record.sha256 == hash),
            at_verify: refusal(self.would_verify(&token, &recorded).await)?,
            as_bearer: refusal(self.would_accept(compact, user.clone()).await)?,
            as_refresh: self
                .would_exchange(compact, &recorded, user.as_ref())
                .await?,
            began_by: recorded.ok().flatten().map(|row| row.session.rotation.by),
            token,
            record,
            user,
        })
    }

    fn claimed_jti(&self, payload: &Value) -> Option<Jti> {
        Jti::parse(payload.get(&self.keys.names().jti)?.as_str()?)
    }

    fn claimed_user(&self, payload: &Value) -> Option<UserId> {
        let claimed = payload.get(&self.keys.names().user_id)?;
        let number = claimed.as_str().map(str::parse);
        match number {
            Some(number) => number.ok().map(UserId),
            None => claimed.as_i64().map(UserId),
        }
    }

    async fn look_up(&self, claims: &Claims) -> Result<Recorded> {
        match self.recorded(claims).await {
            Ok(row) => Ok(Ok(row)),
            Err(Error::Token { error, .. }) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }

    async fn would_verify(&self, token: &Explanation, recorded: &Recorded) -> Result<()> {
        let Some(verified) = &token.verified else {
            let error = token.failure().map(|(_, error)| error);
            return Err(error.unwrap_or(TokenError::Invalid).into());
        };
        if is_kept_in_memory(verified) {
            self.judge_bearer(verified).await?;
        } else {
            let row = recorded.clone()?;
            self.judge_row(&verified.claims, row).await?;
        }
        Ok(())
    }

    async fn would_accept(&self, compact: &str, user: Option<User>) -> Result<()> {
        let expect = Expect::OneOf(&self.settings.auth_token_types);
        let verified = self.read_here(compact, expect);
        let verified = verified.map_err(|error| self.not_accepted(error.into(), None))?;
        self.accept(&verified).await?;
        verified.claims.user_id.ok_or(Error::NoUserId)?;
        self.check_caller(&verified, user)?;
        if self.is_password_changed(&verified.claims).await? {
            return Err(Error::PasswordChanged);
        }
        Ok(())
    }

    async fn would_exchange(
        &self,
        compact: &str,
        recorded: &Recorded,
        user: Option<&User>,
    ) -> Result<Outlook> {
        let claimed = self.read_here(compact, Expect::Any).ok();
        let wanted = match claimed.and_then(|verified| verified.token_type) {
            Some(TokenType::Sliding) => TokenType::Sliding,
            _ => TokenType::Refresh,
        };
        let verified = match self.read_here(compact, Expect::Only(wanted)) {
            Ok(verified) => verified,
            Err(error) => return Ok(Outlook::Refused(error.into())),
        };
        let claims = &verified.claims;
        let is_changed = self.is_password_changed(claims).await?;
        match self.outlook(claims, wanted, recorded, user, is_changed) {
            Err(Error::Database(error)) => Err(error.into()),
            Err(error) => Ok(Outlook::Refused(error)),
            Ok(Outlook::Adopted) => {
                let refused = refusal(self.judge_row(claims, None).await.map(drop))?;
                Ok(refused.map_or(Outlook::Adopted, Outlook::Refused))
            }
            Ok(outlook) => Ok(outlook),
        }
    }

    /// What would come of the exchange of a token that holds, in the order in which it is decided.
    fn outlook(
        &self,
        claims: &Claims,
        wanted: TokenType,
        recorded: &Recorded,
        user: Option<&User>,
        is_changed: bool,
    ) -> Result<Outlook> {
        claims.user_id.ok_or(Error::NoUserId)?;
        let Some(row) = recorded.clone()? else {
            return match user {
                Some(user) if self.may_log_in(user.is_active) => Ok(Outlook::Adopted),
                _ => Err(Error::NoActiveAccountForToken),
            };
        };
        if is_changed {
            return match row.session.phase {
                Phase::Live => Ok(Outlook::EndsForPassword),
                Phase::Ended { reason, .. } if reason != EndReason::Password => {
                    Err(refused(Refusal::Ended(reason)))
                }
                Phase::Ended { .. } => Err(Error::PasswordChangedForToken),
            };
        }
        self.check_recorded_type(&row, wanted)?;
        let here = row.session.rotation.by.clone();
        let mut found = Found::new(row, claims, here)?;
        let (id, current) = (found.session.id, found.session.generation);
        found.session.rotation.received |= self.registry.receipts.has(id, current);
        self.check_user(&found)?;
        let now = self.clock.now();
        let here = decide(&found.session, &found.presented, now, self.rules());
        // An empty mark is equal to no device.
        found.presented.device = Device::from_mark(String::new());
        let elsewhere = decide(&found.session, &found.presented, now, self.rules());
        match (wanted, here) {
            (_, Decision::Refuse(refusal)) => Err(refused(refusal)),
            (TokenType::Sliding, Decision::Rotate { .. } | Decision::Renew) => {
                self.refresh_end(claims).map(|_| Outlook::Slides)
            }
            (TokenType::Sliding, _) => Err(refused(Refusal::Spent)),
            _ => Ok(Outlook::Decided { here, elsewhere }),
        }
    }

    /// Reads a token with the keys that are known here.
    fn read_here(
        &self,
        compact: &str,
        expect: Expect<'_>,
    ) -> std::result::Result<Verified, TokenError> {
        let leeway = self.settings.leeway.get();
        self.keys.verify(compact, expect, self.clock.now(), leeway)
    }
}

/// Whether memory says of such a token if it was revoked, and no row has to be read.
fn is_kept_in_memory(verified: &Verified) -> bool {
    match verified.token_type {
        Some(TokenType::Access) => true,
        Some(TokenType::Sliding) => verified.claims.session.is_some(),
        Some(TokenType::Refresh | TokenType::Admin) | None => false,
    }
}

/// The refusal in an answer, if it is one; trouble is none.
fn refusal(answer: Result<()>) -> Result<Option<Error>> {
    match answer {
        Ok(()) => Ok(None),
        Err(error @ Error::Database(_)) => Err(error),
        Err(error) => Ok(Some(error)),
    }
}
