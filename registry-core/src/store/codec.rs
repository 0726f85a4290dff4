//! Values as bytes: one byte that says how to read the rest, then the fields in order.
//!
//! The fields are those of the row and domain types, by serde and postcard. A test holds the bytes of every kind
//! of row; to change one, add a new [`ENCODING`] and keep reading the old.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Fault;

/// The only encoding so far.
const ENCODING: u8 = 1;

pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_extend(value, vec![ENCODING]).expect("rows hold nothing that postcard refuses")
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    match bytes.split_first() {
        Some((&ENCODING, rest)) => {
            postcard::from_bytes(rest).map_err(|error| Fault::new("decoding a row", error))
        }
        Some((other, _)) => Err(Fault::damaged(
            "decoding a row",
            format!("unknown encoding {other}"),
        )),
        None => Err(Fault::damaged("decoding a row", "it is empty")),
    }
}
