//! Checks that no single value's type can make, before anything is opened.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser};
use reqwest::Url;
use secrecy::ExposeSecret;

use super::{Settings, without_empty_variables};
use crate::event::Kind;
use crate::registry::CLOCK_MARGIN;
use crate::token::ClaimNames;
use crate::webhook::key_bytes;

/// The prefix of every variable that is ours.
pub(super) const PREFIX: &str = "JOTWARD_";

/// The shortest secret of webhooks, in bytes: as long as the hash it keys (RFC 2104, section 3).
const WEBHOOK_SECRET_BYTES: usize = 32;

/// A settings combination that can not work; the text is one line for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

/// The settings as the command line has them, and nothing else.
#[derive(Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

impl Settings {
    /// Settings from flags such as `--data-dir=data`, and for what they do not say from the `JOTWARD_*` variables of the
    /// process, and else the defaults.
    ///
    /// ```
    /// use jotward::config::Settings;
    ///
    /// let settings = Settings::from_flags(["--session-lifetime=7d"]).expect("a good flag");
    /// assert_eq!(settings.session_lifetime.get(), 7 * 24 * 3600);
    /// ```
    ///
    /// # Errors
    /// A flag or variable that is not known or can not be read.
    pub fn from_flags(
        flags: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, SettingsError> {
        let command = without_empty_variables(Flags::command());
        let parsed = command
            .try_get_matches_from(flags)
            .and_then(|matches| Settings::from_arg_matches(&matches));
        parsed.map_err(|error| {
            let text = error.to_string();
            let text = text.strip_prefix("error: ").unwrap_or(&text);
            let first = text.split("\n\n").next().unwrap_or(text);
            SettingsError(first.split_whitespace().collect::<Vec<_>>().join(" "))
        })
    }

    /// Checks what concerns more than one value.
    ///
    /// # Errors
    /// The first thing that can not work.
    pub fn check(&self) -> Result<(), SettingsError> {
        for (name, lifetime) in [
            ("ACCESS_TOKEN_LIFETIME", self.access_token_lifetime),
            ("REFRESH_TOKEN_LIFETIME", self.refresh_token_lifetime),
            ("SLIDING_TOKEN_LIFETIME", self.sliding_token_lifetime),
            (
                "SLIDING_TOKEN_REFRESH_LIFETIME",
                self.sliding_token_refresh_lifetime,
            ),
            ("SESSION_LIFETIME", self.session_lifetime),
            ("ADMIN_SESSION_LIFETIME", self.admin_session_lifetime),
        ] {
            if lifetime.get() == 0 {
                return Err(SettingsError(format!(
                    "{PREFIX}{name} must be at least one second"
                )));
            }
        }
        // A node asks four times a second and waits two seconds for an answer.
        if self.revocation_max_staleness.get() == 0 {
            let problem = format!("{PREFIX}REVOCATION_MAX_STALENESS must be at least one second");
            return Err(SettingsError(problem));
        }
        // The memory of the revoked is kept an hour longer than needed, in case the clock is set back; so is the record.
        if self.keep_expired.get() < CLOCK_MARGIN + self.leeway.get() {
            let problem =
                format!("{PREFIX}KEEP_EXPIRED must be at least an hour, and LEEWAY on top");
            return Err(SettingsError(problem));
        }
        // What is still to be sent goes with its event, and is tried for a day.
        if self.keep_events.get() < 2 * 86_400 {
            let problem = format!("{PREFIX}KEEP_EVENTS must be at least 2 days");
            return Err(SettingsError(problem));
        }
        self.check_webhook()?;
        // Far above what makes sense; beyond it, a start would take minutes or all memory.
        let cost = (
            self.argon2_memory,
            self.argon2_iterations,
            self.argon2_parallelism,
        );
        if cost.0 > 1 << 20 || cost.1 > 1000 || cost.2 > 256 {
            let problem = "JOTWARD_ARGON2_*: at most 1048576 KiB, 1000 iterations and 256 lanes";
            return Err(SettingsError(problem.to_owned()));
        }
        if self
            .auth_header_types
            .iter()
            .any(|scheme| !is_scheme(scheme))
        {
            let problem = format!(
                "{PREFIX}AUTH_HEADER_TYPES must be words such as Bearer, separated by commas"
            );
            return Err(SettingsError(problem));
        }
        self.check_tokens()
    }

    fn check_tokens(&self) -> Result<(), SettingsError> {
        // Also what is off now: it is to be switched on without a change of names.
        let names = ClaimNames {
            revoke: Some(self.revoke_token_claim.clone()),
            ..self.claim_names()
        };
        let names = names.check();
        names.map_err(|error| SettingsError(format!("{PREFIX}…_CLAIM: {error}")))?;
        // An issuer with keys of its own has no session here until one of its tokens is adopted.
        if self.key_set_url()?.is_some() && !self.adopt_foreign_tokens {
            let problem =
                format!("{PREFIX}JWK_URL makes sense with {PREFIX}ADOPT_FOREIGN_TOKENS only");
            return Err(SettingsError(problem));
        }
        self.watching.check().map_err(SettingsError)
    }

    /// Where the public keys of another issuer are. An HMAC has none.
    ///
    /// # Errors
    /// What was given is no such place.
    pub fn key_set_url(&self) -> Result<Option<Url>, SettingsError> {
        let Some(text) = self.jwk_url.as_deref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let url = Url::parse(text).ok().filter(|url| {
            ["http", "https"].contains(&url.scheme())
                && url.username().is_empty()
                && url.password().is_none()
        });
        let Some(url) = url else {
            return Err(SettingsError(format!(
                "{PREFIX}JWK_URL must begin with http:// or https://, without a name or password"
            )));
        };
        Ok(Some(url).filter(|_| !self.algorithm.is_symmetric()))
    }

    fn check_webhook(&self) -> Result<(), SettingsError> {
        if self.webhook_timeout.get() == 0 {
            let problem = format!("{PREFIX}WEBHOOK_TIMEOUT must be at least one second");
            return Err(SettingsError(problem));
        }
        let secret = self.webhook_secret.as_ref();
        let length = secret.map_or(0, |secret| key_bytes(secret.expose_secret()).len());
        if self.webhook_url.is_some() && length < WEBHOOK_SECRET_BYTES {
            return Err(SettingsError(format!(
                "{PREFIX}WEBHOOK_URL needs a {PREFIX}WEBHOOK_SECRET of at least {WEBHOOK_SECRET_BYTES} bytes"
            )));
        }
        Ok(())
    }

    /// Which events are posted; none where there is no place to post them to.
    #[must_use]
    pub fn webhook_kinds(&self) -> Vec<Kind> {
        if self.webhook_url.is_none() {
            return Vec::new();
        }
        let events = self.webhook_events.clone().unwrap_or_default();
        events.kinds().to_vec()
    }

    /// The database file that is used when no URL is given.
    #[must_use]
    pub fn default_database(&self) -> PathBuf {
        self.data_dir.join("jotward.db")
    }

    /// Whether only this machine can reach the server.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        SocketAddr::ip(&self.listen).is_loopback()
    }
}

