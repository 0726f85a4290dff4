//! What a rule for encryption need not say, because it follows from the key's id (`dek-registry.md` section 5).

use super::{Rule, RuleSet};

const KEY_ID: &str = "encrypt.kms.key.id";
const KEK_NAME: &str = "encrypt.kek.name";
const KMS_TYPE: &str = "encrypt.kms.type";

impl RuleSet {
    /// The set with the name of the KEK and the type of its service in every domain rule that names a key only. `None`
    /// when nothing is missing.
    #[must_use]
    pub(crate) fn with_key_defaults(&self) -> Option<Self> {
        let mut completed = self.clone();
        for rule in &mut completed.domain_rules {
            complete(rule);
        }
        (completed != *self).then_some(completed)
    }
}

fn complete(rule: &mut Rule) {
    let Some(id) = rule.params.get(KEY_ID).cloned() else {
        return;
    };
    let without_scheme = id.strip_prefix("arn:");
    let name = without_scheme
        .unwrap_or(&id)
        .replace(|c: char| !c.is_alphanumeric() && c != '_' && c != '-', "-");
    rule.params.entry(KEK_NAME.to_owned()).or_insert(name);
    if without_scheme.is_some() {
        rule.params
            .entry(KMS_TYPE.to_owned())
            .or_insert_with(|| "aws-kms".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(params: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        let params = params
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
        let set = RuleSet {
            domain_rules: vec![Rule {
                params,
                ..Rule::default()
            }],
            ..RuleSet::default()
        };
        set.with_key_defaults()
            .map(|set| set.domain_rules[0].params.clone().into_iter().collect())
    }

    fn pairs(params: &[(&str, &str)]) -> Vec<(String, String)> {
        params
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_name_and_the_type_follow_from_the_id_of_an_amazon_key() {
        let arn = "arn:aws:kms:eu-1:12:key/a_b";
        assert_eq!(
            completed(&[(KEY_ID, arn)]),
            Some(pairs(&[
                (KEK_NAME, "aws-kms-eu-1-12-key-a_b"),
                (KEY_ID, arn),
                (KMS_TYPE, "aws-kms"),
            ]))
        );
    }

    #[test]
    fn of_another_key_only_the_name_follows() {
        assert_eq!(
            completed(&[(KEY_ID, "https://v.net/keys/k")]),
            Some(pairs(&[
                (KEK_NAME, "https---v-net-keys-k"),
                (KEY_ID, "https://v.net/keys/k"),
            ]))
        );
    }

    #[test]
    fn what_a_rule_says_stays_as_it_is() {
        let said = [(KEK_NAME, "mine"), (KEY_ID, "arn:x"), (KMS_TYPE, "own")];
        assert_eq!(completed(&said), None);
        assert_eq!(completed(&[(KEK_NAME, "mine")]), None);
        assert_eq!(completed(&[]), None);
    }
}
