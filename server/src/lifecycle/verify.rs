//! Does a token hold now, revocation included? For an access token this is a signature and a look into memory, as
//! long as memory can be trusted; only a refresh token, which is presented rarely, asks the database.

use super::foreign::Found;
use super::refresh::refused;
use crate::clock::UnixSeconds;
use crate::error::{Error, NotForAny, Result};
use crate::issuer_keys::IssuerKeysError;
use crate::registry::Known;
use crate::session::{Decision, Device, decide};
use crate::state::Server;
use crate::store::{SessionRow, StoreError};
use crate::token::{Claims, Expect, TokenError, TokenType, Verified};

/// Why a token that came with a request is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It does not hold.
    #[error("Given token not valid for any token type")]
    Token(NotForAny),
    /// Its user's password was changed since, and its session ended with that (`CHECK_REVOKE_TOKEN`).
    #[error("The user's password has been changed.")]
    PasswordChanged,
    /// Its issuer's keys are not known now.
    #[error(transparent)]
    IssuerKeys(#[from] IssuerKeysError),
    /// Memory is too old to be trusted, and the database does not answer.
    #[error(transparent)]
    Database(#[from] StoreError),
}

/// What it proves that a token was found good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Proof {
    /// Whoever has this token received the answer it came in.
    Received,
    /// Nothing.
    None,
}

impl From<AccessError> for Error {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Token(refusals) => Self::AccessToken(refusals),
            AccessError::PasswordChanged => Self::PasswordChanged,
            AccessError::IssuerKeys(error) => Self::IssuerKeys(error),
            AccessError::Database(error) => error.into(),
        }
    }
}

impl Server {
    /// Verifies a token of any type.
    ///
    /// # Errors
    /// [`Error::Token`] when it does not hold; [`Error::Database`].
    pub async fn verify(&self, compact: &str) -> Result<()> {
        let verified = self.read_token(compact, Expect::Any).await?;
        match verified.token_type {
            Some(TokenType::Access | TokenType::Sliding) => {
                self.check_bearer(&verified).await?;
                // Whoever asks is most often a service, whose address says nothing of the session.
                if let Some((session, _)) = verified.claims.session {
                    self.watch.sightings.note(session, None, self.clock.now());
                }
            }
            Some(TokenType::Refresh | TokenType::Admin) | None => {
                let proof = self.judge_recorded(&verified.claims).await?;
                self.note_proof(&verified.claims, proof);
            }
        }
        Ok(())
    }

