//! The protocol's entities as JSON: which members, in which order, and which are left out (`protocol.md` section 5).
//!
//! "Left out" follows the reference: an entity omits what is null or empty and keeps `false` and 0.

pub mod association;

use std::borrow::Cow;

use compat_rules::{EntityKind, Format, Level, TaggedEntity};
use registry_core::{
    Config, Guid, Metadata, Registered, Rule, RuleSet, Schema, SchemaId, SchemaReference, Stored,
    StoredJson, Subject, Timestamp, Version,
};

use super::json::{self, Object, write_object, write_text};

/// A schema as an answer shows it: the stored one, with what the request asked to be different.
#[derive(Debug, Clone)]
pub struct Shown<'s> {
    /// Who holds it; absent where no subject is named.
    pub holder: Option<(&'s Subject, Version)>,
    /// Its id.
    pub id: SchemaId,
    /// The hash of the content.
    pub guid: Guid,
    /// The format of the text.
    pub format: Format,
    /// The text in the form that was asked for.
    pub text: Text<'s>,
    /// The references in the form that was asked for.
    pub references: Cow<'s, [SchemaReference]>,
    /// Metadata.
    pub metadata: Option<&'s Metadata>,
    /// Rules for clients.
    pub rule_set: Option<&'s RuleSet>,
    /// Inline tags that were asked for.
    pub tags: Vec<TaggedEntity>,
    /// Time and deletion of the record, where the answer tells them.
    pub written: Option<(Timestamp, bool)>,
}

/// The text of a schema.
#[derive(Debug, Clone)]
pub enum Text<'s> {
    /// As it is.
    Plain(Cow<'s, str>),
    /// As it stands in an answer.
    Escaped(&'s str),
}

impl Text<'_> {
    fn len(&self) -> usize {
        match self {
            // Some of it will be escaped.
            Self::Plain(text) => text.len() + text.len() / 4,
            Self::Escaped(text) => text.len(),
        }
    }
}

impl<'s> Shown<'s> {
    /// A stored version as it is.
    #[must_use]
    pub fn stored(stored: &'s Stored) -> Self {
        Self {
            holder: Some((&stored.subject, stored.version.version)),
            written: Some((stored.version.written, stored.version.deleted)),
            ..Self::of(stored.version.id, stored.guid, &stored.schema)
        }
    }

    /// The same, as the store has it.
    #[must_use]
    pub fn stored_json(stored: &'s StoredJson<'_>) -> Self {
        Self {
            holder: Some((&stored.subject, stored.version.version)),
            id: stored.version.id,
            guid: stored.guid,
            format: stored.format,
            text: Text::Escaped(&stored.text),
            references: Cow::Borrowed(&stored.references),
            metadata: stored.metadata.as_ref(),
            rule_set: stored.rule_set.as_ref(),
            tags: Vec::new(),
            written: Some((stored.version.written, stored.version.deleted)),
        }
    }

    /// What a registration under a subject answers.
    #[must_use]
    pub fn registered_under(subject: &'s Subject, registered: &'s Registered) -> Self {
        Self {
            holder: Some((subject, registered.version)),
            written: registered.written,
            ..Self::of(registered.id, registered.guid, &registered.schema)
        }
    }

    fn of(id: SchemaId, guid: Guid, schema: &'s Schema) -> Self {
        Self {
            holder: None,
            id,
            guid,
            format: schema.format,
            text: Text::Plain(Cow::Borrowed(&schema.text)),
            references: Cow::Borrowed(&schema.references),
            metadata: schema.metadata.as_ref(),
            rule_set: schema.rule_set.as_ref(),
            tags: Vec::new(),
            written: None,
        }
    }

    /// Schema, section 5.7.
    #[must_use]
    pub fn schema(&self) -> String {
        json::object_around(self.text.len(), |out| self.schema_members(out))
    }

