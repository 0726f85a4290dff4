//! Reads changes of configuration and mode, where absent, `null` and a value are three things
//! (`protocol.md` sections 5.13, 5.14).

use registry_core::{ConfigUpdate, Metadata, RuleSet, Update};

use super::{BadBody, FromBody, Reader};

/// A change of configuration as it was sent: the level and the policy are still texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SentConfig {
    /// Everything else.
    pub update: ConfigUpdate,
    /// `compatibility`.
    pub level: Update<String>,
    /// `compatibilityPolicy`.
    pub policy: Update<String>,
}

/// A change of mode as it was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct SentMode {
    /// `mode`.
    pub mode: Update<String>,
}

impl FromBody for SentConfig {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut sent = Self::default();
        let is_there = reader.object(|reader, name| {
            let update = &mut sent.update;
            match name {
                "alias" => update.alias = change(reader.text()?),
                "aliasForDeks" => update.alias_for_deks = change(reader.text()?),
                "normalize" => update.normalize = change(reader.boolean()?),
                "validateFields" => update.validate_fields = change(reader.boolean()?),
                "validateNewSchemas" => update.validate_new_schemas = change(reader.boolean()?),
                "validateRules" => update.validate_rules = change(reader.boolean()?),
                "compatibility" => sent.level = change(reader.text()?),
                "compatibilityPolicy" => sent.policy = change(reader.text()?),
                "compatibilityGroup" => update.group = change(reader.text()?),
                "defaultMetadata" => update.default_metadata = change(Metadata::read(reader)?),
                "overrideMetadata" => update.override_metadata = change(Metadata::read(reader)?),
                "defaultRuleSet" => update.default_rule_set = change(RuleSet::read(reader)?),
                "overrideRuleSet" => update.override_rule_set = change(RuleSet::read(reader)?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(sent))
    }
}

impl FromBody for SentMode {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut sent = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "mode" => sent.mode = change(reader.text()?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(sent))
    }
}

/// What a member that is there asks for.
fn change<T>(value: Option<T>) -> Update<T> {
    value.map_or(Update::Clear, Update::Set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::body::required;

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        let sent: SentConfig = required(
            br#"{"alias":5,"normalize":null,"compatibility":"full","unknown":{}}"#,
            "x",
        )
        .expect("readable");
        assert_eq!(sent.update.alias, Update::Set("5".to_owned()));
        assert_eq!(sent.update.normalize, Update::Clear);
        assert_eq!(sent.update.group, Update::Keep);
        assert_eq!(sent.level, Update::Set("full".to_owned()));
        assert_eq!(sent.policy, Update::Keep);
        assert_eq!(
            required(br#"{"mode":null}"#, "x"),
            Ok(SentMode {
                mode: Update::Clear
            })
        );
        assert_eq!(required(b"{}", "x"), Ok(SentMode { mode: Update::Keep }));
    }
}
