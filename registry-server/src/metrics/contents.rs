//! How much is registered, by context and format.
//!
//! The registry keeps these figures (`registry_core::Counts`); only labels are bounded here.

use compat_rules::Format;
use registry_core::{Context, Counts, Fault, Registry};

use super::text::{Kind, Page};

/// Stands for every context beyond the bound. No context is called so: their names begin with a dot.
const OTHER: &str = "other";

/// What the registry holds, for the first contexts by name; all others are one.
pub(super) struct Contents(Vec<(String, Counts)>);

impl Contents {
    pub(super) fn of(registry: &Registry, contexts_max: usize) -> Result<Self, Fault> {
        let counts = registry.view().counts()?;
        Ok(Self(bounded(counts, contexts_max)))
    }

    /// Everything together.
    pub(super) fn total(&self) -> Counts {
        let mut total = Counts::default();
        for (_, counts) in &self.0 {
            total += *counts;
        }
        total
    }

    pub(super) fn write(&self, page: &mut Page) {
        let name = "concord_subjects";
        let help = "Subjects with a version that is not deleted.";
        page.family(name, help, Kind::Gauge);
        for (context, counts) in &self.0 {
            page.figure(name, &[("context", context)], counts.subjects);
        }
        let name = "concord_versions";
        let help = "Versions, active and softly deleted ones.";
        page.family(name, help, Kind::Gauge);
        for (context, counts) in &self.0 {
            let states = [
                ("active", counts.versions),
                ("deleted", counts.deleted_versions),
            ];
            for (state, numbers) in states {
                for format in Format::ALL {
                    let labels = [
                        ("context", context.as_str()),
                        ("format", format.as_str()),
                        ("state", state),
                    ];
                    page.figure(name, &labels, numbers.of(format));
                }
            }
        }
        let name = "concord_schemas";
        page.family(name, "Contents: what has an id of its own.", Kind::Gauge);
        for (context, counts) in &self.0 {
            for format in Format::ALL {
                let labels = [("context", context.as_str()), ("format", format.as_str())];
                page.figure(name, &labels, counts.schemas.of(format));
            }
        }
    }
}

fn bounded(counts: Vec<(Context, Counts)>, contexts_max: usize) -> Vec<(String, Counts)> {
    let mut shown: Vec<(String, Counts)> = Vec::new();
    // The default context has figures even when it holds nothing.
    let default = Context::default_context();
    if counts.iter().all(|(context, _)| *context != default) {
        shown.push((default.as_str().to_owned(), Counts::default()));
    }
    let mut others: Option<Counts> = None;
    for (context, counts) in counts {
        if shown.len() < contexts_max.max(1) {
            shown.push((context.as_str().to_owned(), counts));
        } else {
            *others.get_or_insert_default() += counts;
        }
    }
    shown.extend(others.map(|counts| (OTHER.to_owned(), counts)));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry_core::Subject;

    #[test]
    fn contexts_beyond_the_bound_are_one() {
        let context = |name: &str| Subject::parse(&format!(":{name}:s")).context;
        let subjects = |subjects| Counts {
            subjects,
            ..Counts::default()
        };
        let counts = vec![
            (context(".a"), subjects(1)),
            (context(".b"), subjects(2)),
            (context(".c"), subjects(4)),
        ];
        let shown = bounded(counts, 2);
        let shown: Vec<_> = shown
            .iter()
            .map(|(name, counts)| (name.as_str(), counts.subjects))
            .collect();
        assert_eq!(shown, [(".", 0), (".a", 1), ("other", 6)]);
    }
}
