//! What a page says of one device.

use super::{Result, Store, reading};
use crate::clock::UnixSeconds;

/// A device and whose it is.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeviceFacts {
    /// Its id.
    pub id: String,
    /// Its user's number.
    pub user_id: i64,
    /// Its user's name.
    pub username: String,
    /// The user's word for it; empty where there is none.
    pub name: String,
    /// Its browser; empty where unknown.
    pub browser: String,
    /// Its operating system; empty where unknown.
    pub os: String,
    /// The last time it was seen.
    pub last_seen_at: UnixSeconds,
}

impl DeviceFacts {
    /// The user's word for it, or what it is.
    #[must_use]
    pub fn shown(&self) -> String {
        let known = [self.browser.as_str(), self.os.as_str()].into_iter();
        let known: Vec<_> = known.filter(|text| !text.is_empty()).collect();
        match (self.name.as_str(), known.as_slice()) {
            ("", []) => "an unknown device".to_owned(),
            ("", known) => known.join(" on "),
            (name, _) => name.to_owned(),
        }
    }
}

impl Store {
    /// The device of this id.
    ///
    /// # Errors
    /// The database is out of reach.
    pub async fn device_facts(&self, id: &str) -> Result<Option<DeviceFacts>> {
        let facts = reading!(self, db => {
            sqlx::query_as(
                "select d.id, d.user_id, u.username, d.name, d.browser, d.os, d.last_seen_at
                 from devices d join users u on u.id = d.user_id
                 where d.id = $1",
            )
            .bind(id)
            .fetch_optional(db)
            .await
        })?;
        Ok(facts)
    }
}
