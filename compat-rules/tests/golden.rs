//! What the reference answered, table by table (`tests/golden/README.md` at the top of the repository).
//!
//! Each format has its own test per table, so that a failure names its place. Everything that the table requires
//! must agree; the messages of incompatible pairs are required, too, as sets.

mod golden {
    pub(crate) mod case;
    pub(crate) mod compat;
    pub(crate) mod compat_deviations;
    pub(crate) mod deviations;
    pub(crate) mod policies;
    pub(crate) mod serialized;
    pub(crate) mod text;
}

use compat_rules::Format;
use golden::compat_deviations::Decision::{Compatible, Found, Refused};
use golden::deviations::Decision::{Accepts, AsReference, KeepsAll, Refuses};
use golden::{compat, compat_deviations, deviations, policies, serialized, text};

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

            #[test]
            fn rules_of_policy_look_at_every_text() {
                policies::play($format, "text");
                policies::play($format, "generated-text");
            }

            #[test]
            fn rules_of_policy_look_at_every_change() {
                policies::play($format, "compat");
                policies::play($format, "generated-compat");
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

#[test]
fn where_the_reference_loses_something_of_an_avro_schema_we_decide_as_documented() {
    deviations::play(
        Format::Avro,
        &[
            ("default-bytes-above-255", AsReference),
            ("default-later-branch-string", KeepsAll),
            ("default-later-branch-int-after-string", KeepsAll),
            ("default-later-branch-boolean", AsReference),
            ("default-later-branch-long", KeepsAll),
            ("default-later-branch-long-after-int", AsReference),
            ("default-later-branch-double-after-int", KeepsAll),
            ("default-later-branch-enum", KeepsAll),
            ("default-later-branch-fixed", KeepsAll),
            ("default-later-branch-array-empty", AsReference),
            ("default-later-branch-array-filled", KeepsAll),
            ("default-later-branch-map-empty", AsReference),
            ("default-later-branch-map-filled", AsReference),
            ("default-later-branch-record", AsReference),
            ("default-later-branch-string-after-bytes", AsReference),
            ("default-later-branch-third", KeepsAll),
            ("default-record-unknown-key", KeepsAll),
            ("default-array-with-null-item", KeepsAll),
            ("numbers-big-integer-in-list-property", Accepts),
            ("numbers-big-integer-property", KeepsAll),
            ("numbers-big-integer-in-object-property", KeepsAll),
            ("escapes-control-in-property-key", KeepsAll),
            ("escapes-backslash-in-property-key", KeepsAll),
            ("escapes-quote-in-property-key", KeepsAll),
            ("escapes-lone-surrogate", Refuses),
        ],
    );
}

#[test]
fn where_the_reference_misjudges_a_json_schema_we_decide_as_documented() {
    let narrowed = Found("EXCLUSIVE_MAXIMUM_DECREASED", "#/exclusiveMaximum");
    let other_constant = Found("ENUM_ARRAY_CHANGED", "#/const");
    let other_type = Found("TYPE_CHANGED", "#/");
    let in_property = Found("TYPE_CHANGED", "#/properties/100%");
    compat_deviations::play(
        Format::Json,
        &[
            ("escapes-lone-surrogate", Refused),
            ("exclusive-maximum-raised-backward", Compatible),
            ("exclusive-maximum-raised-forward", narrowed),
            (
                "exclusive-maximum-raised-beside-maximum-backward",
                Compatible,
            ),
            ("exclusive-maximum-raised-beside-maximum-forward", narrowed),
            ("const-null-changed-backward", other_constant),
            ("const-null-changed-forward", other_constant),
            ("property-name-with-percent-backward", in_property),
            ("property-name-with-percent-forward", in_property),
            ("ref-chain-leaf-changed-backward", other_type),
            ("ref-chain-leaf-changed-forward", other_type),
            ("ref-chain-shortened-backward", Compatible),
            ("ref-chain-shortened-forward", Compatible),
        ],
    );
}
