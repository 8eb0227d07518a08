//! Sessions of clients that know one token only, as RealWorld's do: an access token that was issued for no refresh
//! token, and lives as long as one would. It is renewed by being used, once in half of its life however often that is, and
//! never beyond the session's end.
//!
//! Only a lone token is renewed. An access token that came with a refresh token stays as short-lived as it is, or a
//! stolen one would be as good as the refresh token.

use secrecy::SecretString;

use super::issue::{AccessLifetime, Grant};
use super::open::first_grant;
use super::watch::{Passed, Refreshing};
use crate::account::{Authenticated, Whose};
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::session::{Device, Session};
use crate::state::Server;
use crate::store::{IssuedRow, NewSession, Origin, Step, StoreError, Stride, User};
use crate::token::{Claims, SessionId, TokenType};

impl Server {
    /// Opens a session for the user with this e-mail address and password and issues its lone token.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn log_in_alone(
        &self,
        email: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<(User, String)> {
        let open = async |found: Authenticated| {
            let token = self.open_alone(&found, origin).await?;
            Ok(token.map(|token| (found.user, token)))
        };
        self.with_password(Whose::At(email), password, origin, open)
            .await
    }

    /// Opens a session with a lone token. `None` when the password was changed meanwhile.
    ///
    /// # Errors
    /// [`Error::NoActiveAccount`] when the user was shut out since; [`Error::Database`].
    pub async fn open_alone(
        &self,
        found: &Authenticated,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let now = self.clock.now();
        let ends = now + self.settings.session_lifetime.get();
        let exp = self.refresh_expiry(now, ends);
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: ends,
            tokens_expire_at: exp,
            access_expires_at: exp,
            confirmed_at: 0,
            client: String::new(),
        };
        let custom = self.custom_claims(&found.user).await?;
        let mark = self.mark_of(found.user.user_id()).await?;
        let grant = Grant {
            password_mark: mark.as_deref(),
            ..first_grant(&session, &found.user, origin, &custom)
        };
        let (token, row) = self.make(&grant, TokenType::Access, exp, None);
        let opened = self.open(found, session, vec![row], origin).await?;
        if opened {
            self.tell_issued(&grant, &[(TokenType::Access, exp)]);
        }
        Ok(opened.then_some(token))
    }

    /// A fresh lone token in place of one more than half of whose life is over. `None` where that is good enough, where
    /// a fresh one would not live longer, where the session is over, and where `SESSION_NETWORK` forbids. The old one lives
    /// on: an answer can get lost. Whoever presents it again gets the same fresh one, for as long as that is good enough.
    ///
    /// # Errors
    /// [`Error::Token`] when an anomaly ends the session; [`Error::Database`].
    pub async fn renew_alone(
        &self,
        claims: &Claims,
        session_ends: UnixSeconds,
        origin: &Origin,
    ) -> Result<Option<String>> {
        let now = self.clock.now();
        let exp = self.refresh_expiry(now, session_ends);
        let (Some(user_id), Some((session_id, generation))) = (claims.user_id, claims.session)
        else {
            return Ok(None);
        };
        let Some(iat) = claims.iat.filter(|iat| is_half_over(*iat, claims.exp, now)) else {
            return Ok(None);
        };
        if exp <= claims.exp {
            return Ok(None);
        }
        let Some(row) = self.store.session(session_id, &claims.jti).await? else {
            return Ok(None);
        };
        let refreshing = Refreshing {
            session: &row.session,
            user_id,
            origin,
            burst: None,
            now,
        };
        let passed = match self.watch(&refreshing).await {
            Ok(Some(passed)) => passed,
            Ok(None) | Err(Error::NetworkNotAllowed) => return Ok(None),
            Err(error) => return Err(error),
        };
        let custom = self.custom_claims_of(user_id).await?;
        let grant = Grant {
            user_id,
            session_id,
            generation,
            now,
            origin,
            custom: &custom,
            password_mark: claims.password_mark.as_deref(),
            access_lifetime: AccessLifetime::FULL,
        };
        let younger = self.store.lone_token_since(session_id, iat).await?;
        let is_good_enough = |younger: &IssuedRow| {
            !is_half_over(younger.created_at, younger.expires_at, now) || exp <= younger.expires_at
        };
        if let Some(younger) = younger.filter(is_good_enough) {
            self.note_passing(&row.session, passed, origin).await?;
            let token = self.make_again(&younger, TokenType::Access, &grant)?;
            return Ok(Some(token));
        }
        let Passed { trail, notices } = passed;
        let (token, row) = self.make(&grant, TokenType::Access, exp, None);
        let step = Step {
            session: session_id,
            from: generation,
            stride: Stride::Extend,
            at: now,
            check_user_is_active: self.settings.check_user_is_active,
            device: Device::of(&origin.user_agent),
            tokens: vec![row],
            spent: None,
            origin: origin.clone(),
            trail,
            events: notices,
        };
        Ok(self.take(step, &grant).await?.then_some(token))
    }

    /// Keeps what was odd about a request that issues nothing. Where nothing was, nothing is written.
    async fn note_passing(
        &self,
        session: &Session,
        Passed { trail, notices }: Passed,
        origin: &Origin,
    ) -> Result<()> {
        if trail.network == session.trail.network && notices.is_empty() {
            return Ok(());
        }
        let (id, ip) = (session.id, origin.ip.clone());
        let noted = self.store.write(move |tx| {
            Box::pin(async move {
                tx.move_session(id, &ip, &trail).await?;
                tx.note_all(notices).await
            })
        });
        let noted: std::result::Result<(), StoreError> = noted.await;
        Ok(noted?)
    }
}

fn is_half_over(iat: UnixSeconds, exp: UnixSeconds, now: UnixSeconds) -> bool {
    now - iat > exp - now
}