    /// The members of Schema, to which the list of schemas adds its own.
    pub fn schema_members(&self, out: &mut Object<'_>) {
        self.holder_members(out);
        out.int("id", self.id.get().into());
        self.identity_members(out);
        self.reference_member(out);
        metadata_if_any(out, "metadata", self.metadata);
        self.text_member(out);
        self.tag_member(out);
        self.record_members(out);
        rule_set_if_any(out, "ruleSet", self.rule_set);
    }

    /// SchemaString, section 5.8.
    #[must_use]
    pub fn schema_string(&self, max_id: Option<SchemaId>) -> String {
        json::object_around(self.text.len(), |out| {
            self.holder_members(out);
            self.identity_members(out);
            self.text_member(out);
            self.reference_member(out);
            metadata_if_any(out, "metadata", self.metadata);
            rule_set_if_any(out, "ruleSet", self.rule_set);
            self.tag_member(out);
            out.int_if_any("maxId", max_id.map(|id| id.get().into()));
            self.record_members(out);
        })
    }

    /// RegisterSchemaResponse, section 5.10.
    #[must_use]
    pub fn registered(&self) -> String {
        json::object_around(self.text.len(), |out| {
            out.int("id", self.id.get().into());
            if let Some((_, version)) = &self.holder {
                out.int("version", version.get().into());
            }
            self.identity_members(out);
            self.reference_member(out);
            metadata_if_any(out, "metadata", self.metadata);
            rule_set_if_any(out, "ruleSet", self.rule_set);
            self.text_member(out);
            self.record_members(out);
        })
    }

    fn holder_members(&self, out: &mut Object<'_>) {
        if let Some((subject, version)) = &self.holder {
            if subject.context.is_default() {
                out.text_if_any("subject", Some(&subject.name));
            } else {
                out.text("subject", &subject.to_string());
            }
            out.int("version", version.get().into());
        }
    }

    fn identity_members(&self, out: &mut Object<'_>) {
        out.spelled("guid", &self.guid);
        out.text("schemaType", self.format.as_str());
    }

    fn text_member(&self, out: &mut Object<'_>) {
        match &self.text {
            Text::Plain(text) => out.text_if_any("schema", Some(text)),
            Text::Escaped("") => {}
            Text::Escaped(text) => out.escaped_text("schema", text),
        }
    }

    fn reference_member(&self, out: &mut Object<'_>) {
        out.array_if_any("references", &self.references, |out, reference| {
            write_object(out, |out| {
                out.text_if_any("name", Some(&reference.name));
                out.text_if_any("subject", Some(&reference.subject));
                out.int("version", reference.version.into());
            });
        });
    }

    fn tag_member(&self, out: &mut Object<'_>) {
        out.array_if_any("schemaTags", &self.tags, |out, tagged| {
            write_object(out, |out| {
                out.object("schemaEntity", |out| {
                    out.text("entityPath", &tagged.path);
                    out.text("entityType", entity_type(tagged.kind));
                });
                out.array("tags", &tagged.tags, |out, tag| write_text(out, tag));
            });
        });
    }

    fn record_members(&self, out: &mut Object<'_>) {
        if let Some((Timestamp(ms), deleted)) = self.written {
            out.int("ts", ms);
            out.boolean("deleted", deleted);
        }
    }
}

/// What the level is called: it differs between reading a configuration and writing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigShape {
    /// Config, section 5.12: empty members are left out, and a level that is not set is the server's.
    Read {
        /// The server's level.
        default: Level,
    },
    /// ConfigUpdateRequest, section 5.13: only absent members are left out.
    Written,
}

