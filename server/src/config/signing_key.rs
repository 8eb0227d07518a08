//! The signing key's file: made once, readable by its owner only, never overwritten.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use uuid::Uuid;

use super::Settings;

/// Why there is no signing key.
#[derive(Debug, thiserror::Error)]
#[error("can not {what} the signing key {}: {source}", file.display())]
pub struct SigningKeyError {
    what: &'static str,
    file: PathBuf,
    source: io::Error,
}

impl Settings {
    /// The file a signing key is kept in when none is given.
    #[must_use]
    pub fn signing_key_file(&self) -> PathBuf {
        self.data_dir.join("signing.key")
    }

    /// The signing key: the given one, or the file's, which is made when it is not there.
    ///
    /// # Errors
    /// The file can be neither read nor made.
    pub fn signing_secret(&self) -> Result<SecretString, SigningKeyError> {
        if let Some(key) = &self.signing_key {
            return Ok(key.clone());
        }
        let file = self.signing_key_file();
        let failed = |what| {
            let file = file.clone();
            move |source| SigningKeyError { what, file, source }
        };
        match make(&file) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed("make")(error)),
        }
        let text = std::fs::read_to_string(&file).map_err(failed("read"))?;
        Ok(text.trim().into())
    }
}

/// Writes a fresh key of 128 hexadecimal digits: 488 random bits, long enough for every HMAC algorithm. It gets
/// its name only when it is whole, so that neither a crash nor a second process finds half a key.
fn make(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    let key: String = (0..4)
        .map(|_| Uuid::new_v4().simple().to_string())
        .collect();
    let draft = file.with_extension(format!("{}.draft", Uuid::new_v4().simple()));
    let mut opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(opened, "{key}")?;
    opened.sync_all()?;
    let named = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft)?;
    named
}
