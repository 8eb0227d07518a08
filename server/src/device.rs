//! What a request tells of the device it comes from: browser, operating system, model, and what kind of thing it is. Told
//! by itself, so it is for people to read and proves nothing. Pure, and without a list that must be downloaded: names that
//! nobody has heard of yet are shown as they are sent.
//!
//! An iPad that asks for the desktop's page says that it is a Mac, to the letter; it is taken for one.

mod agent;
mod hints;
mod names;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::token::hex;
pub use hints::{Hint, Hints};

/// What kind of thing a device is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Kind {
    /// A desktop or laptop computer.
    Desktop,
    /// A phone.
    Phone,
    /// A tablet.
    Tablet,
    /// A television, what is plugged into one, or a games console.
    Tv,
    /// A program that walks the web by itself and says so.
    Bot,
    /// A program that is no browser: a script, a library, an app of its own.
    Program,
    /// It does not say.
    #[default]
    Unknown,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Desktop,
        Self::Phone,
        Self::Tablet,
        Self::Tv,
        Self::Bot,
        Self::Program,
        Self::Unknown,
    ];

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind as one word. Part of the database's contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Tv => "tv",
            Self::Bot => "bot",
            Self::Program => "program",
            Self::Unknown => "unknown",
        }
    }
}

/// A device as people know it. A text is empty where it is not known.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Description {
    /// The browser or program, such as `Chrome`.
    pub browser: String,
    /// Its version, as long as it is told.
    pub browser_version: String,
    /// The operating system, such as `Windows`.
    pub os: String,
    /// Its version, where what is told means something: browsers froze `Windows NT 10.0`, `Mac OS X 10_15_7` and
    /// `Android 10; K`, and say them whatever the version is.
    pub os_version: String,
    /// The model, such as `iPhone` or `SM-S918B`.
    pub model: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// By what it is told from other devices of its user.
    mark: String,
}

impl Description {
    /// The device that sends this `User-Agent` and these client hints.
    #[must_use]
    pub fn of(user_agent: &str, hints: &Hints) -> Self {
        let mut device = agent::describe(user_agent);
        // A hint of the model comes only after it was asked for, so it must not make a known device a new one.
        let told_model = device.model.clone();
        if !matches!(device.kind, Kind::Bot | Kind::Program) {
            hints.refine(&mut device);
        }
        device.mark = device.marked(&told_model);
        device
    }

    /// SHA-256 over browser, operating system, kind and the model the `User-Agent` names, without versions, so that an
    /// update does not make it a new device; lower-case hexadecimal. Anybody can imitate it.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }

    fn marked(&self, model: &str) -> String {
        let mut hash = Sha256::new();
        for part in [&self.browser, &self.os, self.kind.as_str(), model] {
            hash.update(part);
            hash.update("\n");
        }
        hex(&hash.finalize())
    }
}

impl fmt::Display for Description {
    /// Such as `Chrome 126 on Windows`, `Safari 17 on iPhone` or `curl 8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Known {
            browser: &self.browser,
            browser_version: &self.browser_version,
            os: &self.os,
            model: &self.model,
        };
        known.fmt(f)
    }
}

/// What is on record of a device. A text is empty where it is not known.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Known<'d> {
    /// The browser or program.
    pub browser: &'d str,
    /// Its version.
    pub browser_version: &'d str,
    /// The operating system.
    pub os: &'d str,
    /// The model.
    pub model: &'d str,
}

impl fmt::Display for Known<'_> {
    /// Such as `Chrome 126 on Windows`, `Safari 17 on iPhone` or `curl 8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = match self.model {
            "iPhone" | "iPad" | "iPod" => self.model,
            _ => self.os,
        };
        let major = self.browser_version.split('.').next().unwrap_or_default();
        match (self.browser, on) {
            ("", "") => return f.write_str("Unknown device"),
            ("", on) => return f.write_str(on),
            (browser, _) => f.write_str(browser)?,
        }
        if !major.is_empty() {
            write!(f, " {major}")?;
        }
        if on.is_empty() {
            Ok(())
        } else {
            write!(f, " on {on}")
        }
    }
}

#[cfg(test)]
mod tests;
