//! Settings: what is in force, and what is refused before anything is opened.

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
    // An empty path is a path, and there is no database.
    let said = home.run(&["config", "--geoip-database=places.mmdb"]);
    assert_eq!((said.status, said.err.as_str()), (0, ""));
    assert!(said.out.contains("JOTWARD_SESSION_NETWORKS=192.0.2.0/24"));
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
