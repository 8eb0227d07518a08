//! Checks named values one by one and gathers what is wrong with each, in Django REST framework's words.

use serde_json::{Map, Value};

use crate::error::{Error, FieldErrors};

/// The values of a body and what was found wrong with those that were asked for.
#[derive(Debug, Default)]
pub struct Fields {
    values: Map<String, Value>,
    errors: FieldErrors,
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
            errors: Vec::new(),
        }
    }

    /// The text of a required field; `None` when something is wrong with it, which [`Fields::refusal`] will say.
    pub fn text(&mut self, name: &str, spaces: Spaces) -> Option<String> {
        match check(self.values.remove(name), spaces) {
            Ok(text) => Some(text),
            Err(message) => {
                self.errors
                    .push((name.to_owned(), vec![message.to_owned()]));
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
        Some(text)
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
