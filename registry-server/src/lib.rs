//! Conversation: HTTP, the command line, metrics.

pub mod access_log;
pub mod answers;
pub mod api;
pub mod app;
pub mod auth;
pub mod cli;
pub mod exchange;
pub mod governance;
mod here;
pub mod metrics;
pub mod monitoring;
pub mod openapi;
pub mod options;
pub mod request;
pub mod router;
pub mod telemetry;
pub mod transport;
pub mod watch;
