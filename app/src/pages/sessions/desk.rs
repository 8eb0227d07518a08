//! What the page of sessions knows and does: the list, signing out one session, signing out all others.
//! What ends something is sent once and never repeated by itself; whether it worked is read from the list.

use leptos::html::{H2, Input};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::api::{OwnSession, OwnSessions};
use crate::browser;
use crate::client::{self, Ending, Failure};
use crate::pages::guard::Guard;

use super::words::{self, Told};

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who may be here, what is waited for, what did not work.
    pub guard: Guard,
    /// The sessions, once they are there.
    pub sessions: RwSignal<Option<Vec<OwnSession>>>,
    /// What was noticed, latest first.
    pub told: RwSignal<Vec<Told>>,
    /// What was done last; empty before.
    pub done: RwSignal<String>,
    /// The time, in seconds; moves every second.
    pub now: RwSignal<i64>,
    /// The heading of the list, where the focus goes when the button that had it is gone.
    pub heading: NodeRef<H2>,
    /// The password that signs out everywhere else; it is kept nowhere but in the input.
    pub password: NodeRef<Input>,
    /// What is wrong with it; empty while nothing is.
    pub objection: RwSignal<String>,
}

#[derive(Serialize)]
struct Proof {
    password: String,
}

#[derive(Deserialize)]
struct Others {
    ended: usize,
}

impl Desk {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            guard: Guard::new(),
            sessions: RwSignal::new(None),
            told: RwSignal::default(),
            done: RwSignal::default(),
            now: RwSignal::new(0),
            heading: NodeRef::new(),
            password: NodeRef::new(),
            objection: RwSignal::default(),
        }
    }

    /// Brings the page to life: loads the list, or goes to the login page if nobody is signed in.
    pub fn open(self) {
        if !self.guard.open() {
            return;
        }
        self.now.set(browser::seconds());
        browser::every_second(move || self.now.set(browser::seconds()));
        self.reload();
    }

    /// Asks for the list.
    pub fn reload(self) {
        self.alone(async move || self.look().await);
    }

    /// Signs out one session, this one or another.
    pub fn end(self, session: &OwnSession) {
        let (id, is_current) = (session.id.clone(), session.current);
        let device = words::device(&session.device);
        self.alone(async move || {
            let refusal = match client::delete(format!("/api/sessions/{id}/")).await {
                Ok(()) if is_current => {
                    client::forget().await;
                    return self.guard.leave_for(Ending::Logout, "");
                }
                Ok(()) => None,
                Err(Failure::Rejected(sentence)) => Some(sentence),
                Err(failure) => {
                    let sentence = self.guard.sentence(failure).unwrap_or_default();
                    return self.guard.give_up(sentence);
                }
            };
            self.look().await;
            // Refused because it was over already: then that is what was wanted.
            match refusal.filter(|_| self.has(&id)) {
                None => self.say(format!("{device} is signed out.")),
                Some(sentence) => self.guard.give_up(sentence),
            }
        });
    }

    /// Signs out everywhere else, for the password that was typed.
    pub fn end_others(self) {
        let Some(input) = self.password.get_untracked() else {
            return;
        };
        let password = input.value();
        if password.is_empty() {
            return self.object("Please enter your password.".to_owned());
        }
        self.alone(async move || {
            match client::post("/api/sessions/end-others/", &Proof { password }).await {
                Ok(Others { ended }) => {
                    input.set_value("");
                    self.look().await;
                    self.say(words::ended_elsewhere(ended));
                }
                Err(failure) => {
                    if let Some(sentence) = self.guard.sentence(failure) {
                        self.object(sentence);
                    }
                }
            }
        });
    }

    /// Does something while nothing else is under way.
    fn alone(self, deed: impl AsyncFnOnce() + 'static) {
        if !self.guard.is_open.get_untracked() || self.guard.is_busy.get_untracked() {
            return;
        }
        self.guard.is_busy.set(true);
        self.guard.trouble.set(String::new());
        self.objection.set(String::new());
        self.done.set(String::new());
        spawn_local(async move {
            deed().await;
            self.guard.is_busy.set(false);
        });
    }

    async fn look(self) {
        let seen: Option<OwnSessions> = self.guard.ask("/api/sessions/").await;
        if let Some(seen) = seen {
            self.now.set(browser::seconds());
            self.told.set(words::all_told(&seen));
            self.sessions.set(Some(seen.sessions));
        }
    }

    fn has(self, id: &str) -> bool {
        self.sessions.with_untracked(|sessions| {
            let mut sessions = sessions.iter().flatten();
            sessions.any(|session| session.id == id)
        })
    }

    fn say(self, sentence: String) {
        self.done.set(sentence);
        if let Some(heading) = self.heading.get_untracked() {
            let _ = heading.focus(); // a heading that can not be focused is not there any more
        }
    }

    fn object(self, sentence: String) {
        self.objection.set(sentence);
        if let Some(input) = self.password.get_untracked() {
            let _ = input.focus(); // as above
            input.select();
        }
    }
}
