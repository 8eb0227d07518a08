//! The token client: the one way from a page to the API. It keeps the session, adds the access token to every
//! call, renews it when it is due or refused (once, however many calls wait, in however many tabs) and repeats the
//! call once.
//!
//! This file is a page's client, the directory beside it a part that any page in WASM can take along (see its README).
//! It refuses to end a session for any reason but the server's word: trouble on the way means *later*. And it does
//! nothing on its own: no call, no renewal, so a forgotten tab keeps no session alive. The one exception ends one: a sign-out
//! that the server has yet to hear is told when a page is opened, or online again.

mod account;
mod answer;
mod browser;
mod ending;
mod engine;
mod fetch;
mod flight;
mod json;
mod leaving;
mod lifetime;
mod lock;
pub mod memory;
mod pace;
mod parting;
mod patience;
mod place;
mod request;
mod session;
mod shelf;
mod storage;
mod web_storage;
mod wire;
mod world;

use std::borrow::Cow;
use std::rc::Rc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen_futures::spawn_local;

pub use account::{NewUser, Objections};
pub use answer::{Failure, Farewell, SignInFailure, Trouble};
pub use browser::{chance, now, sleep};
pub use ending::Ending;
pub use engine::Client;
pub use fetch::{send, send_seen};
pub use json::Json;
pub use lifetime::decode_base64url;
pub use pace::pause;
pub use parting::part;
pub use patience::Wait;
pub use place::{encode, local_path, login_address, query_value};
pub use request::{Cookies, Deed, Reply, Request, Unreachable};
pub use session::{Freshness, Refresh, Session, margin};
pub use storage::{Keep, Place, Storage};
pub use web_storage::{Change, is_cookie_in_use, is_usable as can_keep};
pub use wire::{REFRESH_TRANSPORT, SESSION_ENDED, TOKEN_NOT_VALID, Tokens};
pub use world::{Pause, World};

use browser::Browser;

thread_local! {
    // A tab is one thread with one session, and whoever calls must share one renewal.
    static CLIENT: Rc<Client<Browser>> = Rc::new(Client::new(Browser::new()));
}

/// What `GET path` answers. Fails with [`Failure::Ended`] when there is no session.
///
/// # Errors
///
/// Says whether to try later, to go to the login page, or what the server objects to.
pub async fn get<T: DeserializeOwned>(path: &'static str) -> Result<T, Failure> {
    read(&client().call(Request::get(path)).await?)
}

/// What `GET path` answers, with trouble waited out; `waiting` is told before each pause.
///
/// # Errors
///
/// Those of [`get`]; *try later* when patience is at its end.
pub async fn get_patiently<T: DeserializeOwned>(
    path: Cow<'static, str>,
    waiting: &dyn Fn(Wait),
) -> Result<T, Failure> {
    read(&client().get_patiently(path, waiting).await?)
}

/// What `POST path` answers to `body`.
///
/// # Errors
///
/// Those of [`get`].
pub async fn post<T: DeserializeOwned>(
    path: &'static str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let json = serde_json::to_string(body).unwrap_or_default(); // what we send always becomes JSON
    read(&client().call(Request::post(path, json)).await?)
}

/// `DELETE path`.
///
/// # Errors
///
/// Those of [`get`].
pub async fn delete(path: String) -> Result<(), Failure> {
    client().call(Request::delete(path)).await.map(drop)
}

/// `POST path` of `body`, whose answer has nothing in it.
///
/// # Errors
///
/// Those of [`get`].
pub async fn tell(path: &'static str, body: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(body).unwrap_or_default(); // what we send always becomes JSON
    client().call(Request::post(path, json)).await.map(drop)
}

/// `PATCH path` with `body`.
///
/// # Errors
///
/// Those of [`get`].
pub async fn patch(path: String, body: &impl Serialize) -> Result<(), Failure> {
    let json = serde_json::to_string(body).unwrap_or_default(); // what we send always becomes JSON
    client().call(Request::patch(path, json)).await.map(drop)
}

/// Adds a user, who is not signed in by that.
///
/// # Errors
///
/// Says what is wrong.
pub async fn register(new: &NewUser<'_>) -> Result<(), Objections> {
    client().register(new).await
}

/// Opens another session for whoever is signed in, and keeps it where the one before was.
///
/// # Errors
///
/// Those of [`sign_in`].
pub async fn sign_in_again(password: &str) -> Result<(), SignInFailure> {
    client().sign_in_again(password).await
}

/// Opens a session and keeps it as `keep` says.
///
/// # Errors
///
/// Says which field is wrong, or what else went wrong.
pub async fn sign_in(username: &str, password: &str, keep: Keep) -> Result<(), SignInFailure> {
    client().sign_in_in_turn(username, password, keep).await
}

/// Ends the session: here at once, at the server if it can be reached.
pub async fn sign_out() -> Farewell {
    client().sign_out().await
}

/// Calls `watcher` after every change of the stored session, for as long as the page lives. The first one also has the server
/// told of a sign-out that it has yet to hear: now, and at changes elsewhere.
pub fn watch(watcher: impl Fn(Change) + 'static) {
    if web_storage::watch(watcher) {
        web_storage::watch(|change| {
            if change == Change::Elsewhere {
                pay();
            }
        });
        pay();
    }
}

fn pay() {
    spawn_local(async { client().pay_what_is_owed().await });
}

/// Forgets the session, which the server knows to be over.
pub async fn forget() {
    client().forget().await;
}

/// The session of this tab, as it is kept right now.
#[must_use]
pub fn session() -> Option<Session> {
    client().session()
}

/// Why the last session of this browser ended, as far as this tab can know.
#[must_use]
pub fn last_ending() -> Ending {
    client().last_ending()
}

/// How many times this page has asked for and got a new access token.
#[must_use]
pub fn renewals() -> u64 {
    client().renewals()
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::unreadable())
}

fn client() -> Rc<Client<Browser>> {
    CLIENT.with(Rc::clone)
}
