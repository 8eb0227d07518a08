//! Things that are on record, to be asked for: drawn from all of the past alike, so that as many lie deep as lie near.

use jotward::clock::Clock;
use jotward::demo_data::WINDOW;
use jotward::store::{Db, Store, TokenId};
use time::{Date, OffsetDateTime};

use crate::Outcome;

/// A token, and what it belongs to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Thing {
    token: i64,
    jti: String,
    session: String,
    user: i64,
    username: String,
    device: String,
    ip: String,
    created_at: i64,
    #[sqlx(default)]
    longest: String,
    #[sqlx(default)]
    staff: String,
}

/// The first token with all of that since a number.
const THING: &str = "select t.id as token, t.jti, s.id as session, u.id as \"user\", u.username, s.device_id as device, t.ip,
                            t.created_at
                     from (select * from outstanding_tokens where id >= $1 and user_id is not null
                           order by id limit 1) t
                     join sessions s on s.id = t.session_id
                     join users u on u.id = t.user_id";

/// The session with the most generations.
const LONGEST: &str = "select id from sessions order by generation desc limit 1";

/// A member of staff.
const STAFF: &str =
    "select username from users where is_staff and not is_superuser order by id limit 1";

/// So many things.
///
/// # Errors
/// The database is out of reach, or has nothing.
pub async fn some(url: &str, count: usize) -> Outcome<Vec<Thing>> {
    let store = Store::open(url).await?;
    let (longest, staff) = (one(&store, LONGEST).await?, one(&store, STAFF).await?);
    let now = Clock::System.now();
    let mut things = Vec::with_capacity(count);
    for n in 0..i64::try_from(count)? {
        // Some days are jumped over each time, so that neighbours are not alike.
        let ago = WINDOW * ((n * 37) % i64::try_from(count)? + 1) / (i64::try_from(count)? + 1);
        let since = TokenId::since(now - ago).0;
        let thing: Option<Thing> = match store.db() {
            Db::Sqlite { read, .. } => {
                sqlx::query_as(THING)
                    .bind(since)
                    .fetch_optional(read)
                    .await?
            }
            Db::Postgres(pool) => {
                sqlx::query_as(THING)
                    .bind(since)
                    .fetch_optional(pool)
                    .await?
            }
        };
        things.extend(thing.map(|thing| Thing {
            longest: longest.clone(),
            staff: staff.clone(),
            ..thing
        }));
    }
    store.close().await;
    if things.is_empty() {
        return Err("nothing is on record".into());
    }
    Ok(things)
}

async fn one(store: &Store, sql: &'static str) -> Outcome<String> {
    let (text,): (String,) = match store.db() {
        Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_one(read).await?,
        Db::Postgres(pool) => sqlx::query_as(sql).fetch_one(pool).await?,
    };
    Ok(text)
}

impl Thing {
    /// A page of it.
    pub fn fill(&self, page: &str) -> String {
        let part: String = self.username.chars().skip(1).take(5).collect();
        let day = OffsetDateTime::from_unix_timestamp(self.created_at).map(OffsetDateTime::date);
        let values = [
            ("{token}", self.token.to_string()),
            ("{jti}", self.jti.clone()),
            ("{session}", self.session.clone()),
            ("{longest}", self.longest.clone()),
            ("{user}", self.user.to_string()),
            ("{username}", self.username.clone()),
            ("{part}", part),
            ("{staff}", self.staff.clone()),
            ("{device}", self.device.clone()),
            ("{ip}", self.ip.clone()),
            ("{day}", day.unwrap_or(Date::MIN).to_string()),
        ];
        let fill = |path: String, (name, value): &(&str, String)| path.replace(name, value);
        values.iter().fold(page.to_owned(), fill)
    }
}
