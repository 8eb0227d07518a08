//! Takes users over from Django: what `manage.py dumpdata auth.user` writes. Their numbers stay, because tokens that
//! Django issued carry them; their password hashes stay until they log in. All of them or none.

use serde::Deserialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::password::is_readable;
use super::{COMMAND_LINE, ChangeError, check_email, check_username};
use crate::clock::UnixSeconds;
use crate::event::{Event, Kind};
use crate::store::{ImportedUser, Store, StoreError, fold};
use crate::token::UserId;

/// Why nobody was taken over.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The text is not what Django writes.
    #[error("this is not what `manage.py dumpdata auth.user` writes: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A user is not as users are here, or is there already.
    #[error("user {id} \"{name}\": {why}; nobody was taken over")]
    Refused {
        /// Their number.
        id: i64,
        /// Their name.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// The database could not do it.
    #[error(transparent)]
    Store(#[from] ChangeError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

/// What became of a list of users.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Imported {
    /// How many were taken over.
    pub users: usize,
    /// Whose e-mail address was left out, because somebody has it already or it is none.
    pub without_email: Vec<String>,
    /// Whose password hash is none that can be checked here: one of another kind, or the mark of an unusable password.
    pub without_password: Vec<String>,
}

#[derive(Deserialize)]
struct Record {
    pk: Value,
    fields: Map<String, Value>,
}

#[derive(Deserialize)]
struct Fields {
    username: String,
    password: String,
    #[serde(default)]
    email: String,
    is_active: bool,
    is_staff: bool,
    is_superuser: bool,
    #[serde(default, with = "time::serde::rfc3339::option")]
    last_login: Option<OffsetDateTime>,
    date_joined: String,
}

/// Reads the users of a dump: the records that have a username and a password, whatever the model is called. Others are
/// passed over.
///
/// # Errors
/// [`ImportError::Unreadable`] and [`ImportError::Refused`].
pub fn read_django_users(dump: &str) -> Result<Vec<ImportedUser>, ImportError> {
    let records: Vec<Record> = serde_json::from_str(dump)?;
    let is_user = |record: &Record| {
        ["username", "password"]
            .iter()
            .all(|name| record.fields.contains_key(*name))
    };
    records.into_iter().filter(is_user).map(read).collect()
}

fn read(record: Record) -> Result<ImportedUser, ImportError> {
    let id: i64 = serde_json::from_value(record.pk)?;
    let fields: Fields = serde_json::from_value(record.fields.into())?;
    let refused = |why: String| ImportError::Refused {
        id,
        name: fields.username.clone(),
        why,
    };
    check_username(&fields.username).map_err(|error| refused(error.to_string()))?;
    let joined = OffsetDateTime::parse(&fields.date_joined, &Rfc3339);
    let joined = joined.map_err(|_| refused("date_joined is no time".to_owned()))?;
    if id <= 0 {
        return Err(refused("the number is not above zero".to_owned()));
    }
    Ok(ImportedUser {
        id: UserId(id),
        username: fields.username,
        email: fields.email,
        password: fields.password,
        is_active: fields.is_active,
        is_staff: fields.is_staff || fields.is_superuser,
        is_superuser: fields.is_superuser,
        date_joined: joined.unix_timestamp(),
        last_login: fields.last_login.map(OffsetDateTime::unix_timestamp),
    })
}

impl Store {
    /// Adds these users under their own numbers, all or none. Two of them can not share a name, in any case; of an
    /// address that is shared, the first keeps it.
    ///
    /// # Errors
    /// [`ImportError::Refused`] when a number or a name is taken; [`ImportError::Store`].
    pub async fn import_users(
        &self,
        users: Vec<ImportedUser>,
        now: UnixSeconds,
    ) -> Result<Imported, ImportError> {
        let imported = self.write(move |tx| {
            Box::pin(async move {
                let mut done = Imported::default();
                let mut events = Vec::with_capacity(users.len());
                for mut user in users {
                    let email = fold(&user.email);
                    let is_good = email.is_empty()
                        || check_email(&email).is_ok() && !tx.is_email_taken(&email).await?;
                    if !is_good {
                        done.without_email.push(user.username.clone());
                        user.email.clear();
                    }
                    if !is_readable(&user.password) {
                        done.without_password.push(user.username.clone());
                    }
                    if !tx.import_user(&user).await? {
                        return Err(ImportError::Refused {
                            id: user.id.0,
                            name: user.username,
                            why: "the number or the name is taken".to_owned(),
                        });
                    }
                    let event = Event::new(Kind::UserCreated, now).user(user.id, &user.username);
                    events.push(event.by(COMMAND_LINE).detail("taken over from Django"));
                    done.users += 1;
                }
                tx.note_all(events).await?;
                Ok(done)
            })
        });
        imported.await
    }
}
