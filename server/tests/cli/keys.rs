//! Keys and names of claims: what is made, what is read from where, and what is refused at the start in one line.

use std::os::unix::fs::PermissionsExt;

use crate::process::Home;
use crate::serving::log_in;

fn refused(home: &Home) -> String {
    let said = home.run(&["serve"]);
    assert_eq!((said.status, said.err.lines().count()), (1, 1), "{said:?}");
    said.err
}

#[test]
fn a_key_of_the_right_kind_is_made_once_and_kept_for_its_owner() {
    for (algorithm, file) in [
        ("ES256", "signing-p256.pem"),
        ("EdDSA", "signing-ed25519.pem"),
        ("PS256", "signing-rsa.pem"),
    ] {
        let home = Home::new().set("ALGORITHM", algorithm);
        home.add_user("alice", "alice-pass-1", &[]);
        let path = home.dir.path().join(file);
        let server = home.serve(&[]);
        let (_, access) = log_in(&server, "alice", "alice-pass-1");
        let kept = std::fs::read_to_string(&path).expect("a key");
        assert!(
            kept.starts_with("-----BEGIN PRIVATE KEY-----\n"),
            "{algorithm}"
        );
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        server.stop();
        let server = home.serve(&[]);
        assert_eq!(server.get("/api/users/", &access).0, 200, "{algorithm}");
        assert_eq!(std::fs::read_to_string(&path).expect("a key"), kept);
        server.stop();
    }
}

#[test]
fn a_key_may_stand_in_a_file_or_on_one_line() {
    let maker = Home::new().set("ALGORITHM", "ES256");
    maker.add_user("alice", "alice-pass-1", &[]);
    maker.serve(&[]).stop();
    let path = maker.dir.path().join("signing-p256.pem");
    let pem = std::fs::read_to_string(&path).expect("a key");
    let in_a_file = format!("file:{}", path.display());
    for key in [in_a_file.as_str(), &pem, &pem.trim().replace('\n', "\\n")] {
        let home = Home::new()
            .set("ALGORITHM", "ES256")
            .set("SIGNING_KEY", key);
        home.serve(&[]).stop();
        assert!(!home.dir.path().join("signing-p256.pem").exists());
        let config = home.run(&["config"]).out;
        let shown = if key == in_a_file {
            format!("JOTWARD_SIGNING_KEY={in_a_file}\n")
        } else {
            format!("# JOTWARD_SIGNING_KEY=(set, {} bytes)\n", key.len())
        };
        assert!(config.contains(&shown), "{config}");
        assert!(!config.contains("BEGIN"));
    }
    let home = Home::new().set("SIGNING_KEY", "file:/no/such/key");
    assert!(refused(&home).contains("can not read the signing key /no/such/key"));
}

#[test]
fn keys_that_can_not_be_used_are_refused_at_the_start() {
    let secret = "a-secret-that-is-long-enough-for-every-hmac-there-is-0123456789-0123456789";
    for (algorithm, key, said) in [
        ("RS256", secret, "it is not a private key in PEM"),
        (
            "HS512",
            "a-secret-of-thirty-two-bytes-0123456",
            "HS512 needs at least 64",
        ),
        (
            "HS256",
            "-----BEGIN PUBLIC KEY-----\\nAAAA",
            "HS256 needs a secret",
        ),
        ("RS256", WEAK_RSA, "it has fewer than 2048 bits"),
        ("ES256", WEAK_RSA, "it is not a private key on P-256"),
    ] {
        let home = Home::new()
            .set("ALGORITHM", algorithm)
            .set("SIGNING_KEY", key);
        let refused = refused(&home);
        assert!(refused.contains(said), "{algorithm}: {refused}");
        assert!(!refused.contains(key), "a key is not shown");
    }
    let home = Home::new()
        .set("ALGORITHM", "ES256")
        .set("VERIFYING_KEY", secret);
    assert!(refused(&home).contains("the verifying key can not be used for ES256"));
}

