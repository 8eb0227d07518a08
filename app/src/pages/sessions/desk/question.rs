//! What a dialog on the page of sessions asks about, in words.

use crate::ui::dialog::Words;

/// What a dialog asks about.
#[derive(Clone)]
pub enum Question {
    /// To sign out the session of this id, on the device of this name.
    One(String, String),
    /// To sign out everywhere else.
    Others,
    /// To sign out everywhere, here too.
    Everywhere,
    /// To name the device of the session of this id, which is of this make.
    Name(String, String),
}

impl Question {
    /// It in words.
    pub fn words(&self) -> Words {
        let (title, text, deed) = match self {
            Self::One(_, device) => (
                ["Sign out ", device, "?"].concat(),
                "It is signed out at once. Your password makes sure that it is you who asks.",
                "Sign it out",
            ),
            Self::Others => (
                "Sign out everywhere else?".to_owned(),
                "Every session of yours but this one ends. Your password makes sure that it is you who asks.",
                "Sign out everywhere else",
            ),
            Self::Everywhere => (
                "Sign out everywhere?".to_owned(),
                "Every session of yours ends, this one too. Your password makes sure that it is you who asks.",
                "Sign out everywhere",
            ),
            Self::Name(_, model) => (
                "Name this device".to_owned(),
                model.as_str(),
                "Keep the name",
            ),
        };
        Words {
            title,
            text: text.to_owned(),
            deed,
        }
    }
}
