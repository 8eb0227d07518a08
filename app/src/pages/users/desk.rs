//! What the users page knows and does: the list, the calls under way, the trouble they met, the session.
//! Patience lives here: trouble that passes is waited out, with longer and longer pauses, and said.

use futures_util::future::join5;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::ListedUser;
use crate::browser;
use crate::client::{self, Change, Ending, Failure, Farewell, Session};

/// How often a call is tried before the person is asked.
const ATTEMPTS: u32 = 6;

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The list, once there is one.
    pub users: RwSignal<Option<Vec<ListedUser>>>,
    /// What is being waited for; empty while nothing is.
    pub waiting: RwSignal<String>,
    /// What did not work; empty while everything does.
    pub trouble: RwSignal<String>,
    /// What came of the five calls; empty before.
    pub five: RwSignal<String>,
    /// The session, as stored.
    pub session: RwSignal<Option<Session>>,
    /// How many renewals this page made.
    pub renewals: RwSignal<u64>,
    /// The time, in milliseconds; moves every second.
    pub now: RwSignal<u64>,
    /// Whether the island is alive.
    pub is_alive: RwSignal<bool>,
    /// Whether the island is alive and somebody is signed in.
    pub is_open: RwSignal<bool>,
    /// Whether a call is under way.
    pub is_busy: RwSignal<bool>,
    /// Whether the page is being left: nothing that happens now may lead elsewhere.
    is_leaving: RwSignal<bool>,
}

impl Desk {
    /// A page that is not alive yet.
    pub fn new() -> Self {
        Self {
            users: RwSignal::new(None),
            waiting: RwSignal::default(),
            trouble: RwSignal::default(),
            five: RwSignal::default(),
            session: RwSignal::new(None),
            renewals: RwSignal::new(0),
            now: RwSignal::new(0),
            is_alive: RwSignal::new(false),
            is_open: RwSignal::new(false),
            is_busy: RwSignal::new(false),
            is_leaving: RwSignal::new(false),
        }
    }

    /// Brings the page to life: loads the list, or goes to the login page if nobody is signed in.
    pub fn open(self) {
        self.is_alive.set(true);
        self.look();
        if self.session.with_untracked(Option::is_none) {
            return self.leave(Ending::None);
        }
        client::watch(move |change| self.follow(change));
        browser::every_second(move || self.now.set(browser::now()));
        self.is_open.set(true);
        self.reload();
    }

    /// Asks for the list.
    pub fn reload(self) {
        spawn_local(async move {
            self.is_busy.set(true);
            if let Some(users) = self.ask().await {
                self.users.set(Some(users));
            }
            self.is_busy.set(false);
        });
    }

    /// Asks for the list five times at once, and says how many renewals that took.
    pub fn call_five_times(self) {
        spawn_local(async move {
            self.is_busy.set(true);
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
            self.is_busy.set(false);
        });
    }

    /// Signs out. If the server did not hear it the page stays: the next one could not be had either.
    pub fn sign_out(self) {
        spawn_local(async move {
            self.is_busy.set(true);
            // Who signs out is done here: the next person to sign in starts afresh.
            match client::sign_out().await {
                Farewell::Heard => self.leave_for(Ending::Logout, ""),
                Farewell::Unheard => self.close(Ending::LogoutUnheard),
            }
        });
    }

    /// Shows nothing any more but why.
    fn close(self, ending: Ending) {
        self.is_leaving.set(true);
        self.is_open.set(false);
        self.is_busy.set(false);
        self.users.set(None);
        self.look();
        self.give_up(ending.sentence().to_owned());
    }

    /// The list; `None` if it could not be had, which has been said then.
    async fn ask(self) -> Option<Vec<ListedUser>> {
        self.trouble.set(String::new());
        for attempt in 0..ATTEMPTS {
            let (trouble, after) = match client::get("/api/users/").await {
                Ok(users) => {
                    self.waiting.set(String::new());
                    return Some(users);
                }
                Err(Failure::TryLater { trouble, after }) => (trouble, after),
                Err(Failure::Rejected(sentence)) => {
                    self.give_up(sentence);
                    return None;
                }
                Err(Failure::Ended(ending)) => {
                    self.leave(ending);
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

    fn give_up(self, sentence: String) {
        self.waiting.set(String::new());
        self.trouble.set(sentence);
    }

    fn follow(self, change: Change) {
        self.look();
        if change == Change::Elsewhere && self.session.with_untracked(Option::is_none) {
            self.leave(client::last_ending());
        }
    }

    fn look(self) {
        self.session.set(client::session());
        self.renewals.set(client::renewals());
        self.now.set(browser::now());
    }

    /// Goes to the login page, and comes back from there.
    fn leave(self, ending: Ending) {
        self.leave_for(ending, &browser::here());
    }

    /// Goes to the login page, and from there to `next`. The first reason counts.
    fn leave_for(self, ending: Ending, next: &str) {
        if !self.is_leaving.get_untracked() {
            self.is_leaving.set(true);
            self.is_open.set(false);
            browser::go_to(&client::login_address(ending, next));
        }
    }
}
