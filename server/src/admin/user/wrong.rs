//! What is wrong with a form about a user, said beside the field it concerns.

use axum::http::StatusCode;
use leptos::prelude::*;

use crate::account::{ChangeError, InvalidName, MIN_CHARS, ManageError};
use crate::error::{Error, Result};
use crate::state::Server;
use crate::token::UserId;

/// What concerns no field.
const ALL: &str = "";

/// What is wrong, by field.
#[derive(Clone, Debug, Default)]
pub struct Wrong {
    found: Vec<(&'static str, String)>,
    /// The form may not be sent at all, however it is filled in.
    is_forbidden: bool,
}

impl Wrong {
    /// One thing about one field.
    pub fn one(name: &'static str, sentence: String) -> Self {
        Self {
            found: vec![(name, sentence)],
            is_forbidden: false,
        }
    }

    /// Adds one.
    pub fn add(&mut self, name: &'static str, sentence: String) {
        self.found.push((name, sentence));
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What is wrong with a field.
    pub fn about(&self, name: &str) -> Option<String> {
        let found = self.found.iter().find(|(field, _)| *field == name);
        found.map(|(_, sentence)| sentence.clone())
    }

    /// The status of the page that shows it.
    pub fn status(&self) -> StatusCode {
        match (self.is_forbidden, self.is_empty()) {
            (true, _) => StatusCode::FORBIDDEN,
            (false, true) => StatusCode::OK,
            (false, false) => StatusCode::BAD_REQUEST,
        }
    }

    /// What concerns the form as a whole.
    pub fn notice(&self) -> impl IntoView + use<> {
        let sentence = self.about(ALL);
        sentence
            .map(|sentence| view! { <p class="notice notice--error" role="alert">{sentence}</p> })
    }
}

/// Why nothing was changed, as far as whoever filled in the form can do something about it.
///
/// # Errors
/// [`Error::Busy`], [`Error::Database`], [`Error::NotFound`]: they can not.
pub async fn explain(
    state: &Server,
    error: ManageError,
    (username, email): (&str, &str),
    except: Option<UserId>,
) -> Result<Wrong> {
    let forbidden = |sentence: &str| Wrong {
        is_forbidden: true,
        ..Wrong::one(ALL, sentence.to_owned())
    };
    let error = match error {
        ManageError::Change(error) => error,
        ManageError::NotAllowed => {
            return Ok(forbidden(
                "You are not a superuser any more. Nothing was changed.",
            ));
        }
        ManageError::Yourself => {
            return Ok(forbidden(
                "You would shut yourself out. Another superuser can do it. Nothing was changed.",
            ));
        }
    };
    Ok(match error {
        ChangeError::Name(InvalidName::Email) => {
            Wrong::one("email", "This is not an e-mail address.".to_owned())
        }
        ChangeError::Name(_) => Wrong::one(
            "username",
            "1 to 150 characters, without spaces around them and without any that do not show."
                .to_owned(),
        ),
        ChangeError::Password(_) => {
            Wrong::one("password", format!("At least {MIN_CHARS} characters."))
        }
        ChangeError::Taken => {
            let taken = state.store.taken(username, email, except).await?;
            let mut wrong = Wrong::default();
            if taken.username || !taken.email {
                wrong.add(
                    "username",
                    "Somebody has this name, in this or another case.".to_owned(),
                );
            }
            if taken.email {
                wrong.add("email", "Somebody has this e-mail address.".to_owned());
            }
            wrong
        }
        ChangeError::Unknown(_) => return Err(Error::NotFound),
        ChangeError::Busy(_) => return Err(Error::Busy),
        ChangeError::Store(error) => return Err(Error::Database(error)),
    })
}
