//! Every algorithm with a key of its own, checked by its name with our JWK Set alone; and keys that are refused.

use aws_lc_rs::encoding::{AsDer, EcPrivateKeyRfc5915Der, PublicKeyX509Der};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaKeyPair,
};
use jsonwebtoken::{DecodingKey, Validation};
use secrecy::ExposeSecret;

use super::*;
use crate::hooks::CustomClaims;
use crate::token::{
    Expect, Generation, Jti, Recipe, SessionId, SignedBy, TokenError, TokenType, UserId,
};

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

/// Whose key an explanation says it was, if it agrees with verification about the token.
fn signed_by(keys: &Keys, token: &str) -> Option<SignedBy> {
    let expect = Expect::Only(TokenType::Access);
    let explained = keys.explain(token, expect, NOW, 0);
    let verified = keys.verify(token, expect, NOW, 0);
    assert_eq!(verified.as_ref().ok(), explained.verified.as_ref());
    let failure = explained.failure().map(|(_, error)| error);
    assert_eq!(verified.err(), failure);
    explained.signed_by
}

fn header(token: &str) -> Value {
    let part = token.split('.').next().expect("a part");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

/// Whether whoever has our JWK Set and the algorithm's name accepts the token.
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
        assert!(holds_elsewhere(&keys, &token), "{algorithm}");
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
    let der = ::pem::parse(signing.expose_secret()).expect("PEM");
    let der = der.contents();
    let public: Result<PublicKeyX509Der<'_>, _> = match algorithm {
        Algorithm::EdDsa => {
            let key = Ed25519KeyPair::from_pkcs8(der).expect("a key");
            key.public_key().as_der()
        }
        Algorithm::Es256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
            .public_key()
            .as_der(),
        Algorithm::Es384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING, der)
            .public_key()
            .as_der(),
        _ => {
            let key = RsaKeyPair::from_pkcs8(der).expect("a key");
            key.public_key().as_der()
        }
    };
    pem_of("PUBLIC KEY", public.expect("DER").as_ref())
}

fn ec(curve: &'static EcdsaSigningAlgorithm, der: &[u8]) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(curve, der).expect("a key")
}

fn pem_of(label: &str, der: &[u8]) -> String {
    ::pem::encode(&::pem::Pem::new(label, der))
}

/// The same private key in the forms other programs write.
#[test]
fn older_and_longer_forms_of_a_private_key_are_read() {
    let [rsa, p384, ed] = [Algorithm::Ps256, Algorithm::Es384, Algorithm::EdDsa].map(signing_key);
    let der = |pem: &SecretString| {
        ::pem::parse(pem.expose_secret())
            .expect("PEM")
            .into_contents()
    };
    let sec1: EcPrivateKeyRfc5915Der<'_> = ec(&ECDSA_P384_SHA384_FIXED_SIGNING, &der(&p384))
        .private_key()
        .as_der()
        .expect("DER");
    let named = pem_of("EC PARAMETERS", &[6, 5, 0x2b, 0x81, 4, 0, 0x22]);
    let both = Ed25519KeyPair::from_pkcs8(&der(&ed)).expect("a key");
    let both = both.to_pkcs8().expect("version 2");
    assert!(both.as_ref().len() > der(&ed).len());
    for (algorithm, plain, other) in [
        // In PKCS #8, PKCS #1 comes last.
        (
            Algorithm::Ps256,
            &rsa,
            pem_of("RSA PRIVATE KEY", &der(&rsa)[26..]),
        ),
        (
            Algorithm::Es384,
            &p384,
            pem_of("EC PRIVATE KEY", sec1.as_ref()),
        ),
        (
            Algorithm::Es384,
            &p384,
            named + &pem_of("EC PRIVATE KEY", sec1.as_ref()),
        ),
        (Algorithm::EdDsa, &ed, pem_of("PRIVATE KEY", both.as_ref())),
    ] {
        let plain = keys(algorithm, plain).expect("a key");
        let other = keys(algorithm, &other.into()).expect("a key in another form");
        assert_eq!(plain.key_set(), other.key_set());
        assert_eq!(verify(&plain, &mint(&other)), Ok(true), "{algorithm}");
    }
}