    /// Verifies a token that came with a request, without any I/O while memory can be trusted. It must be of one of the
    /// types in `AUTH_TOKEN_TYPES`.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub async fn verify_access(&self, compact: &str) -> std::result::Result<Verified, AccessError> {
        let expect = Expect::OneOf(&self.settings.auth_token_types);
        let verified = match self.read_token(compact, expect).await {
            Ok(verified) => verified,
            Err(error) => return Err(self.not_accepted(error, None)),
        };
        let proof = self.accept(&verified).await?;
        self.note_proof(&verified.claims, proof);
        Ok(verified)
    }

    /// Whether a token that holds, and is of one of the types in `AUTH_TOKEN_TYPES`, is accepted with a request. Notes
    /// nothing.
    pub(super) async fn accept(
        &self,
        verified: &Verified,
    ) -> std::result::Result<Proof, AccessError> {
        let error = match self.judge_bearer(verified).await {
            Ok(proof) => return Ok(proof),
            Err(error) => error,
        };
        let is_refused = matches!(error, Error::Token { .. });
        if is_refused
            && self.settings.check_revoke_token
            && self.is_password_changed(&verified.claims).await?
        {
            return Err(AccessError::PasswordChanged);
        }
        Err(self.not_accepted(error, verified.token_type))
    }

    /// Why none of the accepted types has a place for a token that is of the type `claimed`, where that is known.
    #[must_use]
    pub fn not_for_any(&self, error: TokenError, claimed: Option<TokenType>) -> NotForAny {
        let types = self.settings.auth_token_types.iter();
        NotForAny(
            types
                .map(|wanted| match claimed {
                    Some(claimed) if claimed != *wanted => (*wanted, TokenError::WrongType),
                    _ => (*wanted, error),
                })
                .collect(),
        )
    }

    pub(super) fn not_accepted(&self, error: Error, claimed: Option<TokenType>) -> AccessError {
        match error {
            Error::Token { error, .. } => AccessError::Token(self.not_for_any(error, claimed)),
            Error::IssuerKeys(error) => AccessError::IssuerKeys(error),
            Error::Database(error) => AccessError::Database(error),
            _ => AccessError::Token(self.not_for_any(TokenError::Invalid, claimed)),
        }
    }

    /// Whether a token that comes with requests is good, revocation included; that it was used is noted.
    pub(super) async fn check_bearer(&self, verified: &Verified) -> Result<()> {
        let proof = self.judge_bearer(verified).await?;
        self.note_proof(&verified.claims, proof);
        Ok(())
    }

    /// The same. Notes nothing.
    pub(super) async fn judge_bearer(&self, verified: &Verified) -> Result<Proof> {
        let claims = &verified.claims;
        match verified.token_type {
            // One that was adopted is known by its name alone, and its session by the record alone.
            Some(TokenType::Sliding) if claims.session.is_none() => {
                self.judge_recorded(claims).await
            }
            // It could be refreshed.
            Some(TokenType::Sliding) => self.judge_access(claims, true).await,
            // Where tokens do not say what they are, this may be a refresh token, which outlives what memory keeps of an
            // ended session: that is only as long as its access tokens could live.
            None if self.keys.names().token_type.is_none() => self.judge_recorded(claims).await,
            _ => {
                let ends_with_session = self.ends_with_session(claims);
                self.judge_access(claims, ends_with_session).await
            }
        }
    }

    fn note_proof(&self, claims: &Claims, proof: Proof) {
        match proof {
            Proof::Received => self.registry.receipts.note(claims, self.clock.now()),
            Proof::None => {}
        }
    }

    /// Whether an access token is over with its session. Under `IMMEDIATE_REVOCATION=false` a short-lived one lives on until
    /// it expires. A lone token (`lone.rs`) is told by its long life, and would live on for a day.
    fn ends_with_session(&self, claims: &Claims) -> bool {
        let short = self.settings.access_token_lifetime.get();
        let is_longer = |iat: UnixSeconds| claims.exp.saturating_sub(iat) > short;
        self.settings.immediate_revocation || claims.iat.is_none_or(is_longer)
    }

    /// Whether an access token whose signature and times are good was revoked.
    async fn judge_access(&self, claims: &Claims, ends_with_session: bool) -> Result<Proof> {
        if claims.session.is_none() && !self.settings.adopt_foreign_tokens {
            return Err(TokenError::Invalid.into());
        }
        let known = if ends_with_session {
            self.registry.ask_with_session(claims)
        } else {
            self.registry.ask(claims)
        };
        let revoked = match known {
            Known::Good => false,
            Known::Revoked => true,
            Known::Unsure => self.is_revoked_on_record(claims, ends_with_session).await?,
        };
        if revoked {
            return Err(TokenError::Blacklisted.into());
        }
        Ok(Proof::Received)
    }

    async fn is_revoked_on_record(
        &self,
        claims: &Claims,
        ends_with_session: bool,
    ) -> std::result::Result<bool, StoreError> {
        let session = claims.session.map(|(id, _)| id);
        let facts = self
            .store
            .access_facts(session, &claims.jti, claims.user_id)
            .await?;
        let revoked = match session {
            Some(_) => facts.ended && ends_with_session,
            None => claims.is_older_than(facts.user_cut_off.max(facts.cut_off)),
        };
        Ok(revoked || facts.blacklisted)
    }

    /// A refresh token holds if it could be refreshed now. Of any other token the registry can only say whether it,
    /// or its session, is over.
    async fn judge_recorded(&self, claims: &Claims) -> Result<Proof> {
        let row = self.recorded(claims).await?;
        self.judge_row(claims, row).await
    }

    /// The session of a token that has to be looked up; `None` for one of another issuer that was not adopted yet.
    pub(super) async fn recorded(&self, claims: &Claims) -> Result<Option<SessionRow>> {
        match claims.session {
            Some((id, _)) => {
                let row = self.store.session(id, &claims.jti).await?;
                Ok(Some(row.ok_or(TokenError::Invalid)?))
            }
            None if self.settings.adopt_foreign_tokens => {
                Ok(self.store.session_of_token(&claims.jti).await?)
            }
            None => Err(TokenError::Invalid.into()),
        }
    }

    /// Whether a token holds whose session was looked up.
    pub(super) async fn judge_row(
        &self,
        claims: &Claims,
        row: Option<SessionRow>,
    ) -> Result<Proof> {
        let Some(row) = row else {
            let facts = self
                .store
                .access_facts(None, &claims.jti, claims.user_id)
                .await?;
            let is_over = claims.is_older_than(facts.user_cut_off.max(facts.cut_off));
            return if is_over {
                Err(TokenError::Blacklisted.into())
            } else {
                Ok(Proof::None)
            };
        };
        let recorded = row.token.and_then(|token| token.token_type);
        if recorded == Some(TokenType::Access) {
            // Where tokens do not say what they are, the record does.
            let ends_with_session = self.ends_with_session(claims);
            return self.judge_access(claims, ends_with_session).await;
        }
        self.check_everyones_end(row.session.id, claims).await?;
        let found = Found::new(row, claims, Device::of(""))?;
        match decide(
            &found.session,
            &found.presented,
            self.clock.now(),
            self.rules(),
        ) {
            Decision::Rotate { .. } | Decision::Renew => Ok(Proof::None),
            Decision::Replay(_) | Decision::End(_) => Err(TokenError::Blacklisted.into()),
            Decision::Refuse(refusal) => Err(refused(refusal)),
        }
    }
}
