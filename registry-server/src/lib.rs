//! Conversation: HTTP, the command line, metrics.

pub mod api;
pub mod cli;
pub mod options;
pub mod request;
pub mod telemetry;
