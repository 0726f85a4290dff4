//! Reads what is registered, looked up or checked (`protocol.md` sections 5.1 to 5.5, 5.11).

use compat_rules::{EntityKind, TaggedEntity};
use registry_core::{
    EnableAt, Metadata, Rule, RuleKind, RuleMode, RuleSet, SchemaId, Submission,
    SubmittedReference, TagChange, WantedVersion,
};

use super::{BadBody, FromBody, Reader};

const KINDS: [(&str, RuleKind); 2] = [
    ("TRANSFORM", RuleKind::Transform),
    ("CONDITION", RuleKind::Condition),
];

const MODES: [(&str, RuleMode); 6] = [
    ("WRITEREAD", RuleMode::WriteRead),
    ("UPGRADE", RuleMode::Upgrade),
    ("DOWNGRADE", RuleMode::Downgrade),
    ("UPDOWN", RuleMode::UpDown),
    ("WRITE", RuleMode::Write),
    ("READ", RuleMode::Read),
];

const PLACES: [(&str, EnableAt); 5] = [
    ("ALL", EnableAt::All),
    ("CLIENT", EnableAt::Client),
    ("GATEWAY", EnableAt::Gateway),
    ("SERVER", EnableAt::Server),
    ("NONE", EnableAt::None),
];

const ENTITIES: [(&str, EntityKind); 2] = [
    ("sr_record", EntityKind::Record),
    ("sr_field", EntityKind::Field),
];

