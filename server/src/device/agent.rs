//! Reads a `User-Agent` (RFC 9110, section 10.1.5): by words that are known, and where there are none, by its first
//! product, which is what programs call themselves.

use super::names::{ANDROID_TELEVISIONS, BROWSERS, PROGRAMS, TELEVISIONS, WINDOWS};
use super::{Description, Kind};

/// The longest name or version that is taken over, in characters.
const MAX: usize = 40;

pub fn describe(agent: &str) -> Description {
    let agent = agent.trim();
    if let Some(bot) = bot(agent) {
        return bot;
    }
    let is_browser = agent.starts_with("Mozilla/") || agent.starts_with("Opera/");
    if !is_browser || agent.contains("PowerShell/") {
        return program(agent);
    }
    let mut device = Description::default();
    system(agent, &mut device);
    (device.browser, device.browser_version) = browser(agent, &device.os);
    device
}

/// A crawler, by a word that says so. `CUBOT` makes phones.
fn bot(agent: &str) -> Option<Description> {
    let is_bot = |word: &str| {
        let word = word.to_ascii_lowercase();
        word.split('-').any(|part| {
            let ends = |ending| part.ends_with(ending) && part != "cubot";
            ends("bot") || ends("crawler") || ends("spider") || ends("slurp")
        })
    };
    let known = [
        "facebookexternalhit",
        "WhatsApp",
        "Chrome-Lighthouse",
        "bingpreview",
    ];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let name = agent
        .split(|c| !is_name(c))
        .find(|word| is_bot(word) || known.contains(word))?;
    Some(Description {
        browser: short(name),
        browser_version: version_after(agent, &format!("{name}/")).unwrap_or_default(),
        kind: Kind::Bot,
        ..Description::default()
    })
}

/// A program, as its first product calls itself. Without a version it is one only if it is known.
fn program(agent: &str) -> Description {
    let agent = match agent
        .find("WindowsPowerShell/")
        .or(agent.find("PowerShell/"))
    {
        Some(at) => &agent[at..],
        None => agent,
    };
    let end = agent.find(['/', ' ', '(', ';']).unwrap_or(agent.len());
    let (name, rest) = agent.split_at(end);
    let folded = name.to_ascii_lowercase();
    let known = PROGRAMS.iter().find(|(word, _)| *word == folded);
    let version = rest.strip_prefix('/').map(leading_version);
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let is_name = name.chars().any(|c| c.is_ascii_alphabetic()) && name.chars().all(is_word);
    let browser = match (known, &version) {
        (Some((_, known)), _) => (*known).to_owned(),
        (None, Some(version)) if is_name && !version.is_empty() => short(name),
        _ => return Description::default(),
    };
    let mut device = Description {
        browser,
        browser_version: version.unwrap_or_default(),
        kind: Kind::Program,
        ..Description::default()
    };
    if let Some(inside) = agent.split_once("(Linux; U; Android ") {
        "Android".clone_into(&mut device.os);
        device.os_version = leading_version(inside.1);
        device.model = android_model(agent);
    }
    device
}

fn browser(agent: &str, os: &str) -> (String, String) {
    let found = BROWSERS
        .iter()
        .find_map(|(word, name)| Some((*name, version_after(agent, word)?)));
    match found {
        // Android's own view of a page in some app.
        Some(("Chrome", version)) if agent.contains("; wv)") => ("Android WebView".into(), version),
        Some((name, version)) => (name.to_owned(), version),
        None => plain_browser(agent, os),
    }
}

/// Browsers that are told by more than a word.
fn plain_browser(agent: &str, os: &str) -> (String, String) {
    let version = |word| version_after(agent, word).unwrap_or_default();
    let (name, version) = if agent.contains("Trident/") || agent.contains("MSIE ") {
        let told = version_after(agent, "rv:").or(version_after(agent, "MSIE "));
        ("Internet Explorer", told.unwrap_or_default())
    } else if agent.starts_with("Opera/") {
        let told = version_after(agent, "Version/").or(version_after(agent, "Opera/"));
        ("Opera", told.unwrap_or_default())
    } else if os == "Android" && agent.contains("Version/") {
        ("Android Browser", version("Version/"))
    } else if agent.contains("Safari/") && agent.contains("Version/") {
        ("Safari", version("Version/"))
    } else if matches!(os, "iOS" | "iPadOS") && agent.contains("AppleWebKit/") {
        ("iOS WebView", String::new())
    } else {
        return (String::new(), String::new());
    };
    (name.to_owned(), version)
}

