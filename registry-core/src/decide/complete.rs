//! Completes what was sent with what the configuration and the version before give (`semantics.md` section 6).

use crate::rule_set::RuleSet;
use crate::schema::{Metadata, Schema};
use crate::settings::Config;

use super::candidate::Content;

impl Content {
    /// The content with the configured defaults under it and the configured overrides over it; where the request
    /// gives nothing, the version before does.
    pub(crate) fn completed(mut self, config: &Config, previous: Option<&Schema>) -> Self {
        let metadata = self.metadata.or_else(|| previous?.metadata.clone());
        let rule_set = self.rule_set.or_else(|| previous?.rule_set.clone());
        self.metadata = overlay(
            overlay(
                config.default_metadata.clone(),
                metadata,
                Metadata::overlaid,
            ),
            config.override_metadata.clone(),
            Metadata::overlaid,
        );
        self.rule_set = overlay(
            overlay(config.default_rule_set.clone(), rule_set, RuleSet::overlaid),
            config.override_rule_set.clone(),
            RuleSet::overlaid,
        );
        self
    }
}

fn overlay<T>(under: Option<T>, over: Option<T>, merge: impl FnOnce(T, &T) -> T) -> Option<T> {
    match (under, over) {
        (Some(under), Some(over)) => Some(merge(under, &over)),
        (under, over) => over.or(under),
    }
}
