//! The corpus that the benches share.
