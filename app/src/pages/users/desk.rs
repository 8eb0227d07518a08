//! What the users page knows and does beyond what all protected pages do: the list, the five calls, the session.

use futures_util::future::join5;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ListedUser;
use crate::browser;
use crate::client::{self, Ending, Farewell, Json, Session};
use crate::pages::guard::Guard;

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Who may be here, what is waited for, what did not work.
    pub guard: Guard,
    /// The list, once there is one.
    pub users: RwSignal<Option<Vec<ListedUser>>>,
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

    /// Asks for the list.
    pub fn reload(self) {
        spawn_local(async move {
            self.guard.is_busy.set(true);
            if let Some(users) = self.ask().await {
                self.users.set(Some(users));
            }
            self.guard.is_busy.set(false);
        });
    }

    /// Asks for the list five times at once, and says how many renewals that took.
    pub fn call_five_times(self) {
        spawn_local(async move {
            self.guard.is_busy.set(true);
            self.five.set(String::new());
            let before = client::renewals();
            let answers: [_; 5] = join5(self.ask(), self.ask(), self.ask(), self.ask(), self.ask())
                .await
                .into();
            let answered = answers.iter().flatten().count();
            let renewals = client::renewals() - before;
            self.five.set(format!(
                "Calls answered: {answered} of 5. Renewals: {renewals}."
            ));
            if let Some(users) = answers.into_iter().flatten().next() {
                self.users.set(Some(users));
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
                Farewell::Heard => self.guard.leave_for(Ending::Logout, ""),
                Farewell::Unheard => {
                    self.users.set(None);
                    self.look();
                    self.guard.close(Ending::LogoutUnheard);
                }
            }
        });
    }

    async fn ask(self) -> Option<Vec<ListedUser>> {
        let listed: Json = self.guard.ask("/api/users/").await?;
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
