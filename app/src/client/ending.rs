//! Why there is no session any more: the server's word for it, the word in the address of the login page, and the
//! sentence a person reads there.

/// Why a session is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ending {
    /// There was none to begin with.
    None,
    /// Somebody signed out.
    Logout,
    /// Somebody signed out, but the server could not be told.
    LogoutUnheard,
    /// Somebody signed out, and the server is told when it can be.
    LogoutOwed,
    /// Somebody else signed in in this browser.
    Another,
    /// An administrator ended it.
    Admin,
    /// A spent refresh token came back: theft is assumed.
    Reuse,
    /// The password was changed.
    Password,
    /// The account was switched off.
    UserDisabled,
    /// There was a login elsewhere, and no more sessions are allowed.
    Limit,
    /// The account was deleted.
    UserGone,
    /// It was too old.
    Expired,
    /// Something about its use was not right.
    Anomaly,
    /// The server did not say.
    Refused,
}

/// All that have a word.
const ALL: [Ending; 13] = [
    Ending::Logout,
    Ending::LogoutUnheard,
    Ending::LogoutOwed,
    Ending::Another,
    Ending::Admin,
    Ending::Reuse,
    Ending::Password,
    Ending::UserDisabled,
    Ending::Limit,
    Ending::UserGone,
    Ending::Expired,
    Ending::Anomaly,
    Ending::Refused,
];

impl Ending {
    /// The ending a word stands for; any word we do not know is a refusal without a reason.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        ALL.into_iter()
            .find(|ending| ending.word() == word)
            .unwrap_or(Ending::Refused)
    }

    /// The word, as in the response header and in the address of the login page; empty where there is nothing to say.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Ending::None => "",
            Ending::Logout => "logout",
            Ending::LogoutUnheard => "logout_unheard",
            Ending::LogoutOwed => "logout_owed",
            Ending::Another => "another",
            Ending::Admin => "admin",
            Ending::Reuse => "reuse",
            Ending::Password => "password",
            Ending::UserDisabled => "user_disabled",
            Ending::Limit => "limit",
            Ending::UserGone => "user_gone",
            Ending::Expired => "expired",
            Ending::Anomaly => "anomaly",
            Ending::Refused => "refused",
        }
    }

    /// What the login page says; empty where there is nothing to say.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Ending::None => "",
            Ending::Logout => "You are signed out.",
            Ending::LogoutUnheard => {
                "You are signed out on this device, but the server could not be reached. \
                 It will forget this session when it expires; an administrator can end it earlier."
            }
            Ending::LogoutOwed => {
                "You are signed out on this device, but the server could not be reached. \
                 It will be told when you are online again, or when you open this site again."
            }
            Ending::Another => {
                "Another person signed in here, so the page you were on was closed. \
                 Nothing was done there in their name."
            }
            Ending::Admin => "An administrator ended this session. Please sign in again.",
            Ending::Reuse => {
                "This session was ended for your safety: an old key of it was used a second time, \
                 which can mean that it was stolen. Please sign in again."
            }
            Ending::Password => {
                "The password was changed, which ended this session. Please sign in with the new one."
            }
            Ending::UserDisabled => {
                "This account is switched off or does not exist any more. An administrator can tell."
            }
            Ending::Limit => {
                "You signed in on more devices than may be signed in at once, and this one was not used for longest. \
                 Please sign in again."
            }
            Ending::UserGone => "This account does not exist any more.",
            Ending::Expired => "This session has expired. Please sign in again.",
            Ending::Anomaly => {
                "This session was ended for your safety: something about its use was unusual. \
                 Please sign in again."
            }
            Ending::Refused => {
                "The server does not accept this session any more. Please sign in again."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ending_is_found_by_its_word() {
        for ending in ALL {
            assert_eq!(Ending::from_word(ending.word()), ending);
            assert!(!ending.sentence().is_empty());
        }
        for unknown in ["", "<b>moon</b>"] {
            assert_eq!(Ending::from_word(unknown), Ending::Refused);
        }
    }
}
