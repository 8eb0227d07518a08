//! Every algorithm with a key of its own, checked against another library; and keys that are refused.

use jsonwebtoken::{DecodingKey, Validation};
use secrecy::ExposeSecret;

use super::*;
use crate::hooks::CustomClaims;
use crate::token::{Expect, Generation, Jti, Recipe, SessionId, TokenError, TokenType, UserId};

const NOW: i64 = 1_800_000_000;
const SECRET: &str = "a secret that is long enough for each of the three HMAC algorithms";

fn signing_key(algorithm: Algorithm) -> SecretString {
    let made = algorithm.make_private_key().expect("made");
    made.unwrap_or_else(|| SECRET.into())
}

fn keys(algorithm: Algorithm, signing: &SecretString) -> Result<Keys, KeyError> {
    keys_with(algorithm, signing, None)
}

fn keys_with(
    algorithm: Algorithm,
    signing: &SecretString,
    verifying: Option<&str>,
) -> Result<Keys, KeyError> {
    Keys::new(Profile {
        algorithm,
        signing,
        verifying,
        names: ClaimNames::default(),
        audience: Vec::new(),
        issuer: None,
    })
}

fn mint(keys: &Keys) -> String {
    let recipe = Recipe {
        token_type: TokenType::Access,
        jti: Jti::at(NOW),
        iat: NOW,
        exp: NOW + 300,
        user_id: UserId(7),
        session_id: SessionId::at(NOW),
        generation: Generation::FIRST,
        refresh_exp: None,
        password_mark: None,
        custom: CustomClaims::new(),
    };
    keys.mint(recipe).compact
}

fn verify(keys: &Keys, token: &str) -> Result<bool, TokenError> {
    let verified = keys.verify(token, Expect::Only(TokenType::Access), NOW, 0)?;
    Ok(verified.claims.session.is_some())
}

fn header(token: &str) -> Value {
    let part = token.split('.').next().expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// Whether another library accepts the token, with a key from our JWK Set.
fn holds_elsewhere(keys: &Keys, token: &str) -> bool {
    let key = match keys.key_set()["keys"].as_array().expect("keys").first() {
        None => DecodingKey::from_secret(SECRET.as_bytes()),
        Some(jwk) => {
            let jwk = serde_json::from_value(jwk.clone()).expect("a JWK");
            DecodingKey::from_jwk(&jwk).expect("a key")
        }
    };
    let mut validation = Validation::new(keys.algorithm.as_str().parse().expect("known"));
    validation.validate_exp = false;
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

#[test]
fn every_algorithm_signs_what_it_verifies() {
    for algorithm in Algorithm::ALL {
        let keys = keys(algorithm, &signing_key(algorithm)).expect("a key of its kind");
        let token = mint(&keys);
        assert_eq!(verify(&keys, &token), Ok(true), "{algorithm}");
        assert_eq!(header(&token)["alg"], algorithm.as_str());
        let published = keys.key_set()["keys"][0]["kid"].clone();
        assert_eq!(header(&token)["kid"], published, "{algorithm}");
        assert_eq!(published.is_null(), algorithm.is_symmetric());
        // The other library has no ES512.
        let elsewhere = algorithm == Algorithm::Es512 || holds_elsewhere(&keys, &token);
        assert!(elsewhere, "{algorithm}");
        let (signed, _) = token.rsplit_once('.').expect("three parts");
        for forged in [format!("{signed}."), format!("{signed}.AAAA")] {
            assert_eq!(verify(&keys, &forged), Err(TokenError::Invalid));
        }
    }
}

#[test]
fn another_key_of_the_same_kind_does_not_do() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Ps256] {
        let (one, other) = (signing_key(algorithm), signing_key(algorithm));
        let (one, other) = (keys(algorithm, &one), keys(algorithm, &other));
        let (one, other) = (one.expect("a key"), other.expect("a key"));
        assert_eq!(verify(&one, &mint(&other)), Err(TokenError::Invalid));
    }
}

