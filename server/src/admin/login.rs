//! `/admin/login/` and `/admin/logout/`. An admin's login is a session like any other: it is on record, shows in
//! the lists and can be ended there.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;

use super::cookie::Reached;
use super::listing::Parameters;
use super::{Admin, page, refusal};
use crate::api::{Body, Spaces};
use crate::error::{Error, Result};
use crate::state::{AppState, Server};
use crate::store::Origin;

/// One sentence for every reason: which of them it was is nobody's business.
const REFUSED: &str = "That is not the username and password of a member of staff.";

/// `GET`: the form. Who is logged in already is sent on.
pub async fn form(
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
    asked: Parameters,
) -> Response {
    let next = local(asked.get("next"));
    let token = Reached::of(&headers, &uri).token(&headers);
    match state.admin(token.as_deref()).await {
        Ok(Some(_)) => Redirect::to(&next).into_response(),
        Ok(None) => show(Form {
            next,
            notice: notice(asked.get("done")),
            ..Form::default()
        })
        .into_response(),
        Err(error) => refusal::page(&error),
    }
}

/// `POST`: opens the session and sets its cookie.
pub async fn submit(
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
    origin: Origin,
    body: Result<Body>,
) -> Response {
    let mut fields = match body {
        Ok(Body(fields)) => fields,
        Err(error) => return refusal::page(&error),
    };
    let next = local(
        fields
            .text("next", Spaces::Trim)
            .as_deref()
            .unwrap_or_default(),
    );
    let username = fields.text("username", Spaces::Trim).unwrap_or_default();
    let password = fields.text("password", Spaces::Keep).unwrap_or_default();
    match log_in(&state, &username, password, &origin).await {
        Ok(login) => {
            let cookie = Reached::of(&headers, &uri).cookie(login.token, login.lifetime);
            (CookieJar::new().add(cookie), Redirect::to(&next)).into_response()
        }
        Err(Error::NoActiveAccount) => {
            let form = Form {
                next,
                username,
                error: Some(REFUSED),
                ..Form::default()
            };
            (StatusCode::FORBIDDEN, show(form)).into_response()
        }
        Err(error) => refusal::page(&error),
    }
}

/// `POST /admin/logout/`: ends the session and takes the cookie back.
pub async fn log_out(
    admin: Admin,
    State(state): State<AppState>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Err(error) = state.end_own_session(admin.session).await {
        return refusal::page(&error);
    }
    let cookie = Reached::of(&headers, &uri).cookie(String::new(), 0);
    (
        CookieJar::new().add(cookie),
        Redirect::to("/admin/login/?done=signed-out"),
    )
        .into_response()
}

async fn log_in(
    state: &Server,
    username: &str,
    password: String,
    origin: &Origin,
) -> Result<crate::lifecycle::Login> {
    let user = state.authenticate(username, password.into()).await?;
    if !user.is_staff {
        return Err(Error::NoActiveAccount);
    }
    state.log_in_to_admin(&user, origin).await
}

/// A page of the admin to go to after the login; anything else becomes the admin's first page.
fn local(next: &str) -> String {
    let inside = next.starts_with("/admin/") && !next.contains(['\\', '\r', '\n', '\0']);
    if inside && next.is_ascii() {
        next.to_owned()
    } else {
        "/admin/outstanding/".to_owned()
    }
}

fn notice(done: &str) -> Option<&'static str> {
    match done {
        "signed-out" => Some("You are signed out."),
        "own-session" => Some("You ended the session you were working in. Sign in again to go on."),
        _ => None,
    }
}

#[derive(Default)]
struct Form {
    next: String,
    username: String,
    notice: Option<&'static str>,
    error: Option<&'static str>,
}

fn show(form: Form) -> impl IntoResponse {
    let invalid = form.error.map(|_| "true");
    let content = view! {
        <section class="card login-card stack">
            <h1 class="page__title">"Sign in to the admin"</h1>
            {form.notice.map(|notice| view! { <p class="notice notice--info" role="status">{notice}</p> })}
            {form.error.map(|error| view! { <p class="notice notice--error" role="alert" id="error">{error}</p> })}
            <form class="stack" method="post" action="/admin/login/">
                <input type="hidden" name="next" value=form.next />
                <div class="field">
                    <label for="username">"Username"</label>
                    <input
                        id="username"
                        name="username"
                        value=form.username
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                        autofocus
                        aria-invalid=invalid
                        aria-describedby=invalid.map(|_| "error")
                    />
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input
                        id="password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        aria-invalid=invalid
                        aria-describedby=invalid.map(|_| "error")
                    />
                </div>
                <button class="btn btn--primary">"Sign in"</button>
            </form>
            <p class="muted">"For members of staff. These pages use no script."</p>
        </section>
    };
    page::document("Sign in", None, None, content)
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_login_leads_into_the_admin_and_nowhere_else() {
        for good in ["/admin/blacklisted/", "/admin/outstanding/?q=a"] {
            assert_eq!(local(good), good);
        }
        for bad in [
            "",
            "/",
            "//example.com/admin/",
            "https://example.com",
            "/admin",
            "/admin/\\x",
            "/admin/\r\nX: y",
        ] {
            assert_eq!(local(bad), "/admin/outstanding/", "{bad}");
        }
    }
}
