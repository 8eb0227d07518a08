//! What protected pages have in common: nobody stays on them without a session, and patience lives here. Trouble that
//! passes is waited out, with longer and longer pauses, and said.

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::browser;
use crate::client::{self, Change, Ending, Failure};

/// How often a call is tried before the person is asked.
const ATTEMPTS: u32 = 6;

/// The part of a page's state that is the same on all of them.
#[derive(Clone, Copy)]
pub struct Guard {
    /// What is being waited for; empty while nothing is.
    pub waiting: RwSignal<String>,
    /// What did not work; empty while everything does.
    pub trouble: RwSignal<String>,
    /// Whether the island is alive.
    pub is_alive: RwSignal<bool>,
    /// Whether the island is alive and somebody is signed in.
    pub is_open: RwSignal<bool>,
    /// Whether a call is under way.
    pub is_busy: RwSignal<bool>,
    /// Whether the page is being left: nothing that happens now may lead elsewhere.
    is_leaving: RwSignal<bool>,
}

impl Guard {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            waiting: RwSignal::default(),
            trouble: RwSignal::default(),
            is_alive: RwSignal::new(false),
            is_open: RwSignal::new(false),
            is_busy: RwSignal::new(false),
            is_leaving: RwSignal::new(false),
        }
    }

    /// Brings the page to life and answers true, or goes to the login page if nobody is signed in.
    pub fn open(self) -> bool {
        self.is_alive.set(true);
        if client::session().is_none() {
            self.leave(Ending::None);
            return false;
        }
        client::watch(move |change| {
            if change == Change::Elsewhere && client::session().is_none() {
                self.leave(client::last_ending());
            }
        });
        self.is_open.set(true);
        true
    }

    /// What `GET path` answers; `None` if it could not be had, which has been said then.
    pub async fn ask<T: DeserializeOwned>(self, path: &'static str) -> Option<T> {
        self.trouble.set(String::new());
        for attempt in 0..ATTEMPTS {
            let (trouble, after) = match client::get(path).await {
                Ok(answer) => {
                    self.waiting.set(String::new());
                    return Some(answer);
                }
                Err(Failure::TryLater { trouble, after }) => (trouble, after),
                Err(failure) => {
                    if let Some(sentence) = self.sentence(failure) {
                        self.give_up(sentence);
                    }
                    return None;
                }
            };
            if attempt + 1 == ATTEMPTS {
                self.give_up(
                    [
                        trouble.sentence(),
                        " You are still signed in. Reload to try again.",
                    ]
                    .concat(),
                );
                return None;
            }
            let pause = client::pause(attempt, after, browser::chance());
            let seconds = pause.div_ceil(1_000);
            self.waiting.set(format!(
                "{} Trying again in {seconds} s; you stay signed in.",
                trouble.sentence()
            ));
            browser::sleep(pause).await;
        }
        None
    }

    /// What to say of a call that failed and is not repeated; `None` if it leads to the login page, which says it.
    pub fn sentence(self, failure: Failure) -> Option<String> {
        match failure {
            Failure::TryLater { trouble, after } => Some(trouble.with_advice(after)),
            Failure::Rejected(sentence) => Some(sentence),
            Failure::Ended(ending) => {
                self.leave(ending);
                None
            }
        }
    }

    /// Says what did not work.
    pub fn give_up(self, sentence: String) {
        self.waiting.set(String::new());
        self.trouble.set(sentence);
    }

    /// Does nothing any more, and says why.
    pub fn close(self, ending: Ending) {
        self.is_leaving.set(true);
        self.is_open.set(false);
        self.is_busy.set(false);
        self.give_up(ending.sentence().to_owned());
    }

    /// Goes to the login page, and from there to `next`. The first reason counts.
    pub fn leave_for(self, ending: Ending, next: &str) {
        if !self.is_leaving.get_untracked() {
            self.is_leaving.set(true);
            self.is_open.set(false);
            browser::go_to(&client::login_address(ending, next));
        }
    }

    /// Goes to the login page, and comes back from there.
    fn leave(self, ending: Ending) {
        self.leave_for(ending, &browser::here());
    }
}
