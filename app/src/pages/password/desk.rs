//! What the page of the password knows and does. Passwords stand in their inputs and nowhere else.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Serialize;

use super::objection;
use crate::client::{self, Failure};
use crate::pages::guard::Guard;

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who may be here, what did not work.
    pub guard: Guard,
    /// Whose password it is.
    pub username: NodeRef<Input>,
    /// The present password, and what is wrong with it.
    pub current: NodeRef<Input>,
    pub wrong_current: RwSignal<String>,
    /// The next one, and what is wrong with it.
    pub new: NodeRef<Input>,
    pub wrong_new: RwSignal<String>,
    /// Whether other devices are to be signed out.
    pub others: NodeRef<Input>,
    /// What was done; empty before.
    pub done: RwSignal<String>,
}

#[derive(Serialize)]
struct Change {
    old_password: String,
    new_password: String,
    keep_others: bool,
}

impl Desk {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            guard: Guard::new(),
            username: NodeRef::new(),
            current: NodeRef::new(),
            wrong_current: RwSignal::default(),
            new: NodeRef::new(),
            wrong_new: RwSignal::default(),
            others: NodeRef::new(),
            done: RwSignal::default(),
        }
    }

    /// Brings the page to life, or goes to the login page if nobody is signed in.
    pub fn open(self) {
        if self.guard.open()
            && let (Some(input), Some(session)) = (self.username.get_untracked(), client::session())
        {
            input.set_value(&session.username);
        }
    }

    /// Changes the password as was typed.
    pub fn change(self) {
        if !self.guard.is_open.get_untracked() || self.guard.is_busy.get_untracked() {
            return;
        }
        let (Some(current), Some(new)) = (self.current.get_untracked(), self.new.get_untracked())
        else {
            return;
        };
        let others = self.others.get_untracked();
        let change = Change {
            old_password: current.value(),
            new_password: new.value(),
            keep_others: others.is_some_and(|others| !others.checked()),
        };
        self.done.set(String::new());
        self.guard.trouble.set(String::new());
        let wrong_new = objection(&change.new_password);
        let wrong_current = match change.old_password.as_str() {
            "" => "Please enter your current password.".to_owned(),
            _ => String::new(),
        };
        if !wrong_current.is_empty() || !wrong_new.is_empty() {
            return self.object(wrong_current, wrong_new);
        }
        self.object(String::new(), String::new());
        self.guard.is_busy.set(true);
        spawn_local(async move {
            match client::tell("/api/password/", &change).await {
                Ok(()) => {
                    for input in [&current, &new] {
                        input.set_value("");
                    }
                    self.done.set(done(change.keep_others).to_owned());
                    let _ = current.focus(); // what can not be focused is not there any more
                }
                // The new one was looked at here.
                Err(Failure::Rejected(sentence)) => self.object(sentence, String::new()),
                Err(failure) => {
                    if let Some(sentence) = self.guard.sentence(failure) {
                        self.guard.give_up(sentence);
                    }
                }
            }
            self.guard.is_busy.set(false);
        });
    }

    fn object(self, wrong_current: String, wrong_new: String) {
        let wrong = match (wrong_current.is_empty(), wrong_new.is_empty()) {
            (false, _) => Some(self.current),
            (true, false) => Some(self.new),
            (true, true) => None,
        };
        self.wrong_current.set(wrong_current);
        self.wrong_new.set(wrong_new);
        if let Some(input) = wrong.and_then(|input| input.get_untracked()) {
            let _ = input.focus(); // as above
            input.select();
        }
    }
}

fn done(keep_others: bool) -> &'static str {
    if keep_others {
        "Your password is changed. Your other devices stay signed in."
    } else {
        "Your password is changed, and your other devices are signed out."
    }
}
