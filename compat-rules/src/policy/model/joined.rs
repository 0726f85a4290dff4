//! Names of places in a schema, put together from those that they stand in.
//!
//! Each place has a name of its own, and names are as long as their authors like: nine thousand fields within one that has a
//! name of half a megabyte would have gigabytes of them. So what nobody reads to its end has one of another kind.

use sha2::{Digest, Sha256};

/// The longest name, in bytes.
const BYTES_MAX: usize = 1024;

/// Bytes of the digest that stands for the rest: two places never have the same name.
const DIGEST_BYTES: usize = 12;

/// The parts one behind the other; of what is too long the beginning, and a digest of the whole.
pub(crate) fn joined(parts: &[&str]) -> String {
    let whole = parts.concat();
    if whole.len() <= BYTES_MAX {
        return whole;
    }
    let digest = Sha256::digest(&whole);
    let digest: String = digest[..DIGEST_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let end = whole.floor_char_boundary(BYTES_MAX - "…".len() - digest.len());
    format!("{}…{digest}", &whole[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_is_whole_and_what_is_long_is_bounded_and_still_itself() {
        assert_eq!(joined(&["a", ".", "ü"]), "a.ü");
        let long = "ü".repeat(BYTES_MAX);
        let one = joined(&[&long, "a"]);
        assert!(one.len() <= BYTES_MAX, "{} bytes", one.len());
        assert!(one.starts_with("üüü"));
        assert_eq!(one, joined(&[&long, "a"]));
        assert_ne!(one, joined(&[&long, "b"]));
        // What is joined to it is bounded again, and is another still.
        assert_ne!(joined(&[&one, "a"]), joined(&[&one, "b"]));
        assert!(joined(&[&one, "a"]).len() <= BYTES_MAX);
    }
}
