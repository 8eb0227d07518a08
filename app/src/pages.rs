//! The pages, one a file, and which of them belongs to which [`Page`].
//! No page fetches anything by itself: what has to be asked for is asked through [`crate::client`].

#[cfg(any(feature = "door", feature = "desk", feature = "lab"))]
mod end_of_session;
#[cfg(any(feature = "door", feature = "desk"))]
mod guard;
#[cfg(feature = "ssr")]
mod home;
#[cfg(any(feature = "door", feature = "desk"))]
mod keeping;
#[cfg(feature = "lab")]
mod lab;
#[cfg(feature = "door")]
mod login;
#[cfg(feature = "ssr")]
mod not_found;
#[cfg(feature = "desk")]
mod password;
#[cfg(feature = "desk")]
mod register;
#[cfg(feature = "desk")]
mod sessions;
#[cfg(feature = "door")]
mod users;

#[cfg(feature = "ssr")]
mod documents;

#[cfg(feature = "ssr")]
pub use documents::document;
