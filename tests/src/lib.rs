//! Starts the real binary for the tests and talks to it as its clients do.
//!
//! Nothing here knows how the server works inside: a test sees a process, a folder and a socket.
//! [`launch`] is the process, [`port`] where it listens, [`http`] the socket, [`conversation`] plays recorded
//! requests and [`agreement`] compares the answers with the recorded ones.

pub mod agreement;
pub mod binary;
pub mod conversation;
pub mod http;
pub mod launch;
pub mod placeholder;
pub mod port;
