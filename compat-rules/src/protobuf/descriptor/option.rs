//! The options that the reference keeps between texts and descriptors: names, numbers and kinds, in the order
//! in which it prints them.

/// An option, or a field of a message that is the value of one.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) number: u32,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) repeated: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Flag,
    Text,
    /// A text of proto3: empty is as good as absent.
    TextOrNothing,
    Int,
    /// The names of the constants with their numbers.
    Enum(&'static [(&'static str, i32)]),
    Message(&'static [Known]),
    /// A map from text to text.
    Params,
}

const fn known(number: u32, name: &'static str, kind: Kind) -> Known {
    Known {
        number,
        name,
        kind,
        repeated: false,
    }
}

const fn repeated(number: u32, name: &'static str, kind: Kind) -> Known {
    Known {
        number,
        name,
        kind,
        repeated: true,
    }
}

/// The options of one kind of element, and the name of the extension that carries what Confluent adds.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) options: &'static [Known],
    pub(crate) meta: Option<&'static str>,
}

/// The number of that extension on every kind of element.
pub(crate) const META: u32 = 1088;

pub(crate) static FILE: Options = Options {
    options: &[
        known(1, "java_package", Kind::Text),
        known(8, "java_outer_classname", Kind::Text),
        known(10, "java_multiple_files", Kind::Flag),
        known(20, "java_generate_equals_and_hash", Kind::Flag),
        known(27, "java_string_check_utf8", Kind::Flag),
        known(
            9,
            "optimize_for",
            Kind::Enum(&[("SPEED", 1), ("CODE_SIZE", 2), ("LITE_RUNTIME", 3)]),
        ),
        known(11, "go_package", Kind::Text),
        known(16, "cc_generic_services", Kind::Flag),
        known(17, "java_generic_services", Kind::Flag),
        known(18, "py_generic_services", Kind::Flag),
        known(23, "deprecated", Kind::Flag),
        known(31, "cc_enable_arenas", Kind::Flag),
        known(36, "objc_class_prefix", Kind::Text),
        known(37, "csharp_namespace", Kind::Text),
        known(39, "swift_prefix", Kind::Text),
        known(40, "php_class_prefix", Kind::Text),
        known(41, "php_namespace", Kind::Text),
        known(44, "php_metadata_namespace", Kind::Text),
        known(45, "ruby_package", Kind::Text),
        known(50, "features", Kind::Message(FEATURES)),
    ],
    meta: Some("confluent.file_meta"),
};

pub(crate) static MESSAGE: Options = Options {
    options: &[
        known(2, "no_standard_descriptor_accessor", Kind::Flag),
        known(3, "deprecated", Kind::Flag),
        known(7, "map_entry", Kind::Flag),
        known(12, "features", Kind::Message(FEATURES)),
    ],
    meta: Some("confluent.message_meta"),
};

pub(crate) static FIELD: Options = Options {
    options: &[
        known(
            1,
            "ctype",
            Kind::Enum(&[("STRING", 0), ("CORD", 1), ("STRING_PIECE", 2)]),
        ),
        known(2, "packed", Kind::Flag),
        known(
            6,
            "jstype",
            Kind::Enum(&[("JS_NORMAL", 0), ("JS_STRING", 1), ("JS_NUMBER", 2)]),
        ),
        known(3, "deprecated", Kind::Flag),
        known(16, "debug_redact", Kind::Flag),
        known(17, "retention", Kind::Enum(RETENTIONS)),
        repeated(19, "targets", Kind::Enum(TARGETS)),
        repeated(20, "edition_defaults", Kind::Message(EDITION_DEFAULT)),
        known(21, "features", Kind::Message(FEATURES)),
        known(22, "feature_support", Kind::Message(FEATURE_SUPPORT)),
    ],
    meta: Some("confluent.field_meta"),
};

pub(crate) static ONEOF: Options = Options {
    options: &[known(1, "features", Kind::Message(FEATURES))],
    meta: None,
};

pub(crate) static ENUM: Options = Options {
    options: &[
        known(2, "allow_alias", Kind::Flag),
        known(3, "deprecated", Kind::Flag),
        known(7, "features", Kind::Message(FEATURES)),
    ],
    meta: Some("confluent.enum_meta"),
};

pub(crate) static CONSTANT: Options = Options {
    options: &[
        known(1, "deprecated", Kind::Flag),
        known(3, "debug_redact", Kind::Flag),
        known(2, "features", Kind::Message(FEATURES)),
        known(4, "feature_support", Kind::Message(FEATURE_SUPPORT)),
    ],
    meta: Some("confluent.enum_value_meta"),
};

pub(crate) static EXTENSION_RANGE: Options = Options {
    options: &[
        repeated(2, "declaration", Kind::Message(DECLARATION)),
        known(50, "features", Kind::Message(FEATURES)),
        known(
            3,
            "verification",
            Kind::Enum(&[("DECLARATION", 0), ("UNVERIFIED", 1)]),
        ),
    ],
    meta: None,
};

pub(crate) static SERVICE: Options = Options {
    options: &[
        known(33, "deprecated", Kind::Flag),
        known(34, "features", Kind::Message(FEATURES)),
    ],
    meta: None,
};

