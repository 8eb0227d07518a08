//! Who may see the admin: staff, in a session that goes on. Asked of the database at every page, because what an
//! admin may do weighs more than a query; once a request, however many of its parts want to know.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};

use super::refusal;
use crate::account::Role;
use crate::clock::UnixSeconds;
use crate::cookie::ADMIN;
use crate::error::Result;
use crate::event::{Event, Kind};
use crate::state::{AppState, Server};
use crate::store::{AdminSession, Origin, User};
use crate::token::{Expect, SessionId, TokenType};

/// A member of staff, in the session they logged in to the admin with. As an argument of a handler it sends everybody else
/// to the login.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The user.
    pub user: User,
    /// What they may do.
    pub role: Role,
    /// The session.
    pub session: SessionId,
    /// When they last gave their password in it.
    pub confirmed_at: UnixSeconds,
}

/// A superuser in the admin. As an argument of a handler it refuses other staff with a 403 that says who may, and notes
/// that they tried.
#[derive(Clone, Debug)]
pub struct Superuser(pub Admin);

impl FromRequestParts<AppState> for Admin {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> std::result::Result<Self, Response> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let address = state.let_in(&parts.headers, &parts.extensions);
        let address = address.map_err(|error| refusal::page(&error))?;
        let token = ADMIN.token(&parts.headers, &parts.uri);
        match state.admin(token.as_deref()).await {
            Ok(Some(admin)) => {
                state.note_use(admin.session, address);
                parts.extensions.insert(admin.clone());
                Ok(admin)
            }
            Ok(None) => Err(to_login(parts).into_response()),
            Err(error) => Err(refusal::page(&error)),
        }
    }
}

impl FromRequestParts<AppState> for Superuser {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> std::result::Result<Self, Response> {
        let admin = Admin::from_request_parts(parts, state).await?;
        if admin.role == Role::Superuser {
            return Ok(Self(admin));
        }
        let Ok(origin) = Origin::from_request_parts(parts, state).await;
        let tried = format!("{} {}", parts.method, parts.uri.path());
        let event = Event::new(Kind::AuthzFail, state.clock.now()).of(&admin.user);
        let event = event.session(admin.session).from(&origin).detail(tried);
        state.note(event).await;
        Err(refusal::superusers_only(&admin))
    }
}

impl Server {
    /// The admin this token speaks for; `None` when it speaks for none, or not any more.
    ///
    /// # Errors
    /// [`crate::error::Error::Database`].
    pub async fn admin(&self, token: Option<&str>) -> Result<Option<Admin>> {
        let now = self.clock.now();
        let verified = token.and_then(|token| {
            self.keys
                .verify(
                    token,
                    Expect::Only(TokenType::Admin),
                    now,
                    self.settings.leeway.get(),
                )
                .ok()
        });
        let Some((session, _)) = verified.and_then(|verified| verified.claims.session) else {
            return Ok(None);
        };
        let found = self.store.admin_session(session, now).await?;
        Ok(found.and_then(|found| staff(found, session)))
    }
}

fn staff(found: AdminSession, session: SessionId) -> Option<Admin> {
    Some(Admin {
        role: Role::of(&found.user)?,
        user: found.user,
        session,
        confirmed_at: found.confirmed_at,
    })
}

/// To the login, and from there back to the page that was asked for.
pub(super) fn to_login(parts: &Parts) -> Redirect {
    let asked = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let next: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    match parts.method {
        Method::GET => Redirect::to(&format!("/admin/login/?next={next}")),
        _ => Redirect::to("/admin/login/"),
    }
}
