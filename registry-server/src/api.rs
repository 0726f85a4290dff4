//! The protocol's shape of requests and answers, and the handlers of its resources.
//!
//! A handler is a plain function of the application and a call; `router.rs` says which path leads to which.

pub mod body;
pub mod call;
pub mod error;
pub mod health;
pub mod json;
pub mod metadata;
pub mod negotiation;
pub mod root;
