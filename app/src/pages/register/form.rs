//! Sending the form: what was typed, what can be wrong with it, and signing in afterwards.
//! The password is read when it is sent and kept nowhere else.

use leptos::html::Input;
use leptos::prelude::*;

use crate::browser;
use crate::client::{self, Ending, NewUser, Objections};
use crate::pages::keeping::keep;
use crate::pages::password::objection;

/// Where to go afterwards.
const AFTERWARDS: &str = "/users";

/// The form.
#[derive(Clone, Copy)]
pub struct Form {
    pub username: NodeRef<Input>,
    pub email: NodeRef<Input>,
    pub password: NodeRef<Input>,
    pub wrong_username: RwSignal<String>,
    pub wrong_email: RwSignal<String>,
    pub wrong_password: RwSignal<String>,
    pub trouble: RwSignal<String>,
    pub is_alive: RwSignal<bool>,
    pub is_busy: RwSignal<bool>,
}

impl Form {
    /// A form that is not in a page yet.
    pub fn new() -> Self {
        Self {
            username: NodeRef::new(),
            email: NodeRef::new(),
            password: NodeRef::new(),
            wrong_username: RwSignal::default(),
            wrong_email: RwSignal::default(),
            wrong_password: RwSignal::default(),
            trouble: RwSignal::default(),
            is_alive: RwSignal::new(false),
            is_busy: RwSignal::new(false),
        }
    }

    /// Says what is wrong, and moves the focus to the first field that is.
    fn object(self, objections: Objections) {
        let fields = [
            (objections.username, self.wrong_username, self.username),
            (objections.email, self.wrong_email, self.email),
            (objections.password, self.wrong_password, self.password),
        ];
        let mut first = None;
        for (sentence, place, input) in fields {
            if !sentence.is_empty() {
                first = first.or(Some(input));
            }
            place.set(sentence);
        }
        self.trouble.set(objections.general);
        if let Some(input) = first.unwrap_or(self.password).get_untracked() {
            let _ = input.focus(); // an input that can not be focused is not there any more
            input.select();
        }
    }
}

/// Makes an account of what was typed, signs in, and goes on; or says what is wrong.
pub async fn sign_up(form: Form) {
    let text = |input: NodeRef<Input>| {
        let input = input.get_untracked();
        input.map(|input| input.value()).unwrap_or_default()
    };
    let (username, email) = (text(form.username), text(form.email));
    let password = text(form.password);
    let missing = missing(&username, &email, &password);
    if let Some(missing) = missing {
        return form.object(missing);
    }
    form.object_to_nothing();
    form.is_busy.set(true);
    let new = NewUser {
        username: &username,
        email: &email,
        password: &password,
    };
    if let Err(objections) = client::register(&new).await {
        form.is_busy.set(false);
        return form.object(objections);
    }
    // Busy until the next page is there. The account is there; should signing in fail, the login page says what is wrong.
    let signed_in = client::sign_in(username.trim(), &password, keep(false)).await;
    browser::go_to(&match signed_in {
        Ok(()) => AFTERWARDS.to_owned(),
        Err(_) => client::login_address(Ending::None, AFTERWARDS),
    });
}

impl Form {
    fn object_to_nothing(self) {
        for place in [
            self.wrong_username,
            self.wrong_email,
            self.wrong_password,
            self.trouble,
        ] {
            place.set(String::new());
        }
    }
}

fn missing(username: &str, email: &str, password: &str) -> Option<Objections> {
    let unless_given = |text: &str, sentence: &str| match text.trim() {
        "" => sentence.to_owned(),
        _ => String::new(),
    };
    let missing = Objections {
        username: unless_given(username, "Please choose a username."),
        email: unless_given(email, "Please enter your e-mail address."),
        password: objection(password),
        general: String::new(),
    };
    let is_complete =
        missing.username.is_empty() && missing.email.is_empty() && missing.password.is_empty();
    (!is_complete).then_some(missing)
}
