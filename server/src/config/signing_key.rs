//! The keys' files. One that is made is made once, readable by its owner only, and never overwritten.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::Settings;
use crate::token::{KeyError, newlines};

/// What a key that stands in a file is given as, before its path.
pub(super) const FILE: &str = "file:";

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// A key's file is not there, or may not be used.
    #[error("can not {what} the {which} key {}: {source}", file.display())]
    File {
        /// `read` or `make`.
        what: &'static str,
        /// `signing` or `verifying`.
        which: &'static str,
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The key can not be used.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Settings {
    /// The file a signing key is kept in when none is given. Each kind of key has its own, so that another algorithm
    /// does not meet the wrong one.
    #[must_use]
    pub fn signing_key_file(&self) -> PathBuf {
        if self.algorithm.is_symmetric() {
            return self.data_dir.join("signing.key");
        }
        let kind = self.algorithm.key_kind();
        self.data_dir.join(format!("signing-{kind}.pem"))
    }

    /// The signing key: the given one, or the file's, which is made when it is not there.
    ///
    /// # Errors
    /// The file can be neither read nor made.
    pub fn signing_secret(&self) -> Result<SecretString, SigningKeyError> {
        if let Some(key) = &self.signing_key {
            return Ok(given("signing", key.expose_secret())?.into());
        }
        let file = self.signing_key_file();
        self.make(&file)?;
        Ok(read("signing", file)?.into())
    }

    /// The verifying key, if one is given.
    ///
    /// # Errors
    /// Its file can not be read.
    pub fn verifying_pem(&self) -> Result<Option<String>, SigningKeyError> {
        let key = self.verifying_key.as_deref().filter(|key| !key.is_empty());
        key.map(|key| given("verifying", key)).transpose()
    }

    fn make(&self, file: &Path) -> Result<(), SigningKeyError> {
        if file.exists() {
            return Ok(());
        }
        let key = match self.algorithm.make_private_key()? {
            Some(pem) => pem,
            None => random_secret(),
        };
        match write_new(file, key.expose_secret()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(source) => Err(SigningKeyError::File {
                what: "make",
                which: "signing",
                file: file.to_owned(),
                source,
            }),
        }
    }
}

/// A key as it is given: itself, or where it is.
fn given(which: &'static str, key: &str) -> Result<String, SigningKeyError> {
    match key.strip_prefix(FILE) {
        Some(path) => read(which, path.into()),
        // However it is given, a key in PEM is the same: what is derived from it must not differ.
        None if key.contains("-----BEGIN ") => Ok(newlines(key).trim().to_owned()),
        None => Ok(key.to_owned()),
    }
}

fn read(which: &'static str, file: PathBuf) -> Result<String, SigningKeyError> {
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(text.trim().to_owned()),
        Err(source) => Err(SigningKeyError::File {
            what: "read",
            which,
            file,
            source,
        }),
    }
}

/// 128 hexadecimal digits: 488 random bits, long enough for every HMAC algorithm.
fn random_secret() -> SecretString {
    let key: String = (0..4)
        .map(|_| Uuid::new_v4().simple().to_string())
        .collect();
    key.into()
}

/// Writes a fresh key. It gets its name only when it is whole, so that neither a crash nor a second process finds half a
/// key.
fn write_new(file: &Path, key: &str) -> io::Result<()> {
    let draft = file.with_extension(format!("{}.draft", Uuid::new_v4().simple()));
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(opened, "{}", key.trim_end())?;
    opened.sync_all()?;
    let named = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft)?;
    named
}
