//! What can go wrong, as facts a client can act on, and the one place where they become HTTP. The bodies of the
//! API are Django REST framework's and SimpleJWT's to the letter. What is internal is logged once and hidden.

mod response;

use crate::account::{Busy, MIN_CHARS, WeakPassword};
use crate::hooks::HookError;
use crate::issuer_keys::IssuerKeysError;
use crate::session::EndReason;
use crate::store::StoreError;
use crate::token::{TokenError, TokenType};

/// What an operation answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Messages for one field of a body, or for `non_field_errors`.
pub type FieldErrors = Vec<(String, Vec<String>)>;

/// Why a request was not served.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Fields of the body are missing or of a wrong form.
    #[error("the body has invalid fields")]
    Fields(FieldErrors),
    /// A password that was to be set is refused. Django's sentence.
    #[error("This password is too short. It must contain at least {MIN_CHARS} characters.")]
    WeakPassword,
    /// The body can not be read at all.
    #[error("{0}")]
    Malformed(String),
    /// The body did not arrive in time.
    #[error("The request took too long to arrive.")]
    TooSlow,
    /// The body is longer than [`crate::api::MAX_BODY`].
    #[error("Request body is too large.")]
    TooLarge,
    /// The body is of a type that is not read; the whole header is named.
    #[error("Unsupported media type \"{0}\" in request.")]
    UnsupportedMediaType(String),
    /// The client accepts nothing that is written here.
    #[error("Could not satisfy the request Accept header.")]
    NotAcceptable,
    /// The resource knows other methods only.
    #[error("Method \"{method}\" not allowed.")]
    MethodNotAllowed {
        /// The method that was tried.
        method: String,
        /// The header `Allow`.
        allow: &'static str,
    },
    /// There is nothing at this path.
    #[error("Not found.")]
    NotFound,

    /// Wrong name or password, or a user who is shut out.
    #[error("No active account found with the given credentials")]
    NoActiveAccount,
    /// The user of a refresh token is gone or shut out.
    #[error("No active account found for the given token.")]
    NoActiveAccountForToken,
    /// A token in the body does not hold.
    #[error("{error}")]
    Token {
        /// Why.
        error: TokenError,
        /// Why its session ended, where that is the cause.
        ended: Option<EndReason>,
    },

    /// No credentials were sent.
    #[error("Authentication credentials were not provided.")]
    NotAuthenticated,
    /// The header `Authorization` has not two parts.
    #[error("Authorization header must contain two space-delimited values")]
    BadAuthorizationHeader,
    /// The token that came with the request does not hold.
    #[error("Given token not valid for any token type")]
    AccessToken(NotForAny),
    /// A sliding token does not say until when it can be refreshed.
    #[error("Token has no '{0}' claim")]
    NoRefreshExp(
        /// The claim.
        String,
    ),
    /// A sliding token can not be refreshed any more.
    #[error("Token '{0}' claim has expired")]
    RefreshExpired(
        /// The claim.
        String,
    ),
    /// The password was changed since the token that came with the request was issued (`CHECK_REVOKE_TOKEN`).
    #[error("The user's password has been changed.")]
    PasswordChanged,
    /// The same, of a token that was to be refreshed.
    #[error("The user's password has been changed.")]
    PasswordChangedForToken,
    /// The token names no user.
    #[error("Token contained no recognizable user identification")]
    NoUserId,
    /// The token's user is gone.
    #[error("User not found")]
    UserNotFound,
    /// The token's user is shut out.
    #[error("User is inactive")]
    UserInactive,

    /// The API token does not hold.
    #[error(transparent)]
    ApiToken(#[from] ApiTokenError),
    /// `SESSION_NETWORK` does not let anybody in from there. Not a 401: clients log out on that, and the token is good
    /// as soon as they are back.
    #[error("Not allowed from this network.")]
    NetworkNotAllowed,
    /// Another site, or nobody knows which, made a browser send a request that concerns a cookie of ours.
    #[error("A refresh token in a cookie is for pages of this site.")]
    CrossSite,
    /// There is neither a refresh token in the body nor a cookie with one.
    #[error("No valid refresh token found.")]
    NoRefreshCookie,
    /// What became of somebody else's token is not told.
    #[error("This token is somebody else's.")]
    TokenOfAnother,

    /// Too many logins were tried. Django REST framework's sentence.
    #[error("Request was throttled. Expected available in {retry_after} second{}.", plural(*retry_after))]
    Throttled {
        /// Whole seconds until the next one is looked at, at least one.
        retry_after: u64,
    },
    /// Too much work is waiting.
    #[error("The server is busy. Try again later.")]
    Busy,
    /// The application that embeds the server could not say which claims a user has.
    #[error("The service is temporarily unavailable. Try again later.")]
    Hook(#[source] HookError),
    /// The keys of another issuer are not known now. Not a 401: the token may be good.
    #[error("The service is temporarily unavailable. Try again later.")]
    IssuerKeys(#[source] IssuerKeysError),
    /// The database could not do it. Never a 401: clients log out on that.
    #[error("The service is temporarily unavailable. Try again later.")]
    Database(#[source] StoreError),
}

impl Error {
    /// One field of the body is not good.
    #[must_use]
    pub fn field(name: &'static str, sentence: String) -> Self {
        Self::Fields(vec![(name.to_owned(), vec![sentence])])
    }
}

impl Error {
    /// Whether it refuses a token because its session is over, so that it will be refused for good.
    #[must_use]
    pub fn is_of_session_over(&self) -> bool {
        matches!(
            self,
            Self::Token { ended: Some(_), .. }
                | Self::PasswordChangedForToken
                | Self::NoActiveAccountForToken
        )
    }
}

/// Why an API token does not hold, in the sentences of Django REST framework.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ApiTokenError {
    /// The header has a scheme and nothing else.
    #[error("Invalid token header. No credentials provided.")]
    Missing,
    /// The header has more than two words.
    #[error("Invalid token header. Token string should not contain spaces.")]
    Spaces,
    /// The header is not UTF-8.
    #[error("Invalid token header. Token string should not contain invalid characters.")]
    Characters,
    /// Nobody has it.
    #[error("Invalid token.")]
    Invalid,
    /// Its user is shut out.
    #[error("User inactive or deleted.")]
    Inactive,
}

/// Why a token is not accepted, once for each type that would be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NotForAny(pub Vec<(TokenType, TokenError)>);

impl NotForAny {
    /// Why the first of the types has no place for it.
    #[must_use]
    pub fn first(&self) -> TokenError {
        self.0
            .first()
            .map_or(TokenError::Invalid, |(_, error)| *error)
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl From<TokenError> for Error {
    fn from(error: TokenError) -> Self {
        Self::Token { error, ended: None }
    }
}

impl From<WeakPassword> for Error {
    fn from(WeakPassword: WeakPassword) -> Self {
        Self::WeakPassword
    }
}

impl From<Busy> for Error {
    fn from(Busy: Busy) -> Self {
        Self::Busy
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Database(error)
    }
}
