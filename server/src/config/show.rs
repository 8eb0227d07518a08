//! The settings in force as they are printed: no secret, and nothing that could be taken for a value and is none.

use secrecy::{ExposeSecret, SecretString};

use super::check::PREFIX;
use super::{Registration, Settings, Throttle};
use crate::webhook::key_bytes;

impl Settings {
    /// The URL of the database, without a password.
    #[must_use]
    pub fn shown_database(&self) -> String {
        match &self.database_url {
            Some(url) => redacted_url(url),
            None => format!("sqlite://{}", self.default_database().display()),
        }
    }

    /// Every setting in force as `NAME=value`, one a line, in the order of the help. What is not shown as it is must
    /// not be taken for a value: such lines are comments.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let hides_password = self
            .database_url
            .as_ref()
            .is_some_and(|url| url.expose_secret() != self.shown_database());
        let values = [
            self.session_values(),
            self.token_values(),
            self.other_values(),
        ];
        values
            .into_iter()
            .flatten()
            .chain(self.watching.lines())
            .map(|(name, value)| match name {
                "SIGNING_KEY" | "VERIFYING_KEY" if value.starts_with('(') => {
                    format!("# {PREFIX}{name}={value}")
                }
                "WEBHOOK_URL" | "WEBHOOK_SECRET" if !value.is_empty() => {
                    format!("# {PREFIX}{name}={value}")
                }
                "DATABASE_URL" if hides_password => format!("# {PREFIX}{name}={value}"),
                _ => format!("{PREFIX}{name}={value}"),
            })
            .collect()
    }

    /// Where the server is, and how long sessions and tokens last.
    fn session_values(&self) -> Vec<(&'static str, String)> {
        let registration = match self.registration {
            Registration::Closed => "closed",
            Registration::Open => "open",
        };
        vec![
            ("DATA_DIR", self.data_dir.display().to_string()),
            ("DATABASE_URL", self.shown_database()),
            ("LISTEN", self.listen.to_string()),
            (
                "ACCESS_TOKEN_LIFETIME",
                self.access_token_lifetime.to_string(),
            ),
            (
                "REFRESH_TOKEN_LIFETIME",
                self.refresh_token_lifetime.to_string(),
            ),
            (
                "SLIDING_TOKEN_LIFETIME",
                self.sliding_token_lifetime.to_string(),
            ),
            (
                "SLIDING_TOKEN_REFRESH_LIFETIME",
                self.sliding_token_refresh_lifetime.to_string(),
            ),
            ("SESSION_LIFETIME", self.session_lifetime.to_string()),
            ("SESSIONS_PER_USER", self.sessions_per_user.to_string()),
            (
                "ADMIN_SESSION_LIFETIME",
                self.admin_session_lifetime.to_string(),
            ),
            (
                "ROTATE_REFRESH_TOKENS",
                self.rotate_refresh_tokens.to_string(),
            ),
            (
                "BLACKLIST_AFTER_ROTATION",
                self.blacklist_after_rotation.to_string(),
            ),
            (
                "TOKEN_EXPIRE_ON_REFRESH",
                self.token_expire_on_refresh.to_string(),
            ),
            (
                "REFRESH_REUSE_INTERVAL",
                self.refresh_reuse_interval.to_string(),
            ),
            (
                "REFRESH_RETRY_WINDOW",
                self.refresh_retry_window.to_string(),
            ),
            (
                "REFRESH_TRANSPORT",
                self.refresh_transport.as_str().to_owned(),
            ),
            (
                "IMMEDIATE_REVOCATION",
                self.immediate_revocation.to_string(),
            ),
            (
                "REVOCATION_MAX_STALENESS",
                self.revocation_max_staleness.to_string(),
            ),
            ("KEEP_EXPIRED", self.keep_expired.to_string()),
            ("KEEP_EVENTS", self.keep_events.to_string()),
            (
                "ADOPT_FOREIGN_TOKENS",
                self.adopt_foreign_tokens.to_string(),
            ),
            (
                "CHECK_USER_IS_ACTIVE",
                self.check_user_is_active.to_string(),
            ),
            ("UPDATE_LAST_LOGIN", self.update_last_login.to_string()),
            ("CHECK_REVOKE_TOKEN", self.check_revoke_token.to_string()),
            ("REGISTRATION", registration.to_owned()),
        ]
    }

    /// What a login costs, who may come, and what is logged.
    fn other_values(&self) -> Vec<(&'static str, String)> {
        let throttle = match self.throttle {
            Throttle::On => "on",
            Throttle::Off => "off",
        };
        let webhook_secret = match &self.webhook_secret {
            Some(secret) => format!("(set, {} bytes)", key_bytes(secret.expose_secret()).len()),
            None => String::new(),
        };
        vec![
            ("ARGON2_MEMORY", self.argon2_memory.to_string()),
            ("ARGON2_ITERATIONS", self.argon2_iterations.to_string()),
            ("ARGON2_PARALLELISM", self.argon2_parallelism.to_string()),
            ("THROTTLE", throttle.to_owned()),
            ("THROTTLE_ADDRESS", self.throttle_address.to_string()),
            ("THROTTLE_ACCOUNT", self.throttle_account.to_string()),
            ("TRUSTED_PROXIES", shown(self.trusted_proxies.as_ref())),
            (
                "CORS_ALLOWED_ORIGINS",
                shown(self.cors_allowed_origins.as_ref()),
            ),
            ("LOG_FORMAT", self.log_format.to_string()),
            ("WEBHOOK_URL", shown(self.webhook_url.as_ref())),
            ("WEBHOOK_SECRET", webhook_secret),
            ("WEBHOOK_EVENTS", shown(self.webhook_events.as_ref())),
            ("WEBHOOK_TIMEOUT", self.webhook_timeout.to_string()),
        ]
    }
}

/// The setting, or nothing.
fn shown(setting: Option<&impl ToString>) -> String {
    setting.map(ToString::to_string).unwrap_or_default()
}

/// A database URL without its password.
fn redacted_url(url: &SecretString) -> String {
    let url = url.expose_secret();
    let Some((scheme, rest)) = url.split_once("://") else {
        return "(set)".to_owned();
    };
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_has_no_password() {
        let shown = |url: &str| redacted_url(&url.into());
        assert_eq!(
            shown("postgres://jot:s3c@ret@db/jotward?password=x"),
            "postgres://jot:***@db/jotward"
        );
        assert_eq!(
            shown("sqlite:///var/lib/jotward.db"),
            "sqlite:///var/lib/jotward.db"
        );
    }
}
