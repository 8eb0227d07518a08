//! Settings: what is in force, and what is refused before anything is opened.

use crate::mmdb;
use crate::process::Home;

#[test]
fn config_prints_what_is_in_force_without_secrets() {
    let home = Home::new()
        .set("ACCESS_TOKEN_LIFETIME", "90s")
        .set("SIGNING_KEY", "a-secret-that-nobody-must-ever-see")
        .set(
            "DATABASE_URL",
            "postgres://jot:hunter22@db.internal/jotward",
        );
    let said = home.run(&["config", "--leeway", "5s"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    for line in [
        "JOTWARD_ACCESS_TOKEN_LIFETIME=1m30s",
        "JOTWARD_LEEWAY=5s",
        "# JOTWARD_SIGNING_KEY=(set, 34 bytes)",
        "# JOTWARD_DATABASE_URL=postgres://jot:***@db.internal/jotward",
        "JOTWARD_ROTATE_REFRESH_TOKENS=true",
    ] {
        assert!(
            said.out.lines().any(|printed| printed == line),
            "{line} in\n{}",
            said.out
        );
    }
    assert!(!said.out.contains("nobody-must-ever-see") && !said.out.contains("hunter22"));
}

#[test]
fn what_config_prints_about_logins_can_be_set_again() {
    let home = Home::new();
    let by_default = [
        "JOTWARD_THROTTLE=on",
        "JOTWARD_THROTTLE_ADDRESS=60/min",
        "JOTWARD_THROTTLE_ACCOUNT=10/min",
        "JOTWARD_TRUSTED_PROXIES=",
    ];
    assert!(home.run(&["config"]).out.contains(&by_default.join("\n")));
    let home = Home::new()
        .set("THROTTLE", "no")
        .set("THROTTLE_ACCOUNT", "3/hour")
        .set("TRUSTED_PROXIES", "")
        .set("CORS_ALLOWED_ORIGINS", "");
    let said = home.run(&["config", "--trusted-proxies=192.0.2.7,10.0.0.0/8"]);
    let chosen = [
        "JOTWARD_THROTTLE=off",
        "JOTWARD_THROTTLE_ADDRESS=60/min",
        "JOTWARD_THROTTLE_ACCOUNT=3/hour",
        "JOTWARD_TRUSTED_PROXIES=192.0.2.7/32,10.0.0.0/8",
    ];
    assert!(said.out.contains(&chosen.join("\n")), "{}", said.out);
    assert_eq!(home.run(&["config"]).status, 0, "an empty list is a list");
}

#[test]
fn what_config_prints_about_sessions_in_use_can_be_set_again() {
    let by_default = [
        "JOTWARD_PROXY_HEADER=x-forwarded-for",
        "JOTWARD_GEOIP_DATABASE=",
        "JOTWARD_SESSION_NETWORK=any",
        "JOTWARD_SESSION_NETWORKS=",
        "JOTWARD_ANOMALY_TRAVEL=notice",
        "JOTWARD_ANOMALY_WINDOW=10m",
        "JOTWARD_ANOMALY_SPEED=1000",
        "JOTWARD_ANOMALY_BURST=notice",
        "JOTWARD_ANOMALY_BURST_RATE=60/min",
        "JOTWARD_ANOMALY_NEW_DEVICE=notice",
    ];
    let said = Home::new().run(&["config"]);
    assert!(said.out.contains(&by_default.join("\n")), "{}", said.out);
    let mut home = Home::new();
    for line in by_default {
        let (name, value) = line.split_once('=').expect("a setting");
        home = home.set(name.trim_start_matches("JOTWARD_"), value);
    }
    let home = home
        .set("SESSION_NETWORK", "allow-list")
        .set("SESSION_NETWORKS", "192.0.2.0/24");
    let said = home.run(&["config"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    assert!(said.out.contains("JOTWARD_SESSION_NETWORKS=192.0.2.0/24"));
}

/// What `config` prints, less what it does not show as it is.
fn printed(home: &Home) -> Vec<(String, String)> {
    let said = home.run(&["config"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    let lines = said.out.lines().filter(|line| !line.starts_with('#'));
    let settings = lines.map(|line| line.split_once('=').expect("a setting"));
    settings
        .map(|(name, value)| {
            let name = name.strip_prefix("JOTWARD_").expect("our prefix");
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

#[test]
fn whatever_config_prints_can_be_set_again() {
    let dir = tempfile::TempDir::new().expect("a directory");
    let places = dir.path().join("places.mmdb");
    std::fs::write(&places, mmdb::database(&[("192.0.2.0/24", "NL", None)])).expect("written");
    let key = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let chosen = [
        ("TOKEN_TYPE_CLAIM", ""),
        ("ACCESS_TOKEN_LIFETIME", "90s"),
        ("REFRESH_TRANSPORT", "cookie"),
        ("KEEP_EVENTS", "100y"),
        ("AUDIENCE", "shop,desk"),
        ("ISSUER", "login"),
        ("AUTH_HEADER_NAME", "HTTP_X_ACCESS_TOKEN"),
        ("AUTH_HEADER_TYPES", "Bearer,JWT"),
        ("AUTH_TOKEN_TYPES", "sliding,access"),
        ("SIGNING_KEY", "a-secret-that-nobody-must-ever-see"),
        ("WEBHOOK_URL", "https://example.com/secret"),
        ("WEBHOOK_SECRET", key),
        ("WEBHOOK_EVENTS", "session_expired"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example.com"),
        ("TRUSTED_PROXIES", "127.0.0.1,::1"),
        ("GEOIP_DATABASE", places.to_str().expect("text")),
        ("SESSION_NETWORK", "allow-list"),
        ("SESSION_NETWORKS", "192.0.2.0/24,2001:db8::/32"),
        ("THROTTLE", "off"),
        ("REGISTRATION", "open"),
        ("LOG_FORMAT", "json"),
        ("JWK_URL", "https://issuer.example.com/jwks.json"),
        ("ADOPT_FOREIGN_TOKENS", "yes"),
    ];
    let choosing = chosen
        .iter()
        .fold(Home::new(), |home, (name, value)| home.set(name, value));
    for first in [Home::new(), choosing] {
        let settings = printed(&first);
        assert!(settings.len() > 50, "{settings:?}");
        let again = settings
            .iter()
            .fold(Home::new(), |home, (name, value)| home.set(name, value));
        let again = printed(&again);
        // What is secret was not passed on.
        let secret = |name: &str| ["WEBHOOK_URL", "WEBHOOK_SECRET"].contains(&name);
        let again: Vec<_> = again
            .into_iter()
            .filter(|(name, _)| !secret(name))
            .collect();
        let settings: Vec<_> = settings
            .into_iter()
            .filter(|(name, _)| !secret(name))
            .collect();
        assert_eq!(again, settings);
    }
}

#[test]
fn an_empty_variable_is_not_given() {
    let home = printed(&Home::new())
        .iter()
        .filter(|(name, _)| !["DATA_DIR", "TOKEN_TYPE_CLAIM"].contains(&name.as_str()))
        .fold(Home::new(), |home, (name, _)| home.set(name, ""))
        .set("SIGNING_KEY", "")
        .set("DATABASE_URL", "")
        .set("WEBHOOK_SECRET", "");
    let by_default = home.run(&["config"]);
    assert_eq!(by_default.status, 0, "{by_default:?}");
    for line in [
        "JOTWARD_LISTEN=127.0.0.1:3000",
        "JOTWARD_ARGON2_MEMORY=19456",
        "JOTWARD_WEBHOOK_URL=",
    ] {
        assert!(
            by_default.out.lines().any(|printed| printed == line),
            "{}",
            by_default.out
        );
    }
    let home = home
        .set("ARGON2_MEMORY", "64")
        .set("ARGON2_ITERATIONS", "1");
    home.add_user("alice", "alice-pass-1", &[]);
    home.serve(&[]).stop();
    assert!(
        home.dir.path().join("signing.key").exists() && home.dir.path().join("jotward.db").exists()
    );
    let said = home.run(&["config", "--webhook-url="]);
    assert_eq!(said.status, 1, "what is said is said: {said:?}");
}

#[test]
fn a_start_that_is_refused_leaves_nothing_behind_and_config_refuses_it_too() {
    for (name, value) in [
        ("SIGNING_KEY", "short"),
        ("SIGNING_KEY", "file:/no/such/key"),
        ("VERIFYING_KEY", "file:/no/such/key"),
        ("GEOIP_DATABASE", "/no/such/places.mmdb"),
        ("WEBHOOK_URL", "https://example.com/hook"),
        ("ARGON2_MEMORY", "1"),
        ("AUTH_HEADER_NAME", "Host"),
        ("REVOKE_TOKEN_CLAIM", "jti"),
    ] {
        let home = Home::new().set(name, value);
        let data = home.dir.path().join("data");
        let data_flag = format!("--data-dir={}", data.display());
        for command in ["serve", "config"] {
            let said = home.run(&[command, &data_flag]);
            assert_eq!(
                (said.status, said.err.lines().count()),
                (1, 1),
                "{name} {said:?}"
            );
            assert!(!data.exists(), "{command} {name}");
        }
    }
    let home = Home::new().set("DATABASE_URL", "postgres://127.0.0.1:1/x");
    let data = home.dir.path().join("data");
    let said = home.run(&["serve", &format!("--data-dir={}", data.display())]);
    assert_eq!((said.status, data.exists()), (1, false));
}

#[test]
fn who_stops_reading_has_read_enough() {
    let home = Home::new();
    let said = home.run_unread(&["config"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
}

#[test]
fn the_flag_wins_over_the_variable() {
    let home = Home::new().set("LEEWAY", "7s");
    assert!(home.run(&["config"]).out.contains("JOTWARD_LEEWAY=7s"));
    assert!(
        home.run(&["--leeway=9s", "config"])
            .out
            .contains("JOTWARD_LEEWAY=9s")
    );
}

#[test]
fn help_names_every_command_and_setting() {
    let help = Home::new().run(&["--help"]);
    assert_eq!(help.status, 0);
    for word in [
        "serve",
        "migrate",
        "user",
        "config",
        "healthcheck",
        "--listen",
        "JOTWARD_SIGNING_KEY",
    ] {
        assert!(help.out.contains(word), "{word}");
    }
    for command in [
        "add",
        "list",
        "password",
        "activate",
        "deactivate",
        "delete",
    ] {
        assert_eq!(
            Home::new().run(&["user", command, "--help"]).status,
            0,
            "{command}"
        );
    }
}

#[test]
fn what_can_not_work_is_said_in_one_line() {
    for (name, value, part) in [
        (
            "ACESS_TOKEN_LIFETIME",
            "5m",
            "did you mean JOTWARD_ACCESS_TOKEN_LIFETIME?",
        ),
        ("COLOUR", "blue", "unknown setting JOTWARD_COLOUR"),
        (
            "ACCESS_TOKEN_LIFETIME",
            "soon",
            "not a length of time such as 30s, 5m or 1d",
        ),
        ("ACCESS_TOKEN_LIFETIME", "0s", "must be at least one second"),
        (
            "ROTATE_REFRESH_TOKENS",
            "perhaps",
            "--rotate-refresh-tokens",
        ),
        ("LISTEN", "nowhere", "--listen"),
        ("ALGORITHM", "none", "--algorithm"),
        ("THROTTLE", "perhaps", "--throttle"),
        ("THROTTLE_ACCOUNT", "10/month", "not a rate such as 10/min"),
        ("THROTTLE_ADDRESS", "0/s", "at least one in a period"),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1,proxy",
            "\"proxy\" is neither an address nor a network",
        ),
        (
            "AUTH_HEADER_TYPES",
            "a b",
            "AUTH_HEADER_TYPES must be words",
        ),
        (
            "SIGNING_KEY",
            "short",
            "the signing key has 5 bytes; HS256 needs at least 32",
        ),
        (
            "DATABASE_URL",
            "mysql://x",
            "begins with neither sqlite:// nor postgres://",
        ),
        (
            "DATABASE_URL",
            "sqlite:///no/such/directory/x.db",
            "(sqlite:///no/such/directory/x.db)",
        ),
        (
            "DATABASE_URL",
            "postgres://jot:hunter22@127.0.0.1:1/x",
            "can not open the database",
        ),
        (
            "WEBHOOK_URL",
            "https://example.com/hook",
            "needs a JOTWARD_WEBHOOK_SECRET of at least 32 bytes",
        ),
        ("WEBHOOK_URL", "example.com", "--webhook-url"),
        (
            "WEBHOOK_EVENTS",
            "logins",
            "\"logins\" is none of authn_login_success",
        ),
        ("WEBHOOK_TIMEOUT", "0s", "must be at least one second"),
        ("KEEP_EVENTS", "1d", "must be at least 2 days"),
        ("ARGON2_MEMORY", "1", "JOTWARD_ARGON2_*"),
        ("ARGON2_MEMORY", "4294967295", "at most 1048576 KiB"),
    ] {
        assert_refused(name, value, part);
    }
}

#[test]
fn what_can_not_work_of_sessions_in_use_is_said_in_one_line() {
    for (name, value, part) in [
        ("PROXY_HEADER", "via", "--proxy-header"),
        (
            "GEOIP_DATABASE",
            "/no/such/places.mmdb",
            "can not read the database of places",
        ),
        ("SESSION_NETWORK", "home", "--session-network"),
        (
            "SESSION_NETWORK",
            "same-country",
            "needs JOTWARD_GEOIP_DATABASE",
        ),
        (
            "SESSION_NETWORK",
            "allow-list",
            "needs JOTWARD_SESSION_NETWORKS",
        ),
        ("SESSION_NETWORKS", "10.0.0.0/8", "means nothing without"),
        ("SESSION_NETWORKS", "10.0.0.0/33", "is neither an address"),
        ("ANOMALY_TRAVEL", "kill", "--anomaly-travel"),
        ("ANOMALY_SPEED", "0", "--anomaly-speed"),
        ("ANOMALY_BURST_RATE", "often", "not a rate such as 10/min"),
        (
            "CORS_ALLOWED_ORIGINS",
            "https://app.example.com/",
            "\"https://app.example.com/\" is not an origin as browsers write it",
        ),
        ("REGISTRATION", "perhaps", "--registration"),
        ("REFRESH_TRANSPORT", "pigeon", "--refresh-transport"),
        ("SESSIONS_PER_USER", "-1", "--sessions-per-user"),
    ] {
        assert_refused(name, value, part);
    }
}

/// A server with this setting does not start, and says why in one line.
#[track_caller]
fn assert_refused(name: &str, value: &str, part: &str) {
    let said = Home::new().set(name, value).run(&["serve"]);
    assert_eq!(
        (said.status, said.err.lines().count()),
        (1, 1),
        "{name}={value}: {said:?}"
    );
    assert!(
        said.err.starts_with("jotward: ") && said.err.contains(part),
        "{name}={value}: {}",
        said.err
    );
    assert!(!said.err.contains("hunter22"));
}

#[test]
fn a_command_that_is_not_there_is_said_in_one_line() {
    for args in [
        &["fly"][..],
        &["user", "add"],
        &["serve", "--demo=x"],
        &["--no-such-flag", "serve"],
    ] {
        let said = Home::new().run(args);
        assert_eq!(
            (said.status, said.err.lines().count()),
            (1, 1),
            "{args:?}: {said:?}"
        );
    }
}
