//! Client hints: what Chromium tells in structured fields (RFC 9651) instead of in its `User-Agent`. Some come with every
//! request, some once they were asked for, none over plain HTTP. A hint that can not be read is a hint not given.

use sfv::{BareItem, Item, List, ListEntry, Parser};

use super::names::BRANDS;
use super::{Description, Kind};

/// A hint that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hint {
    /// Brands with their major versions.
    Brands,
    /// The same with full versions; must be asked for.
    FullVersions,
    /// The operating system.
    Platform,
    /// Its version; must be asked for.
    PlatformVersion,
    /// Whether a phone's page is wanted.
    Mobile,
    /// The model; must be asked for.
    Model,
}

impl Hint {
    /// Every hint there is.
    pub const ALL: [Self; 6] = [
        Self::Brands,
        Self::FullVersions,
        Self::Platform,
        Self::PlatformVersion,
        Self::Mobile,
        Self::Model,
    ];

    /// What a page has to ask for in `Accept-CH`.
    pub const ASKED_FOR: &str =
        "Sec-CH-UA-Full-Version-List, Sec-CH-UA-Platform-Version, Sec-CH-UA-Model";

    /// Its header, in lower case.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::Brands => "sec-ch-ua",
            Self::FullVersions => "sec-ch-ua-full-version-list",
            Self::Platform => "sec-ch-ua-platform",
            Self::PlatformVersion => "sec-ch-ua-platform-version",
            Self::Mobile => "sec-ch-ua-mobile",
            Self::Model => "sec-ch-ua-model",
        }
    }
}

/// The hints a request carries, as they were sent.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Hints(Vec<(Hint, String)>);

impl Hints {
    /// The longest hint that is read, in bytes.
    pub const MAX_BYTES: usize = 500;

    /// Takes in the value of a header; what is too long, or not ASCII, is left out.
    pub fn add(&mut self, hint: Hint, value: &[u8]) {
        let text = str::from_utf8(value).ok();
        if let Some(text) = text.filter(|text| text.is_ascii() && text.len() <= Self::MAX_BYTES) {
            self.0.push((hint, text.to_owned()));
        }
    }

    /// Tells more of a device than its `User-Agent` did.
    pub(super) fn refine(&self, device: &mut Description) {
        if let Some((name, version)) = self.brand() {
            // Whoever builds on Chrome may name itself in the one or the other.
            let is_plain = matches!(device.browser.as_str(), "" | "Chrome" | "Chromium");
            if is_plain || device.browser == name {
                (device.browser, device.browser_version) = (name, version);
            }
        }
        if let Some(platform) = self.text(Hint::Platform) {
            let usual = ["", "Windows", "macOS", "Linux", "Android", "ChromeOS"];
            if let Some(os) = platform_name(&platform)
                && usual.contains(&device.os.as_str())
                && os != device.os
            {
                os.clone_into(&mut device.os);
                device.os_version.clear();
            }
        }
        if let Some(version) = self.text(Hint::PlatformVersion).filter(|it| is_version(it)) {
            device.os_version = match device.os.as_str() {
                "Windows" => windows(&version).to_owned(),
                _ => version,
            };
        }
        if let Some(model) = self.text(Hint::Model).filter(|model| !model.is_empty()) {
            device.model = model;
        }
        device.kind = match (self.is_mobile(), device.os.as_str(), device.kind) {
            (Some(true), "Android", Kind::Unknown | Kind::Tablet) => Kind::Phone,
            (_, "Windows" | "macOS" | "Linux" | "ChromeOS", Kind::Unknown) => Kind::Desktop,
            (_, _, kind) => kind,
        };
    }

    fn get(&self, hint: Hint) -> Option<&str> {
        let mut found = self.0.iter().filter(|(given, _)| *given == hint);
        found.next().map(|(_, value)| value.as_str())
    }

    /// A hint that is a text.
    fn text(&self, hint: Hint) -> Option<String> {
        match Parser::new(self.get(hint)?).parse::<Item>().ok()?.bare_item {
            BareItem::String(text) => Some(text.as_str().trim().to_owned()),
            _ => None,
        }
    }

    fn is_mobile(&self) -> Option<bool> {
        match Parser::new(self.get(Hint::Mobile)?)
            .parse::<Item>()
            .ok()?
            .bare_item
        {
            BareItem::Boolean(is_mobile) => Some(is_mobile),
            _ => None,
        }
    }

    /// The browser's own brand and version: not the made-up one, and Chromium only where there is no other.
    fn brand(&self) -> Option<(String, String)> {
        let lists = [Hint::FullVersions, Hint::Brands];
        let mut brands = lists.into_iter().filter_map(|hint| self.brands(hint));
        let brands = brands.find(|brands| !brands.is_empty())?;
        let own = brands.iter().find(|(name, _)| name != "Chromium");
        let (name, version) = own.or(brands.first())?;
        let known = BRANDS.iter().find(|(brand, _)| brand == name);
        let name = known.map_or(name.as_str(), |(_, name)| name);
        Some((name.to_owned(), version.clone()))
    }

    fn brands(&self, hint: Hint) -> Option<Vec<(String, String)>> {
        let list: List = Parser::new(self.get(hint)?).parse().ok()?;
        let brand = |entry: &ListEntry| {
            let ListEntry::Item(item) = entry else {
                return None;
            };
            let name = item.bare_item.as_string()?.as_str().trim();
            let version = item.params.get("v").and_then(BareItem::as_string);
            let version = version
                .map(sfv::StringRef::as_str)
                .filter(|it| is_version(it));
            let is_name = !name.is_empty() && name.len() <= 40 && !is_grease(name);
            is_name.then(|| (name.to_owned(), version.unwrap_or_default().to_owned()))
        };
        Some(list.iter().filter_map(brand).collect())
    }
}

/// Whether a brand is the one browsers make up so that nobody relies on the list: `Not A;Brand`, `Not/A)Brand`,
/// `Not_A Brand` and however it will be spelt next (User-Agent Client Hints, section 6.2).
fn is_grease(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    letters.starts_with("not") && letters.ends_with("brand")
}

fn platform_name(platform: &str) -> Option<&str> {
    match platform {
        "Chrome OS" | "Chromium OS" => Some("ChromeOS"),
        "macOS" | "Mac OS X" => Some("macOS"),
        "Windows" | "Linux" | "Android" | "iOS" | "Fuchsia" => Some(platform),
        _ => None,
    }
}

/// The Windows that tells this platform version: 13 and above is Windows 11, 1 to 10 Windows 10.
fn windows(platform_version: &str) -> &'static str {
    let mut parts = platform_version.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(13..)), _) => "11",
        (Some(Ok(1..=12)), _) => "10",
        (Some(Ok(0)), Some(Ok(1))) => "7",
        (Some(Ok(0)), Some(Ok(2))) => "8",
        (Some(Ok(0)), Some(Ok(3))) => "8.1",
        _ => "",
    }
}

fn is_version(text: &str) -> bool {
    !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}