#[test]
fn a_public_key_is_no_secret() {
    let keys = keys(Algorithm::Es256, &signing_key(Algorithm::Es256)).expect("a key");
    let jwk = keys.key_set()["keys"][0].clone();
    let payload = r#"{"token_type":"access","exp":1900000000,"jti":"a","user_id":"1"}"#;
    for secret in [jwk.to_string(), jwk["x"].as_str().expect("text").to_owned()] {
        for header in [
            json!({"alg": "HS256", "typ": "JWT"}),
            json!({"alg": "HS256", "kid": jwk["kid"]}),
            json!({"alg": "none"}),
        ] {
            let signed = [header.to_string(), payload.to_owned()]
                .map(|part| URL_SAFE_NO_PAD.encode(part))
                .join(".");
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes()));
            let verified = verify(&keys, &format!("{signed}.{signature}"));
            assert_eq!(verified, Err(TokenError::Invalid), "{header}");
        }
    }
}

/// The public half of a private key, in PEM.
fn public_pem(algorithm: Algorithm, signing: &SecretString) -> String {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    let private = Private::read(algorithm, signing.expose_secret()).expect("a private key");
    let Ok(Public::Key { key, .. }) = private.public(algorithm) else {
        panic!("a public key");
    };
    let der: PublicKeyX509Der<'_> = key.as_der().expect("DER");
    ::pem::encode(&::pem::Pem::new("PUBLIC KEY", der.as_ref()))
}

#[test]
fn tokens_of_the_verifying_key_count_as_ours() {
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::Es512,
        Algorithm::EdDsa,
    ] {
        let (before, now) = (signing_key(algorithm), signing_key(algorithm));
        let token = mint(&keys(algorithm, &before).expect("a key"));
        let public = public_pem(algorithm, &before);
        let rolled = keys_with(algorithm, &now, Some(&public)).expect("two keys");
        assert_eq!(verify(&rolled, &token), Ok(true), "{algorithm}");
        assert_eq!(verify(&rolled, &mint(&rolled)), Ok(true), "{algorithm}");
        assert_eq!(rolled.key_set()["keys"].as_array().map(Vec::len), Some(2));
        let on_one_line = public.replace("\r\n", "\\n").replace('\n', "\\n");
        assert!(keys_with(algorithm, &now, Some(&on_one_line)).is_ok());
    }
}

#[test]
fn the_verifying_key_may_be_that_of_the_signing_key() {
    let signing = signing_key(Algorithm::Es256);
    let public = public_pem(Algorithm::Es256, &signing);
    let keys = keys_with(Algorithm::Es256, &signing, Some(&public)).expect("keys");
    assert_eq!(keys.key_set()["keys"].as_array().map(Vec::len), Some(1));
}

#[test]
fn an_issuer_with_keys_of_its_own_has_no_session_here() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
        let ours = keys(algorithm, &signing_key(algorithm)).expect("a key");
        let theirs = keys(algorithm, &signing_key(algorithm)).expect("a key");
        let token = mint(&theirs);
        let kid = ours.foreign_kid(&token).expect("the name of their key");
        assert!(!ours.knows(&kid));
        let set = ours.read_set(theirs.key_set().to_string().as_bytes());
        ours.trust(set.expect("a set"));
        assert!(ours.knows(&kid), "{algorithm}");
        assert_eq!(verify(&ours, &token), Ok(false), "it claims a session");
        assert_eq!(verify(&ours, &mint(&ours)), Ok(true));
        assert_eq!(ours.foreign_kid(&mint(&ours)), None);
        ours.trust(ours.read_set(br#"{"keys":[]}"#).expect("a set"));
        assert_eq!(verify(&ours, &token), Err(TokenError::Invalid));
    }
}

