//! A database of a test's own, gone when the test ends.

use std::sync::Arc;

use jotward::store::Store;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::proxy::Proxy;

/// An empty, migrated database.
#[derive(Clone)]
pub struct Database {
    pub store: Store,
    _file: Option<Arc<TempDir>>,
}

impl Database {
    pub async fn sqlite() -> Self {
        let dir = TempDir::new().expect("a directory");
        let url = format!("sqlite://{}", dir.path().join("jotward.db").display());
        Self::open(url, Some(dir)).await
    }

    /// A fresh database on the server that `TEST_DATABASE_URL` names. It stays there: that server is thrown away
    /// as a whole.
    pub async fn postgres() -> Self {
        let server = std::env::var("TEST_DATABASE_URL")
            .expect("TEST_DATABASE_URL names a PostgreSQL server to test on: `scripts/with-postgres cargo test`");
        let name = Self::make(&server).await;
        let (base, options) = server
            .split_once('?')
            .map_or((server.as_str(), ""), |(base, options)| (base, options));
        let host = base.rsplit_once('/').map_or(base, |(host, _)| host);
        Self::open(format!("{host}/{name}?{options}"), None).await
    }

    /// The same, behind a network that can fail.
    pub async fn postgres_through_a_network() -> (Self, Proxy) {
        let server = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL, see above");
        let proxy = Proxy::to(Proxy::target(&server));
        let name = Self::make(&server).await;
        let (base, _) = server.rsplit_once('/').expect("a path");
        let url = proxy.url(&format!("{base}/{name}"));
        (Self::open(url, None).await, proxy)
    }

    /// Makes a database and answers its name.
    async fn make(server: &str) -> String {
        let name = format!("t{}", uuid::Uuid::new_v4().simple());
        let mut admin = PgConnection::connect(server)
            .await
            .expect("the PostgreSQL server answers");
        sqlx::query(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut admin)
            .await
            .expect("created");
        name
    }

    async fn open(url: String, file: Option<TempDir>) -> Self {
        super::secrets::watch_log();
        let store = Store::open(&url).await.expect("opens");
        store.migrate().await.expect("migrates");
        Self {
            store,
            _file: file.map(Arc::new),
        }
    }
}
