//! What was typed on the page that asks, and what is wrong with it.

use super::{API_TOKEN, OWN_SESSION, Own};
use crate::admin::field::check_reason;
use crate::admin::form::Form;

/// What was typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Typed {
    /// Why it is done.
    pub reason: String,
    /// The session one works in is meant, too.
    pub own_session: bool,
    /// The API token is to be reset, too.
    pub api_token: bool,
}

/// What is wrong with it. Nothing was done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Wrong {
    /// There is no reason, or none that can be kept; what to say.
    Reason(String),
    /// The session one works in would end, and nobody said so.
    Own,
}

impl Typed {
    /// What a form says.
    #[must_use]
    pub fn of(form: &Form) -> Self {
        Self {
            reason: form.get("reason").to_owned(),
            own_session: form.is_ticked(OWN_SESSION),
            api_token: form.is_ticked(API_TOKEN),
        }
    }

    /// The reason, if all that has to be said was.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self, own: Own) -> Result<String, Wrong> {
        let reason = check_reason(&self.reason).map_err(Wrong::Reason)?;
        if own == Own::Itself && !self.own_session {
            return Err(Wrong::Own);
        }
        Ok(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_ends_the_session_they_work_in_by_a_slip() {
        let typed = |own_session| Typed {
            reason: " lost ".into(),
            own_session,
            api_token: false,
        };
        assert_eq!(typed(false).check(Own::Itself), Err(Wrong::Own));
        assert_eq!(typed(true).check(Own::Itself), Ok("lost".into()));
        for own in [Own::Apart, Own::Among] {
            assert_eq!(typed(false).check(own), Ok("lost".into()), "{own:?}");
        }
        assert!(matches!(
            Typed::default().check(Own::Apart),
            Err(Wrong::Reason(_))
        ));
    }
}