fn system(agent: &str, device: &mut Description) {
    let version = |word| version_after(agent, word).unwrap_or_default();
    let television = TELEVISIONS.iter().find(|(word, _)| agent.contains(word));
    let (os, os_version, kind) = if let Some((_, name)) = television {
        (*name, String::new(), Kind::Tv)
    } else if agent.contains("KAIOS/") {
        ("KaiOS", version("KAIOS/"), Kind::Phone)
    } else if agent.contains("Android") {
        android(agent, device)
    } else if agent.contains("iPhone") || agent.contains("iPod") {
        device.model = if agent.contains("iPod") {
            "iPod"
        } else {
            "iPhone"
        }
        .into();
        ("iOS", version(" OS "), Kind::Phone)
    } else if agent.contains("iPad") {
        device.model = "iPad".into();
        ("iPadOS", version(" OS "), Kind::Tablet)
    } else if agent.contains("Windows Phone") {
        ("Windows Phone", version("Windows Phone "), Kind::Phone)
    } else if agent.contains("Windows") {
        let known = WINDOWS.iter().find(|(word, _)| agent.contains(word));
        let version = known.map_or("", |(_, version)| version);
        ("Windows", version.to_owned(), Kind::Desktop)
    } else if agent.contains("Mac OS X") || agent.contains("Macintosh") {
        let version = version("Mac OS X ");
        let is_frozen = version.starts_with("10.15");
        let version = if is_frozen { String::new() } else { version };
        ("macOS", version, Kind::Desktop)
    } else if agent.contains("CrOS ") {
        ("ChromeOS", String::new(), Kind::Desktop)
    } else if agent.contains("Tizen") {
        let kind = if agent.contains("Mobile") {
            Kind::Phone
        } else {
            Kind::Tv
        };
        ("Tizen", version("Tizen "), kind)
    } else if agent.contains("Linux") || agent.contains("X11") {
        let others = ["FreeBSD", "OpenBSD", "NetBSD", "SunOS"];
        let other = others.into_iter().find(|name| agent.contains(name));
        (other.unwrap_or("Linux"), String::new(), Kind::Desktop)
    } else {
        ("", String::new(), Kind::Unknown)
    };
    (device.os, device.os_version, device.kind) = (os.to_owned(), os_version, kind);
}

fn android(agent: &str, device: &mut Description) -> (&'static str, String, Kind) {
    device.model = android_model(agent);
    let is_frozen = agent.contains("Android 10; K)");
    let version = version_after(agent, "Android ").filter(|_| !is_frozen);
    let is_television = |word: &&str| agent.contains(*word);
    let kind = if ANDROID_TELEVISIONS.iter().any(is_television) {
        Kind::Tv
    } else if agent.contains("Quest") {
        Kind::Unknown
    } else if agent.contains("Mobile") {
        Kind::Phone
    } else {
        Kind::Tablet
    };
    ("Android", version.unwrap_or_default(), kind)
}

/// The model an Android device tells: what stands after the version, before `Build/` and the bracket.
fn android_model(agent: &str) -> String {
    let told = || {
        let (_, rest) = agent.split_once("Android ")?;
        let (inside, _) = rest.split_once(')')?;
        let mut parts = inside.split(';').map(str::trim).skip(1);
        let is_locale = |part: &str| part.len() <= 5 && part.contains(['-', '_']);
        let model = parts.find(|part| !part.is_empty() && !is_locale(part))?;
        let model = model.split(" Build/").next()?.trim();
        let is_model = !matches!(model, "K" | "wv" | "Mobile" | "Tablet" | "TV" | "U")
            && !model.starts_with("rv:")
            && !model.starts_with("Build/");
        is_model.then(|| short(model))
    };
    told().unwrap_or_default()
}

/// The version after a word; `None` when the word is not there.
fn version_after(agent: &str, word: &str) -> Option<String> {
    let at = agent.find(word)? + word.len();
    Some(leading_version(&agent[at..]))
}

/// Figures, with dots between them; iOS and macOS write underscores.
fn leading_version(text: &str) -> String {
    let text = text.strip_prefix('v').unwrap_or(text);
    let version = text
        .chars()
        .take(MAX)
        .take_while(|c| c.is_ascii_digit() || *c == '.' || *c == '_')
        .map(|c| if c == '_' { '.' } else { c });
    let version: String = version.collect();
    version.trim_matches('.').to_owned()
}

/// A name for people to read, of a bounded length and without what is no text.
fn short(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER)
        .take(MAX)
        .collect()
}
