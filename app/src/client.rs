//! The token client.
