//! What is sensitive asks who it is once more, when that was last proved a while ago: an open browser, or a stolen
//! cookie, is not enough to export or to change users.
//!
//! A handler says so in its signature. For a `POST`, take [`ConfirmedForm`] in the place of the body: it answers what was
//! filled in. Too long after the last proof the request is answered with a page (403) that asks for the password and
//! posts all fields again to the same address; the password is checked there, and the handler goes on in the same
//! request. For a `GET`, take [`Confirmed`] in the place of [`Admin`]: the page posts to [`PATH`], which leads back.

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::confirm::API_TOKEN;
use super::form::Form;
use super::guard::to_login;
use super::login::{local, too_fast};
use super::{Admin, page, refusal};
use crate::api::form_of;
use crate::clock::UnixSeconds;
use crate::error::Error;
use crate::state::AppState;
use crate::store::Origin;

/// For how many seconds a password that was given lasts. OWASP ASVS 5.0, 7.5.1 and 7.5.3, wants it asked for again before
/// what is sensitive without naming a time; it is the time after which NIST SP 800-63B, 4.3.3, wants whoever does nothing
/// to prove again who they are.
pub const LASTS: i64 = 15 * 60;

/// Where a page that is only looked at sends the password.
pub const PATH: &str = "/admin/confirm";

/// The field with the password of whoever does it.
const YOUR_PASSWORD: &str = "your_password";

/// A member of staff who proved who they are a moment ago. Anybody else is asked to, and led back.
#[derive(Clone, Debug)]
pub struct Confirmed(pub Admin);

/// What such a member of staff filled in.
pub struct ConfirmedForm(pub Form);

/// What any member of staff filled in, where it ends sessions; such a one, where the box is ticked that resets an API token,
/// too. Sessions must be ended quickly; programs that stop are another matter.
pub struct ConfirmedForApiToken(pub Form);

impl Admin {
    /// Whether they gave their password a short while before `now`. A clock that was set back does not make it last.
    #[must_use]
    pub fn is_confirmed(&self, now: UnixSeconds) -> bool {
        now.abs_diff(self.confirmed_at) <= LASTS.unsigned_abs()
    }
}

impl FromRequestParts<AppState> for Confirmed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let admin = Admin::from_request_parts(parts, state).await?;
        if admin.is_confirmed(state.clock.now()) {
            return Ok(Self(admin));
        }
        let back = asked_for(parts).to_owned();
        let form = Form::new(vec![("next".to_owned(), back)]);
        Err(ask(&admin, &format!("{PATH}/"), "/admin/", form, None))
    }
}

impl FromRequest<AppState> for ConfirmedForm {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let admin = Admin::from_request_parts(&mut parts, state).await?;
        let pairs = form_of(&parts.headers, body).await;
        let form = Form::new(pairs.map_err(|error| refusal::page(&error))?);
        Ok(Self(confirmed(admin, parts, form, state).await?))
    }
}

impl FromRequest<AppState> for ConfirmedForApiToken {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let pairs = form_of(&parts.headers, body).await;
        let form = Form::new(pairs.map_err(|error| refusal::page(&error))?);
        if !form.is_ticked(API_TOKEN) {
            return Ok(Self(form));
        }
        let mut parts = parts;
        let admin = Admin::from_request_parts(&mut parts, state).await?;
        Ok(Self(confirmed(admin, parts, form, state).await?))
    }
}

/// The form, if who sent it proved a short while ago who they are, or does so with it.
async fn confirmed(
    admin: Admin,
    mut parts: Parts,
    mut form: Form,
    state: &AppState,
) -> Result<Form, Response> {
    let Some(password) = form.take(YOUR_PASSWORD) else {
        if admin.is_confirmed(state.clock.now()) {
            return Ok(form);
        }
        return Err(ask_again(&admin, &parts, form, None));
    };
    let Ok(origin) = Origin::from_request_parts(&mut parts, state).await;
    let checked = state.confirm_admin(&admin.user, admin.session, password.into(), &origin);
    match checked.await {
        Ok(()) => Ok(form),
        Err(Error::NotAuthenticated) => Err(to_login(&parts).into_response()),
        Err(error) => Err(ask_again(&admin, &parts, form, Some(&error))),
    }
}

