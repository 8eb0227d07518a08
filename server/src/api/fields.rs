//! Checks named values one by one and gathers what is wrong with each, in Django REST framework's words.

use std::num::IntErrorKind;

use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::account::shows;
use crate::error::{self, Error, FieldErrors};
use crate::lifecycle::AccessLifetime;

/// The values of a body and what was found wrong with those that were asked for.
#[derive(Debug, Default)]
pub struct Fields {
    values: Map<String, Value>,
    errors: FieldErrors,
    /// They came from a form, which has only texts.
    is_form: bool,
}

/// Whether spaces around a text belong to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Spaces {
    /// They are cut off.
    Trim,
    /// They are kept: a password may end in one.
    Keep,
}

impl Fields {
    /// Values that are still to be checked.
    #[must_use]
    pub fn new(values: Map<String, Value>) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The same, of a form.
    #[must_use]
    pub fn of_form(values: Map<String, Value>) -> Self {
        Self {
            is_form: true,
            ..Self::new(values)
        }
    }

    /// The text of a required field; `None` when something is wrong with it, which [`Fields::refusal`] will say.
    pub fn text(&mut self, name: &str, spaces: Spaces) -> Option<String> {
        match check(self.values.remove(name), spaces) {
            Ok(text) => Some(text),
            Err(message) => {
                self.refuse(name, message);
                None
            }
        }
    }

    /// A name of somebody's choice, of at most `most` characters; none at all is a choice, too. `None` when something is
    /// wrong with it, which [`Fields::refusal`] will say.
    pub fn label(&mut self, name: &str, most: usize) -> Option<String> {
        if self.values.get(name).is_some_and(is_blank) {
            return Some(String::new());
        }
        let text = self.text(name, Spaces::Trim)?;
        if text.chars().count() > most {
            let sentence = format!("Ensure this field has no more than {most} characters.");
            self.errors.push((name.to_owned(), vec![sentence]));
            return None;
        }
        // What joins two signs into one is a part of many of them.
        if !text.chars().all(|c| shows(c) || c == '\u{200d}') {
            self.refuse(name, "Characters that can not be seen are not allowed.");
            return None;
        }
        Some(text)
    }

    /// The same of a field that need not be given, which is no choice either.
    pub fn label_or_none(&mut self, name: &str, most: usize) -> Option<String> {
        if self.has(name) {
            self.label(name, most)
        } else {
            Some(String::new())
        }
    }

    /// A switch, which is off when it is not given; `None` when it is neither on nor off, which [`Fields::refusal`] will
    /// say.
    pub fn switch(&mut self, name: &str) -> Option<bool> {
        let value = self.values.remove(name);
        // A form gives what was left empty, too.
        let value = value.filter(|value| !(self.is_form && *value == ""));
        match check_switch(value.as_ref()) {
            Ok(is_on) => Some(is_on),
            Err(message) => {
                self.refuse(name, message);
                None
            }
        }
    }

    /// `access_lifetime`: for how many seconds an access token is to live at the most, the setting's where it is not given.
    /// `None` when it is no whole number of at least one, which [`Fields::refusal`] will say.
    pub fn access_lifetime(&mut self) -> Option<AccessLifetime> {
        const NAME: &str = "access_lifetime";
        let value = self.values.remove(NAME);
        let value = value.filter(|value| !(self.is_form && *value == ""));
        let Some(value) = value else {
            return Some(AccessLifetime::FULL);
        };
        match check_count(&value) {
            Ok(seconds) => Some(AccessLifetime::at_most(seconds)),
            Err(message) => {
                self.refuse(NAME, message);
                None
            }
        }
    }

    /// Whether there is a field of this name, whatever it holds.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Notes what is wrong with a field.
    pub fn refuse(&mut self, name: &str, message: &str) {
        self.errors
            .push((name.to_owned(), vec![message.to_owned()]));
    }

