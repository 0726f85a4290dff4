//! What the reference answered, table by table (`tests/golden/README.md` at the top of the repository).
//!
//! Each format has its own test per table, so that a failure names its place. Everything that the table requires
//! must agree; the messages of incompatible pairs are required, too, as sets.

mod golden {
    pub(crate) mod case;
    pub(crate) mod compat;
    pub(crate) mod serialized;
    pub(crate) mod text;
}

use compat_rules::Format;
use golden::{compat, serialized, text};

macro_rules! tables {
    ($($name:ident: $format:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn text() {
                text::play($format, "text");
            }

            #[test]
            fn generated_text() {
                text::play($format, "generated-text");
            }

            #[test]
            fn compat() {
                compat::play($format, "compat");
            }

            #[test]
            fn generated_compat() {
                compat::play($format, "generated-compat");
            }
        }
    )*};
}

tables! {
    avro: Format::Avro;
    json: Format::Json;
    protobuf: Format::Protobuf;
}

#[test]
fn the_descriptor_of_each_hand_written_protobuf_file_is_the_one_of_the_reference() {
    serialized::play("text");
}

#[test]
fn the_descriptor_of_each_generated_protobuf_file_is_the_one_of_the_reference() {
    serialized::play("generated-text");
}
