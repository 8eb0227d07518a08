//! What the page of sessions knows and does: the list, naming a device, signing out here, elsewhere and everywhere.
//! What ends something is sent once and never repeated by itself; whether it worked is read from the list.

mod question;

use leptos::html::H2;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

use crate::api::{OwnSession, OwnSessions};
use crate::browser;
use crate::client::{self, Ending, Failure};
use crate::pages::guard::Guard;
use crate::ui::dialog::Dialog;

use super::words::{self, Told};
pub use question::Question;

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
    /// The dialogs, behind one handle: a desk is passed by value.
    dialogs: StoredValue<Dialogs>,
    /// What the open dialog is about.
    question: RwSignal<Question>,
}

/// The dialogs of the page.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// Asks for the password before other sessions end.
    pub proof: Dialog,
    /// Asks for the name of a device.
    pub naming: Dialog,
}

#[derive(Serialize)]
struct End {
    session: String,
    password: String,
}

#[derive(Serialize)]
struct Proof {
    password: String,
}

#[derive(Deserialize)]
struct Others {
    ended: usize,
}

#[derive(Serialize)]
struct Name {
    device_name: String,
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
            dialogs: StoredValue::new(Dialogs {
                proof: Dialog::new(),
                naming: Dialog::new(),
            }),
            question: RwSignal::new(Question::Others),
        }
    }

    /// The dialogs.
    pub fn dialogs(self) -> Dialogs {
        self.dialogs.get_value()
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

    /// Signs out one session: this one at once, another one for the password.
    pub fn sign_out(self, session: &OwnSession) {
        if !session.current {
            let device = words::device(&session.device);
            return self.ask(Question::One(session.id.clone(), device));
        }
        let path = ["/api/sessions/", &session.id, "/"].concat();
        self.alone(async move || match client::delete(path).await {
            Ok(()) => self.leave().await,
            Err(failure) => self.fail(failure),
        });
    }

    /// Asks for the password before something is ended.
    pub fn ask(self, question: Question) {
        if self.guard.is_open.get_untracked() && !self.guard.is_busy.get_untracked() {
            self.dialogs().proof.open(question.words(), "");
            self.question.set(question);
        }
    }

    /// Asks for the name of a session's device.
    pub fn ask_for_name(self, session: &OwnSession) {
        let question = Question::Name(session.id.clone(), words::model(&session.device));
        self.dialogs()
            .naming
            .open(question.words(), &session.device.name);
        self.question.set(question);
    }

    /// Does what the open dialog asks about, with what was typed.
    pub fn answer(self) {
        let question = self.question.get_untracked();
        if let Question::Name(id, _) = question {
            let device_name = self.dialogs().naming.value();
            return self.within(self.dialogs().naming, async move || {
                self.name(id, device_name).await
            });
        }
        let password = self.dialogs().proof.value();
        if password.is_empty() {
            return self
                .dialogs()
                .proof
                .object("Please enter your password.".to_owned());
        }
        self.within(self.dialogs().proof, async move || match question {
            Question::One(id, device) => self.end(id, device, password).await,
            question => self.end_others(question, password).await,
        });
    }

    async fn name(self, id: String, device_name: String) -> Result<(), Failure> {
        let path = ["/api/sessions/", &id, "/"].concat();
        client::patch(path, &Name { device_name }).await?;
        self.dialogs().naming.close();
        self.look().await;
        self.say("The name is kept.".to_owned());
        Ok(())
    }

    async fn end(self, session: String, device: String, password: String) -> Result<(), Failure> {
        let id = session.clone();
        let ended = client::tell("/api/sessions/end/", &End { session, password }).await;
        if let Err(Failure::Rejected(_)) = ended {
            self.look().await;
        }
        // Refused because it was over already: then that is what was wanted.
        match ended {
            Err(failure) if self.has(&id) => return Err(failure),
            Err(Failure::Ended(ending)) => return Err(Failure::Ended(ending)),
            Ok(()) => self.look().await,
            Err(_) => {}
        }
        self.dialogs().proof.close();
        self.say([&device, " is signed out."].concat());
        Ok(())
    }

    async fn end_others(self, question: Question, password: String) -> Result<(), Failure> {
        let answer = client::post("/api/sessions/end-others/", &Proof { password }).await;
        let Others { ended } = answer?;
        self.dialogs().proof.close();
        if let Question::Everywhere = question {
            let farewell = client::sign_out().await;
            self.guard.leave_for(farewell.ending(), "");
            return Ok(());
        }
        self.look().await;
        self.say(words::ended_elsewhere(ended));
        Ok(())
    }

    /// Does what a dialog asks about; what is objected to is said in it.
    fn within(self, dialog: Dialog, deed: impl AsyncFnOnce() -> Result<(), Failure> + 'static) {
        self.alone(async move || {
            if let Err(failure) = deed().await
                && let Some(sentence) = self.guard.sentence(failure)
            {
                dialog.object(sentence);
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

    /// Goes, after this session was ended at the server.
    async fn leave(self) {
        client::forget().await;
        self.guard.leave_for(Ending::Logout, "");
    }

    fn fail(self, failure: Failure) {
        if let Some(sentence) = self.guard.sentence(failure) {
            self.guard.give_up(sentence);
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
}
