//! Layers that find out who calls before a whole router, or any tower service, is asked. What they found stands in the
//! request's extensions, where [`CurrentUser`] and [`MaybeUser`] find it without asking again.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::Request;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use tower::{Layer, Service};

use super::{Challenge, CurrentUser, MaybeUser};
use crate::error::Result;
use crate::state::AppState;

/// Lets only users pass; everybody else is answered 401, as by Jotward's own API. Handlers find a [`CurrentUser`].
///
/// ```
/// # use axum::{Extension, Router, routing::get};
/// # use jotward::auth::{CurrentUser, RequireUser};
/// # fn router(state: &jotward::state::AppState) -> Router {
/// Router::new()
///     .route("/reports", get(async |Extension(caller): Extension<CurrentUser>| caller.user.username))
///     .layer(RequireUser::new(state))
/// # }
/// ```
#[derive(Clone)]
pub struct RequireUser(Asker);

/// Lets everybody pass, and says who it is where that is known. Handlers find a [`MaybeUser`]; whose token does not hold
/// is nobody. Only when the database could not be asked is the answer 503.
///
/// ```
/// # use axum::{Extension, Router, routing::get};
/// # use jotward::auth::{IdentifyUser, MaybeUser};
/// # fn router(state: &jotward::state::AppState) -> Router {
/// Router::new()
///     .route("/", get(async |Extension(MaybeUser(caller)): Extension<MaybeUser>| match caller {
///         Some(caller) => format!("Welcome back, {}", caller.user.username),
///         None => "Welcome".to_owned(),
///     }))
///     .layer(IdentifyUser::new(state))
/// # }
/// ```
#[derive(Clone)]
pub struct IdentifyUser(Asker);

impl RequireUser {
    /// For the users of this server.
    #[must_use]
    pub fn new(state: &AppState) -> Self {
        Self(Asker::new(state, Mode::Require))
    }
}

impl IdentifyUser {
    /// For the users of this server.
    #[must_use]
    pub fn new(state: &AppState) -> Self {
        Self(Asker::new(state, Mode::Identify))
    }
}

impl<I> Layer<I> for RequireUser {
    type Service = Asking<I>;

    fn layer(&self, inner: I) -> Asking<I> {
        Asking {
            asker: self.0.clone(),
            inner,
        }
    }
}

impl<I> Layer<I> for IdentifyUser {
    type Service = Asking<I>;

    fn layer(&self, inner: I) -> Asking<I> {
        Asking {
            asker: self.0.clone(),
            inner,
        }
    }
}

/// A service behind [`RequireUser`] or [`IdentifyUser`].
#[derive(Clone)]
pub struct Asking<I> {
    asker: Asker,
    inner: I,
}

impl<I, B> Service<Request<B>> for Asking<I>
where
    I: Service<Request<B>, Response = Response> + Clone + Send + 'static,
    I::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = I::Error;
    type Future = BoxFuture<'static, std::result::Result<Response, I::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<std::result::Result<(), I::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The one that is ready is taken; a clone of it need not be.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let asker = self.asker.clone();
        Box::pin(async move {
            match asker.ask(&mut request).await {
                Ok(()) => inner.call(request).await,
                Err(error) => Ok(asker.challenge.add_to(error.into_response())),
            }
        })
    }
}

#[derive(Clone)]
struct Asker {
    state: AppState,
    challenge: Challenge,
    mode: Mode,
}

#[derive(Clone, Copy)]
enum Mode {
    Require,
    Identify,
}

impl Asker {
    fn new(state: &AppState, mode: Mode) -> Self {
        Self {
            state: Arc::clone(state),
            challenge: Challenge::of(&state.settings),
            mode,
        }
    }

    /// Finds out who calls, and writes it into the request.
    async fn ask<B>(&self, request: &mut Request<B>) -> Result<()> {
        let (headers, extensions) = (request.headers(), request.extensions());
        let found = match self.mode {
            Mode::Require => MaybeUser(Some(self.state.identify(headers, extensions).await?)),
            Mode::Identify => self.state.identify_if_any(headers, extensions).await?,
        };
        let extensions = request.extensions_mut();
        match &found.0 {
            Some(user) => drop(extensions.insert(user.clone())),
            // What a layer further out found is not what this one found.
            None => drop(extensions.remove::<CurrentUser>()),
        }
        extensions.insert(found);
        Ok(())
    }
}
