//! Logical types: decimals that say how large they are, and types that have an effect.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;

use super::report;

pub(super) const TYP008: PolicyRule = PolicyRule {
    code: "TYP008",
    slug: "decimal-bounds",
    title: "A decimal declares precision and scale within the limits.",
    formats: ALL_FORMATS,
    hint: "declare precision and scale, as 18 and 2",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Bounds>,
    prepare: |parameters| look::with::<Bounds>(parameters, bounded),
};

pub(super) const TYP016: PolicyRule = PolicyRule {
    code: "TYP016",
    slug: "logical-type-effective",
    title: "A logical type stands on a type that supports it.",
    formats: &[Format::Avro],
    hint: "put it on the type of the specification",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, effective),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Bounds {
    /// The most digits.
    max_precision: i64,
    /// The most digits behind the point.
    max_scale: i64,
    /// A scale that is left out in Avro is 0, and good enough.
    implied_scale: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_precision: 38,
            max_scale: 18,
            implied_scale: false,
        }
    }
}

/// The decimal of Protobuf that can say how large it is.
const CONFLUENT_DECIMAL: &str = "confluent.type.Decimal";

fn bounded(bounds: &Bounds, candidate: &Candidate<'_>, found: &mut Found) {
    for (field, element, held) in candidate.schema.values() {
        let is_decimal = match candidate.schema.format {
            // Whether it has an effect or not: without a precision it has none.
            Format::Avro | Format::Json => held.logical.as_deref() == Some("decimal"),
            Format::Protobuf => held.type_name == CONFLUENT_DECIMAL,
        };
        if !is_decimal || held.is_outer {
            continue;
        }
        let Bounds {
            max_precision,
            max_scale,
            implied_scale,
        } = bounds;
        let implied = (*implied_scale && candidate.schema.format == Format::Avro).then_some(0);
        let what = match (held.precision, held.scale.or(implied)) {
            (None, _) => "the decimal declares no precision".to_owned(),
            (_, None) => "the decimal declares no scale".to_owned(),
            (Some(precision), _) if precision > *max_precision => {
                format!("precision {precision} is above {max_precision}")
            }
            (_, Some(scale)) if scale > *max_scale => format!("scale {scale} is above {max_scale}"),
            _ => continue,
        };
        report(found, field, element, &what, TYP008.hint);
    }
}

/// The logical types of the specification; another one may mean something to those who invented it.
const KNOWN: [&str; 12] = [
    "decimal",
    "uuid",
    "date",
    "time-millis",
    "time-micros",
    "timestamp-millis",
    "timestamp-micros",
    "timestamp-nanos",
    "local-timestamp-millis",
    "local-timestamp-micros",
    "local-timestamp-nanos",
    "duration",
];

const fn base(logical: &str) -> &'static str {
    match logical.as_bytes() {
        b"decimal" => "bytes with a precision",
        b"uuid" => "string",
        b"date" | b"time-millis" => "int",
        b"duration" => "a fixed type of 12 bytes",
        _ => "long",
    }
}

fn effective(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (field, element, held) in candidate.schema.values() {
        let known = held.logical.as_deref();
        let known = known.filter(|logical| KNOWN.contains(logical));
        if let Some(logical) = known.filter(|_| !held.logical_is_effective) {
            let what = format!("{logical} on {} is ignored by readers", held.type_name);
            let hint = format!("put {logical} on {}", base(logical));
            report(found, field, element, &what, &hint);
        }
    }
}
