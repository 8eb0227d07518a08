//! Counts the statements a request costs, by what the driver logs of each.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jotward::store::{Db, Store};
use sqlx::ConnectOptions;
use tracing::field::{Field, Visit};
use tracing::log::LevelFilter;
use tracing::{Event, Instrument, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The span of a request whose statements are counted.
const COUNTED: &str = "counted";

/// The statements of each such span.
static STATEMENTS: Mutex<Option<HashMap<u64, Vec<String>>>> = Mutex::new(None);

/// Asks a store something; answers what that gives, and how its statements begin.
pub async fn counted<T>(store: &Store, asking: impl Future<Output = T>) -> (T, Vec<String>) {
    let span = tracing::info_span!(target: COUNTED, COUNTED);
    let id = span.id().expect("somebody listens").into_u64();
    let answer = asking.instrument(span.clone()).await;
    settle(store).await;
    let statements = lock().get_or_insert_default().remove(&id);
    (answer, statements.unwrap_or_default())
}

/// Makes the readers of this store log what they are asked, which they do not on SQLite.
pub async fn log_all(store: &Store) {
    let Db::Sqlite { read, .. } = store.db() else {
        return;
    };
    let options = read.connect_options().as_ref().clone();
    // Without a threshold every statement is slow, and has the level of those.
    read.set_connect_options(options.log_slow_statements(LevelFilter::Debug, Duration::ZERO));
    // Those that are open already do not hear of it.
    while read.size() > 0 {
        let connection = read.acquire().await.expect("a connection");
        connection.close().await.expect("closes");
    }
}

/// SQLite's threads log a statement after they have answered it; who answers the next one has.
async fn settle(store: &Store) {
    let Db::Sqlite { read, .. } = store.db() else {
        return;
    };
    let mut all = Vec::new();
    for _ in 0..read.size() {
        all.push(read.acquire().await.expect("a connection"));
    }
    for connection in &mut all {
        let asked = sqlx::query("select 1").execute(&mut **connection).await;
        asked.expect("answers");
    }
}

/// What listens.
pub fn listener<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    // All spans, because the driver's threads are only told of the innermost.
    Listener.with_filter(filter_fn(|about| {
        about.is_span() || about.target() == "sqlx::query"
    }))
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(scope) = context.event_scope(event) else {
            return;
        };
        for span in scope.filter(|span| span.name() == COUNTED) {
            let mut summary = Summary::default();
            event.record(&mut summary);
            // A connection that is opened meanwhile begins with settings of its own.
            if summary.0.to_lowercase().starts_with("\"pragma") {
                continue;
            }
            let mut statements = lock();
            let statements = statements.get_or_insert_default();
            statements
                .entry(span.id().into_u64())
                .or_default()
                .push(summary.0);
        }
    }
}

/// How a statement begins.
#[derive(Default)]
struct Summary(String);

impl Visit for Summary {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
}

fn lock() -> MutexGuard<'static, Option<HashMap<u64, Vec<String>>>> {
    STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner)
}
