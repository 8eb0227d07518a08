//! The words of the page: one sentence for each kind of notice, names for devices, addresses. All of them are here.

use crate::api::{LAB, Notice, OwnSession, OwnSessions, SessionDevice};
use crate::ui::notice::Tone;

/// A notice as a person reads it, with how often the very same was noticed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Told {
    /// When it happened, the last time, in unix seconds.
    pub at: i64,
    /// How often.
    pub times: usize,
    /// How serious it is.
    pub tone: Tone,
    /// What happened.
    pub what: String,
    /// From where.
    pub whence: String,
}

/// All notices in words, latest first: of sessions that are alive and of those that are over alike. Those that read the same,
/// the same of the same device and address, are one.
pub fn all_told(seen: &OwnSessions) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    // There are few; sorting them would put the standard library's sort into the module.
    let mut put = |mut told: Told| {
        let same = |other: &Told| other.what == told.what && other.whence == told.whence;
        if let Some(place) = all.iter().position(same) {
            let known = all.remove(place);
            told.at = told.at.max(known.at);
            told.times += known.times;
        }
        let place = all.partition_point(|other| other.at >= told.at);
        all.insert(place, told);
    };
    for session in &seen.sessions {
        for notice in &session.notices {
            put(told(notice, Some(session)));
        }
    }
    for notice in &seen.notices {
        put(told(notice, None));
    }
    all
}

/// `notice` in words; `session` is the one it concerns, if that is alive.
fn told(notice: &Notice, session: Option<&OwnSession>) -> Told {
    let (tone, what) = what(notice);
    Told {
        at: notice.at,
        times: 1,
        tone,
        what,
        whence: whence(notice, session),
    }
}

/// The one place that has a sentence for each kind.
fn what(notice: &Notice) -> (Tone, String) {
    let detail = notice.detail.as_str();
    let (tone, sentence) = match notice.kind.as_str() {
        "authn_new_device" => {
            return match detail.strip_suffix(", refused") {
                Some(device) => (
                    Tone::Warn,
                    format!("A new device was not let in: {device}."),
                ),
                None => (Tone::Info, format!("A new device signed in: {detail}.")),
            };
        }
        "authn_token_reuse" if notice.client == LAB => (
            Tone::Warn,
            "A device was signed out because an old token of it was used twice. If you did not play that in the lab, somebody \
             may have a copy of it.",
        ),
        "authn_token_reuse" => (
            Tone::Warn,
            "A device was signed out because an old token of it was used twice. Somebody may have a copy of it.",
        ),
        "authn_impossible_travel" => (
            Tone::Warn,
            "One session was used from two places too far apart for the time between.",
        ),
        "excess_rate_limit_exceeded" => (
            Tone::Warn,
            "One session was renewed far more often than usual.",
        ),
        "authz_fail" => (
            Tone::Warn,
            "One session was to be renewed from a network it may not be used from. It was refused.",
        ),
        "authn_password_change" => (Tone::Info, "Your password was changed."),
        // A kind of a later server: its own words are better than none.
        _ if detail.is_empty() => (Tone::Info, "Something unusual was noticed."),
        _ => {
            return (
                Tone::Info,
                format!("Something unusual was noticed: {detail}."),
            );
        }
    };
    (tone, sentence.to_owned())
}

/// Where a notice came from: an address, and the device or, where that is over, the program.
fn whence(notice: &Notice, session: Option<&OwnSession>) -> String {
    let address = match notice.ip.as_str() {
        "" => "an unknown address",
        ip => ip,
    };
    let with = match session {
        Some(session) if session.current => "this device".to_owned(),
        Some(session) => device(&session.device),
        // It names its device already, in fewer words.
        None if notice.kind == "authn_new_device" => String::new(),
        None => notice.user_agent.clone(),
    };
    let client = calls_itself(&notice.client);
    let (open, close) = if with.is_empty() {
        ("", "")
    } else {
        (" (", ")")
    };
    let comma = if client.is_empty() { "" } else { ", " };
    [", from ", address, open, &with, close, comma, &client].concat()
}

/// What the client of a session calls itself. Said as that: whoever has a password can call themselves anything.
pub fn calls_itself(client: &str) -> String {
    match client {
        "" => String::new(),
        _ => ["calls itself “", client, "”"].concat(),
    }
}

/// What stands before the time of something that happened so often.
pub fn times(times: usize) -> String {
    match times {
        1 => String::new(),
        _ => [&times.to_string(), " times, last "].concat(),
    }
}

/// A device as people know it: their own name for it, or such as `Chrome 126 on Windows`.
pub fn device(device: &SessionDevice) -> String {
    if device.name.is_empty() {
        model(device)
    } else {
        device.name.clone()
    }
}

/// What a device is, such as `Chrome 126 on Windows`.
pub fn model(device: &SessionDevice) -> String {
    let major = device.browser_version.split('.').next().unwrap_or_default();
    let browser = [device.browser.as_str(), major].join(" ");
    match (device.browser.as_str(), device.os.as_str()) {
        ("", "") => "Unknown device".to_owned(),
        ("", os) => os.to_owned(),
        (_, "") => browser.trim_end().to_owned(),
        (_, os) => [browser.trim_end(), " on ", os].concat(),
    }
}

/// The latest address, and from how many other networks the session was used.
pub fn address(session: &OwnSession) -> String {
    let ip = match session.ip.as_str() {
        "" => "not known",
        ip => ip,
    };
    let networks = session.addresses.iter();
    let others = networks
        .filter(|address| address.network != session.network)
        .count();
    match others {
        0 => ip.to_owned(),
        1 => format!("{ip}, and 1 other network"),
        _ => format!("{ip}, and {others} other networks"),
    }
}

/// What came of signing out everywhere else.
pub fn ended_elsewhere(sessions: usize) -> String {
    match sessions {
        0 => "You were signed in nowhere else.".to_owned(),
        1 => "You are signed out in 1 other place.".to_owned(),
        _ => format!("You are signed out in {sessions} other places."),
    }
}

#[cfg(test)]
mod tests;