#[test]
fn tokens_of_the_verifying_key_count_as_ours() {
    for algorithm in [
        Algorithm::Rs256,
        Algorithm::Es256,
        Algorithm::Es384,
        Algorithm::EdDsa,
    ] {
        let (before, now) = (signing_key(algorithm), signing_key(algorithm));
        let token = mint(&keys(algorithm, &before).expect("a key"));
        let public = public_pem(algorithm, &before);
        let rolled = keys_with(algorithm, &now, Some(&public)).expect("two keys");
        assert_eq!(verify(&rolled, &token), Ok(true), "{algorithm}");
        assert_eq!(verify(&rolled, &mint(&rolled)), Ok(true), "{algorithm}");
        assert_eq!(signed_by(&rolled, &token), Some(SignedBy::Former));
        assert_eq!(signed_by(&rolled, &mint(&rolled)), Some(SignedBy::Current));
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
        let explained = ours.explain(&token, Expect::Any, NOW, 0);
        assert_eq!(explained.unknown_kid.as_ref(), Some(&kid));
        let set = ours.read_set(theirs.key_set().to_string().as_bytes());
        ours.trust(set.expect("a set"));
        assert!(ours.knows(&kid), "{algorithm}");
        assert_eq!(verify(&ours, &token), Ok(false), "it claims a session");
        assert_eq!(signed_by(&ours, &token), Some(SignedBy::Issuer(kid)));
        let forged = format!("{}AAAA", &token[..token.len() - 4]);
        assert_eq!(signed_by(&ours, &forged), None);
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
        (with("n", json!(URL_SAFE_NO_PAD.encode([255; 255]))), false),
        (with("n", json!(URL_SAFE_NO_PAD.encode([255; 256]))), true),
        (with("n", json!(URL_SAFE_NO_PAD.encode([255; 1025]))), false),
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

#[test]
fn of_a_set_only_public_keys_on_the_curve_in_use_are_read() {
    let [p256, p384, ed] = [Algorithm::Es256, Algorithm::Es384, Algorithm::EdDsa]
        .map(|algorithm| keys(algorithm, &signing_key(algorithm)).expect("a key"));
    let jwk = |keys: &Keys| {
        let mut jwk = keys.key_set()["keys"][0].clone();
        jwk["alg"] = Value::Null;
        jwk
    };
    let mut renamed = jwk(&p256);
    renamed["crv"] = json!("secp256k1");
    let mut misnamed = jwk(&p256);
    misnamed["crv"] = json!("P-384");
    let mut uneven = jwk(&p256);
    uneven["x"] = json!(URL_SAFE_NO_PAD.encode([1; 33]));
    uneven["y"] = json!(URL_SAFE_NO_PAD.encode([1; 31]));
    let hmac = keys(Algorithm::Hs256, &SECRET.into()).expect("a secret");
    let secret = json!({"kty": "oct", "kid": "secret", "k": URL_SAFE_NO_PAD.encode(SECRET)});
    for (reader, jwk, fits) in [
        (&p256, jwk(&p256), true),
        (&p256, jwk(&p384), false),
        (&p384, jwk(&p384), true),
        (&p384, jwk(&p256), false),
        (&ed, jwk(&ed), true),
        (&ed, jwk(&p256), false),
        (&p256, jwk(&ed), false),
        (&p256, renamed, false),
        (&p256, misnamed.clone(), false),
        (&p384, misnamed, false),
        (&p256, uneven, false),
        (&hmac, secret, false),
    ] {
        let set = reader.read_set(json!({"keys": [jwk]}).to_string().as_bytes());
        assert_eq!(set.expect("a set").0.len(), usize::from(fits), "{jwk}");
    }
}

#[test]
fn zeros_before_a_modulus_do_not_count() {
    let ours = keys(Algorithm::Rs256, &signing_key(Algorithm::Rs256)).expect("a key");
    let theirs = keys(Algorithm::Rs256, &signing_key(Algorithm::Rs256)).expect("a key");
    let mut set = theirs.key_set();
    let n = URL_SAFE_NO_PAD.decode(set["keys"][0]["n"].as_str().expect("text"));
    let padded = [&[0][..], &n.expect("base64url")].concat();
    set["keys"][0]["n"] = json!(URL_SAFE_NO_PAD.encode(padded));
    ours.trust(ours.read_set(set.to_string().as_bytes()).expect("a set"));
    assert_eq!(verify(&ours, &mint(&theirs)), Ok(false));
}

/// The example of RFC 7638, section 3.1.
#[test]
fn a_keys_name_is_its_thumbprint() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let jwk = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    let jwk = serde_json::from_value(jwk).expect("a JWK");
    let public = Public::of(Algorithm::Rs256, jwk).expect("a key");
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
    let long_ago = rsa.replace("PRIVATE", "RSA PRIVATE").replacen(
        "KEY-----\n",
        "KEY-----\nProc-Type: 4,ENCRYPTED\n\n",
        1,
    );
    for (algorithm, key, said) in [
        (Algorithm::Rs256, p256.as_str(), "not an RSA private key"),
        (Algorithm::Es256, &rsa, "not a private key on P-256"),
        (Algorithm::Es256, &p384, "not a private key on P-256"),
        (Algorithm::Es384, &p256, "not a private key on P-384"),
        (Algorithm::EdDsa, &p256, "not an Ed25519 private key"),
        (Algorithm::Es256, &public, "it is a public key"),
        (Algorithm::Es256, &encrypted, "it is encrypted"),
        (Algorithm::Rs256, &long_ago, "it is encrypted"),
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
    // 1024 bits, PKCS #1.
    let modulus = [&[0x30, 0x81, 0x89, 0x02, 0x81, 0x81, 0][..], &[255; 128]].concat();
    let weak = pem_of("RSA PUBLIC KEY", &[&modulus[..], &[2, 3, 1, 0, 1]].concat());
    for (verifying, said) in [
        (p256.as_str(), "it is a private key"),
        (&weak, "fewer than 2048 bits"),
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
