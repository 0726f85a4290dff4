//! What only Protobuf has: its case tables, second opinions from other parsers and linkers, the truth on the wire,
//! and inputs made to hurt.

mod protobuf {
    pub(crate) mod cases;
    pub(crate) mod deviations;
    pub(crate) mod generate;
    pub(crate) mod golden_texts;
    pub(crate) mod hostile;
    pub(crate) mod laws;
    pub(crate) mod linker;
    pub(crate) mod normal_options;
    pub(crate) mod second_opinion;
    pub(crate) mod tags;
    pub(crate) mod wire;
}
