//! A login opens a session. The password is checked before the transaction, because that takes long, and found
//! unchanged within it.

use app::api::TokenPair;
use secrecy::SecretString;

use super::issue::Grant;
use crate::account::Authenticated;
use crate::error::{Error, Result};
use crate::state::Server;
use crate::store::{NewSession, Origin, Tx, User};
use crate::throttle::remember_device;
use crate::token::{Generation, SessionId, TokenType};

/// How often a password is checked again because its hash changed meanwhile.
const ATTEMPTS: usize = 4;

/// A login to the admin: the token for its cookie, and how long that lives.
pub struct Login {
    /// The compact token.
    pub token: String,
    /// Seconds until it expires.
    pub lifetime: i64,
}

impl Server {
    /// Opens a session for the user of this name and password and issues its first pair of tokens.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn log_in(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<TokenPair> {
        self.admit(username, origin).await?;
        for _ in 0..ATTEMPTS {
            let found = self.authenticate(username, password.clone()).await?;
            if let Some(pair) = self.open_pair(&found, origin).await? {
                return Ok(pair);
            }
        }
        Err(Error::Busy)
    }

    /// Opens a session of the admin for a member of staff.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`]; [`Error::NoActiveAccount`] also for everybody else.
    pub async fn log_in_to_admin(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<Login> {
        self.admit(username, origin).await?;
        for _ in 0..ATTEMPTS {
            let found = self.authenticate(username, password.clone()).await?;
            if !may_see_admin(&found.user) {
                return Err(Error::NoActiveAccount);
            }
            if let Some(login) = self.open_admin(&found, origin).await? {
                return Ok(login);
            }
        }
        Err(Error::Busy)
    }

    /// `None` when the password was changed meanwhile.
    async fn open_pair(&self, found: &Authenticated, origin: &Origin) -> Result<Option<TokenPair>> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        if !self.confirm(&mut tx, found, now).await? {
            return Ok(None);
        }
        let ends = now + self.settings.session_lifetime.get();
        let refresh_exp = self.refresh_expiry(now, ends);
        let access_exp = self.access_expiry(now, ends);
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: ends,
            tokens_expire_at: refresh_exp.max(access_exp),
        };
        let grant = open(&mut tx, &session, &found.user, origin).await?;
        let (refresh, parent) = self
            .issue(&mut tx, &grant, TokenType::Refresh, refresh_exp, None)
            .await?;
        let (access, _) = self
            .issue(&mut tx, &grant, TokenType::Access, access_exp, Some(parent))
            .await?;
        tx.commit().await?;
        Ok(Some(TokenPair { refresh, access }))
    }

    /// `None` when the password was changed meanwhile.
    async fn open_admin(&self, found: &Authenticated, origin: &Origin) -> Result<Option<Login>> {
        let mut tx = self.store.begin().await?;
        let now = self.clock.now();
        if !self.confirm(&mut tx, found, now).await? {
            return Ok(None);
        }
        let lifetime = self.settings.admin_session_lifetime.get();
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: now + lifetime,
            tokens_expire_at: now + lifetime,
        };
        let grant = open(&mut tx, &session, &found.user, origin).await?;
        let (token, _) = self
            .issue(&mut tx, &grant, TokenType::Admin, now + lifetime, None)
            .await?;
        tx.commit().await?;
        Ok(Some(Login { token, lifetime }))
    }
}

/// Staff who are active: what `CHECK_USER_IS_ACTIVE` lets into the API does not open the admin.
#[must_use]
pub fn may_see_admin(user: &User) -> bool {
    user.is_staff && user.is_active
}

async fn open<'a>(
    tx: &mut Tx,
    session: &NewSession,
    user: &User,
    origin: &'a Origin,
) -> Result<Grant<'a>> {
    tx.open_session(session).await?;
    remember_device(tx, user.user_id(), origin, session.opened_at).await?;
    Ok(Grant {
        user_id: user.user_id(),
        session_id: session.id,
        generation: Generation::FIRST,
        now: session.opened_at,
        origin,
    })
}
