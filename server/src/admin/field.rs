//! Fields of the admin's forms: a label, a hint or what is wrong, and what was typed. A password is never put back.

use leptos::prelude::*;

use crate::account::shows;

/// The longest reason, in characters.
const MAX_REASON: usize = 200;

/// What a field asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asks {
    /// A name of somebody else's: the browser must not fill in its own user's.
    Text,
    /// An address of mail; may be empty.
    Email,
    /// A password that is to be somebody's.
    NewPassword,
}

/// A field of one line.
pub struct Field {
    /// Its name in the form, and its id.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it asks for.
    pub asks: Asks,
    /// What was typed.
    pub value: String,
    /// What helps to fill it in.
    pub hint: &'static str,
    /// What is wrong with it.
    pub wrong: Option<String>,
}

impl Field {
    /// The field, with what is wrong in the place of the hint.
    pub fn show(self) -> impl IntoView + use<> {
        let (kind, autocomplete) = match self.asks {
            Asks::Text => ("text", "off"),
            Asks::Email => ("email", "off"),
            Asks::NewPassword => ("password", "new-password"),
        };
        let value = (self.asks != Asks::NewPassword).then_some(self.value);
        let note = format!("{}-note", self.name);
        view! {
            <div class="field">
                <label for=self.name>{self.label}</label>
                <input
                    id=self.name
                    name=self.name
                    type=kind
                    value=value
                    required=self.asks != Asks::Email
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid=self.wrong.is_some().then_some("true")
                    aria-describedby=note.clone()
                />
                {note_below(note, self.wrong, self.hint)}
            </div>
        }
    }
}

/// The field for why something is done.
pub fn reason(value: &str, wrong: Option<String>) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for="reason">"Reason"</label>
            <input
                id="reason"
                name="reason"
                value=value.to_owned()
                maxlength=MAX_REASON
                required
                autocomplete="off"
                aria-invalid=wrong.is_some().then_some("true")
                aria-describedby="reason-note"
            />
            {note_below("reason-note".to_owned(), wrong, "In your words; it stays on record beside your name.")}
        </div>
    }
}

/// Checks a reason; what is wrong with it otherwise.
///
/// # Errors
/// It is empty or too long, or others could not read it.
pub fn check_reason(typed: &str) -> Result<String, String> {
    let reason = typed.trim();
    match reason.chars().count() {
        0 => Err("Say why: it stays on record, for you and for others.".to_owned()),
        1..=MAX_REASON if reason.chars().all(is_readable) => Ok(reason.to_owned()),
        1..=MAX_REASON => Err("Some of this does not show as text. Type it anew.".to_owned()),
        _ => Err(format!("At most {MAX_REASON} characters of text.")),
    }
}

/// What was no UTF-8 arrives as replacement characters.
fn is_readable(c: char) -> bool {
    shows(c) && c != char::REPLACEMENT_CHARACTER
}

fn note_below(id: String, wrong: Option<String>, hint: &'static str) -> impl IntoView {
    let class = if wrong.is_some() {
        "field__error"
    } else {
        "field__hint"
    };
    view! { <p class=class id=id>{wrong.unwrap_or_else(|| hint.to_owned())}</p> }
}

#[cfg(test)]
mod tests {
    use super::check_reason;

    #[test]
    fn a_reason_says_something_and_is_short() {
        assert_eq!(check_reason("  lost phone "), Ok("lost phone".to_owned()));
        assert!(check_reason(&"ä".repeat(200)).is_ok());
        for bad in [
            "",
            "  ",
            "a\0b",
            "\u{202e}",
            "lost \u{202e}phone",
            "\u{fffd}\u{fffd}",
            &"a".repeat(201),
        ] {
            assert!(check_reason(bad).is_err(), "{bad:?}");
        }
    }
}
