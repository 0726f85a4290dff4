//! Every text in a schema that a person may have written a value into: documentation, defaults, examples, properties.

use crate::policy::model::{Element, Model, Properties};

/// What a text is in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// What the author says about an element.
    Doc,
    /// A default value.
    Default,
    /// A value that stands as an example, or the only one allowed.
    Example,
    /// Any other attribute.
    Property,
}

impl What {
    /// A word for it that stays.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Doc => "doc",
            Self::Default => "default",
            Self::Example => "example",
            Self::Property => "property",
        }
    }

    /// In words, with the element.
    pub(super) fn of(self, element: &Element) -> String {
        let what = match self {
            Self::Doc => "the documentation",
            Self::Default => "the default",
            Self::Example => "an example",
            Self::Property => "a property",
        };
        if element.path.is_empty() {
            format!("{what} of the schema")
        } else {
            format!("{what} of \"{}\"", element.path)
        }
    }
}

/// Attributes that say what a value may look like, and not what it is.
const NO_VALUES: [&str; 6] = [
    "pattern",
    "$ref",
    "$id",
    "$schema",
    "description",
    "default",
];

/// Shows every text, in the order of the elements.
pub(super) fn each(model: &Model, mut see: impl FnMut(What, &Element, &str)) {
    let root = Element::default();
    if model.root().is_none_or(|root| root.doc != model.doc) {
        doc(&root, model.doc.as_ref(), &mut see);
    }
    if model
        .root()
        .is_none_or(|root| root.properties != model.properties)
    {
        properties(&root, &model.properties, &mut see);
    }
    for one in &model.types {
        doc(&one.element, one.doc.as_ref(), &mut see);
        properties(&one.element, &one.properties, &mut see);
        for field in &one.fields {
            doc(&field.element, field.doc.as_ref(), &mut see);
            if let Some(default) = &field.default {
                see(What::Default, &field.element, default);
            }
            properties(&field.element, &field.properties, &mut see);
        }
        for symbol in &one.symbols {
            doc(&symbol.element, symbol.doc.as_ref(), &mut see);
        }
    }
    for remark in &model.remarks {
        doc(&remark.element, remark.doc.as_ref(), &mut see);
        if let Some(default) = &remark.default {
            see(What::Default, &remark.element, default);
        }
        properties(&remark.element, &remark.properties, &mut see);
    }
}

fn doc(element: &Element, text: Option<&String>, see: &mut impl FnMut(What, &Element, &str)) {
    if let Some(text) = text {
        see(What::Doc, element, text);
    }
}

fn properties(
    element: &Element,
    properties: &Properties,
    see: &mut impl FnMut(What, &Element, &str),
) {
    for (key, value) in properties {
        let what = match key.as_str() {
            "const" | "example" | "examples" => What::Example,
            _ => What::Property,
        };
        if !NO_VALUES.contains(&key.as_str()) {
            see(what, element, value);
        }
    }
}