impl FromBody for Submission {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "schema" => read.text = reader.text()?,
                "schemaType" => read.schema_type = reader.text()?,
                "references" => {
                    read.references = reader.list(SubmittedReference::read)?.unwrap_or_default()
                }
                "metadata" => read.metadata = Metadata::read(reader)?,
                "ruleSet" => read.rule_set = RuleSet::read(reader)?,
                "version" => read.version = WantedVersion::of(reader.int()?.unwrap_or(0)),
                "id" => read.id = reader.int()?.and_then(|id| SchemaId::new(id.into())),
                "schemaTagsToAdd" => {
                    read.tags.add = reader.list(TaggedEntity::read)?.unwrap_or_default()
                }
                "schemaTagsToRemove" => {
                    read.tags.remove = reader.list(TaggedEntity::read)?.unwrap_or_default()
                }
                "propagateSchemaTags" => read.propagate_tags = reader.boolean()?.unwrap_or(false),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for TagChange {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "newVersion" => read.new_version = WantedVersion::of(reader.int()?.unwrap_or(0)),
                "tagsToAdd" => read.tags.add = reader.list(TaggedEntity::read)?.unwrap_or_default(),
                "tagsToRemove" => {
                    read.tags.remove = reader.list(TaggedEntity::read)?.unwrap_or_default()
                }
                "metadata" => read.metadata = Metadata::read(reader)?,
                "ruleSet" => read.rule_set = RuleSet::read(reader)?,
                "rulesToMerge" => read.rules_to_merge = RuleSet::read(reader)?,
                "rulesToRemove" => {
                    read.rules_to_remove = reader.list(Reader::text)?.unwrap_or_default()
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for SubmittedReference {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "name" => read.name = reader.text()?,
                "subject" => read.subject = reader.text()?,
                "version" => read.version = reader.int()?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for Metadata {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "tags" => read.tags = reader.map(Reader::text_set)?.unwrap_or_default(),
                "properties" => read.properties = reader.map(Reader::text)?.unwrap_or_default(),
                "sensitive" => read.sensitive = reader.text_set()?.unwrap_or_default(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for RuleSet {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "migrationRules" => {
                    read.migration_rules = reader.list(Rule::read)?.unwrap_or_default()
                }
                "domainRules" => read.domain_rules = reader.list(Rule::read)?.unwrap_or_default(),
                "encodingRules" => {
                    read.encoding_rules = reader.list(Rule::read)?.unwrap_or_default()
                }
                "enableAt" => read.enable_at = reader.choice(&PLACES)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for Rule {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "name" => read.name = reader.text()?,
                "doc" => read.doc = reader.text()?,
                "kind" => read.kind = reader.choice(&KINDS)?.unwrap_or_default(),
                "mode" => read.mode = reader.choice(&MODES)?.unwrap_or_default(),
                "type" => read.rule_type = reader.text()?,
                "tags" => read.tags = reader.text_set()?.unwrap_or_default(),
                "params" => read.params = reader.map(Reader::text)?.unwrap_or_default(),
                "expr" => read.expr = reader.text()?,
                "onSuccess" => read.on_success = reader.text()?,
                "onFailure" => read.on_failure = reader.text()?,
                "disabled" => read.disabled = reader.boolean()?.unwrap_or(false),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for TaggedEntity {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let place = reader.place();
        let mut entity = None;
        let mut tags = Vec::new();
        let is_there = reader.object(|reader, name| {
            match name {
                "schemaEntity" => entity = read_entity(reader)?,
                "tags" => tags = reader.list(Reader::text)?.unwrap_or_default(),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if !is_there {
            return Ok(None);
        }
        let (path, kind) =
            entity.ok_or_else(|| reader.bad_at(place, "schemaEntity is incomplete"))?;
        Ok(Some(Self { path, kind, tags }))
    }
}

/// Path and kind, if both are there.
fn read_entity(reader: &mut Reader<'_>) -> Result<Option<(String, EntityKind)>, BadBody> {
    let (mut path, mut kind) = (None, None);
    reader.object(|reader, name| {
        match name {
            "entityPath" => path = reader.text()?,
            "entityType" => kind = reader.choice(&ENTITIES)?,
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    Ok(path.zip(kind))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::api::body;

    fn read(json: &str) -> Submission {
        body::required(json.as_bytes(), "register.request")
            .unwrap_or_else(|refusal| panic!("{json}: {refusal:?}"))
    }

    fn refused(json: &str) -> u32 {
        body::required::<Submission>(json.as_bytes(), "register.request")
            .expect_err(json)
            .code()
    }

    #[test]
    fn every_member_of_a_registration_is_read() {
        let submission = read(
            r#"{"schema":"\"string\"","schemaType":"AVRO","version":2,"id":7,"propagateSchemaTags":"true",
                "references":[{"name":"n","subject":"s","version":"1","extra":1}],
                "metadata":{"tags":{"p":["b","a"]},"properties":{"k":1},"sensitive":["k"]},
                "ruleSet":{"migrationRules":[{"name":"r","mode":"UPGRADE","type":"T","params":{"x":"y"}}],"enableAt":"CLIENT"},
                "schemaTagsToAdd":[{"schemaEntity":{"entityPath":"R.f","entityType":"sr_field"},"tags":["PII"]}]}"#,
        );
        assert_eq!(submission.text.as_deref(), Some("\"string\""));
        assert_eq!(submission.version, WantedVersion::Exactly(2));
        assert_eq!(submission.id, SchemaId::new(7));
        assert!(submission.propagate_tags);
        assert_eq!(submission.references[0].version, Some(1));
        let metadata = submission.metadata.expect("metadata");
        assert_eq!(
            metadata.tags,
            BTreeMap::from([("p".into(), BTreeSet::from(["a".into(), "b".into()]))])
        );
        assert_eq!(metadata.properties["k"], "1");
        let rules = submission.rule_set.expect("rules");
        assert_eq!(rules.enable_at, Some(EnableAt::Client));
        assert_eq!(rules.migration_rules[0].mode, RuleMode::Upgrade);
        assert_eq!(rules.migration_rules[0].kind, RuleKind::Transform);
        let tagged = &submission.tags.add[0];
        assert_eq!(
            (tagged.path.as_str(), tagged.kind, tagged.tags.len()),
            ("R.f", EntityKind::Field, 1)
        );
    }

    #[test]
    fn absent_null_and_negative_mean_the_defaults() {
        for json in [
            "{}",
            r#"{"schema":null,"references":null,"metadata":null,"version":null,"id":null}"#,
            r#"{"id":-7}"#,
        ] {
            assert_eq!(read(json), Submission::default(), "{json}");
        }
        assert_eq!(read(r#"{"version":-2}"#).version, WantedVersion::Latest);
        assert_eq!(
            read(r#"{"metadata":{}}"#).metadata,
            Some(Metadata::default())
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_a_bad_request_and_no_body_is_unprocessable() {
        for json in [
            r#"{"metadata":"x"}"#,
            r#"{"metadata":{"tags":{"a":"b"}}}"#,
            r#"{"metadata":{"properties":{"a":null}}}"#,
            r#"{"references":"b"}"#,
            r#"{"references":[1]}"#,
            r#"{"references":[null]}"#,
            r#"{"ruleSet":{"domainRules":[{"kind":"condition"}]}}"#,
            r#"{"schemaTagsToAdd":[{"tags":[]}]}"#,
            r#"{"version":99999999999}"#,
            "[]",
            "\"x\"",
            "1",
        ] {
            assert_eq!(refused(json), 400, "{json}");
        }
        for json in ["", " ", "null"] {
            assert_eq!(refused(json), 422, "{json:?}");
        }
    }
}
