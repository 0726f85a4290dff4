//! How names are written.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::parameter::Expression;
use crate::policy::rules::words::Style;

pub(super) const NAM004: PolicyRule = PolicyRule {
    code: "NAM004",
    slug: "type-name-style",
    title: "Names of types are written in one style.",
    formats: ALL_FORMATS,
    hint: "write the name in the style of the registry",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<TypeStyle>,
    prepare: |parameters| look::with::<TypeStyle>(parameters, types),
};

pub(super) const NAM005: PolicyRule = PolicyRule {
    code: "NAM005",
    slug: "field-name-style",
    title: "Names of fields are written in one style.",
    formats: ALL_FORMATS,
    hint: "write the name in the style of the registry",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<FieldStyle>,
    prepare: |parameters| look::with::<FieldStyle>(parameters, fields),
};

pub(super) const NAM006: PolicyRule = PolicyRule {
    code: "NAM006",
    slug: "enum-name-style",
    title: "Names of enums are written in one style.",
    formats: ALL_FORMATS,
    hint: "write the name in the style of the registry",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<EnumStyle>,
    prepare: |parameters| look::with::<EnumStyle>(parameters, enums),
};

pub(super) const NAM007: PolicyRule = PolicyRule {
    code: "NAM007",
    slug: "enum-symbol-style",
    title: "Symbols of enums are written in one style.",
    formats: ALL_FORMATS,
    hint: "write it in the style of the registry",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<SymbolStyle>,
    prepare: |parameters| look::with::<SymbolStyle>(parameters, symbols),
};

macro_rules! styles {
    ($($name:ident = $default:ident)+) => {$(
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        struct $name {
            /// How names are written.
            style: Style,
            /// Names that match one of these may be written as they like.
            allow: Vec<Expression>,
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    style: Style::$default,
                    allow: Vec::new(),
                }
            }
        }

        impl $name {
            fn look(&self, noun: &str, name: &str, element: &Element, found: &mut Found) {
                if !self.allow.iter().any(|one| one.is_match(name)) {
                    look(self.style, noun, name, element, found);
                }
            }
        }
    )+};
}

styles! {
    TypeStyle = PascalCase
    FieldStyle = SnakeCase
    EnumStyle = PascalCase
    SymbolStyle = UpperSnakeCase
}

fn look(style: Style, noun: &str, name: &str, element: &Element, found: &mut Found) {
    if style.is_kept_by(name) {
        return;
    }
    found.add(Report {
        element: element.clone(),
        detail: String::new(),
        message: format!("{noun} \"{name}\" is not written in {}", style.as_str()),
        hint: style.of(name).map(|better| format!("write \"{better}\"")),
    });
}

fn types(styled: &TypeStyle, candidate: &Candidate<'_>, found: &mut Found) {
    for one in &candidate.schema.types {
        if one.kind != TypeKind::Enum && !one.name.is_empty() {
            styled.look("type", &one.name, &one.element, found);
        }
    }
}

fn fields(styled: &FieldStyle, candidate: &Candidate<'_>, found: &mut Found) {
    for (_, field) in candidate.schema.fields() {
        styled.look("field", &field.name, &field.element, found);
    }
}

fn enums(styled: &EnumStyle, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        if !one.name.is_empty() {
            styled.look("enum", &one.name, &one.element, found);
        }
    }
}

fn symbols(styled: &SymbolStyle, candidate: &Candidate<'_>, found: &mut Found) {
    let is_json = candidate.schema.format == Format::Json;
    let symbols = candidate.schema.enums().flat_map(|one| &one.symbols);
    for symbol in symbols {
        // Numbers and booleans are values, not names.
        let is_value = is_json && !symbol.name.chars().any(char::is_alphabetic)
            || matches!(symbol.name.as_str(), "true" | "false" | "null");
        if !is_value {
            styled.look("symbol", &symbol.name, &symbol.element, found);
        }
    }
}
