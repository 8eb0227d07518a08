//! Builds a server from its settings and keeps it going beside what it answers: for `jotward serve`, and for
//! applications that carry Jotward inside. Opens no socket and sets up no log; that is up to whoever starts it.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::account::{HashParams, Hasher};
use crate::api_tokens::ApiTokens;
use crate::clock::Clock;
use crate::config::{Settings, SettingsError, SigningKeyError};
use crate::issuer_keys::{IssuerKeys, IssuerKeysClientError};
use crate::outbound::OutboundError;
use crate::places::{Places, PlacesError};
use crate::recall::Recall;
use crate::registry::{Limits, Registry};
use crate::state::{AppState, Server};
use crate::store::{OpenError, Store, StoreError};
use crate::throttle::LoginThrottle;
use crate::tide::{Tide, end_what_came_back};
use crate::upkeep::Upkeep;
use crate::watch::Watch;
use crate::webhook::Webhook;

/// How long the database may take to say good-bye.
const GRACE: Duration = Duration::from_secs(10);

/// A server that is going: its state, to be given to [`crate::router`] or [`crate::api_router`], and its chores. Without
/// [`Running::stop`] its chores end when it is dropped, and what it learned in its last second is forgotten.
pub struct Running {
    /// What handlers share.
    pub state: AppState,
    tide: Arc<Tide>,
    chores: JoinSet<()>,
}

/// Why a server can not start; each is one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings contradict themselves.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// There is no directory for the data.
    #[error("can not make the data directory {}: {source}", dir.display())]
    DataDir {
        /// Where it was to be.
        dir: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// There is no signing key, or one that can not be used.
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    /// The keys of another issuer can not be asked for.
    #[error(transparent)]
    IssuerKeys(#[from] IssuerKeysClientError),
    /// The parameters of the password hash are out of bounds.
    #[error("JOTWARD_ARGON2_* can not be used: {0}")]
    Hash(argon2::Error),
    /// The database of places can not be read.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The database can not be opened or brought up to date.
    #[error("{source} ({database})")]
    Open {
        /// Its URL, without a password.
        database: String,
        /// Why not.
        source: OpenError,
    },
    /// There is no TLS for what is asked of other servers.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// The database was opened, and then failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the database of these settings, brings it up to date, and starts what a server does beside answering.
///
/// ```no_run
/// use jotward::config::Settings;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::from_flags(["--data-dir=/var/lib/shop/jotward"])?;
/// let jotward = jotward::start(settings).await?;
/// let app: axum::Router = axum::Router::new().nest("/auth", jotward::api_router(&jotward.state));
/// // … serve it, and when it is over:
/// jotward.stop().await;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// See [`StartError`]. Nothing is left running.
pub async fn start(settings: Settings) -> Result<Running, StartError> {
    // Before anything is made: a start that is refused leaves nothing behind.
    rehearse(&settings)?;
    let clock = Clock::System;
    let watch = Watch::open(&settings, &clock)?;
    let store = open(&settings).await?;
    match make_data_dir(&settings) {
        // With both elsewhere it holds a note only, and whoever can not write one is warned.
        Err(_) if settings.signing_key.is_some() && settings.database_url.is_some() => {}
        made => made?,
    }
    let secret = settings.signing_secret()?;
    let keys = settings.keys()?;
    let issuer_keys = IssuerKeys::of(&settings)?;
    let hasher = hasher(&settings)?;
    let webhook = Webhook::of(&settings)?;
    let tide = Arc::new(Tide::in_dir(&settings.data_dir));
    end_what_came_back(&tide, &store, &clock).await?;
    let registry = Registry::load(&store, Limits::of(&settings), clock.now()).await?;
    let throttle = LoginThrottle::new(&settings, &clock);
    let state = Arc::new(Server {
        settings,
        store,
        keys,
        issuer_keys,
        recall: Recall::default(),
        registry,
        hasher,
        api_tokens: ApiTokens::new(&secret),
        throttle,
        watch,
        upkeep: Upkeep::default(),
        clock,
    });
    let chores = chores(&state, &tide, webhook);
    Ok(Running {
        state,
        tide,
        chores,
    })
}

/// Finds what a server could not start with, as far as that can be found without making, opening or asking anything.
///
/// # Errors
/// See [`StartError`].
pub fn rehearse(settings: &Settings) -> Result<(), StartError> {
    settings.check()?;
    hasher(settings)?;
    // A key that is not given is made by a start, and only by that.
    if settings.signing_key.is_some() {
        settings.keys()?;
    }
    settings.verifying_pem()?;
    Places::open(settings.watching.places())?;
    Ok(())
}

impl Running {
    /// Ends the chores, notes what was answered last, and only then closes the database. To be called when nothing is
    /// being answered any more.
    pub async fn stop(mut self) {
        self.chores.abort_all();
        let store = &self.state.store;
        let _ = timeout(GRACE, self.state.hand_on()).await;
        let _ = timeout(GRACE, self.tide.rise(store)).await;
        let _ = timeout(GRACE, store.close()).await;
    }
}

/// What a server does beside answering.
fn chores(state: &AppState, tide: &Arc<Tide>, webhook: Option<Webhook>) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(Arc::clone(state).follow_revocations());
    chores.spawn(Arc::clone(state).hand_on_receipts());
    chores.spawn(Arc::clone(state).hand_on_counts());
    chores.spawn(Arc::clone(state).carry_out_warrants());
    chores.spawn(Arc::clone(state).flush_now_and_then());
    chores.spawn(Arc::clone(state).take_census_now_and_then());
    chores.spawn(Arc::clone(state).watch_tide(Arc::clone(tide)));
    if let Some(webhook) = webhook {
        chores.spawn(Arc::clone(state).send_webhooks(webhook));
    }
    chores
}

/// Opens the database of these settings and brings it up to date. What happens through it is put into the outbox of
/// webhooks, where those are configured, for a running server to send.
///
/// # Errors
/// [`StartError::DataDir`], [`StartError::Open`].
pub async fn open(settings: &Settings) -> Result<Store, StartError> {
    let cannot_open = |source| StartError::Open {
        database: settings.shown_database(),
        source,
    };
    let store = if let Some(url) = &settings.database_url {
        Store::open(url.expose_secret()).await
    } else {
        make_data_dir(settings)?;
        make_private(&settings.default_database());
        Store::open_file(&settings.default_database()).await
    };
    let store = store.map_err(cannot_open)?;
    store.migrate().await.map_err(cannot_open)?;
    store.outlet().send(settings.webhook_kinds());
    Ok(store)
}

/// A hasher with the parameters of these settings.
///
/// # Errors
/// [`StartError::Hash`].
pub fn hasher(settings: &Settings) -> Result<Hasher, StartError> {
    let params = HashParams::new(
        settings.argon2_memory,
        settings.argon2_iterations,
        settings.argon2_parallelism,
        None,
    );
    Ok(Hasher::new(params.map_err(StartError::Hash)?))
}

fn make_data_dir(settings: &Settings) -> Result<(), StartError> {
    let dir = &settings.data_dir;
    let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|source| StartError::DataDir {
        dir: dir.clone(),
        source,
    })
}

/// Makes an empty database file that only its owner reads: it will hold password hashes. A file that is there keeps
/// its mode, and trouble is told when the database is opened.
fn make_private(file: &Path) {
    let _ = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
}
