//! Values as bytes: one byte that says how to read the rest, then the fields in order.
//!
//! The fields are those of the row and domain types, by serde and postcard. A test holds the bytes of every kind
//! of row; to change one, add a new [`ENCODING`] and keep reading the old.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Fault;

/// The encoding of all rows but those of contents (`body.rs`).
const ENCODING: u8 = 1;

pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    encode_as(ENCODING, value)
}

pub(super) fn encode_as<T: Serialize>(encoding: u8, value: &T) -> Vec<u8> {
    postcard::to_extend(value, vec![encoding]).expect("rows hold nothing that postcard refuses")
}

pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    decode_as(ENCODING, bytes)
}

pub(super) fn decode_as<'r, T: Deserialize<'r>>(encoding: u8, bytes: &'r [u8]) -> Result<T, Fault> {
    match bytes.split_first() {
        Some((found, rest)) if *found == encoding => {
            postcard::from_bytes(rest).map_err(|error| Fault::new("decoding a row", error))
        }
        Some((other, _)) => Err(Fault::damaged(
            "decoding a row",
            format!("unknown encoding {other}"),
        )),
        None => Err(Fault::damaged("decoding a row", "it is empty")),
    }
}