pub(crate) static METHOD: Options = Options {
    options: &[
        known(33, "deprecated", Kind::Flag),
        known(
            34,
            "idempotency_level",
            Kind::Enum(&[
                ("IDEMPOTENCY_UNKNOWN", 0),
                ("NO_SIDE_EFFECTS", 1),
                ("IDEMPOTENT", 2),
            ]),
        ),
        known(35, "features", Kind::Message(FEATURES)),
    ],
    meta: None,
};

/// The value of the extension.
pub(crate) const META_FIELDS: &[Known] = &[
    known(1, "doc", Kind::TextOrNothing),
    repeated(2, "params", Kind::Params),
    repeated(3, "tags", Kind::Text),
    repeated(
        4,
        "rules",
        Kind::Message(&[
            known(1, "name", Kind::TextOrNothing),
            known(2, "doc", Kind::TextOrNothing),
            known(3, "expr", Kind::TextOrNothing),
            known(4, "sql", Kind::TextOrNothing),
        ]),
    ),
];

const FEATURES: &[Known] = &[
    known(
        1,
        "field_presence",
        Kind::Enum(&[
            ("FIELD_PRESENCE_UNKNOWN", 0),
            ("EXPLICIT", 1),
            ("IMPLICIT", 2),
            ("LEGACY_REQUIRED", 3),
        ]),
    ),
    known(
        2,
        "enum_type",
        Kind::Enum(&[("ENUM_TYPE_UNKNOWN", 0), ("OPEN", 1), ("CLOSED", 2)]),
    ),
    known(
        3,
        "repeated_field_encoding",
        Kind::Enum(&[
            ("REPEATED_FIELD_ENCODING_UNKNOWN", 0),
            ("PACKED", 1),
            ("EXPANDED", 2),
        ]),
    ),
    known(
        4,
        "utf8_validation",
        Kind::Enum(&[("UTF8_VALIDATION_UNKNOWN", 0), ("VERIFY", 2), ("NONE", 3)]),
    ),
    known(
        5,
        "message_encoding",
        Kind::Enum(&[
            ("MESSAGE_ENCODING_UNKNOWN", 0),
            ("LENGTH_PREFIXED", 1),
            ("DELIMITED", 2),
        ]),
    ),
    known(
        6,
        "json_format",
        Kind::Enum(&[
            ("JSON_FORMAT_UNKNOWN", 0),
            ("ALLOW", 1),
            ("LEGACY_BEST_EFFORT", 2),
        ]),
    ),
    known(
        7,
        "enforce_naming_style",
        Kind::Enum(&[
            ("ENFORCE_NAMING_STYLE_UNKNOWN", 0),
            ("STYLE2024", 1),
            ("STYLE_LEGACY", 2),
        ]),
    ),
    known(
        8,
        "default_symbol_visibility",
        Kind::Enum(&[
            ("DEFAULT_SYMBOL_VISIBILITY_UNKNOWN", 0),
            ("EXPORT_ALL", 1),
            ("EXPORT_TOP_LEVEL", 2),
            ("LOCAL_ALL", 3),
            ("STRICT", 4),
        ]),
    ),
];

const EDITIONS: &[(&str, i32)] = &[
    ("EDITION_UNKNOWN", 0),
    ("EDITION_LEGACY", 900),
    ("EDITION_PROTO2", 998),
    ("EDITION_PROTO3", 999),
    ("EDITION_2023", 1000),
    ("EDITION_2024", 1001),
];

const EDITION_DEFAULT: &[Known] = &[
    known(3, "edition", Kind::Enum(EDITIONS)),
    known(2, "value", Kind::Text),
];

const FEATURE_SUPPORT: &[Known] = &[
    known(1, "edition_introduced", Kind::Enum(EDITIONS)),
    known(2, "edition_deprecated", Kind::Enum(EDITIONS)),
    known(3, "deprecation_warning", Kind::Text),
    known(4, "edition_removed", Kind::Enum(EDITIONS)),
];

const DECLARATION: &[Known] = &[
    known(1, "number", Kind::Int),
    known(2, "full_name", Kind::Text),
    known(3, "type", Kind::Text),
    known(5, "reserved", Kind::Flag),
    known(6, "repeated", Kind::Flag),
];

const RETENTIONS: &[(&str, i32)] = &[
    ("RETENTION_UNKNOWN", 0),
    ("RETENTION_RUNTIME", 1),
    ("RETENTION_SOURCE", 2),
];

const TARGETS: &[(&str, i32)] = &[
    ("TARGET_TYPE_UNKNOWN", 0),
    ("TARGET_TYPE_FILE", 1),
    ("TARGET_TYPE_EXTENSION_RANGE", 2),
    ("TARGET_TYPE_MESSAGE", 3),
    ("TARGET_TYPE_FIELD", 4),
    ("TARGET_TYPE_ONEOF", 5),
    ("TARGET_TYPE_ENUM", 6),
    ("TARGET_TYPE_ENUM_ENTRY", 7),
    ("TARGET_TYPE_SERVICE", 8),
    ("TARGET_TYPE_METHOD", 9),
];
