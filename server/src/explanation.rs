//! A token explained in words, for the admin's page and for the API alike. Pure: what is so was found out by
//! [`crate::lifecycle`], and is only told here.

pub mod checks;
pub mod claims;
pub mod uses;