#[test]
fn of_a_set_only_what_fits_is_read() {
    let ours = keys(Algorithm::Rs256, &signing_key(Algorithm::Rs256)).expect("a key");
    let good = ours.key_set()["keys"][0].clone();
    let with = |name: &str, value: Value| {
        let mut jwk = good.clone();
        jwk[name] = value;
        jwk
    };
    for (jwk, fits) in [
        (good.clone(), true),
        (with("kid", json!("another name")), true),
        (with("kid", Value::Null), false),
        (with("use", json!("enc")), false),
        (with("alg", json!("RS512")), false),
        (with("kty", json!("oct")), false),
        (with("n", json!("AQAB")), false),
        (with("n", json!("")), false),
        (
            json!({"kty": "oct", "kid": "secret", "k": "c2VjcmV0"}),
            false,
        ),
        (json!(7), false),
    ] {
        let set = ours.read_set(json!({"keys": [jwk]}).to_string().as_bytes());
        assert_eq!(set.expect("a set").0.len(), usize::from(fits), "{jwk}");
    }
    for document in ["", "[]", "{}", r#"{"keys":7}"#, "<html>"] {
        assert!(ours.read_set(document.as_bytes()).is_err(), "{document}");
    }
}

/// The example of RFC 7638, section 3.1.
#[test]
fn a_keys_name_is_its_thumbprint() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let parts = public::Parts::rsa(&number(n), &number("AQAB")).expect("numbers");
    let public = Public::of(Algorithm::Rs256, parts).expect("a key");
    assert_eq!(
        public.kid(),
        Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    );
}

#[test]
fn keys_of_another_kind_are_refused_in_words() {
    let pem = |algorithm| signing_key(algorithm).expose_secret().to_owned();
    let (rsa, p256, p384) = (
        pem(Algorithm::Rs256),
        pem(Algorithm::Es256),
        pem(Algorithm::Es384),
    );
    let public = public_pem(Algorithm::Es256, &p256.as_str().into());
    let encrypted = p256.replace("PRIVATE", "ENCRYPTED PRIVATE");
    for (algorithm, key, said) in [
        (Algorithm::Rs256, p256.as_str(), "not an RSA private key"),
        (Algorithm::Es256, &rsa, "not a private key on P-256"),
        (Algorithm::Es256, &p384, "not a private key on P-256"),
        (Algorithm::Es384, &p256, "not a private key on P-384"),
        (Algorithm::EdDsa, &p256, "not an Ed25519 private key"),
        (Algorithm::Es256, &public, "it is a public key"),
        (Algorithm::Es256, &encrypted, "it is encrypted"),
        (Algorithm::Es256, SECRET, "not a private key in PEM"),
        (Algorithm::Hs256, &p256, "HS256 needs a secret"),
        (
            Algorithm::Hs256,
            "short",
            "has 5 bytes; HS256 needs at least 32",
        ),
    ] {
        let refused = keys(algorithm, &key.into()).err().expect("refused");
        assert!(refused.to_string().contains(said), "{algorithm}: {refused}");
    }
    for (verifying, said) in [
        (p256.as_str(), "it is a private key"),
        (SECRET, "not a public key in PEM"),
        (&public, "another kind"),
    ] {
        let refused = keys_with(Algorithm::Rs256, &rsa.as_str().into(), Some(verifying));
        let refused = refused.err().expect("refused").to_string();
        assert!(
            refused.contains("verifying") && refused.contains(said),
            "{refused}"
        );
    }
    assert!(keys_with(Algorithm::Hs256, &SECRET.into(), Some("ignored")).is_ok());
}

#[test]
fn an_hmac_needs_a_key_as_long_as_its_output() {
    for (algorithm, needed) in [
        (Algorithm::Hs256, 32),
        (Algorithm::Hs384, 48),
        (Algorithm::Hs512, 64),
    ] {
        assert!(keys(algorithm, &"x".repeat(needed - 1).into()).is_err());
        assert!(keys(algorithm, &"x".repeat(needed).into()).is_ok());
    }
}
