//! The admin's login. The cookie is kept for the whole run: an admin's session, too, must outlive every kill.

use hyper::header::{HeaderName, SET_COOKIE};

use crate::client::{Ask, Client, Trouble};

/// Why there is no cookie.
#[derive(Debug, thiserror::Error)]
pub enum NoCookie {
    /// There was no answer.
    #[error("the admin's login: {0}")]
    Trouble(#[from] Trouble),
    /// The answer had none.
    #[error("the admin's login was answered with {0}")]
    Refused(hyper::StatusCode),
}

/// Logs in to the admin; the header `Cookie` of its session.
pub async fn log_in(client: &mut Client, name: &str, password: &str) -> Result<String, NoCookie> {
    let ask = Ask::post_form(
        "/admin/login/",
        &[("username", name), ("password", password)],
    )
    .with(HeaderName::from_static("sec-fetch-site"), "same-origin");
    let answer = client.send(ask).await?;
    let cookie = answer
        .headers
        .get(SET_COOKIE)
        .and_then(|cookie| cookie.to_str().ok())
        .and_then(|cookie| cookie.split(';').next());
    cookie
        .map(str::to_owned)
        .ok_or(NoCookie::Refused(answer.status))
}
