//! API tokens, as those of Django REST framework: one a user, the same at every login, good until it is reset. Only a
//! hash is stored: the token is made again from the user's number, a salt in the row and the signing secret. It is
//! looked up at every use, so that a reset is in force at once, and on every node.

mod make;
mod uses;

pub use make::is_well_formed;

use std::sync::atomic::{AtomicU64, Ordering};

use secrecy::{ExposeSecret, SecretString};

use crate::account::{Authenticated, COMMAND_LINE, Whose};
use crate::clock::UnixSeconds;
use crate::error::{ApiTokenError, Error, Result};
use crate::event::{Event, Kind};
use crate::lifecycle::{Actor, Ended, hand_on_all};
use crate::state::Server;
use crate::store::{self, Origin, Store, Tx, User};
use crate::throttle::remember_device;
use crate::token::{UserId, sha256};

use make::Maker;
use uses::Uses;

/// What events call it.
const WHAT: &str = "the API token";

/// What a server needs to make API tokens and to note their use.
pub struct ApiTokens {
    maker: Maker,
    uses: Uses,
    resets: AtomicU64,
}

/// What becomes of the API token a user has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Existing {
    /// It is answered again.
    Keep,
    /// It is over, and another one is made.
    Replace,
}

/// What became of a login for an API token.
enum Fetched {
    Token(SecretString),
    PasswordChanged,
    DeviceRefused,
}

impl ApiTokens {
    /// API tokens that are made with this signing secret.
    #[must_use]
    pub fn new(secret: &SecretString) -> Self {
        Self {
            maker: Maker::new(secret),
            uses: Uses::default(),
            resets: AtomicU64::new(0),
        }
    }

    /// How many API tokens were reset here since the start: a copy of the database that does not know of one must not go
    /// unnoticed.
    #[must_use]
    pub fn resets(&self) -> u64 {
        self.resets.load(Ordering::Relaxed)
    }

    /// A user's API token, on the word of the command line; `None` when the user is gone.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn give(
        &self,
        store: &Store,
        user: &User,
        existing: Existing,
        now: UnixSeconds,
    ) -> store::Result<Option<SecretString>> {
        let (maker, id) = (self.maker.clone(), user.user_id());
        let event = |kind| Event::new(kind, now).of(user).by(COMMAND_LINE);
        let (made, reset) = (event(Kind::TokenCreated), event(Kind::TokenRevoked));
        let given = store.write(move |tx| {
            Box::pin(async move {
                if tx.lock_user(id).await?.is_none() {
                    return Ok(None);
                }
                if existing == Existing::Replace && tx.end_api_token(id).await? {
                    tx.note(reset.detail(WHAT)).await?;
                }
                give(tx, id, &maker, made).await.map(Some)
            })
        });
        given.await
    }
}

impl Server {
    /// The API token of the user of this name and password, made when there is none.
    ///
    /// # Errors
    /// Those of [`Server::admit`] and [`Server::authenticate`].
    pub async fn log_in_for_api_token(
        &self,
        username: &str,
        password: SecretString,
        origin: &Origin,
    ) -> Result<SecretString> {
        let fetch = async |found| self.fetch_api_token(&found, origin).await;
        self.with_password(Whose::Named(username), password, origin, fetch)
            .await
    }

    /// `None` when the password was changed meanwhile.
    async fn fetch_api_token(
        &self,
        found: &Authenticated,
        origin: &Origin,
    ) -> Result<Option<SecretString>> {
        let (now, user) = (self.clock.now(), found.user.user_id());
        let (claim, origin) = (self.claim(found, now), origin.clone());
        let device = self.arriving(&found.user, &origin);
        let maker = self.api_tokens.maker.clone();
        let event = |kind| Event::new(kind, now).of(&found.user).from(&origin);
        let (login, made) = (event(Kind::LoginSuccess), event(Kind::TokenCreated));
        let fetched = self.store.write(move |tx| {
            Box::pin(async move {
                if !claim.hold(tx).await? {
                    return Ok(Fetched::PasswordChanged);
                }
                // The token lasts for ever: whoever may not open a session from there may not have it either.
                if device.arrive(tx, None).await?.is_none() {
                    return Ok(Fetched::DeviceRefused);
                }
                claim.keep(tx).await?;
                remember_device(tx, user, &origin, now).await?;
                tx.note(login.detail(WHAT)).await?;
                let token = give(tx, user, &maker, made).await?;
                Ok::<_, Error>(Fetched::Token(token))
            })
        });
        match fetched.await? {
            Fetched::Token(token) => Ok(Some(token)),
            Fetched::PasswordChanged => Ok(None),
            Fetched::DeviceRefused => Err(Error::NoActiveAccount),
        }
    }