/// A configuration in either shape.
#[must_use]
pub fn config(config: &Config, shape: ConfigShape) -> String {
    let is_shown = |text: &str| shape == ConfigShape::Written || !text.is_empty();
    let text = |out: &mut Object<'_>, name: &'static str, value: Option<&String>| {
        if let Some(value) = value.filter(|value| is_shown(value)) {
            out.text(name, value);
        }
    };
    json::object(|out| {
        text(out, "alias", config.alias.as_ref());
        text(out, "aliasForDeks", config.alias_for_deks.as_ref());
        out.boolean_if_any("normalize", config.normalize);
        out.boolean_if_any("validateFields", config.validate_fields);
        out.boolean_if_any("validateNewSchemas", config.validate_new_schemas);
        out.boolean_if_any("validateRules", config.validate_rules);
        match shape {
            ConfigShape::Read { default } => {
                out.text(
                    "compatibilityLevel",
                    config.level.unwrap_or(default).as_str(),
                );
            }
            ConfigShape::Written => {
                out.text_if_any("compatibility", config.level.map(Level::as_str))
            }
        }
        out.text_if_any(
            "compatibilityPolicy",
            config.policy.map(|policy| policy.to_string()).as_deref(),
        );
        text(out, "compatibilityGroup", config.group.as_ref());
        metadata_if_any(out, "defaultMetadata", config.default_metadata.as_ref());
        metadata_if_any(out, "overrideMetadata", config.override_metadata.as_ref());
        rule_set_if_any(out, "defaultRuleSet", config.default_rule_set.as_ref());
        rule_set_if_any(out, "overrideRuleSet", config.override_rule_set.as_ref());
    })
}

/// CompatibilityCheckResponse, section 5.14; the messages only where they were asked for.
#[must_use]
pub fn compatibility(is_compatible: bool, messages: Option<&[String]>) -> String {
    json::object(|out| {
        out.boolean("is_compatible", is_compatible);
        if let Some(messages) = messages {
            out.array("messages", messages, |out, message| {
                write_text(out, message)
            });
        }
    })
}

fn metadata_if_any(out: &mut Object<'_>, name: &'static str, metadata: Option<&Metadata>) {
    let Some(metadata) = metadata else { return };
    out.object(name, |out| {
        if !metadata.tags.is_empty() {
            out.object("tags", |out| {
                for (path, tags) in &metadata.tags {
                    out.texts_under(path, tags);
                }
            });
        }
        texts_by_name_if_any(out, "properties", &metadata.properties);
        out.texts_if_any("sensitive", &metadata.sensitive);
    });
}

fn texts_by_name_if_any(
    out: &mut Object<'_>,
    name: &'static str,
    texts: &std::collections::BTreeMap<String, String>,
) {
    if !texts.is_empty() {
        out.object(name, |out| {
            for (key, value) in texts {
                out.text_under(key, value);
            }
        });
    }
}

fn rule_set_if_any(out: &mut Object<'_>, name: &'static str, rule_set: Option<&RuleSet>) {
    let Some(rule_set) = rule_set else { return };
    out.object(name, |out| {
        out.array_if_any("migrationRules", &rule_set.migration_rules, write_rule);
        out.array_if_any("domainRules", &rule_set.domain_rules, write_rule);
        out.array_if_any("encodingRules", &rule_set.encoding_rules, write_rule);
        out.text_if_any(
            "enableAt",
            rule_set.enable_at.map(registry_core::EnableAt::as_str),
        );
    });
}

fn write_rule(out: &mut String, rule: &Rule) {
    write_object(out, |out| {
        out.text_if_any("name", rule.name.as_deref());
        out.text_if_any("doc", rule.doc.as_deref());
        out.text("kind", rule.kind.as_str());
        out.text("mode", rule.mode.as_str());
        out.text_if_any("type", rule.rule_type.as_deref());
        out.texts_if_any("tags", &rule.tags);
        texts_by_name_if_any(out, "params", &rule.params);
        out.text_if_any("expr", rule.expr.as_deref());
        out.text_if_any("onSuccess", rule.on_success.as_deref());
        out.text_if_any("onFailure", rule.on_failure.as_deref());
        out.boolean("disabled", rule.disabled);
    });
}

const fn entity_type(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Record => "sr_record",
        EntityKind::Field => "sr_field",
    }
}
