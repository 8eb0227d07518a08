//! The programs people log in with, as they call themselves. Each comes in four versions, because people update.

use std::sync::LazyLock;

use super::chance::Chance;
use crate::device::{Description, Hints};
use crate::session::Device;

/// How many versions of each there are.
pub const VERSIONS: usize = 4;

/// A version of a program.
#[derive(Debug)]
pub struct Agent {
    /// The header it sends.
    pub header: String,
    /// What that tells.
    pub description: Description,
    /// The mark of its refreshes.
    pub mark: String,
}

/// How many people of a hundred have it, what it sends with `{}` for its version, and the first of its versions.
type Program = (usize, &'static str, usize);

/// The program of a machine that logs in by itself.
pub const SCRIPT: usize = 0;

const PROGRAMS: [Program; 20] = [
    (1, "python-requests/2.{}.0", 29),
    (
        20,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        138,
    ),
    (
        12,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        3,
    ),
    (
        12,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36",
        138,
    ),
    (
        8,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        138,
    ),
    (
        8,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/{}.0.0.0",
        138,
    ),
    (
        7,
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.{} Safari/605.1.15",
        3,
    ),
    (
        5,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
        139,
    ),
    (
        4,
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{}.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        25,
    ),
    (
        3,
        "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0",
        139,
    ),
    (
        3,
        "Mozilla/5.0 (iPad; CPU OS 18_{} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        3,
    ),
    (
        3,
        "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.7204.63 Mobile Safari/537.36",
        138,
    ),
    (
        2,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/{}.0.7204.53 Mobile/15E148 Safari/604.1",
        138,
    ),
    (
        2,
        "Mozilla/5.0 (Android 14; Mobile; rv:{0}.0) Gecko/{0}.0 Firefox/{0}.0",
        139,
    ),
    (
        2,
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        138,
    ),
    (
        2,
        "Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        138,
    ),
    (
        2,
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36",
        138,
    ),
    (
        2,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36 OPR/{}.0.0.0",
        118,
    ),
    (
        1,
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/2.2 Chrome/{}.0.3239.84 TV Safari/537.36",
        63,
    ),
    (1, "curl/8.{}.0", 9),
];

static AGENTS: LazyLock<Vec<Agent>> = LazyLock::new(|| {
    let versions = |(_, header, first): &Program| {
        let (header, first) = (*header, *first);
        (first..first + VERSIONS).map(move |version| Agent::new(header, version))
    };
    PROGRAMS.iter().flat_map(versions).collect()
});

impl Agent {
    /// The version of a program that was current in an age, of which there are [`VERSIONS`].
    #[must_use]
    pub fn of(program: usize, age: usize) -> &'static Self {
        &AGENTS[program * VERSIONS + age.min(VERSIONS - 1)]
    }

    /// The number of a program, the popular ones more often.
    #[must_use]
    pub fn program(chance: &mut Chance) -> usize {
        let all: usize = PROGRAMS.iter().map(|program| program.0).sum();
        let mut at = chance.below(all);
        let is_it = |program: &Program| match at.checked_sub(program.0) {
            Some(rest) => {
                at = rest;
                false
            }
            None => true,
        };
        PROGRAMS.iter().position(is_it).unwrap_or_default()
    }

    fn new(header: &str, version: usize) -> Self {
        let version = version.to_string();
        let header = header.replace("{}", &version).replace("{0}", &version);
        Self {
            description: Description::of(&header, &Hints::default()),
            mark: Device::of(&header).mark().to_owned(),
            header,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn programs_differ_by_their_marks_and_versions_do_not() {
        let mark = |program, age| Agent::of(program, age).description.mark();
        let marks: HashSet<_> = (0..PROGRAMS.len())
            .map(|program| mark(program, 0))
            .collect();
        assert_eq!(marks.len(), PROGRAMS.len());
        for program in 0..PROGRAMS.len() {
            assert!(
                (1..VERSIONS).all(|age| mark(program, age) == mark(program, 0)),
                "{program}"
            );
            let description = &Agent::of(program, 0).description;
            assert!(!description.browser.is_empty(), "{description:?}");
            assert_ne!(Agent::of(program, 0).header, Agent::of(program, 1).header);
        }
    }

    #[test]
    fn every_program_is_somebodys() {
        let mut chance = Chance::of(1, super::super::chance::Stream::Person, 0);
        let seen: HashSet<_> = (0..5000).map(|_| Agent::program(&mut chance)).collect();
        assert_eq!(seen.len(), PROGRAMS.len());
    }
}