    /// The user an API token speaks for, asked of the database at every use.
    ///
    /// # Errors
    /// [`Error::ApiToken`]; [`Error::Database`].
    pub async fn verify_api_token(&self, token: &str) -> Result<User> {
        let found = self.user_of_api_token(token).await?;
        let user = found.ok_or(ApiTokenError::Invalid)?;
        if !self.may_log_in(user.is_active) {
            return Err(ApiTokenError::Inactive.into());
        }
        let now = self.clock.now();
        self.api_tokens.uses.note(user.user_id(), now);
        Ok(user)
    }

    /// Whose API token this is, whether they may use it or not. That it was looked up is no use of it.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn user_of_api_token(&self, token: &str) -> Result<Option<User>> {
        if !make::is_well_formed(token) {
            return Ok(None);
        }
        Ok(self.store.user_of_api_token(&sha256(token)).await?)
    }

    /// Ends a user's API token on an admin's word. Their next login makes another one.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn reset_api_token(
        &self,
        user: UserId,
        username: &str,
        actor: &Actor,
    ) -> Result<Ended> {
        let event = reset_event(user, username, actor, self.clock.now());
        let reset = self.store.write(move |tx| {
            Box::pin(async move {
                if !tx.end_api_token(user).await? {
                    return Ok(Ended::Before);
                }
                tx.note(event).await?;
                Ok::<_, Error>(Ended::Now)
            })
        });
        let ended = reset.await?;
        self.api_tokens.resets.fetch_add(1, Ordering::Relaxed);
        Ok(ended)
    }

    /// Hands on which API tokens were used. What can not be handed on now is kept for the next time.
    pub(crate) async fn hand_on_api_token_uses(&self) {
        let mut news = self.api_tokens.uses.take_news(self.clock.now());
        // Always in the same order: two nodes must not wait for each other.
        news.sort_unstable_by_key(|(user, _)| user.0);
        let note = async |used: Vec<_>| {
            let noted = self
                .store
                .write(move |tx| Box::pin(async move { tx.note_api_tokens_used(&used).await }));
            noted.await
        };
        hand_on_all(&news, "when API tokens were used", note, |rest| {
            self.api_tokens.uses.put_back(rest);
        })
        .await;
    }
}

/// The API token of a user whose row the transaction holds, so that two first logins do not make one each. `made` is
/// noted where there is none that can be made again.
async fn give(
    tx: &mut Tx,
    user: UserId,
    maker: &Maker,
    made: Event,
) -> store::Result<SecretString> {
    if let Some(kept) = tx.api_token(user).await? {
        let token = maker.make(user, &kept.salt);
        // With another signing secret than it was made with, nobody can make it again.
        if sha256(token.expose_secret()) == kept.sha256 {
            return Ok(token);
        }
    }
    let (token, row) = maker.make_anew(user);
    tx.put_api_token(user, &row, made.at).await?;
    tx.note(made.detail(WHAT)).await?;
    Ok(token)
}

/// An admin reset the API token of this user.
pub(crate) fn reset_event(user: UserId, username: &str, actor: &Actor, at: UnixSeconds) -> Event {
    Event::new(Kind::TokenRevoked, at)
        .user(user, username)
        .from(&actor.origin)
        .by(&actor.name)
        .detail(format!("{WHAT}: {}", actor.note))
}
