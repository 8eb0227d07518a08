//! What protected pages have in common: nobody stays on them without a session, and trouble that passes is waited out
//! and said.

use std::borrow::Cow;

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use super::end_of_session;
use crate::browser;
use crate::client::{self, Change, Ending, Failure, Wait};

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
        end_of_session::watch();
        true
    }

    /// What `GET path` answers; `None` if it could not be had, which has been said then.
    pub async fn ask<T: DeserializeOwned>(self, path: impl Into<Cow<'static, str>>) -> Option<T> {
        self.trouble.set(String::new());
        let answer = client::get_patiently(path.into(), &|wait| self.wait(wait)).await;
        match answer {
            Ok(answer) => {
                self.waiting.set(String::new());
                Some(answer)
            }
            Err(failure) => {
                self.take(failure);
                None
            }
        }
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

    /// Says what is waited for.
    fn wait(self, wait: Wait) {
        self.waiting.set(match wait {
            Wait::Network => {
                "You are offline. This goes on when the network is back; you stay signed in."
                    .to_owned()
            }
            Wait::Pause {
                trouble,
                milliseconds,
            } => [
                trouble.sentence(),
                " Trying again in ",
                &milliseconds.div_ceil(1_000).to_string(),
                " s; you stay signed in.",
            ]
            .concat(),
        });
    }

    /// Says what came of a question that was asked with patience.
    fn take(self, failure: Failure) {
        let sentence = match failure {
            Failure::TryLater { trouble, .. } => Some(
                [
                    trouble.sentence(),
                    " You are still signed in. Reload to try again.",
                ]
                .concat(),
            ),
            failure => self.sentence(failure),
        };
        if let Some(sentence) = sentence {
            self.give_up(sentence);
        }
    }

    /// Goes to the login page, and comes back from there.
    fn leave(self, ending: Ending) {
        self.leave_for(ending, &browser::here());
    }
}
