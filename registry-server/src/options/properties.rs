//! The reference's properties file, for those who bring theirs.
//!
//! A property that has a counterpart becomes that option. One that means nothing here, or that nobody knows,
//! becomes a warning: a file that worked for the reference must start this server, but not silently.
//! The syntax is in [`syntax`].

pub mod syntax;

use std::path::Path;

use toml::Value;

use super::file::{Entry, Place, nearest};
use syntax::Property;

/// What a properties file asks for.
pub struct Mapped {
    /// Options, in the order of the file.
    pub entries: Vec<Entry>,
    /// Sentences about the other properties.
    pub warnings: Vec<String>,
}

/// How the text of a property becomes the value of an option.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// The address in the first of a list of URLs.
    Listeners,
}

/// Properties with a counterpart: reference name, option, kind. Where two lead to one option, the later of the
/// table wins, whatever their order in the file.
const MAPPED: &[(&str, &str, Kind)] = &[
    ("listeners", "listen", Kind::Listeners),
    (
        "schema.compatibility.level",
        "compatibility-level",
        Kind::Text,
    ),
    (
        "avro.compatibility.level",
        "compatibility-level",
        Kind::Text,
    ),
    ("schema.validate.fields", "validate-fields", Kind::Boolean),
    (
        "schema.validate.new.schemas",
        "validate-new-schemas",
        Kind::Boolean,
    ),
    (
        "schema.reject.empty.subject",
        "reject-empty-subject",
        Kind::Boolean,
    ),
    (
        "schema.providers.reference.versions.strict",
        "reference-versions-strict",
        Kind::Boolean,
    ),
    ("mode.mutability", "mode-mutability", Kind::Boolean),
    ("associations.enable", "associations-enable", Kind::Boolean),
    ("schema.registry.group.id", "cluster-id", Kind::Text),
    (
        "schema.search.default.limit",
        "schema-search-default-limit",
        Kind::Integer,
    ),
    (
        "schema.search.max.limit",
        "schema-search-max-limit",
        Kind::Integer,
    ),
    (
        "subject.search.default.limit",
        "subject-search-default-limit",
        Kind::Integer,
    ),
    (
        "subject.search.max.limit",
        "subject-search-max-limit",
        Kind::Integer,
    ),
    (
        "subject.version.search.default.limit",
        "subject-version-search-default-limit",
        Kind::Integer,
    ),
    (
        "subject.version.search.max.limit",
        "subject-version-search-max-limit",
        Kind::Integer,
    ),
    (
        "context.search.default.limit",
        "context-search-default-limit",
        Kind::Integer,
    ),
    (
        "context.search.max.limit",
        "context-search-max-limit",
        Kind::Integer,
    ),
    (
        "kek.search.default.limit",
        "kek-search-default-limit",
        Kind::Integer,
    ),
    (
        "kek.search.max.limit",
        "kek-search-max-limit",
        Kind::Integer,
    ),
    (
        "dek.subject.search.default.limit",
        "dek-subject-search-default-limit",
        Kind::Integer,
    ),
    (
        "dek.subject.search.max.limit",
        "dek-subject-search-max-limit",
        Kind::Integer,
    ),
    (
        "dek.version.search.default.limit",
        "dek-version-search-default-limit",
        Kind::Integer,
    ),
    (
        "dek.version.search.max.limit",
        "dek-version-search-max-limit",
        Kind::Integer,
    ),
    ("dek.registry.max.keys", "key-count-max", Kind::Integer),
    (
        "kafkastore.max.request.size",
        "record-bytes-max",
        Kind::Integer,
    ),
    (
        "size.limit.filter.max.request.body.size",
        "body-bytes-max",
        Kind::Integer,
    ),
    ("request.timeout.ms", "request-timeout-ms", Kind::Integer),
    ("idle.timeout.ms", "idle-timeout-ms", Kind::Integer),
    ("shutdown.graceful.ms", "shutdown-timeout-ms", Kind::Integer),
    ("compression.enable", "compression-enable", Kind::Boolean),
    (
        "response.http.headers.config",
        "response-headers",
        Kind::Text,
    ),
];

/// Properties, or families of them, that mean nothing here, and why.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    (
        "kafkastore.",
        "schemas are stored here, not in a Kafka topic",
    ),
    ("kafkacache.", "keys are stored here, not in a Kafka topic"),
    (
        "dek.registry.",
        "keys are stored here, not in a Kafka topic",
    ),
    ("leader.", "there is one node"),
    ("master.", "there is one node"),
    ("inter.instance.", "there is one node"),
    ("host.name", "there is one node"),
    (
        "schema.cache.",
        "the cache of parsed schemas is part of `memory-bytes-max`",
    ),
    (
        "schema.canonicalize.on.consume",
        "stored schemas are canonical",
    ),
    (
        "schema.providers.json.fetch.remote.schemas",
        "references are never fetched over HTTP",
    ),
    (
        "resource.extension.class",
        "the key registry is always there",
    ),
    (
        "size.limit.filter.enabled",
        "the size of bodies is always limited",
    ),
    ("metadata.encoder.", "metadata is stored as it is"),
    ("metrics.", "metrics are served at `/metrics`"),
    (
        "authentication.",
        "the server does not authenticate by these properties",
    ),
    ("ssl.", "the server speaks plain HTTP"),
    ("access.control.", "the server sends no CORS headers"),
    ("jetty.", "the server is not built on Jetty"),
    ("debug", "answers never hold stack traces"),
];

