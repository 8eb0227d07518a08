//! Where webhooks go, and of what.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

use crate::event::Kind;

/// An `http` or `https` address. Shown only up to its host: a path may have a secret in it.
#[derive(Clone, Eq, PartialEq)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// The address.
    #[must_use]
    pub fn get(&self) -> &Url {
        &self.0
    }
}

impl FromStr for WebhookUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url =
            Url::parse(text).map_err(|_| "not an address such as https://example.com/hook")?;
        match url.scheme() {
            "http" | "https" => Ok(Self(url)),
            _ => Err("begins with neither http:// nor https://"),
        }
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names of events, separated by commas.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WebhookEvents(Vec<Kind>);

impl WebhookEvents {
    /// The kinds.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.0
    }
}

impl Default for WebhookEvents {
    /// All but refreshes, of which there are many more than of all others.
    fn default() -> Self {
        let wanted = |kind: &Kind| *kind != Kind::SessionRenewed;
        Self(Kind::ALL.into_iter().filter(wanted).collect())
    }
}

impl FromStr for WebhookEvents {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let kinds = names.map(|name| {
            Kind::parse(name).ok_or_else(|| {
                let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
                format!("\"{name}\" is none of {}", known.join(", "))
            })
        });
        let kinds: Vec<_> = kinds.collect::<Result<_, _>>()?;
        if kinds.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self(kinds))
    }
}

impl fmt::Display for WebhookEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|kind| kind.as_str()).collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events_read_back_as_they_are_shown() {
        let all = WebhookEvents::default();
        assert_eq!(all.kinds().len(), Kind::ALL.len() - 1);
        assert_eq!(all.to_string().parse(), Ok(all.clone()));
        assert_eq!("".parse(), Ok(all));
        let two = "session_expired, session_renewed".parse::<WebhookEvents>();
        let two = two.map(|two| two.kinds().to_vec());
        assert_eq!(two, Ok(vec![Kind::SessionExpired, Kind::SessionRenewed]));
        assert!("login".parse::<WebhookEvents>().is_err());
    }

    #[test]
    fn an_address_is_shown_without_its_path() {
        let url = "https://user:pass@example.com:8443/secret?x".parse::<WebhookUrl>();
        let url = url.expect("an address");
        assert_eq!(
            format!("{url} {url:?}"),
            "https://example.com:8443 https://example.com:8443"
        );
        for text in ["ftp://example.com", "example.com/hook", ""] {
            assert!(text.parse::<WebhookUrl>().is_err(), "{text}");
        }
    }
}
