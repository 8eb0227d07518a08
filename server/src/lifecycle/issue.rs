//! Makes tokens for a session, and the rows that put them on record.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::activity::Counted;
use crate::clock::UnixSeconds;
use crate::error::{Error, Result};
use crate::hooks::{CustomClaims, Hooks, Issued};
use crate::state::Server;
use crate::store::{NewToken, Origin, TokenId, User};
use crate::token::{Expect, Generation, Jti, Minted, Recipe, SessionId, TokenType, UserId, sha256};

/// How long an access token may live: as long as `ACCESS_TOKEN_LIFETIME` says, or less where its client wants that.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AccessLifetime(Option<i64>);

impl AccessLifetime {
    /// As long as the setting says.
    pub const FULL: Self = Self(None);

    /// At most so many seconds, and never longer than the setting says.
    #[must_use]
    pub fn at_most(seconds: i64) -> Self {
        Self(Some(seconds))
    }

    fn within(self, most: i64) -> i64 {
        self.0.map_or(most, |seconds| seconds.min(most))
    }
}

/// What all tokens that one request issues share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grant<'a> {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub generation: Generation,
    pub now: UnixSeconds,
    pub origin: &'a Origin,
    /// What an embedding application adds.
    pub custom: &'a CustomClaims,
    /// The mark of the user's password, where tokens carry it.
    pub password_mark: Option<&'a str>,
    /// How long an access token may live.
    pub access_lifetime: AccessLifetime,
}

impl Grant<'_> {
    fn issued<'t>(&'t self, tokens: &'t [(TokenType, UnixSeconds)]) -> Issued<'t> {
        Issued {
            user: self.user_id,
            session: self.session_id,
            generation: self.generation,
            tokens,
            origin: self.origin,
        }
    }
}

impl Server {
    /// Tells hooks of the tokens of a login, which are on record now.
    pub(super) fn tell_issued(&self, grant: &Grant<'_>, tokens: &[(TokenType, UnixSeconds)]) {
        self.tell(|hooks| hooks.on_tokens_issued(&grant.issued(tokens)));
    }

    /// Counts a refresh, and tells hooks of its tokens, which are on record now.
    pub(super) fn tell_refreshed(&self, grant: &Grant<'_>, tokens: &[(TokenType, UnixSeconds)]) {
        let activity = &self.store.outlet().activity;
        activity.count(Counted::Refreshes, grant.now);
        self.tell(|hooks| hooks.on_tokens_refreshed(&grant.issued(tokens)));
    }

    /// A hook that panics costs nobody an answer.
    fn tell(&self, hear: impl Fn(&dyn Hooks)) {
        if let Some(hooks) = self.store.outlet().hooks()
            && catch_unwind(AssertUnwindSafe(|| hear(hooks))).is_err()
        {
            tracing::error!("a hook panicked");
        }
    }

    /// Signs a token that expires at `exp`, issued for `parent`. It must not leave before its row is committed.
    pub(super) fn make(
        &self,
        grant: &Grant<'_>,
        token_type: TokenType,
        exp: UnixSeconds,
        parent: Option<TokenId>,
    ) -> (String, NewToken) {
        let minted = self.keys.mint(Recipe {
            token_type,
            jti: Jti::at(grant.now),
            iat: grant.now,
            exp,
            user_id: grant.user_id,
            session_id: grant.session_id,
            generation: grant.generation,
            refresh_exp: None,
            password_mark: grant.password_mark.map(str::to_owned),
            custom: grant.custom.clone(),
        });
        let row = row(&minted, TokenId::next(), parent);
        (minted.compact, row)
    }

    /// What an embedding application adds to the tokens of a user; nothing where there is none.
    pub(super) async fn custom_claims(&self, user: &User) -> Result<CustomClaims> {
        let Some(hooks) = self.store.outlet().hooks() else {
            return Ok(CustomClaims::new());
        };
        let mut claims = hooks.claims(user).await.map_err(Error::Hook)?;
        let names = self.keys.names();
        claims.retain(|name, _| !names.is_taken(name));
        Ok(claims)
    }

    /// The same for a refresh, which does not know more of the user than the number.
    pub(super) async fn custom_claims_of(&self, id: UserId) -> Result<CustomClaims> {
        if self.store.outlet().hooks().is_none() {
            return Ok(CustomClaims::new());
        }
        let user = self.store.user(id).await?;
        let user = user.ok_or(Error::NoActiveAccountForToken)?;
        self.custom_claims(&user).await
    }

    /// When an access token issued now in a session that ends at `session_end` expires.
    pub(super) fn access_expiry(
        &self,
        now: UnixSeconds,
        session_end: UnixSeconds,
        lifetime: AccessLifetime,
    ) -> UnixSeconds {
        let most = self.settings.access_token_lifetime.get();
        session_end.min(now + lifetime.within(most))
    }

    /// For how many more seconds a refresh token can be presented; zero for what is none.
    pub(crate) fn refresh_life(&self, compact: &str) -> i64 {
        let (now, leeway) = (self.clock.now(), self.settings.leeway.get());
        let expect = Expect::Only(TokenType::Refresh);
        let verified = self.keys.verify(compact, expect, now, leeway);
        verified.map_or(0, |verified| (verified.claims.exp - now).max(0))
    }

    /// The session of a token that was signed here and has not run out, live or over.
    pub(crate) fn session_of(&self, compact: &str) -> Option<SessionId> {
        let (now, leeway) = (self.clock.now(), self.settings.leeway.get());
        let verified = self.keys.verify(compact, Expect::Any, now, leeway).ok()?;
        verified.claims.session.map(|(id, _)| id)
    }

    /// When a refresh token issued now in a session that ends at `session_end` expires: rotation never leads past
    /// the session's absolute end (RFC 9700, section 2.2.2).
    pub(super) fn refresh_expiry(&self, now: UnixSeconds, session_end: UnixSeconds) -> UnixSeconds {
        session_end.min(now + self.settings.refresh_token_lifetime.get())
    }
}

pub(super) fn row(minted: &Minted, id: TokenId, parent: Option<TokenId>) -> NewToken {
    let recipe = &minted.recipe;
    NewToken {
        id,
        jti: recipe.jti.clone(),
        sha256: sha256(&minted.compact),
        token_type: recipe.token_type,
        user_id: Some(recipe.user_id),
        session_id: recipe.session_id,
        parent,
        generation: recipe.generation,
        created_at: recipe.iat,
        expires_at: recipe.exp,
    }
}

/// What hooks are told of tokens that were put on record.
pub(super) fn told(rows: &[NewToken]) -> Vec<(TokenType, UnixSeconds)> {
    let told = rows.iter().map(|row| (row.token_type, row.expires_at));
    told.collect()
}
