//! The settings: one struct, filled from flags and `JOTWARD_*` variables. Names are SimpleJWT's where it has
//! them. Refuses what it does not know, so that a misspelt setting is not silently a default.

mod check;
mod given;
mod networks;
mod origins;
mod rate;
mod refresh_transport;
mod seconds;
mod show;
mod signing_key;
mod token_settings;
mod watching;
mod webhook;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::HeaderName;
use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args};
use secrecy::SecretString;

use crate::token::{Algorithm, TokenType};
pub use check::{SettingsError, unknown_variable};
pub use given::without_empty_variables;
pub use networks::Networks;
pub use origins::Origins;
pub use rate::Rate;
pub use refresh_transport::RefreshTransport;
pub use seconds::Seconds;
pub use signing_key::SigningKeyError;
pub use watching::{ProxyHeader, Watching};
pub use webhook::{WebhookEvents, WebhookUrl};

/// Everything an operator can choose.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, as in SimpleJWT"
)]
pub struct Settings {
    /// Directory of the database file and the signing key that are made when none are given
    #[arg(
        long,
        env = "JOTWARD_DATA_DIR",
        value_name = "DIR",
        default_value = "data",
        global = true
    )]
    pub data_dir: PathBuf,

    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME` [default: jotward.db in the data directory]
    #[arg(
        long,
        env = "JOTWARD_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub database_url: Option<SecretString>,

    /// Address and port to serve on
    #[arg(
        long,
        env = "JOTWARD_LISTEN",
        value_name = "ADDRESS:PORT",
        value_parser = address,
        default_value = "127.0.0.1:3000",
        global = true
    )]
    pub listen: SocketAddr,

    /// How long an access token is valid
    #[arg(
        long,
        env = "JOTWARD_ACCESS_TOKEN_LIFETIME",
        value_name = "TIME",
        default_value = "5m",
        global = true
    )]
    pub access_token_lifetime: Seconds,

    /// How long a refresh token is valid
    #[arg(
        long,
        env = "JOTWARD_REFRESH_TOKEN_LIFETIME",
        value_name = "TIME",
        default_value = "1d",
        global = true
    )]
    pub refresh_token_lifetime: Seconds,

    /// How long a sliding token is valid before it must be refreshed
    #[arg(
        long,
        env = "JOTWARD_SLIDING_TOKEN_LIFETIME",
        value_name = "TIME",
        default_value = "5m",
        global = true
    )]
    pub sliding_token_lifetime: Seconds,

    /// How long a sliding token can be refreshed after the login
    #[arg(
        long,
        env = "JOTWARD_SLIDING_TOKEN_REFRESH_LIFETIME",
        value_name = "TIME",
        default_value = "1d",
        global = true
    )]
    pub sliding_token_refresh_lifetime: Seconds,

    /// How long a session may last in all, however often it is refreshed
    #[arg(
        long,
        env = "JOTWARD_SESSION_LIFETIME",
        value_name = "TIME",
        default_value = "30d",
        global = true
    )]
    pub session_lifetime: Seconds,

    /// How many sessions a user may have; a login beyond that ends those not used for longest; 0 for no limit
    #[arg(
        long,
        env = "JOTWARD_SESSIONS_PER_USER",
        value_name = "N",
        default_value_t = 0,
        global = true
    )]
    pub sessions_per_user: u32,

    /// How long a login to the admin lasts
    #[arg(
        long,
        env = "JOTWARD_ADMIN_SESSION_LIFETIME",
        value_name = "TIME",
        default_value = "8h",
        global = true
    )]
    pub admin_session_lifetime: Seconds,

    /// A refresh spends the refresh token and issues a new one
    #[arg(long, env = "JOTWARD_ROTATE_REFRESH_TOKENS", value_name = "BOOL", default_value = "true",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub rotate_refresh_tokens: bool,

    /// A spent refresh token is refused
    #[arg(long, env = "JOTWARD_BLACKLIST_AFTER_ROTATION", value_name = "BOOL", default_value = "true",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub blacklist_after_rotation: bool,

    /// A refresh stops every earlier access token of its session at once
    #[arg(long, env = "JOTWARD_TOKEN_EXPIRE_ON_REFRESH", value_name = "BOOL", default_value = "false",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub token_expire_on_refresh: bool,

    /// How long after a rotation the token it spent gives the same successor again, because two tabs raced
    #[arg(
        long,
        env = "JOTWARD_REFRESH_REUSE_INTERVAL",
        value_name = "TIME",
        default_value = "10s",
        global = true
    )]
    pub refresh_reuse_interval: Seconds,

    /// The same, because the answer was lost on the way; only while nothing of the successor was used
    #[arg(
        long,
        env = "JOTWARD_REFRESH_RETRY_WINDOW",
        value_name = "TIME",
        default_value = "60s",
        global = true
    )]
    pub refresh_retry_window: Seconds,

    /// How refresh tokens are handed out and taken: in bodies, in a cookie, or as each client asks
    #[arg(
        long,
        env = "JOTWARD_REFRESH_TRANSPORT",
        default_value = "both",
        global = true
    )]
    pub refresh_transport: RefreshTransport,

    /// Ending a session also stops its access tokens at once; otherwise they live until they expire
    #[arg(long, env = "JOTWARD_IMMEDIATE_REVOCATION", value_name = "BOOL", default_value = "true",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub immediate_revocation: bool,

    /// How old the memory of revocations may be; beyond that the database is asked for every access token
    #[arg(
        long,
        env = "JOTWARD_REVOCATION_MAX_STALENESS",
        value_name = "TIME",
        default_value = "5s",
        global = true
    )]
    pub revocation_max_staleness: Seconds,

    /// How long what has expired stays on record before it is removed
    #[arg(
        long,
        env = "JOTWARD_KEEP_EXPIRED",
        value_name = "TIME",
        default_value = "10d",
        global = true
    )]
    pub keep_expired: Seconds,

    /// How long events stay on record; `100y` is for ever
    #[arg(
        long,
        env = "JOTWARD_KEEP_EVENTS",
        value_name = "TIME",
        default_value = "400d",
        global = true
    )]
    pub keep_events: Seconds,

    /// Accept tokens of another issuer that shares the signing key; their first refresh opens a session
    #[arg(long, env = "JOTWARD_ADOPT_FOREIGN_TOKENS", value_name = "BOOL", default_value = "false",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub adopt_foreign_tokens: bool,

    /// Refuse users that are not active
    #[arg(long, env = "JOTWARD_CHECK_USER_IS_ACTIVE", value_name = "BOOL", default_value = "true",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub check_user_is_active: bool,

    /// Keep the time of each user's last login
    #[arg(long, env = "JOTWARD_UPDATE_LAST_LOGIN", value_name = "BOOL", default_value = "false",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub update_last_login: bool,

    /// A changed password also refuses the tokens issued before, wherever their session did not end with it
    #[arg(long, env = "JOTWARD_CHECK_REVOKE_TOKEN", value_name = "BOOL", default_value = "false",
          action = ArgAction::Set, value_parser = BoolishValueParser::new(), global = true)]
    pub check_revoke_token: bool,

    /// Whether everybody may register as a user, at `POST /api/users`
    #[arg(
        long,
        env = "JOTWARD_REGISTRATION",
        default_value = "closed",
        global = true
    )]
    pub registration: Registration,

    /// How tokens are signed
    #[arg(
        long,
        env = "JOTWARD_ALGORITHM",
        default_value = "HS256",
        global = true
    )]
    pub algorithm: Algorithm,

    /// The signing secret, or the private key in PEM; or `file:PATH` [default: made on the first start and kept in the
    /// data directory]
    #[arg(
        long,
        env = "JOTWARD_SIGNING_KEY",
        value_name = "KEY",
        hide_env_values = true,
        global = true
    )]
    pub signing_key: Option<SecretString>,

    /// One more public key in PEM whose tokens count as signed here, such as the last one; or `file:PATH`
    #[arg(long, env = "JOTWARD_VERIFYING_KEY", value_name = "KEY", global = true)]
    pub verifying_key: Option<String>,

    /// Where another issuer publishes its public keys, in place of the verifying key; its tokens must be adopted
    #[arg(long, env = "JOTWARD_JWK_URL", value_name = "URL", global = true)]
    pub jwk_url: Option<String>,

    /// Whom tokens are for, separated by commas; one that is for nobody of these is refused
    #[arg(
        long,
        env = "JOTWARD_AUDIENCE",
        value_name = "NAMES",
        value_delimiter = ',',
        global = true
    )]
    pub audience: Vec<String>,

    /// Who issues tokens; one that says otherwise is refused
    #[arg(long, env = "JOTWARD_ISSUER", value_name = "NAME", global = true)]
    pub issuer: Option<String>,

    /// Tolerance for the clocks of other issuers, on every time in a token
    #[arg(
        long,
        env = "JOTWARD_LEEWAY",
        value_name = "TIME",
        default_value = "0s",
        global = true
    )]
    pub leeway: Seconds,

    /// Schemes of the header Authorization, separated by commas; the first one is named in refusals
    #[arg(
        long,
        env = "JOTWARD_AUTH_HEADER_TYPES",
        value_name = "SCHEMES",
        default_value = "Bearer",
        value_delimiter = ',',
        global = true
    )]
    pub auth_header_types: Vec<String>,

    /// The header access tokens come in; Django's form `HTTP_X_ACCESS_TOKEN` is understood, too
    #[arg(
        long,
        env = "JOTWARD_AUTH_HEADER_NAME",
        value_name = "HEADER",
        value_parser = token_settings::header_name,
        default_value = "Authorization",
        global = true
    )]
    pub auth_header_name: HeaderName,

    /// What is accepted there, separated by commas: `access`, `sliding`
    #[arg(
        long,
        env = "JOTWARD_AUTH_TOKEN_TYPES",
        value_name = "TYPES",
        value_delimiter = ',',
        value_parser = token_settings::auth_token_type,
        default_value = "access",
        global = true
    )]
    pub auth_token_types: Vec<TokenType>,

    /// The claim of the user's number; may be `sub`
    #[arg(
        long,
        env = "JOTWARD_USER_ID_CLAIM",
        value_name = "CLAIM",
        default_value = "user_id",
        global = true
    )]
    pub user_id_claim: String,

    /// The claim of a token's own name
    #[arg(
        long,
        env = "JOTWARD_JTI_CLAIM",
        value_name = "CLAIM",
        default_value = "jti",
        global = true
    )]
    pub jti_claim: String,

    /// The claim of a token's type; when empty, types are neither written nor looked at
    #[arg(
        long,
        env = "JOTWARD_TOKEN_TYPE_CLAIM",
        value_name = "CLAIM",
        default_value = "token_type",
        global = true
    )]
    pub token_type_claim: String,

    /// The claim until when a sliding token can be refreshed
    #[arg(
        long,
        env = "JOTWARD_SLIDING_TOKEN_REFRESH_EXP_CLAIM",
        value_name = "CLAIM",
        default_value = "refresh_exp",
        global = true
    )]
    pub sliding_token_refresh_exp_claim: String,

    /// The claim of the password's mark, where `CHECK_REVOKE_TOKEN` is on
    #[arg(
        long,
        env = "JOTWARD_REVOKE_TOKEN_CLAIM",
        value_name = "CLAIM",
        default_value = "hash_password",
        global = true
    )]
    pub revoke_token_claim: String,

    /// Memory of the password hash, in KiB
    #[arg(
        long,
        env = "JOTWARD_ARGON2_MEMORY",
        value_name = "KIB",
        default_value_t = 19456,
        global = true
    )]
    pub argon2_memory: u32,

    /// Passes of the password hash
    #[arg(
        long,
        env = "JOTWARD_ARGON2_ITERATIONS",
        value_name = "N",
        default_value_t = 2,
        global = true
    )]
    pub argon2_iterations: u32,

    /// Lanes of the password hash
    #[arg(
        long,
        env = "JOTWARD_ARGON2_PARALLELISM",
        value_name = "N",
        default_value_t = 1,
        global = true
    )]
    pub argon2_parallelism: u32,

    /// Refuse logins that come too fast, from one address or for one account
    #[arg(long, env = "JOTWARD_THROTTLE", default_value = "on", global = true)]
    pub throttle: Throttle,

    /// How many logins one address may try; an IPv6 address stands for its /64
    #[arg(
        long,
        env = "JOTWARD_THROTTLE_ADDRESS",
        value_name = "RATE",
        default_value = "60/min",
        global = true
    )]
    pub throttle_address: Rate,

    /// How many logins may be tried for one account, and from each device that logged in to it before
    #[arg(
        long,
        env = "JOTWARD_THROTTLE_ACCOUNT",
        value_name = "RATE",
        default_value = "10/min",
        global = true
    )]
    pub throttle_account: Rate,

    /// Addresses and networks of proxies whose word about a client's address is believed, separated by commas
    #[arg(
        long,
        env = "JOTWARD_TRUSTED_PROXIES",
        value_name = "NETWORKS",
        global = true
    )]
    pub trusted_proxies: Option<Networks>,

    /// Origins whose pages may call the API, separated by commas, or `*` for all
    #[arg(
        long,
        env = "JOTWARD_CORS_ALLOWED_ORIGINS",
        value_name = "ORIGINS",
        global = true
    )]
    pub cors_allowed_origins: Option<Origins>,

    /// How lines of the log are written; what is logged is chosen by `RUST_LOG`
    #[arg(
        long,
        env = "JOTWARD_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub log_format: LogFormat,

    /// Where to post what happens; signed, and again until it was taken
    #[arg(
        long,
        env = "JOTWARD_WEBHOOK_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    pub webhook_url: Option<WebhookUrl>,

    /// The secret webhooks are signed with: at least 32 bytes, as they are or as `whsec_` and base64
    #[arg(
        long,
        env = "JOTWARD_WEBHOOK_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        global = true
    )]
    pub webhook_secret: Option<SecretString>,

    /// Names of the events to post, separated by commas [default: all but `session_renewed`]
    #[arg(
        long,
        env = "JOTWARD_WEBHOOK_EVENTS",
        value_name = "NAMES",
        global = true
    )]
    pub webhook_events: Option<WebhookEvents>,

    /// How long the answer to a webhook may take
    #[arg(
        long,
        env = "JOTWARD_WEBHOOK_TIMEOUT",
        value_name = "TIME",
        default_value = "10s",
        global = true
    )]
    pub webhook_timeout: Seconds,

    /// What is to be noticed of sessions in use
    #[command(flatten)]
    pub watching: Watching,
}

/// Who becomes a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Registration {
    /// Whom an operator adds.
    Closed,
    /// Everybody who asks.
    Open,
}

/// How lines of the log are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people: words and `name=value`.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// Whether logins are throttled.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Throttle {
    /// Logins are throttled.
    #[value(alias = "true", alias = "1", alias = "yes")]
    On,
    /// Logins are not throttled.
    #[value(alias = "false", alias = "0", alias = "no")]
    Off,
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "not an address and a port in numbers, such as 127.0.0.1:3000 or [::1]:3000")
}
