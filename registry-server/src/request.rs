//! What a request asks for, before anything is looked up: its target, its query, its id.
//!
//! Pure functions of the request line and headers, but for ids that are made. The order in which they run is in `exchange.rs`.

pub mod alias;
pub mod context;
pub mod id;
pub mod picked;
pub mod query;
pub(crate) mod random;
pub mod target;
