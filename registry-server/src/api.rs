//! The protocol's shape of requests and answers, and the handlers of its resources.
//!
//! A handler is a plain function of the application and a call; `router.rs` says which path leads to which.

pub mod associations;
pub mod body;
pub mod call;
pub mod compatibility;
pub mod config;
pub mod contexts;
pub mod dek_registry;
pub mod docs;
pub mod entities;
pub mod error;
pub mod governance;
pub mod health;
pub mod json;
pub mod listing;
mod logical;
pub mod metadata;
pub mod mode;
pub mod negotiation;
pub mod parameters;
pub mod report;
pub mod root;
pub mod schemas;
pub mod subjects;
