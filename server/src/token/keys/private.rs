//! The key tokens are signed with.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::KeyRejected;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaKeyPair, RsaSignatureEncoding,
};

use super::pem::{self, Label};
use super::public::{Parts, Public};
use super::{KeyError, secret};
use crate::token::Algorithm;
use crate::token::algorithm::Scheme;

/// A private key, or a secret.
pub(super) enum Private {
    Hmac(Box<hmac::Key>),
    Rsa(RsaKeyPair, &'static RsaSignatureEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Private {
    /// Reads a secret, or a private key in PEM.
    pub fn read(algorithm: Algorithm, text: &str) -> Result<Self, KeyError> {
        let scheme = match algorithm.scheme() {
            Scheme::Hmac { mac, min_key_bytes } => {
                return secret(algorithm, mac, min_key_bytes, text).map(Self::Hmac);
            }
            scheme => scheme,
        };
        let unusable = |why| KeyError::Unusable {
            which: "signing",
            algorithm,
            why,
        };
        let (label, der) =
            pem::first_key(text).ok_or_else(|| unusable("it is not a private key in PEM"))?;
        match label {
            Label::Public => return Err(unusable("it is a public key")),
            Label::Encrypted => return Err(unusable("it is encrypted")),
            Label::Private | Label::RsaPrivate | Label::EcPrivate => {}
        }
        let read = match scheme {
            Scheme::Rsa { sign, .. } if label == Label::RsaPrivate => {
                RsaKeyPair::from_der(&der).map(|key| Self::Rsa(key, sign))
            }
            Scheme::Rsa { sign, .. } => {
                RsaKeyPair::from_pkcs8(&der).map(|key| Self::Rsa(key, sign))
            }
            Scheme::Ec { sign, .. } => EcdsaKeyPair::from_private_key_der(sign, &der).map(Self::Ec),
            Scheme::Ed | Scheme::Hmac { .. } => Ed25519KeyPair::from_pkcs8(&der).map(Self::Ed),
        };
        read.map_err(|rejected| unusable(why(scheme, &rejected)))
    }

    /// Its public half; of a secret, itself.
    pub fn public(&self, algorithm: Algorithm) -> Result<Public, KeyError> {
        let parts = match self {
            Self::Hmac(key) => return Ok(Public::Secret(key.clone())),
            Self::Rsa(key, _) => {
                let public = key.public_key();
                Parts::rsa(
                    public.modulus().big_endian_without_leading_zero(),
                    public.exponent().big_endian_without_leading_zero(),
                )
            }
            Self::Ec(key) => Parts::point(key.public_key().as_ref()),
            Self::Ed(key) => Some(Parts::Ed(key.public_key().as_ref().to_vec())),
        };
        let public = parts.and_then(|parts| Public::of(algorithm, parts));
        public.ok_or(KeyError::Unusable {
            which: "signing",
            algorithm,
            why: "it has no public half",
        })
    }

    /// Signs a message.
    ///
    /// # Panics
    /// Never, but for want of memory: the key was made for its algorithm.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &SystemRandom::new(), message, &mut signature)
                    .expect("an RSA key signs");
                signature
            }
            Self::Ec(key) => {
                let signature = key.sign(&SystemRandom::new(), message);
                signature.expect("an EC key signs").as_ref().to_vec()
            }
            Self::Ed(key) => key.sign(message).as_ref().to_vec(),
        }
    }
}

/// Makes a private key in PEM. An RSA key has 3072 bits, as strong as SHA-256 and P-256 are (NIST SP 800-57, part 1).
pub(super) fn make(scheme: Scheme) -> Result<String, KeyError> {
    let der = match scheme {
        Scheme::Rsa { .. } => RsaKeyPair::generate(KeySize::Rsa3072)
            .and_then(|key| AsDer::<Pkcs8V1Der<'_>>::as_der(&key))
            .map(|der| pem::private_key(der.as_ref())),
        Scheme::Ec { sign, .. } => EcdsaKeyPair::generate(sign)
            .and_then(|key| key.to_pkcs8v1())
            .map(|der| pem::private_key(der.as_ref())),
        Scheme::Ed | Scheme::Hmac { .. } => Ed25519KeyPair::generate()
            .and_then(|key| key.to_pkcs8v1())
            .map(|der| pem::private_key(der.as_ref())),
    };
    der.map_err(|_| KeyError::NotMade)
}

fn why(scheme: Scheme, rejected: &KeyRejected) -> &'static str {
    match scheme {
        Scheme::Rsa { .. } if rejected.to_string() == "TooSmall" => "it has fewer than 2048 bits",
        Scheme::Rsa { .. } if rejected.to_string() == "TooLarge" => "it has more than 8192 bits",
        Scheme::Rsa { .. } => "it is not an RSA private key",
        Scheme::Ec { curve, .. } => match curve.size {
            32 => "it is not a private key on P-256",
            48 => "it is not a private key on P-384",
            _ => "it is not a private key on P-521",
        },
        Scheme::Ed | Scheme::Hmac { .. } => "it is not an Ed25519 private key",
    }
}
