//! A login opens a session.

use app::api::TokenPair;
use secrecy::SecretString;

use super::issue::Grant;
use crate::error::{Error, Result};
use crate::state::Server;
use crate::store::{NewSession, Origin, Tx, User};
use crate::token::{Generation, SessionId, TokenType};

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
    /// Those of [`Server::authenticate`].
    pub async fn log_in(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<TokenPair> {
        let user = self.authenticate(username, password).await?;
        let now = self.clock.now();
        let ends = now + self.settings.session_lifetime.get();
        let (refresh_exp, access_exp) = (
            self.refresh_expiry(now, ends),
            self.access_expiry(now, ends),
        );

        let mut tx = self.store.begin().await?;
        let grant = self
            .open(
                &mut tx,
                &user,
                ends,
                refresh_exp.max(access_exp),
                now,
                origin,
            )
            .await?;
        let (refresh, parent) = self
            .issue(&mut tx, &grant, TokenType::Refresh, refresh_exp, None)
            .await?;
        let (access, _) = self
            .issue(&mut tx, &grant, TokenType::Access, access_exp, Some(parent))
            .await?;
        tx.commit().await?;
        Ok(TokenPair { refresh, access })
    }

    /// Opens a session of the admin for a user who was authenticated and is staff.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`] when the user was shut out meanwhile; [`Error::Database`].
    pub async fn log_in_to_admin(&self, user: &User, origin: &Origin) -> Result<Login> {
        let now = self.clock.now();
        let lifetime = self.settings.admin_session_lifetime.get();
        let ends = now + lifetime;

        let mut tx = self.store.begin().await?;
        let grant = self.open(&mut tx, user, ends, ends, now, origin).await?;
        let (token, _) = self
            .issue(&mut tx, &grant, TokenType::Admin, ends, None)
            .await?;
        tx.commit().await?;
        Ok(Login { token, lifetime })
    }

    async fn open<'a>(
        &self,
        tx: &mut Tx,
        user: &User,
        expires_at: i64,
        tokens_expire_at: i64,
        now: i64,
        origin: &'a Origin,
    ) -> Result<Grant<'a>> {
        let user_id = user.user_id();
        let last_login = self.settings.update_last_login.then_some(now);
        match tx.lock_user(user_id, last_login).await? {
            Some(is_active) if self.may_log_in(is_active) => {}
            Some(_) | None => return Err(Error::NoActiveAccount),
        }
        let session_id = SessionId::new();
        let user_id_known = Some(user_id);
        let new = NewSession {
            id: session_id,
            user_id: user_id_known,
            opened_at: now,
            expires_at,
            tokens_expire_at,
        };
        tx.open_session(&new).await?;
        Ok(Grant {
            user_id,
            session_id,
            generation: Generation::FIRST,
            now,
            origin,
        })
    }
}