#[test]
fn settings_of_tokens_that_can_not_work_are_refused() {
    for (settings, said) in [
        (&[("JTI_CLAIM", "exp")][..], "can not be called \"exp\""),
        (&[("USER_ID_CLAIM", "sid")], "can not be called \"sid\""),
        (&[("USER_ID_CLAIM", "jti")], "USER_ID_CLAIM and JTI_CLAIM"),
        (
            &[
                ("CHECK_REVOKE_TOKEN", "true"),
                ("REVOKE_TOKEN_CLAIM", "jti"),
            ],
            "JTI_CLAIM and REVOKE_TOKEN_CLAIM",
        ),
        (&[("AUTH_TOKEN_TYPES", "refresh")], "access, sliding"),
        (
            &[("AUTH_HEADER_NAME", "no header")],
            "not the name of a header",
        ),
        (&[("SLIDING_TOKEN_LIFETIME", "0s")], "at least one second"),
        (
            &[("ALGORITHM", "RS256"), ("JWK_URL", "ftp://x/")],
            "http://",
        ),
        (
            &[
                ("ALGORITHM", "RS256"),
                ("JWK_URL", "https://name:hunter22@x/"),
            ],
            "without a name or password",
        ),
        (
            &[
                ("ALGORITHM", "RS256"),
                ("JWK_URL", "https://issuer.example/keys"),
            ],
            "JOTWARD_ADOPT_FOREIGN_TOKENS only",
        ),
    ] {
        let set = |home: Home, (name, value): &(&str, &str)| home.set(name, value);
        let refused = refused(&settings.iter().fold(Home::new(), set));
        assert!(refused.contains(said), "{settings:?}: {refused}");
    }
}

#[test]
fn what_config_prints_about_tokens_can_be_set_again() {
    let printed = Home::new().run(&["config"]).out;
    let lines = printed
        .lines()
        .filter_map(|line| line.strip_prefix("JOTWARD_"))
        .filter(|line| !line.starts_with("WEBHOOK_"));
    let set = |home: Home, (name, value): (&str, &str)| home.set(name, value);
    let home = lines
        .filter_map(|line| line.split_once('='))
        .fold(Home::new(), set);
    let again = home.run(&["config"]);
    assert_eq!((again.status, again.out), (0, printed));
}

#[test]
fn djangos_command_cleans_up_too() {
    let home = Home::new();
    let said = home.run(&["flushexpiredtokens"]);
    let expected = "removed 0 tokens and 0 sessions that had expired\n";
    assert_eq!((said.status, said.out.as_str()), (0, expected));
}

/// An RSA key of 1024 bits.
const WEAK_RSA: &str = "\
-----BEGIN PRIVATE KEY-----\n\
MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAKp52zORHiLzUqLj\n\
J684KnnjtgpkgMOQQqCpHP1x5Z+fuRZRwad+Z/OUWtNFn48ptE+5aVX2bjzD1W2N\n\
ougC9DNGa+x/TgQ7CcgoxJx2P+eTuViz/u4fBwLNmgnBkX0sni2DFeHlmfL7zJCW\n\
8FRW9hF1D/jazsVZBSwVcnoRDwQpAgMBAAECgYEAnAFjra8Rix5s8w85U8nsZRsT\n\
jjMm+tBbiLb6Bp1ia085i8lJlMPC0U9kRo8iU1rw3TxpvvcDLqxv9g91kyiQ25TA\n\
eSs3NEsJus/xy6IVW0ntShE9niA9HBKsPqzIUxky4PHoBK4gh6qU8j5wQ7mR+iKv\n\
WiCAEbpcUZXWpzeSkgECQQDbBX6pwccVBetcvV9ywHs2qPE7BUt6OxUR0DwWmXsY\n\
XojB/HLvtLD+vgqaVrpz8kufP8hw3Y3bj25K1XqLtYdhAkEAx0IjcZyZENFKLMJA\n\
m7ekcBUF0t8WfewWGPoo8QCYzWzsYpt77Xs8u8V8TMCFUDAFgGcEmAhpMNtf/pGS\n\
MddZyQJAdgA+3tz9EpGO3fdVbnDPsYJR/Zd7s84TKvbC+PYWAOolykXl8smqNoVT\n\
FxY0/HUFUzY9GrnzTOC47m6XyJ+z4QJAbDRhVP/qKzTMJ/Qw657VQDxaVkHpT+ZV\n\
taibdQyS7fM5hu7SZIso1vsOXguqGXqKckj/OKRQo0RuI6rfjgtY6QJATjlyWouF\n\
QfLAC+OseQDXJ1uqmEtVrEODzr8P2v1wn5K4ReqFYV4JBUjQeI9aTTqOTkgN/n7p\n\
Zrx815t7fAhLtg==\n\
-----END PRIVATE KEY-----";
