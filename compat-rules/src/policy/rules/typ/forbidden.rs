//! TYP013: types that a registry does not want.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::model::{FieldType, Held};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;

use super::report;

pub(super) const TYP013: PolicyRule = PolicyRule {
    code: "TYP013",
    slug: "forbidden-type",
    title: "No field has a type that is not to be used.",
    formats: ALL_FORMATS,
    hint: "use another type, as the registry demands",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Types>,
    prepare: |parameters| look::with_made::<Types, _>(parameters, Forbidden::of, allowed),
};

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Types {
    /// Types that are not used: words such as `fixed` or `float32`, what the formats call theirs, such as `time-millis`,
    /// or full names with a dot.
    types: Vec<String>,
    /// Any other names that are not used: of types without a namespace, logical types and formats of one's own.
    names: Vec<String>,
}

/// What Avro, JSON Schema and Protobuf call their own, besides the words that are the same for all.
const NATIVE: &str = "int long float double \
    big-decimal time-millis time-micros timestamp-millis timestamp-micros timestamp-nanos \
    local-timestamp-millis local-timestamp-micros local-timestamp-nanos \
    integer number object any date-time local-date-time email idn-email hostname idn-hostname ipv4 ipv6 uri \
    uri-reference iri iri-reference uri-template json-pointer relative-json-pointer regex \
    bool sint32 sint64 fixed32 fixed64 sfixed32 sfixed64";

struct Forbidden {
    kinds: Vec<FieldType>,
    names: Vec<String>,
}

impl Forbidden {
    /// A word that nobody knows forbids nothing, and whoever wrote it would not be told.
    fn of(types: Types) -> Result<Self, BadParameters> {
        let mut forbidden = Self {
            kinds: Vec::new(),
            names: types.names,
        };
        for word in types.types {
            let kind = FieldType::deserialize(serde_json::Value::from(word.as_str())).ok();
            let is_known = kind.is_some()
                || word.contains(['.', '/'])
                || NATIVE.split_ascii_whitespace().any(|native| native == word);
            if !is_known {
                return Err(BadParameters(format!(
                    "types: {word:?} is no type that is known; a name of your own goes under `names`"
                )));
            }
            forbidden.kinds.extend(kind);
            forbidden.names.push(word);
        }
        Ok(forbidden)
    }
}

fn allowed(forbidden: &Forbidden, candidate: &Candidate<'_>, found: &mut Found) {
    let is_protobuf = candidate.schema.format == Format::Protobuf;
    let is_named = |held: &Held| {
        let mut names = held.logical.iter().chain([&held.type_name]);
        // The name of many values is that of each, which is looked at by itself.
        !(is_protobuf && held.is_outer) && names.any(|name| forbidden.names.contains(name))
    };
    for (field, element, held) in candidate.schema.values() {
        if forbidden.kinds.contains(&held.r#type) || is_named(held) {
            let name = held.logical.as_ref().unwrap_or(&held.type_name);
            let what = format!("{name} is not to be used");
            report(found, field, element, &what, TYP013.hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Forbidden, Types};

    #[test]
    fn a_word_that_nobody_knows_is_refused_and_a_name_of_ones_own_has_its_place() {
        let types = |types: &[&str], names: &[&str]| {
            let owned = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
            Forbidden::of(Types {
                types: owned(types),
                names: owned(names),
            })
        };
        let known = [
            "float32",
            "float",
            "time-millis",
            "sint32",
            "date-time",
            "acme.Old",
        ];
        assert!(types(&known, &["money-cents"]).is_ok());
        for word in ["flaot", "Float32", "money-cents", ""] {
            let told = types(&[word], &[]).err().map(|error| error.to_string());
            assert!(
                told.is_some_and(|told| told.contains(&format!("{word:?}"))),
                "{word}"
            );
        }
    }
}