/// Translates the text of the properties file at `path`.
#[must_use]
pub fn map(path: &Path, text: &str) -> Mapped {
    let mut ranked = Vec::new();
    let mut warnings = Vec::new();
    for property in syntax::parse(text) {
        match MAPPED
            .iter()
            .position(|(name, _, _)| *name == property.name)
        {
            // The older name of the level counts only when it says something.
            Some(_) if property.name == "avro.compatibility.level" && property.value.is_empty() => {
            }
            Some(rank) => ranked.push((rank, property)),
            None => warnings.push(warning(path, &property)),
        }
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let entries = ranked
        .into_iter()
        .map(|(rank, property)| {
            let (_, key, kind) = MAPPED[rank];
            Entry {
                key: key.to_owned(),
                value: kind.read(property.value.trim()),
                place: Place::of(path, text, property.span),
            }
        })
        .collect();
    Mapped { entries, warnings }
}

impl Kind {
    /// The value; a text that does not fit stays a text, and is refused where the option is filled in.
    fn read(self, text: &str) -> Value {
        let as_text = || Value::String(text.to_owned());
        match self {
            Self::Text => as_text(),
            Self::Integer => text.parse().map_or_else(|_| as_text(), Value::Integer),
            Self::Boolean => text
                .to_ascii_lowercase()
                .parse()
                .map_or_else(|_| as_text(), Value::Boolean),
            Self::Listeners => {
                let first = text.split(',').next().unwrap_or_default().trim();
                let address = first
                    .split_once("://")
                    .map_or(first, |(_, address)| address);
                Value::String(address.trim_end_matches('/').to_owned())
            }
        }
    }
}

fn warning(path: &Path, property: &Property) -> String {
    let name = &property.name;
    let path = path.display();
    let covers = |family: &str| match family.strip_suffix('.') {
        Some(_) => name.starts_with(family),
        None => name == family,
    };
    if let Some((_, reason)) = WITHOUT_EFFECT.iter().find(|(family, _)| covers(family)) {
        return format!("{path}: property `{name}` has no effect: {reason}");
    }
    let known: Vec<String> = MAPPED
        .iter()
        .map(|(name, _, _)| (*name).to_owned())
        .collect();
    match nearest(name, &known) {
        Some(near) => format!("{path}: unknown property `{name}`; did you mean `{near}`?"),
        None => format!("{path}: unknown property `{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::layers::known_keys;

    fn mapped(text: &str) -> Mapped {
        map(Path::new("registry.properties"), text)
    }

    fn pairs(text: &str) -> Vec<(String, Value)> {
        mapped(text)
            .entries
            .into_iter()
            .map(|entry| (entry.key, entry.value))
            .collect()
    }

    #[test]
    fn every_counterpart_is_an_option() {
        let known = known_keys();
        for (property, key, _) in MAPPED {
            assert!(
                known.iter().any(|known| known == key),
                "{property} leads to {key}"
            );
        }
    }

    #[test]
    fn values_take_the_type_of_their_option() {
        assert_eq!(
            pairs(
                "mode.mutability=FALSE\nschema.search.max.limit = 3\nlisteners=http://0.0.0.0:8081, https://x:1\n"
            ),
            [
                (
                    "listen".to_owned(),
                    Value::String("0.0.0.0:8081".to_owned())
                ),
                ("mode-mutability".to_owned(), Value::Boolean(false)),
                ("schema-search-max-limit".to_owned(), Value::Integer(3)),
            ]
        );
    }

    #[test]
    fn the_older_name_of_the_level_wins_unless_it_is_empty() {
        let level = |text| pairs(text).pop().expect("a level").1;
        let none = Value::String("none".to_owned());
        assert_eq!(
            level("avro.compatibility.level=none\nschema.compatibility.level=full\n"),
            none
        );
        assert_eq!(
            level("schema.compatibility.level=none\navro.compatibility.level=\n"),
            none
        );
    }

    #[test]
    fn a_property_without_counterpart_is_a_warning_that_says_why() {
        let warnings =
            mapped("kafkastore.topic=_schemas\nschema.serch.max.limit=1\nx=y\n").warnings;
        assert_eq!(
            warnings,
            [
                "registry.properties: property `kafkastore.topic` has no effect: \
                 schemas are stored here, not in a Kafka topic",
                "registry.properties: unknown property `schema.serch.max.limit`; \
                 did you mean `schema.search.max.limit`?",
                "registry.properties: unknown property `x`",
            ]
        );
    }
}
