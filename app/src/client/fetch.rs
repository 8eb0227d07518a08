//! Requests by `fetch`. Knows nothing of sessions: it carries what it is given, and says what came back.
//! Cookies are sent only where the request asks for it, and never to another site; answers are never taken from a cache, and nobody
//! waits for ever.

use reqwasm::http::{Request as Fetch, RequestCache, RequestCredentials, Response};
use web_sys::AbortSignal;

use super::request::{Cookies, Deed, Reply, Request, Unreachable};
use super::web_storage;
use super::wire::{REFRESH_TRANSPORT, SESSION_ENDED};

/// How long to wait for an answer, in milliseconds.
const PATIENCE: u32 = 15_000;

/// The whole answer to `request`, whatever its status.
///
/// # Errors
///
/// Says that there is none.
pub async fn send(request: &Request, bearer: Option<&str>) -> Result<Reply, Unreachable> {
    reply(fetch(request, bearer).await?).await
}

/// The same for a client that is played with, with all the headers of the answer that a browser lets a page see.
///
/// # Errors
///
/// Those of [`send`]. Nothing is sent, either, of what would change the cookie while it is of a login in this browser.
pub async fn send_seen(
    request: &Request,
    bearer: Option<&str>,
) -> Result<(Reply, Vec<(String, String)>), Unreachable> {
    if request.cookies.word().is_some() && web_storage::is_cookie_in_use() {
        return Err(Unreachable);
    }
    let response = fetch(request, bearer).await?;
    let headers = response.headers().entries().collect();
    Ok((reply(response).await?, headers))
}

async fn fetch(request: &Request, bearer: Option<&str>) -> Result<Response, Unreachable> {
    let mut fetch = match &request.deed {
        Deed::Get => Fetch::get(&request.path),
        Deed::Post(json) => Fetch::post(&request.path)
            .header("Content-Type", "application/json")
            .body(json),
        Deed::Patch(json) => Fetch::patch(&request.path)
            .header("Content-Type", "application/json")
            .body(json),
        Deed::Delete => Fetch::delete(&request.path),
    }
    .header("Accept", "application/json")
    .credentials(match request.cookies {
        Cookies::None => RequestCredentials::Omit,
        Cookies::Taken | Cookies::Wanted | Cookies::WantedUntilClosed => {
            RequestCredentials::SameOrigin
        }
    })
    .cache(RequestCache::NoStore)
    .abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    if let Some(bearer) = bearer {
        fetch = fetch.header("Authorization", &["Bearer ", bearer].concat());
    }
    if let Some(word) = request.cookies.word() {
        fetch = fetch.header(REFRESH_TRANSPORT, word);
    }
    fetch.send().await.map_err(|_| Unreachable)
}

async fn reply(response: Response) -> Result<Reply, Unreachable> {
    Ok(Reply {
        status: response.status(),
        ended: header(&response, SESSION_ENDED),
        retry_after: header(&response, "Retry-After")
            .and_then(|seconds| seconds.trim().parse().ok()),
        body: response.text().await.map_err(|_| Unreachable)?,
    })
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name)
}
