//! Private keys: reads what tokens are signed with, and makes it. `jsonwebtoken` makes none, and reads fewer forms.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RsaKeyPair,
};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{AlgorithmFamily, EncodingKey};
use pem::Pem;

use super::KeyError;
use super::pem::{first_key, private_key};
use crate::token::Algorithm;

/// Reads a private key in PEM, and describes its public half.
pub(super) fn read(algorithm: Algorithm, text: &str) -> Result<(EncodingKey, Jwk), KeyError> {
    let unusable = |why| KeyError::Unusable {
        which: "signing",
        algorithm,
        why,
    };
    let block = first_key(text).ok_or_else(|| unusable("it is not a private key in PEM"))?;
    if block.tag().ends_with("PUBLIC KEY") {
        return Err(unusable("it is a public key"));
    }
    if block.tag().starts_with("ENCRYPTED") || block.headers().get("Proc-Type").is_some() {
        return Err(unusable("it is encrypted"));
    }
    let pem = rewritten(algorithm, &block).unwrap_or_else(|| pem::encode(&block));
    let key = match algorithm.family() {
        AlgorithmFamily::Ec => EncodingKey::from_ec_pem(pem.as_bytes()),
        AlgorithmFamily::Ed => EncodingKey::from_ed_pem(pem.as_bytes()),
        AlgorithmFamily::Rsa | AlgorithmFamily::Hmac => EncodingKey::from_rsa_pem(pem.as_bytes()),
    };
    key.and_then(|key| Jwk::from_encoding_key(&key, algorithm.into()).map(|jwk| (key, jwk)))
        .map_err(|error| unusable(why(algorithm, &error)))
}

/// Makes a private key in PEM. An RSA key has 3072 bits, as strong as SHA-256 and P-256 are (NIST SP 800-57, part 1).
pub(super) fn make(algorithm: Algorithm) -> Result<String, Unspecified> {
    match algorithm.family() {
        AlgorithmFamily::Ec => {
            EcdsaKeyPair::generate(curve(algorithm)).and_then(|key| key.to_pkcs8v1())
        }
        AlgorithmFamily::Ed => Ed25519KeyPair::generate().and_then(|key| key.to_pkcs8v1()),
        AlgorithmFamily::Rsa | AlgorithmFamily::Hmac => {
            let key = RsaKeyPair::generate(KeySize::Rsa3072)?;
            let der: Pkcs8V1Der<'_> = key.as_der()?;
            return Ok(private_key(der.as_ref()));
        }
    }
    .map(|der| private_key(der.as_ref()))
}

/// A key in a form that `jsonwebtoken` does not read, in the one it does: RFC 5915, and Ed25519 with its public half.
fn rewritten(algorithm: Algorithm, block: &Pem) -> Option<String> {
    let der = match (algorithm.family(), block.tag()) {
        (AlgorithmFamily::Ec, "EC PRIVATE KEY") => {
            let key = EcdsaKeyPair::from_private_key_der(curve(algorithm), block.contents());
            key.ok()?.to_pkcs8v1()
        }
        (AlgorithmFamily::Ed, _) => {
            let key = Ed25519KeyPair::from_pkcs8(block.contents());
            key.ok()?.to_pkcs8v1()
        }
        _ => return None,
    };
    Some(private_key(der.ok()?.as_ref()))
}

fn curve(algorithm: Algorithm) -> &'static EcdsaSigningAlgorithm {
    match algorithm {
        Algorithm::Es384 => &ECDSA_P384_SHA384_FIXED_SIGNING,
        _ => &ECDSA_P256_SHA256_FIXED_SIGNING,
    }
}

fn why(algorithm: Algorithm, error: &Error) -> &'static str {
    match (algorithm, error.kind()) {
        (_, ErrorKind::InvalidRsaKey(why)) if why == "TooSmall" => "it has fewer than 2048 bits",
        (_, ErrorKind::InvalidRsaKey(why)) if why == "TooLarge" => "it has more than 8192 bits",
        (Algorithm::Es256, _) => "it is not a private key on P-256",
        (Algorithm::Es384, _) => "it is not a private key on P-384",
        (Algorithm::EdDsa, _) => "it is not an Ed25519 private key",
        _ => "it is not an RSA private key",
    }
}
