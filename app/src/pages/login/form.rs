//! Sending the form: what was typed, what can be wrong with it, and where to go afterwards.
//! The password is read when it is sent and kept nowhere else.

use leptos::html::Input;
use leptos::prelude::*;

use crate::browser;
use crate::client::{self, Keep, SignInFailure};
use crate::pages::keeping;

/// Where to go when nobody said.
const AFTERWARDS: &str = "/users";

/// The inputs of the form.
#[derive(Clone, Copy)]
pub struct Credentials {
    pub username: NodeRef<Input>,
    pub password: NodeRef<Input>,
    pub remember: NodeRef<Input>,
}

/// What the form says is wrong: with it all, or with one field. Empty where nothing is.
#[derive(Clone, Copy)]
pub struct Trouble {
    pub general: RwSignal<String>,
    pub username: RwSignal<String>,
    pub password: RwSignal<String>,
}

impl Credentials {
    /// Inputs that are not in a page yet.
    pub fn new() -> Self {
        Self {
            username: NodeRef::new(),
            password: NodeRef::new(),
            remember: NodeRef::new(),
        }
    }

    fn keep(&self) -> Keep {
        let remember = self.remember.get_untracked();
        keeping::keep(remember.is_some_and(|remember| remember.checked()))
    }
}

impl Trouble {
    /// Nothing is wrong.
    pub fn new() -> Self {
        Self {
            general: RwSignal::default(),
            username: RwSignal::default(),
            password: RwSignal::default(),
        }
    }

    /// Something is wrong, but with no field.
    pub fn say(&self, sentence: &str) {
        self.general.set(sentence.to_owned());
    }

    fn clear(&self) {
        for place in [self.general, self.username, self.password] {
            place.set(String::new());
        }
    }
}

/// Signs in with what was typed, and goes on; or says what is wrong, and moves the focus to where it can be put right.
pub async fn sign_in(credentials: Credentials, trouble: Trouble, busy: RwSignal<bool>) {
    trouble.clear();
    let (username, password) = (text(credentials.username), text(credentials.password));
    if username.is_empty() || password.is_empty() {
        let missing = |text: &str, sentence: &str| text.is_empty().then(|| sentence.to_owned());
        return show(
            credentials,
            trouble,
            SignInFailure::Fields {
                username: missing(&username, "Please enter your username."),
                password: missing(&password, "Please enter your password."),
            },
        );
    }
    busy.set(true);
    match client::sign_in(&username, &password, credentials.keep()).await {
        // Busy until the next page is there.
        Ok(()) => browser::go_to(&way_on()),
        Err(failure) => {
            busy.set(false);
            show(credentials, trouble, failure);
        }
    }
}

/// The page to go to when signed in: the one that sent the person here, if it is one of ours.
pub fn way_on() -> String {
    let next = client::query_value(&browser::query(), "next").unwrap_or_default();
    client::local_path(&next).unwrap_or(AFTERWARDS).to_owned()
}

fn show(credentials: Credentials, trouble: Trouble, failure: SignInFailure) {
    let to_correct = match failure {
        SignInFailure::Fields { username, password } => {
            let first = if username.is_some() {
                credentials.username
            } else {
                credentials.password
            };
            trouble.username.set(username.unwrap_or_default());
            trouble.password.set(password.unwrap_or_default());
            first
        }
        SignInFailure::Wrong => {
            trouble
                .say("The username or the password is not right, or the account is switched off.");
            credentials.password
        }
        SignInFailure::Rejected(sentence) => {
            trouble.say(&sentence);
            credentials.password
        }
        SignInFailure::TryLater {
            trouble: obstacle,
            after,
        } => {
            trouble.say(&obstacle.with_advice(after));
            credentials.password // the button went dead while waiting; Enter works from here
        }
    };
    if let Some(input) = to_correct.get_untracked() {
        let _ = input.focus(); // an input that can not be focused is not there any more
        input.select();
    }
}

fn text(input: NodeRef<Input>) -> String {
    input
        .get_untracked()
        .map(|input| input.value())
        .unwrap_or_default()
}
