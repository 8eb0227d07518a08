//! The algorithms tokens may be signed with (RFC 7518, section 3.1; RFC 8037), and what each needs of its key. A key has
//! one algorithm (RFC 8725, section 3.1): what a token's header says never chooses how it is verified.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaParameters, RsaSignatureEncoding,
};

/// How tokens are signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    #[value(name = "HS256")]
    Hs256,
    /// HMAC with SHA-384.
    #[value(name = "HS384")]
    Hs384,
    /// HMAC with SHA-512.
    #[value(name = "HS512")]
    Hs512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[value(name = "RS256")]
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    #[value(name = "RS384")]
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    #[value(name = "RS512")]
    Rs512,
    /// ECDSA on P-256 with SHA-256.
    #[value(name = "ES256")]
    Es256,
    /// ECDSA on P-384 with SHA-384.
    #[value(name = "ES384")]
    Es384,
    /// ECDSA on P-521 with SHA-512.
    #[value(name = "ES512")]
    Es512,
    /// RSASSA-PSS with SHA-256.
    #[value(name = "PS256")]
    Ps256,
    /// RSASSA-PSS with SHA-384.
    #[value(name = "PS384")]
    Ps384,
    /// RSASSA-PSS with SHA-512.
    #[value(name = "PS512")]
    Ps512,
    /// `EdDSA` on Ed25519.
    #[value(name = "EdDSA")]
    EdDsa,
}

/// A curve of ECDSA.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Curve {
    /// Its name (RFC 7518, section 6.2.1.1).
    pub name: &'static str,
    /// Bytes of one coordinate.
    pub size: usize,
}

/// What signs and what verifies, as the cryptographic library names it.
#[derive(Clone, Copy)]
pub(super) enum Scheme {
    Hmac {
        mac: hmac::Algorithm,
        /// The output's length: a shorter key is weaker than the algorithm (RFC 7518, section 3.2).
        min_key_bytes: usize,
    },
    Rsa {
        sign: &'static RsaSignatureEncoding,
        verify: &'static RsaParameters,
    },
    Ec {
        curve: Curve,
        sign: &'static EcdsaSigningAlgorithm,
        verify: &'static EcdsaVerificationAlgorithm,
    },
    Ed,
}

impl Algorithm {
    /// Every algorithm there is.
    pub const ALL: [Self; 13] = [
        Self::Hs256,
        Self::Hs384,
        Self::Hs512,
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Es256,
        Self::Es384,
        Self::Es512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::EdDsa,
    ];

    /// The name in a token's header.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Whether whoever can verify can also sign.
    #[must_use]
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }

    /// The kind of key it takes, as part of a file's name.
    #[must_use]
    pub fn key_kind(self) -> &'static str {
        match self {
            Self::Hs256 | Self::Hs384 | Self::Hs512 => "hmac",
            Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512 => {
                "rsa"
            }
            Self::Es256 => "p256",
            Self::Es384 => "p384",
            Self::Es512 => "p521",
            Self::EdDsa => "ed25519",
        }
    }

    pub(super) fn scheme(self) -> Scheme {
        match self {
            Self::Hs256 => hmac(hmac::HMAC_SHA256, 32),
            Self::Hs384 => hmac(hmac::HMAC_SHA384, 48),
            Self::Hs512 => hmac(hmac::HMAC_SHA512, 64),
            Self::Rs256 => rsa(&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => rsa(&RSA_PKCS1_SHA384, &RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => rsa(&RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => rsa(&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => rsa(&RSA_PSS_SHA384, &RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => rsa(&RSA_PSS_SHA512, &RSA_PSS_2048_8192_SHA512),
            Self::Es256 => Scheme::Ec {
                curve: curve("P-256", 32),
                sign: &ECDSA_P256_SHA256_FIXED_SIGNING,
                verify: &ECDSA_P256_SHA256_FIXED,
            },
            Self::Es384 => Scheme::Ec {
                curve: curve("P-384", 48),
                sign: &ECDSA_P384_SHA384_FIXED_SIGNING,
                verify: &ECDSA_P384_SHA384_FIXED,
            },
            Self::Es512 => Scheme::Ec {
                curve: curve("P-521", 66),
                sign: &ECDSA_P521_SHA512_FIXED_SIGNING,
                verify: &ECDSA_P521_SHA512_FIXED,
            },
            Self::EdDsa => Scheme::Ed,
        }
    }
}

fn hmac(mac: hmac::Algorithm, min_key_bytes: usize) -> Scheme {
    Scheme::Hmac { mac, min_key_bytes }
}

fn rsa(sign: &'static RsaSignatureEncoding, verify: &'static RsaParameters) -> Scheme {
    Scheme::Rsa { sign, verify }
}

fn curve(name: &'static str, size: usize) -> Curve {
    Curve { name, size }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
