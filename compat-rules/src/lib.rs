//! Judgement: parses schemas, compares them, says what a change breaks and why.
//!
//! Everything here is a function: the same input gives the same bytes out, the work is bounded, and nothing
//! is read from disk, network or clock. Ids, subjects and versions belong to `registry-core`; HTTP to
//! `registry-server`. Start with [`parse`], then [`check()`].

pub mod avro;
mod budget;
mod check;
mod format;
mod invalid;
pub mod json;
mod level;
mod place;
pub mod policy;
pub mod protobuf;
mod references;
mod reserved;
mod rule;
mod tags;
mod value;
mod violation;

pub use budget::{Budget, Exhausted};
pub use check::{CompatibilityPolicy, Earlier, Incompatible, Report, check};
pub use format::{Format, ParsedSchema, Strictness, TextForm, UnknownFormat, parse};
pub use invalid::InvalidSchema;
pub use level::{Direction, Level, Scope, UnknownLevel};
pub use place::Place;
pub use references::{Import, References};
pub use reserved::{reserved_field_messages, reserved_names};
pub use rule::{Rule, rules};
pub use tags::{EntityKind, TagEdit, TaggedEntity};
pub use violation::{Message, Violation};
