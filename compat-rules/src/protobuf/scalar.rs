//! The fifteen built-in types of fields.

/// A built-in type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Double,
    Float,
    Int64,
    Uint64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Bytes,
    Uint32,
    Sfixed32,
    Sfixed64,
    Sint32,
    Sint64,
}

impl Scalar {
    /// Name and number of each in a descriptor.
    pub(crate) const ALL: [(Self, &'static str, i32); 15] = [
        (Self::Double, "double", 1),
        (Self::Float, "float", 2),
        (Self::Int64, "int64", 3),
        (Self::Uint64, "uint64", 4),
        (Self::Int32, "int32", 5),
        (Self::Fixed64, "fixed64", 6),
        (Self::Fixed32, "fixed32", 7),
        (Self::Bool, "bool", 8),
        (Self::String, "string", 9),
        (Self::Bytes, "bytes", 12),
        (Self::Uint32, "uint32", 13),
        (Self::Sfixed32, "sfixed32", 15),
        (Self::Sfixed64, "sfixed64", 16),
        (Self::Sint32, "sint32", 17),
        (Self::Sint64, "sint64", 18),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(_, other, _)| *other == name);
        found.map(|(scalar, _, _)| *scalar)
    }

    /// True for the types that a map may have as its key.
    pub(crate) const fn may_be_map_key(self) -> bool {
        !matches!(self, Self::Double | Self::Float | Self::Bytes)
    }
}
