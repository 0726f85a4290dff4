//! Conversation: HTTP, the command line, metrics.

pub mod cli;
pub mod options;
pub mod telemetry;
