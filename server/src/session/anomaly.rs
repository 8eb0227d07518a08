//! What is not as it should be with a session although every token holds: it is refreshed from two places at once, or far
//! too often, or was opened on a device nobody has seen before. Pure decisions over where the session was and where it is.
//!
//! Nothing here is proof. So by default the user is told and nothing else happens, and what honest people do every day is
//! not told either: a way to work and back is two moves, a line with an IPv4 and an IPv6 network is no move at all.

mod place;
mod trail;

use crate::network::Network;
pub use place::{Country, Place};
pub use trail::{Followed, Trail, Travel, TravelRules};

/// What to do about an anomaly of some kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Policy {
    /// Nothing.
    Ignore,
    /// Put it on record, for the user to see.
    Notice,
    /// The same, and end the session; a login is refused.
    End,
}

impl Policy {
    /// The policy as one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Notice => "notice",
            Self::End => "end",
        }
    }
}

/// From where a session may be refreshed (`SESSION_NETWORK`).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum Binding {
    /// From anywhere.
    #[default]
    Any,
    /// From the network it was opened in.
    SameNetwork,
    /// From the country it was opened in.
    SameCountry,
    /// From the networks the operator names; logins and access tokens, too.
    AllowList,
}

impl Binding {
    /// The binding as one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::SameNetwork => "same-network",
            Self::SameCountry => "same-country",
            Self::AllowList => "allow-list",
        }
    }

    /// Whether a session that was last refreshed in the one network may be refreshed in the other. What the operator's
    /// list says is not for this to know.
    ///
    /// What is unknown is no network and in no country, so it is not the same as any. A session that nothing is known of
    /// yet, because it was opened before this was kept, is bound by its next refresh.
    pub fn holds(
        self,
        last: Network,
        here: Network,
        place: impl Fn(Network) -> Option<Place>,
    ) -> bool {
        if last == here || !last.is_known() {
            return true;
        }
        match self {
            Self::Any | Self::AllowList => true,
            Self::SameNetwork => false,
            Self::SameCountry => match (place(last), place(here)) {
                (Some(last), Some(here)) => last.country == here.country,
                _ => false,
            },
        }
    }
}

#[cfg(test)]
mod tests;
