//! `/admin/login/` and `/admin/logout/`. An admin's login is a session like any other: it is on record, shows in
//! the lists and can be ended there.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use leptos::prelude::*;
use secrecy::SecretString;

use super::listing::Parameters;
use super::page::Section;
use super::{Admin, page, refusal};
use crate::api::{Body, Fields, Spaces};
use crate::cookie::{ADMIN, Kept, Reached};
use crate::error::{Error, Result};
use crate::state::AppState;
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
    let token = ADMIN.token(&headers, &uri);
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
    let asked = match body {
        Ok(Body(fields)) => Asked::read(fields),
        Err(error) => return refusal::page(&error),
    };
    let login = state.log_in_to_admin(&asked.username, asked.password, &origin);
    match login.await {
        Ok(login) => {
            let cookie = ADMIN.holding(
                Reached::of(&headers, &uri),
                login.token,
                Kept::For(login.lifetime),
            );
            (CookieJar::new().add(cookie), Redirect::to(&asked.next)).into_response()
        }
        Err(error @ (Error::NoActiveAccount | Error::Throttled { .. })) => {
            refused(asked.next, asked.username, &error)
        }
        Err(error) => refusal::page(&error),
    }
}

/// `POST /admin/logout/`: ends the session and takes the cookie back.
pub async fn log_out(admin: Admin, State(state): State<AppState>, origin: Origin) -> Response {
    if let Err(error) = state.end_own_session(admin.session, &origin).await {
        return refusal::page(&error);
    }
    let taken_back = ADMIN.taken_back();
    let jar = taken_back
        .into_iter()
        .fold(CookieJar::new(), CookieJar::add);
    (jar, Redirect::to("/admin/login/?done=signed-out")).into_response()
}

/// What was typed in. A field that is missing is as wrong as a wrong one.
struct Asked {
    next: String,
    username: String,
    password: SecretString,
}

impl Asked {
    fn read(mut fields: Fields) -> Self {
        let mut text = |name, spaces| fields.text(name, spaces).unwrap_or_default();
        Self {
            next: local(&text("next", Spaces::Trim)),
            username: text("username", Spaces::Trim),
            password: text("password", Spaces::Keep).into(),
        }
    }
}

/// The form again, with what is wrong.
fn refused(next: String, username: String, error: &Error) -> Response {
    let (status, sentence) = match error {
        Error::Throttled { retry_after } => (error.status(), too_fast(*retry_after)),
        _ => (StatusCode::FORBIDDEN, REFUSED.to_owned()),
    };
    let form = Form {
        next,
        username,
        error: Some(sentence),
        ..Form::default()
    };
    let mut response = (status, show(form)).into_response();
    let retry_after = error
        .retry_after()
        .map(|after| (header::RETRY_AFTER, after));
    response.headers_mut().extend(retry_after);
    response
}

/// That somebody has to wait, in a sentence.
pub(super) fn too_fast(seconds: u64) -> String {
    let when = match seconds {
        0 | 1 => "in a second".to_owned(),
        2..120 => format!("in {seconds} seconds"),
        _ => format!("in {} minutes", seconds.div_ceil(60)),
    };
    format!("Too many attempts to sign in. Please try again {when}.")
}

/// A page of the admin to go to after the login; anything else becomes the admin's first page.
pub(super) fn local(next: &str) -> String {
    let up = next.contains("..") || next.to_ascii_lowercase().contains("%2e");
    let inside = next.starts_with("/admin/") && !up;
    // What a header may carry, without the backslash that browsers read as a slash.
    let plain = next
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain {
        next.to_owned()
    } else {
        Section::Overview.path().to_owned()
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
    error: Option<String>,
}

fn show(form: Form) -> impl IntoResponse {
    let invalid = form.error.is_some().then_some("true");
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
        for good in ["/admin/", "/admin/blacklisted/", "/admin/outstanding/?q=a"] {
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
            "/admin/\u{1}",
            "/admin/ä",
            "/admin/../users",
            "/admin/%2E%2e/users",
        ] {
            assert_eq!(local(bad), "/admin/", "{bad}");
        }
    }
}
