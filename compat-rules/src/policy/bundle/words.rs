//! The vocabulary: what the documents of that kind allow, together.

use super::Findings;
use crate::policy::document::{Content, Document, VocabularySpec};

impl VocabularySpec {
    /// How confidential a classification is: 0 is the most open one. `None` for one that is not listed.
    #[must_use]
    pub fn confidentiality(&self, classification: &str) -> Option<usize> {
        let mut known = self.classifications.iter();
        known.position(|known| known == classification)
    }

    /// How confidential a field with that tag is at least; `None` where nothing is said about it.
    #[must_use]
    pub fn confidentiality_of_tag(&self, tag: &str) -> Option<usize> {
        self.confidentiality(self.tag_classifications.get(tag)?)
    }
}

/// One vocabulary out of all. Where a kind of word is not listed at all, there is nothing to hold a schema to.
pub(super) fn compile(documents: &[Document], findings: &mut Findings) -> VocabularySpec {
    let mut all = VocabularySpec::default();
    let mut classified_by: Option<&str> = None;
    for document in documents {
        let Content::Vocabulary(envelope) = &document.content else {
            continue;
        };
        let spec = &envelope.spec;
        all.tags.extend(spec.tags.iter().cloned());
        all.domains.extend(spec.domains.iter().cloned());
        for (key, values) in &spec.properties {
            let known = all.properties.entry(key.clone()).or_default();
            known.extend(values.iter().cloned());
        }
        if !spec.classifications.is_empty() {
            if let Some(other) = classified_by {
                findings.faults.push(document.fault(
                    "spec.classifications",
                    format!("Vocabulary {other} gives classifications, too: their order would be unknown"),
                ));
            }
            classified_by = Some(document.name());
            all.classifications.clone_from(&spec.classifications);
        }
        for (tag, classification) in &spec.tag_classifications {
            all.tags.push(tag.clone());
            all.tag_classifications
                .insert(tag.clone(), classification.clone());
        }
    }
    for document in documents {
        let Content::Vocabulary(envelope) = &document.content else {
            continue;
        };
        for (tag, classification) in &envelope.spec.tag_classifications {
            if all.confidentiality(classification).is_none() {
                findings.faults.push(document.fault(
                    format!("spec.tagClassifications.{tag}"),
                    format!("{classification:?} is not among the classifications"),
                ));
            }
        }
    }
    for words in [&mut all.tags, &mut all.domains] {
        in_order(words);
    }
    all.properties.values_mut().for_each(in_order);
    all
}

fn in_order(words: &mut Vec<String>) {
    words.sort();
    words.dedup();
}
