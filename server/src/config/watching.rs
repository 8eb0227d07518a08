//! Settings about where sessions are used from: what is believed of an address, what is noticed, what is refused.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Networks, Rate, Seconds};
use crate::session::{Binding, Policy};

/// What an operator decides about sessions in use.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Watching {
    /// The header in which the trusted proxies name their client; the other one is not read
    #[arg(
        long,
        env = "JOTWARD_PROXY_HEADER",
        value_name = "HEADER",
        default_value = "x-forwarded-for",
        global = true
    )]
    pub proxy_header: ProxyHeader,

    /// A database of places, such as GeoLite2-City.mmdb
    #[arg(
        long,
        env = "JOTWARD_GEOIP_DATABASE",
        value_name = "FILE",
        global = true
    )]
    pub geoip_database: Option<PathBuf>,

    /// From where a session may be refreshed
    #[arg(
        long,
        env = "JOTWARD_SESSION_NETWORK",
        default_value = "any",
        global = true
    )]
    pub session_network: Binding,

    /// The networks of SESSION_NETWORK=allow-list, separated by commas
    #[arg(
        long,
        env = "JOTWARD_SESSION_NETWORKS",
        value_name = "NETWORKS",
        global = true
    )]
    pub session_networks: Option<Networks>,

    /// What to do when a session is refreshed from two places nobody travels between in that time
    #[arg(
        long,
        env = "JOTWARD_ANOMALY_TRAVEL",
        value_name = "POLICY",
        default_value = "notice",
        global = true
    )]
    pub anomaly_travel: Policy,

    /// How long coming and going between two networks counts as one run, where their places are not known
    #[arg(
        long,
        env = "JOTWARD_ANOMALY_WINDOW",
        value_name = "TIME",
        default_value = "10m",
        global = true
    )]
    pub anomaly_window: Seconds,

    /// How fast people travel at the most, in kilometres an hour, where places are known
    #[arg(long, env = "JOTWARD_ANOMALY_SPEED", value_name = "KM/H", default_value_t = 1000,
          value_parser = clap::value_parser!(u32).range(1..), global = true)]
    pub anomaly_speed: u32,

    /// What to do when a session is refreshed too often
    #[arg(
        long,
        env = "JOTWARD_ANOMALY_BURST",
        value_name = "POLICY",
        default_value = "notice",
        global = true
    )]
    pub anomaly_burst: Policy,

    /// How often a session may be refreshed before that is too often
    #[arg(
        long,
        env = "JOTWARD_ANOMALY_BURST_RATE",
        value_name = "RATE",
        default_value = "60/min",
        global = true
    )]
    pub anomaly_burst_rate: Rate,

    /// What to do about a login from a device its user never used, while others are known; `end` refuses it
    #[arg(
        long,
        env = "JOTWARD_ANOMALY_NEW_DEVICE",
        value_name = "POLICY",
        default_value = "notice",
        global = true
    )]
    pub anomaly_new_device: Policy,
}

/// In which header a proxy names its client.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, clap::ValueEnum)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, what most proxies write.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ProxyHeader {
    /// The header's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl Watching {
    /// The file of the database of places, if there is to be one.
    #[must_use]
    pub fn places(&self) -> Option<&Path> {
        self.geoip_database.as_deref()
    }

    /// Checks what concerns more than one value; a line for the operator where it can not work.
    pub(super) fn check(&self) -> Result<(), String> {
        let has_list = self
            .session_networks
            .as_ref()
            .is_some_and(|networks| !networks.is_empty());
        let problem = match (self.session_network, has_list) {
            (Binding::SameCountry, _) if self.places().is_none() => {
                "JOTWARD_SESSION_NETWORK=same-country needs JOTWARD_GEOIP_DATABASE to know countries"
            }
            (Binding::AllowList, false) => {
                "JOTWARD_SESSION_NETWORK=allow-list needs JOTWARD_SESSION_NETWORKS"
            }
            (Binding::Any | Binding::SameNetwork | Binding::SameCountry, true) => {
                "JOTWARD_SESSION_NETWORKS means nothing without JOTWARD_SESSION_NETWORK=allow-list"
            }
            _ => return Ok(()),
        };
        Err(problem.to_owned())
    }

    /// Each of these settings with its value, in the order of the help.
    pub(super) fn lines(&self) -> [(&'static str, String); 10] {
        let database = self.geoip_database.as_ref();
        let database = database.map(|path| path.display().to_string());
        let networks = self.session_networks.as_ref().map(ToString::to_string);
        [
            ("PROXY_HEADER", self.proxy_header.as_str().to_owned()),
            ("GEOIP_DATABASE", database.unwrap_or_default()),
            ("SESSION_NETWORK", self.session_network.as_str().to_owned()),
            ("SESSION_NETWORKS", networks.unwrap_or_default()),
            ("ANOMALY_TRAVEL", self.anomaly_travel.as_str().to_owned()),
            ("ANOMALY_WINDOW", self.anomaly_window.to_string()),
            ("ANOMALY_SPEED", self.anomaly_speed.to_string()),
            ("ANOMALY_BURST", self.anomaly_burst.as_str().to_owned()),
            ("ANOMALY_BURST_RATE", self.anomaly_burst_rate.to_string()),
            (
                "ANOMALY_NEW_DEVICE",
                self.anomaly_new_device.as_str().to_owned(),
            ),
        ]
    }
}