/// `POST /admin/confirm/`: whoever gets here gave the password. Back to the page that was asked for.
pub async fn confirm(
    _: Admin,
    State(_): State<AppState>,
    ConfirmedForm(form): ConfirmedForm,
) -> Redirect {
    Redirect::to(&local(form.get("next")))
}

/// The field with the password, for forms that are sensitive: where it is due anyway, nobody is to be asked twice.
pub fn password_if_due(admin: &Admin, now: UnixSeconds) -> Option<AnyView> {
    (!admin.is_confirmed(now)).then(|| password_field(None).into_any())
}

/// The address that was asked for, without the host.
fn asked_for(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", |path| path.as_str())
}

/// The same for a form, which is sent to where it was sent.
fn ask_again(admin: &Admin, parts: &Parts, form: Form, error: Option<&Error>) -> Response {
    let action = asked_for(parts);
    let is_own = parts.uri.path().starts_with(PATH);
    let back = if is_own { "/admin/" } else { action };
    ask(admin, action, back, form, error)
}

/// The page that asks for the password, and sends it with the form to `action`.
fn ask(admin: &Admin, action: &str, back: &str, form: Form, error: Option<&Error>) -> Response {
    let (status, wrong) = match error {
        None => (StatusCode::FORBIDDEN, None),
        Some(Error::NoActiveAccount) => (
            StatusCode::FORBIDDEN,
            Some("That is not your password.".to_owned()),
        ),
        Some(error @ Error::Throttled { retry_after }) => {
            (error.status(), Some(too_fast(*retry_after)))
        }
        Some(error) => return refusal::page(error),
    };
    let (kept, anew) = form.split();
    let page = show(admin, action.to_owned(), back.to_owned(), kept, anew, wrong);
    let mut response = (status, page).into_response();
    let retry_after = error.and_then(Error::retry_after);
    response
        .headers_mut()
        .extend(retry_after.map(|after| (header::RETRY_AFTER, after)));
    response
}

fn show(
    admin: &Admin,
    action: String,
    back: String,
    kept: Vec<(String, String)>,
    anew: Vec<String>,
    wrong: Option<String>,
) -> impl IntoResponse {
    let kept = kept.into_iter();
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let anew = anew.into_iter().map(|name| {
        view! {
            <div class="field">
                <label for=name.clone()>"The new password, once more"</label>
                <input id=name.clone() name=name.clone() type="password" autocomplete="new-password" required />
                <p class="field__hint">"A password is not kept in a page, not even in this one."</p>
            </div>
        }
    });
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">"Confirm it is you"</h1>
            <p>
                "What you are about to do is sensitive, and you gave your password more than 15 minutes ago. Give it again to go on. Nothing is done yet, and nothing you entered is lost."
            </p>
            <form class="stack" method="post" action=action>
                {kept.collect_view()}
                {password_field(wrong)}
                {anew.collect_view()}
                <div class="actions">
                    <button class="btn btn--primary">"Confirm and go on"</button>
                    <a class="btn btn--quiet" href=back>"Cancel"</a>
                </div>
            </form>
        </section>
    };
    page::document("Confirm it is you", Some(admin), None, content)
}

fn password_field(wrong: Option<String>) -> impl IntoView {
    let is_wrong = wrong.is_some();
    let note = wrong.unwrap_or_else(|| "The one you sign in with.".to_owned());
    view! {
        <div class="field">
            <label for=YOUR_PASSWORD>"Your password"</label>
            <input
                id=YOUR_PASSWORD
                name=YOUR_PASSWORD
                type="password"
                autocomplete="current-password"
                required
                aria-invalid=is_wrong.then_some("true")
                aria-describedby="your-password-note"
            />
            <p class=if is_wrong { "field__error" } else { "field__hint" } id="your-password-note">{note}</p>
        </div>
    }
}
