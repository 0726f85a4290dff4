//! Schemas that were parsed already, up to a bound.
//!
//! The key is everything that went into the parsing, compared in full: an entry can never be stale, and no two
//! texts are ever taken for one another.

use std::hash::Hash;
use std::sync::Arc;

use compat_rules::{Format, InvalidSchema, ParsedSchema, References, Strictness, parse};
use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};

use crate::figures::Figures;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Question {
    format: Format,
    strictness: Strictness,
    text: Arc<str>,
    references: References,
}

#[derive(Debug, Clone)]
struct ByText;

impl Weighter<Question, Arc<ParsedSchema>> for ByText {
    /// A parsed schema takes several times the room of its text.
    fn weight(&self, question: &Question, _: &Arc<ParsedSchema>) -> u64 {
        const PARSED_BYTES_PER_TEXT_BYTE: usize = 8;
        const ENTRY_BYTES: usize = 512;
        let imported: usize = question
            .references
            .iter()
            .map(|import| import.text.len())
            .sum();
        let bytes = (question.text.len() + imported) * PARSED_BYTES_PER_TEXT_BYTE + ENTRY_BYTES;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

/// The cache of parsed schemas.
pub(crate) struct Library {
    parsed: Cache<Question, Arc<ParsedSchema>, ByText>,
    figures: Arc<Figures>,
}

impl Library {
    /// A library that keeps about so many bytes of parsed schemas.
    pub(crate) fn new(bytes_max: u64, figures: Arc<Figures>) -> Self {
        const ITEMS_ESTIMATED: usize = 4096;
        const SHARDS: usize = 4;
        let options = OptionsBuilder::new()
            .estimated_items_capacity(ITEMS_ESTIMATED)
            .weight_capacity(bytes_max)
            .shards(SHARDS)
            .build()
            .expect("all required options are given");
        let parsed = Cache::with_options(options, ByText, Default::default(), Default::default());
        Self { parsed, figures }
    }

    /// The schema of a text without references, if it was parsed earlier.
    pub(crate) fn known(
        &self,
        format: Format,
        text: &Arc<str>,
        strictness: Strictness,
    ) -> Option<Arc<ParsedSchema>> {
        self.parsed.get(&Question {
            format,
            strictness,
            text: Arc::clone(text),
            references: References::none(),
        })
    }

    /// The schema of a text, parsed now or earlier.
    ///
    /// # Errors
    /// [`InvalidSchema`] when it does not parse; refusals are not kept.
    pub(crate) fn parsed(
        &self,
        format: Format,
        text: &Arc<str>,
        references: References,
        strictness: Strictness,
    ) -> Result<Arc<ParsedSchema>, InvalidSchema> {
        let question = Question {
            format,
            strictness,
            text: Arc::clone(text),
            references,
        };
        if let Some(parsed) = self.parsed.get(&question) {
            return Ok(parsed);
        }
        let span = tracing::debug_span!("parse", format = format.as_str());
        let parsed = self
            .figures
            .parses(format)
            .time(|| span.in_scope(|| parse(format, text, &question.references, strictness)))?;
        let parsed = Arc::new(parsed);
        self.parsed.insert(question, Arc::clone(&parsed));
        Ok(parsed)
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Library")
            .field("schemas", &self.parsed.len())
            .finish()
    }
}
