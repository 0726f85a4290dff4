//! Reads the bodies of requests, as leniently as the reference does (`protocol.md` section 1.3).
//!
//! A body is read in one pass into what a handler works on; members that nobody asks for are checked for syntax
//! and forgotten, so that a body costs no more memory than itself. Serde is not used: numbers become texts with
//! the digits of the request, a member may be absent or null, and bodies may nest a thousand levels.

mod association;
mod coerce;
mod reader;
mod settings;
mod submission;

pub use association::{AssociationQuery, Batch};
pub use reader::{BadBody, Reader};
pub use settings::{SentConfig, SentMode};

use super::error::Refusal;

/// What can be read from a body. Each type is read by the module of the resource that it belongs to.
pub trait FromBody: Sized {
    /// Reads one value; `None` for `null`.
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody>;
}

/// The body, if there is one that is not `null`.
pub fn optional<T: FromBody>(bytes: &[u8]) -> Result<Option<T>, Refusal> {
    const BYTE_ORDER_MARK: &str = "\u{feff}";
    let text =
        std::str::from_utf8(bytes).map_err(|_| Refusal::bad_request("the body is not UTF-8"))?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut reader = Reader::new(text);
    if reader.is_at_end() {
        return Ok(None);
    }
    let value = T::read(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|bad| Refusal::bad_request(bad.to_string()))
}

/// The body that a request must have; `name` is what the reference calls it.
pub fn required<T: FromBody>(bytes: &[u8], name: &str) -> Result<T, Refusal> {
    optional(bytes)?.ok_or_else(|| Refusal::body_missing(name))
}