    /// The same with a field that comes before those that were read meanwhile: Django REST framework answers in the order
    /// of its fields.
    pub fn refuse_first(&mut self, name: &str, message: &str) {
        self.errors
            .insert(0, (name.to_owned(), vec![message.to_owned()]));
    }

    /// A name and a password to log in with: `username`, `password`.
    ///
    /// # Errors
    /// What is wrong with either.
    pub fn credentials(mut self) -> error::Result<(String, SecretString)> {
        self.name_and_password().ok_or_else(|| self.refusal())
    }

    /// The same; `None` when something is wrong with either, which [`Fields::refusal`] will say with the rest.
    pub fn name_and_password(&mut self) -> Option<(String, SecretString)> {
        let username = self.text("username", Spaces::Trim);
        let password = self.text("password", Spaces::Keep);
        let given = username.zip(password);
        given.map(|(username, password)| (username, password.into()))
    }

    /// Everything that was found wrong.
    #[must_use]
    pub fn refusal(self) -> Error {
        Error::Fields(self.errors)
    }
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn check(value: Option<Value>, spaces: Spaces) -> Result<String, &'static str> {
    let text = match value {
        None => return Err("This field is required."),
        Some(Value::Null) => return Err("This field may not be null."),
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            return Err("Not a valid string.");
        }
    };
    let text = match spaces {
        Spaces::Trim if text.trim().len() < text.len() => text.trim().to_owned(),
        Spaces::Trim | Spaces::Keep => text,
    };
    if text.is_empty() {
        return Err("This field may not be blank.");
    }
    if text.contains('\0') {
        return Err("Null characters are not allowed.");
    }
    Ok(text)
}

/// A whole number of at least one, as Django REST framework reads it: from a text, too, and 60.0 is 60. What is greater
/// than any number here is as good as the greatest.
fn check_count(value: &Value) -> Result<i64, &'static str> {
    const INVALID: &str = "A valid integer is required.";
    const SMALL: &str = "Ensure this value is greater than or equal to 1.";
    // From here on every floating point number is a whole one.
    const GREAT: f64 = 9_007_199_254_740_992.0;
    let text = match value {
        Value::Null => return Err("This field may not be null."),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(INVALID),
        // Beyond 64 bits our parser has them as floating point, which is written with an exponent.
        Value::Number(number) => match number.as_f64() {
            Some(great) if great >= GREAT => return Ok(i64::MAX),
            Some(small) if small <= -GREAT => return Err(SMALL),
            _ => number.to_string(),
        },
        Value::String(text) if text.len() > 1000 => return Err("String value too large."),
        Value::String(text) => text.trim().to_owned(),
    };
    let whole = match text.split_once('.') {
        Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return Err(INVALID),
        None => &text,
    };
    let count = match whole.parse::<i64>() {
        Ok(count) => count,
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => i64::MAX,
        Err(error) if *error.kind() == IntErrorKind::NegOverflow => i64::MIN,
        Err(_) => return Err(INVALID),
    };
    if count < 1 {
        return Err(SMALL);
    }
    Ok(count)
}

/// Django REST framework's spellings, in any case. JSON's numbers count as they do in Python, where 1.0 is 1.
fn check_switch(value: Option<&Value>) -> Result<bool, &'static str> {
    const INVALID: &str = "Must be a valid boolean.";
    match value {
        None => Ok(false),
        Some(Value::Null) => Err("This field may not be null."),
        Some(Value::Bool(is_on)) => Ok(*is_on),
        Some(Value::Number(number)) => match number.as_f64() {
            Some(1.0) => Ok(true),
            Some(0.0) => Ok(false),
            _ => Err(INVALID),
        },
        Some(Value::String(text)) => match text.to_lowercase().as_str() {
            "t" | "y" | "yes" | "true" | "on" | "1" => Ok(true),
            "f" | "n" | "no" | "false" | "off" | "0" => Ok(false),
            _ => Err(INVALID),
        },
        Some(Value::Array(_) | Value::Object(_)) => Err(INVALID),
    }
}
