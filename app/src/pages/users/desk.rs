//! What the users page knows and does beyond what all protected pages do: the list, the five calls, the session.

use futures_util::future::join5;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ListedUser;
use crate::browser;
use crate::client::{self, Farewell, Json, Session};
use crate::pages::guard::Guard;

use super::part::{FIT, Part};

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who may be here, what is waited for, what did not work.
    pub guard: Guard,
    /// The part of the list that is shown, once there is one.
    pub users: RwSignal<Option<Vec<ListedUser>>>,
    /// Which part that is.
    pub part: RwSignal<Part>,
    /// Whether there are more users behind it.
    pub has_more: RwSignal<bool>,
    /// What is searched for, as it is being typed.
    pub search: NodeRef<Input>,
    /// What came of the five calls; empty before.
    pub five: RwSignal<String>,
    /// The session, as stored.
    pub session: RwSignal<Option<Session>>,
    /// How many renewals this page made.
    pub renewals: RwSignal<u64>,
    /// The time, in milliseconds; moves every second.
    pub now: RwSignal<u64>,
}

impl Desk {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            guard: Guard::new(),
            users: RwSignal::new(None),
            part: RwSignal::default(),
            has_more: RwSignal::new(false),
            search: NodeRef::new(),
            five: RwSignal::default(),
            session: RwSignal::new(None),
            renewals: RwSignal::new(0),
            now: RwSignal::new(0),
        }
    }

    /// Brings the page to life: loads the list, or goes to the login page if nobody is signed in.
    pub fn open(self) {
        self.look();
        if !self.guard.open() {
            return;
        }
        client::watch(move |_| self.look());
        browser::every_second(move || self.now.set(browser::now()));
        self.reload();
    }

    /// Asks for the same part of the list again.
    pub fn reload(self) {
        self.turn_to(self.part.get_untracked());
    }

    /// Asks for who begins as was typed.
    pub fn find(self) {
        if let Some(input) = self.search.get_untracked() {
            self.turn_to(Part::of(&input.value()));
        }
    }

    /// Asks for the page after this one, if there is one.
    pub fn next(self) {
        let last = self
            .users
            .with_untracked(|users| users.as_ref()?.last().map(|user| user.id));
        if let Some(last) = last.filter(|_| self.has_more.get_untracked()) {
            self.turn_to(self.part.get_untracked().next(last));
        }
    }

    /// Asks for the page before this one, if there is one.
    pub fn previous(self) {
        let part = self.part.get_untracked();
        if !part.is_first() {
            self.turn_to(part.previous());
        }
    }

    fn turn_to(self, part: Part) {
        if !self.guard.is_open.get_untracked() || self.guard.is_busy.get_untracked() {
            return;
        }
        spawn_local(async move {
            self.guard.is_busy.set(true);
            if let Some(users) = self.ask(part.address()).await {
                self.part.set(part);
                self.show(users);
            }
            self.guard.is_busy.set(false);
        });
    }

    fn show(self, mut users: Vec<ListedUser>) {
        self.has_more.set(users.len() > FIT);
        users.truncate(FIT);
        self.users.set(Some(users));
    }

    /// Asks for the list five times at once, and says how many renewals that took.
    pub fn call_five_times(self) {
        spawn_local(async move {
            self.guard.is_busy.set(true);
            self.five.set(String::new());
            let before = client::renewals();
            let ask = || self.ask(self.part.get_untracked().address());
            let answers: [_; 5] = join5(ask(), ask(), ask(), ask(), ask()).await.into();
            let answered = answers.iter().flatten().count();
            let renewals = client::renewals() - before;
            self.five.set(format!(
                "Calls answered: {answered} of 5. Renewals: {renewals}."
            ));
            if let Some(users) = answers.into_iter().flatten().next() {
                self.show(users);
            }
            self.guard.is_busy.set(false);
        });
    }

    /// Signs out. If the server did not hear it the page stays: the next one could not be had either.
    pub fn sign_out(self) {
        spawn_local(async move {
            self.guard.is_busy.set(true);
            // Who signs out is done here: the next person to sign in starts afresh.
            match client::sign_out().await {
                done @ (Farewell::Heard | Farewell::Another) => {
                    self.guard.leave_for(done.ending(), "");
                }
                unheard => {
                    self.users.set(None);
                    self.look();
                    self.guard.close(unheard.ending());
                }
            }
        });
    }

    async fn ask(self, address: String) -> Option<Vec<ListedUser>> {
        let listed: Json = self.guard.ask(address).await?;
        Some(listed.list().iter().filter_map(listed_user).collect())
    }

    fn look(self) {
        self.session.set(client::session());
        self.renewals.set(client::renewals());
        self.now.set(browser::now());
    }
}

fn listed_user(json: &Json) -> Option<ListedUser> {
    Some(ListedUser {
        id: json.number("id")?.try_into().ok()?,
        username: json.text("username")?.to_owned(),
        email: json.text("email")?.to_owned(),
    })
}
