//! Says that a session is about to end however much it is used, and lets its owner open the next one without leaving the
//! page. Any protected page may have it: it asks the server for nothing but the seconds that are left.
//!
//! The end is measured from the moment of the question, so a clock that is wrong does no harm. It is plain HTML that is
//! found by its ids, and no island: that is a fifth of the weight, and every module carries it.

mod parts;
mod stage;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;

use crate::browser;
use crate::client::{self, Failure, Json, SignInFailure};
use parts::Parts;
use stage::Stage;

/// How long to wait before a question is repeated that was not answered, in milliseconds.
const AGAIN: u64 = 5_000;

/// The warning and the dialog, hidden until there is something to warn of.
#[component]
pub fn EndOfSession() -> impl IntoView {
    parts::html()
}

/// What is known of the session.
#[derive(Default)]
struct End {
    /// When it was opened, by this browser's clock; zero while there is none.
    opened_at: Cell<u64>,
    /// Its id; empty until that is known.
    id: RefCell<String>,
    /// Its end, in milliseconds of this browser's clock; before that is known, when to ask again.
    at: Cell<Option<u64>>,
    /// How near the end was when it was looked at last.
    stage: Cell<Option<Stage>>,
}

#[derive(Serialize)]
struct Old {
    session: String,
    password: String,
}

/// Begins to watch the session of this page, if the page has the parts for it.
pub fn watch() {
    let Some(parts) = Parts::find() else {
        return;
    };
    let (parts, end) = (Rc::new(parts), Rc::new(End::default()));
    let on_change = with(&end, &parts, End::look);
    let on_tick = with(&end, &parts, End::tick);
    let on_ask = with(&end, &parts, |_, parts| parts.ask());
    let on_submit = with(&end, &parts, End::go_on);
    on_change();
    client::watch(move |_| on_change());
    browser::every_second(on_tick);
    parts.listen(on_ask, on_submit);
}

fn with(end: &Rc<End>, parts: &Rc<Parts>, deed: fn(&Rc<End>, &Rc<Parts>)) -> impl Fn() + 'static {
    let (end, parts) = (Rc::clone(end), Rc::clone(parts));
    move || deed(&end, &parts)
}

impl End {
    /// Asks for the end of the session, where it is another one than before.
    fn look(self: &Rc<Self>, parts: &Rc<Parts>) {
        let opened_at = client::session().map_or(0, |session| session.opened_at);
        if self.opened_at.replace(opened_at) == opened_at {
            return;
        }
        self.at.set(None);
        self.id.borrow_mut().clear();
        self.stage.set(None);
        parts.rest();
        if opened_at > 0 {
            self.find_out(parts);
        }
    }

    fn find_out(self: &Rc<Self>, parts: &Rc<Parts>) {
        let (end, parts) = (Rc::clone(self), Rc::clone(parts));
        spawn_local(async move {
            let asked_at = browser::now();
            // What comes is a `crate::api::CurrentSession`.
            let answer: Result<Json, _> = client::get("/api/sessions/current/").await;
            match answer {
                Ok(current) => {
                    let left = current.number("ends_in").unwrap_or(0) * 1_000;
                    end.at.set(Some(asked_at + left));
                    let id = current.text("id").unwrap_or_default();
                    id.clone_into(&mut end.id.borrow_mut());
                    end.tick(&parts);
                }
                // Whoever is in no session here, such as with a token of another issuer, has no end either.
                Err(Failure::Rejected(_)) => {}
                Err(Failure::TryLater { .. }) => end.at.set(Some(browser::now() + AGAIN)),
                Err(Failure::Ended(ending)) => {
                    browser::go_to(&client::login_address(ending, &browser::here()));
                }
            }
        });
    }

    fn tick(self: &Rc<Self>, parts: &Rc<Parts>) {
        let Some(at) = self.at.get() else {
            return;
        };
        let left = at.saturating_sub(browser::now());
        let stage = Stage::of(left);
        let is_known = !self.id.borrow().is_empty();
        if stage == Stage::Over {
            // The server has the last word.
            self.at.set(None);
            return self.find_out(parts);
        }
        if !is_known || self.stage.replace(Some(stage)) == Some(stage) {
            return;
        }
        match stage {
            Stage::Far | Stage::Over => parts.rest(),
            Stage::Near(minutes) => parts.warn(&stage::sentence(minutes)),
            Stage::Last => {
                parts.warn(&stage::sentence(1));
                parts.ask();
            }
        }
    }

    /// Opens the next session with the password that was typed.
    fn go_on(self: &Rc<Self>, parts: &Rc<Parts>) {
        let password = parts.password();
        if password.is_empty() {
            return parts.object("Please enter your password.");
        }
        if parts.is_busy() {
            return;
        }
        parts.set_busy(true);
        let (end, parts) = (Rc::clone(self), Rc::clone(parts));
        spawn_local(async move {
            let session = end.id.borrow().clone();
            match client::sign_in_again(&password).await {
                Ok(()) => {
                    parts.done();
                    // Should that not be heard, its end is near all the same.
                    let _ = client::tell("/api/sessions/end/", &Old { session, password }).await;
                    parts.take_lost_focus();
                }
                Err(failure) => parts.object(&sentence(failure)),
            }
            parts.set_busy(false);
        });
    }
}

fn sentence(failure: SignInFailure) -> String {
    match failure {
        SignInFailure::Wrong => "This is not your password.".to_owned(),
        SignInFailure::Fields { username, password } => password.or(username).unwrap_or_default(),
        SignInFailure::Rejected(sentence) => sentence,
        SignInFailure::TryLater { trouble, after } => trouble.with_advice(after),
    }
}
