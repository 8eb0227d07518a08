//! Users with what they say of themselves, in the table `users`.

use super::{Result, Store, Tx, User, fold, reading, writing};
use crate::clock::UnixSeconds;
use crate::token::{Jti, SessionId, UserId};

/// A user and what they say of themselves.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Profile {
    /// The user.
    #[sqlx(flatten)]
    pub user: User,
    /// A few words.
    pub bio: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
}

/// Who is in a session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InSession {
    /// Its user.
    #[sqlx(flatten)]
    pub profile: Profile,
    /// Its absolute end.
    pub expires_at: UnixSeconds,
    /// The token that was asked for is an access token that was issued for no refresh token.
    pub is_lone: bool,
}

/// What is to be changed of a profile; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// The name, as it is to be shown.
    pub username: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// A few words; none where it is empty.
    pub bio: Option<String>,
    /// The address of a picture; none where it is empty.
    pub image: Option<String>,
}

impl ProfileChange {
    /// The names of what is to be changed; `None` when nothing is.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let names = [
            ("username", self.username.is_some()),
            ("email", self.email.is_some()),
            ("bio", self.bio.is_some()),
            ("image", self.image.is_some()),
        ];
        let changed = names.into_iter().filter(|(_, is_changed)| *is_changed);
        let changed: Vec<_> = changed.map(|(name, _)| name).collect();
        (!changed.is_empty()).then(|| changed.join(", "))
    }
}

/// Which of a name and an address are somebody's already.
#[derive(Clone, Copy, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Taken {
    /// The name is, in some case.
    pub username: bool,
    /// The address is, in some case.
    pub email: bool,
}

impl Store {
    /// The user with this number.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn profile(&self, id: UserId) -> Result<Option<Profile>> {
        let profile = reading!(self, db => {
            sqlx::query_as(
                "select id, username, email, is_active, is_staff, is_superuser, date_joined, last_login,
                        tokens_valid_after, bio, image
                 from users where id = $1",
            )
            .bind(id.0)
            .fetch_optional(db)
            .await
        })?;
        Ok(profile)
    }

    /// Who is in a session that is live at `now`, and what the token `jti` of it is. `None` when it is over, or its user
    /// is gone.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn in_session(
        &self,
        id: SessionId,
        jti: &Jti,
        now: UnixSeconds,
    ) -> Result<Option<InSession>> {
        let found = reading!(self, db => {
            sqlx::query_as(
                "select u.id, u.username, u.email, u.is_active, u.is_staff, u.is_superuser, u.date_joined,
                        u.last_login, u.tokens_valid_after, u.bio, u.image, s.expires_at,
                        exists (select 1 from outstanding_tokens t
                                where t.jti = $2 and t.session_id = s.id and t.token_type = 'access'
                                  and t.parent_id is null) as is_lone
                 from sessions s
                 join users u on u.id = s.user_id
                 where s.id = $1 and s.ended_at is null and s.expires_at > $3",
            )
            .bind(id.to_string())
            .bind(jti.as_str())
            .bind(now)
            .fetch_optional(db)
            .await
        })?;
        Ok(found)
    }

    /// Whether somebody else than `except` has this name or address. An empty one is nobody's.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn taken(
        &self,
        username: &str,
        email: &str,
        except: Option<UserId>,
    ) -> Result<Taken> {
        let taken = reading!(self, db => {
            sqlx::query_as(
                "select exists (select 1 from users where username_folded = $1 and id <> $3) as username,
                        exists (select 1 from users where email_folded = $2 and email_folded <> '' and id <> $3)
                            as email",
            )
            .bind(fold(username))
            .bind(fold(email))
            // Numbers of users begin at 1.
            .bind(except.map_or(0, |id| id.0))
            .fetch_one(db)
            .await
        })?;
        Ok(taken)
    }
}

impl Tx {
    /// Changes a profile.
    ///
    /// # Errors
    /// [`super::StoreError::Conflict`] when the name, in any case, or the address is taken.
    pub async fn change_profile(&mut self, id: UserId, change: &ProfileChange) -> Result<()> {
        writing!(self, db => {
            sqlx::query(
                "update users set
                     username = coalesce($2, username), username_folded = coalesce($3, username_folded),
                     email = coalesce($4, email), email_folded = coalesce($5, email_folded),
                     bio = nullif(coalesce($6, bio), ''), image = nullif(coalesce($7, image), '')
                 where id = $1",
            )
            .bind(id.0)
            .bind(&change.username)
            .bind(change.username.as_deref().map(fold))
            .bind(&change.email)
            .bind(change.email.as_deref().map(fold))
            .bind(&change.bio)
            .bind(&change.image)
            .execute(db)
            .await
            .map(drop)
        })?;
        Ok(())
    }
}