/// The first variable among `given` that has our prefix and is none of `known`, with the known one it is
/// nearest to.
#[must_use]
pub fn unknown_variable<'a>(
    given: impl Iterator<Item = String>,
    known: &[&'a str],
) -> Option<(String, Option<&'a str>)> {
    let unknown = given
        .filter(|name| name.starts_with(PREFIX))
        .find(|name| !known.contains(&name.as_str()))?;
    let nearest = known
        .iter()
        .map(|name| (distance(&unknown, name), *name))
        .min()
        .filter(|(edits, _)| *edits <= 4)
        .map(|(_, name)| name);
    Some((unknown, nearest))
}

/// The number of edits that lead from one text to the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 2] = ["JOTWARD_LISTEN", "JOTWARD_ACCESS_TOKEN_LIFETIME"];

    fn check(name: &str) -> Option<(String, Option<&'static str>)> {
        unknown_variable([name.to_owned()].into_iter(), &KNOWN)
    }

    #[test]
    fn a_misspelt_variable_is_found_and_the_right_one_named() {
        let misspelt = "JOTWARD_ACESS_TOKEN_LIFETIME";
        assert_eq!(check(misspelt), Some((misspelt.to_owned(), Some(KNOWN[1]))));
        assert_eq!(
            check("JOTWARD_FRIEND"),
            Some(("JOTWARD_FRIEND".to_owned(), None))
        );
        assert_eq!(check("JOTWARD_LISTEN"), None);
        assert_eq!(check("LISTEN"), None);
    }
}
