//! A login opens a session. The password is checked before the transaction, because that takes long, and found
//! unchanged within it.

use app::api::TokenPair;
use secrecy::SecretString;

use super::issue::{AccessLifetime, Grant};
use crate::account::{Authenticated, Role, Whose};
use crate::error::{Error, Result};
use crate::event::{Event, Kind};
use crate::hooks::CustomClaims;
use crate::network::Network;
use crate::recall::Recalled;
use crate::session::Trail;
use crate::state::Server;
use crate::store::{NewSession, NewToken, Origin, Revocation, User};
use crate::throttle::remember_device;
use crate::token::{Generation, SessionId, TokenType};

/// A login to the admin: the token for its cookie, and how long that lives.
pub struct Login {
    /// The compact token.
    pub token: String,
    /// Seconds until it expires.
    pub lifetime: i64,
}

/// What a client asks for with a login, beside being let in.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// How long access tokens are to live at the most.
    pub access_lifetime: AccessLifetime,
    /// What it calls itself, for its user to find its sessions by; empty where it does not say. It changes nothing of what is
    /// noticed: whoever has a password could hide behind a name.
    pub client: String,
}

/// What became of a login.
enum Opening {
    /// With what that revoked.
    Opened(Vec<Revocation>),
    PasswordChanged,
    DeviceRefused,
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
        wishes: Wishes,
        origin: &Origin,
    ) -> Result<TokenPair> {
        let open = async |found| self.open_pair(&found, &wishes, origin).await;
        self.with_password(Whose::Named(username), password, origin, open)
            .await
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
        let open = async |found: Authenticated| {
            if Role::of(&found.user).is_none() {
                let refused = Event::new(Kind::AuthzFail, self.clock.now()).of(&found.user);
                self.note(refused.from(origin).detail("the admin")).await;
                return Err(Error::NoActiveAccount);
            }
            self.open_admin(&found, origin).await
        };
        self.with_password(Whose::Named(username), password, origin, open)
            .await
    }

    /// `None` when the password was changed meanwhile.
    async fn open_pair(
        &self,
        found: &Authenticated,
        wishes: &Wishes,
        origin: &Origin,
    ) -> Result<Option<TokenPair>> {
        let now = self.clock.now();
        let ends = now + self.settings.session_lifetime.get();
        let refresh_exp = self.refresh_expiry(now, ends);
        let access_exp = self.access_expiry(now, ends, wishes.access_lifetime);
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: ends,
            tokens_expire_at: refresh_exp.max(access_exp),
            access_expires_at: access_exp,
            confirmed_at: 0,
            client: wishes.client.clone(),
        };
        let custom = self.custom_claims(&found.user).await?;
        let mark = self.mark_of(found.user.user_id()).await?;
        let grant = Grant {
            password_mark: mark.as_deref(),
            ..first_grant(&session, &found.user, origin, &custom)
        };
        let (refresh, refresh_row) = self.make(&grant, TokenType::Refresh, refresh_exp, None);
        let parent = Some(refresh_row.id);
        let (access, access_row) = self.make(&grant, TokenType::Access, access_exp, parent);
        let left = Recalled {
            user_id: grant.user_id,
            generation: grant.generation,
            token: refresh_row.id,
            expires_at: ends,
            trail: Trail::begin(Network::of(&origin.ip), now),
        };
        let rows = vec![refresh_row, access_row];
        let told = [
            (TokenType::Refresh, refresh_exp),
            (TokenType::Access, access_exp),
        ];
        let opened = self.open(found, session, rows, origin).await?;
        if opened {
            self.recall.put(grant.session_id, left);
            self.tell_issued(&grant, &told);
        }
        Ok(opened.then_some(TokenPair { refresh, access }))
    }

    /// `None` when the password was changed meanwhile.
    async fn open_admin(&self, found: &Authenticated, origin: &Origin) -> Result<Option<Login>> {
        let now = self.clock.now();
        let lifetime = self.settings.admin_session_lifetime.get();
        let session = NewSession {
            id: SessionId::at(now),
            user_id: Some(found.user.user_id()),
            opened_at: now,
            expires_at: now + lifetime,
            tokens_expire_at: now + lifetime,
            access_expires_at: 0,
            confirmed_at: now,
            client: String::new(),
        };
        let custom = CustomClaims::new();
        let grant = first_grant(&session, &found.user, origin, &custom);
        let (token, row) = self.make(&grant, TokenType::Admin, now + lifetime, None);
        let opened = self.open(found, session, vec![row], origin).await?;
        Ok(opened.then_some(Login { token, lifetime }))
    }

    /// Puts a session and its first tokens on record. False when the password was changed meanwhile.
    pub(super) async fn open(
        &self,
        found: &Authenticated,
        session: NewSession,
        tokens: Vec<NewToken>,
        origin: &Origin,
    ) -> Result<bool> {
        let (claim, origin) = (self.claim(found, session.opened_at), origin.clone());
        let (ip, device) = (origin.ip.parse().ok(), self.arriving(&found.user, &origin));
        let room = self.room(&session, &origin);
        let events = opening(&found.user, &session, &origin);
        let (id, at) = (session.id, session.opened_at);
        let opened = self.store.write(move |tx| {
            Box::pin(async move {
                if !claim.hold(tx).await? {
                    return Ok(Opening::PasswordChanged);
                }
                let Some(device) = device.arrive(tx, Some(id)).await? else {
                    return Ok(Opening::DeviceRefused);
                };
                claim.keep(tx).await?;
                let ended = room.make(tx).await?;
                tx.open_session(&session).await?;
                tx.place_session(id, Some(&device), &origin, at).await?;
                if let Some(user) = session.user_id {
                    remember_device(tx, user, &origin, at).await?;
                }
                tx.record(&tokens, &origin).await?;
                tx.note_all(events).await?;
                tx.announce(&ended).await?;
                Ok::<_, Error>(Opening::Opened(ended))
            })
        });
        match opened.await? {
            Opening::Opened(ended) => {
                self.refuse_from_now_on(&ended);
                let sightings = &self.watch.sightings;
                sightings.note(id, ip, at);
                Ok(true)
            }
            Opening::PasswordChanged => Ok(false),
            // As to anybody who may not log in: whether the password was right is not for a stranger to know.
            Opening::DeviceRefused => Err(Error::NoActiveAccount),
        }
    }
}

/// What is kept of a login.
fn opening(user: &User, session: &NewSession, origin: &Origin) -> Vec<Event> {
    let event = |kind| Event::new(kind, session.opened_at).of(user).from(origin);
    [Kind::LoginSuccess, Kind::SessionCreated]
        .map(|kind| event(kind).session(session.id))
        .into()
}

pub(super) fn first_grant<'a>(
    session: &NewSession,
    user: &User,
    origin: &'a Origin,
    custom: &'a CustomClaims,
) -> Grant<'a> {
    Grant {
        user_id: user.user_id(),
        session_id: session.id,
        generation: Generation::FIRST,
        now: session.opened_at,
        origin,
        custom,
        password_mark: None,
        access_lifetime: AccessLifetime::FULL,
    }
}
