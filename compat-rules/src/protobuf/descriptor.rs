//! File descriptors: the binary form of a document.
//!
//! Some clients send one, in base64, instead of a text (`read.rs`), and the same ones ask for one
//! (`write.rs`). Both are the reference's idea of a descriptor (`protobuf.md` sections 2.5 and 8), which keeps
//! less than `protoc` would. `option.rs` lists the options that survive, for both ways.

pub(crate) mod option;
pub(crate) mod read;
pub(crate) mod wire;
pub(crate) mod write;
