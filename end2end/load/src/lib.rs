//! What it takes to drive a server as its users and its operator do: a client, a process, a database, and figures
//! about them. It knows the HTTP surface and the command line only; it never links the server, because what is
//! tried here must be what is shipped.

pub mod client;
pub mod postgres;
pub mod process;
pub mod stats;
pub mod torture;
pub mod wire;
