//! The body of a request: JSON, an object `user` with named values, which are checked one by one. What is wrong with each
//! is gathered.

use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::refusal::{Complaint, Refusal};
use crate::account::{MIN_CHARS, check_chosen_username, check_email, check_password};
use crate::api::body;
use crate::error::Error;
use crate::state::AppState;

const BLANK: &str = "can't be blank";
const INVALID: &str = "is invalid";

/// The longest `bio`, in characters.
const MAX_BIO: usize = 10_000;

/// The longest `image`, in characters.
const MAX_IMAGE: usize = 2_000;

/// What was sent of a user.
#[derive(Debug)]
pub struct Sent {
    values: Map<String, Value>,
    complaints: Vec<Complaint>,
}

impl FromRequest<AppState> for Sent {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &AppState) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body).await?;
        let mut values = Map::new();
        if !bytes.is_empty() {
            let content_type = body::content_type(&parts.headers);
            if !body::media_type(&content_type).eq_ignore_ascii_case("application/json") {
                return Err(Error::UnsupportedMediaType(content_type.into_owned()).into());
            }
            values = body::json(&bytes)?;
        }
        match values.remove("user") {
            Some(Value::Object(values)) => Ok(Self::new(values)),
            None | Some(Value::Null) => Ok(Self::new(Map::new())),
            Some(_) => Err(Refusal::Fields(vec![("user", INVALID.into())])),
        }
    }
}

impl Sent {
    fn new(values: Map<String, Value>) -> Self {
        Self {
            values,
            complaints: Vec::new(),
        }
    }

    /// Whether there is a value of this name, be it null.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Leaves out what is sent back as it is: forms send all they have, and an operator may have given what nobody can
    /// choose.
    pub fn leave_out(&mut self, name: &str, as_it_is: &str) {
        if self.values.get(name).and_then(Value::as_str) == Some(as_it_is) {
            self.values.remove(name);
        }
    }

    /// A text that must be there. `None` when something is wrong with it, which [`Sent::refusal`] will say.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        match self.values.remove(name) {
            None | Some(Value::Null) => self.complain(name, BLANK),
            Some(Value::String(text)) if text.is_empty() => self.complain(name, BLANK),
            Some(Value::String(text)) => Some(text),
            Some(_) => self.complain(name, INVALID),
        }
    }

    /// A text that must be there, without the spaces around it.
    pub fn trimmed(&mut self, name: &'static str) -> Option<String> {
        match self.text(name)?.trim() {
            "" => self.complain(name, BLANK),
            text => Some(text.to_owned()),
        }
    }

    /// A username that may be chosen.
    pub fn username(&mut self) -> Option<String> {
        let name = self.trimmed("username")?;
        if name.chars().count() > 150 {
            return self.complain("username", "is too long (maximum is 150 characters)");
        }
        if check_chosen_username(&name).is_err() {
            return self.complain("username", INVALID);
        }
        Some(name)
    }

    /// An e-mail address that may be taken.
    pub fn email(&mut self) -> Option<String> {
        let email = self.trimmed("email")?;
        if check_email(&email).is_err() {
            return self.complain("email", INVALID);
        }
        Some(email)
    }

    /// A password that may be set.
    pub fn password(&mut self) -> Option<secrecy::SecretString> {
        let password = self.text("password")?;
        if password.chars().count() < MIN_CHARS {
            let sentence = format!("is too short (minimum is {MIN_CHARS} characters)");
            self.complaints.push(("password", sentence.into()));
            return None;
        }
        let password = password.into();
        if check_password(&password).is_err() {
            return self.complain("password", INVALID);
        }
        Some(password)
    }

    /// What a user says of themselves, of at most [`MAX_BIO`] characters: `None` when they did not say it now, and empty
    /// when they say nothing.
    pub fn bio(&mut self) -> Option<String> {
        self.saying("bio", MAX_BIO)
    }

    /// The same for the address of a picture, of at most [`MAX_IMAGE`] characters.
    pub fn image(&mut self) -> Option<String> {
        self.saying("image", MAX_IMAGE)
    }

    fn saying(&mut self, name: &'static str, most: usize) -> Option<String> {
        match self.values.remove(name)? {
            Value::Null => Some(String::new()),
            Value::String(text) if text.chars().count() > most => {
                let sentence = format!("is too long (maximum is {most} characters)");
                self.complaints.push((name, sentence.into()));
                None
            }
            // No column of PostgreSQL can hold it.
            Value::String(text) if text.contains('\0') => self.complain(name, INVALID),
            Value::String(text) => Some(text),
            _ => self.complain(name, INVALID),
        }
    }

    /// Notes that something is wrong with a field.
    pub fn complain<T>(&mut self, name: &'static str, sentence: &'static str) -> Option<T> {
        self.complaints.push((name, sentence.into()));
        None
    }

    /// Everything that was found wrong.
    pub fn refusal(self) -> Refusal {
        Refusal::Fields(self.complaints)
    }

    /// Whether nothing was.
    ///
    /// # Errors
    /// [`Sent::refusal`].
    pub fn checked(self) -> Result<(), Refusal> {
        if self.complaints.is_empty() {
            Ok(())
        } else {
            Err(self.refusal())
        }
    }
}
