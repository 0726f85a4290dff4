//! Whether one schema accepts everything that another one allows (`json-schema.md` section 6).
//!
//! The walk compares pairs of nodes. Each pair is judged once and its findings are kept relative to the pair, so a
//! pair that is met again costs a look-up. A pair that is met while it is being judged is taken for compatible. Where
//! that was assumed and turned out to be wrong, the whole walk is repeated with what is known by then, until no
//! assumption fails any more.
//!
//! Nothing here calls itself: pairs that have to be settled first wait on a list ([`Walk::settle`]). Only what is
//! *incompatible* is written down, since nobody ever sees the rest. Each construct has its file.

mod array;
mod combined;
mod content;
mod dependencies;
mod difference;
mod enumeration;
mod findings;
mod forest;
mod judge;
mod limit;
mod matching;
mod multiple;
mod node;
mod number;
mod object;
mod string;
mod unevaluated;
mod unloaded;

use std::collections::{BTreeMap, BTreeSet};

use super::tree::Tree;
use crate::{Budget, CompatibilityPolicy, Exhausted, Rule, Violation};
use findings::{Findings, FindingsId};
use forest::{Forest, Pair};
use judge::{Judge, Patterns};

pub(super) use unloaded::unloaded;

/// Every rule of the comparison, construct by construct.
pub(super) const RULES: &[&Rule] = &[
    &array::ITEM_ADDED_TO_OPEN_CONTENT_MODEL.rule,
    &array::ITEM_ADDED_NOT_COVERED.rule,
    &array::ITEM_REMOVED_NOT_COVERED.rule,
    &array::ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL.rule,
    &array::UNIQUE_ITEMS_ADDED.rule,
    &combined::COMBINED_TYPE_CHANGED.rule,
    &combined::PRODUCT_TYPE_EXTENDED.rule,
    &combined::SUM_TYPE_NARROWED.rule,
    &combined::COMBINED_TYPE_SUBSCHEMAS_CHANGED.rule,
    &dependencies::DEPENDENCY_ARRAY_ADDED.rule,
    &dependencies::DEPENDENCY_ARRAY_EXTENDED.rule,
    &dependencies::DEPENDENCY_ARRAY_CHANGED.rule,
    &dependencies::DEPENDENCY_SCHEMA_ADDED.rule,
    &enumeration::ENUM_ARRAY_NARROWED.rule,
    &enumeration::ENUM_ARRAY_CHANGED.rule,
    &enumeration::NOT_TYPE_EXTENDED.rule,
    &limit::MIN_LENGTH.added.rule,
    &limit::MIN_LENGTH.tightened.rule,
    &limit::MAX_LENGTH.added.rule,
    &limit::MAX_LENGTH.tightened.rule,
    &limit::MINIMUM.added.rule,
    &limit::MINIMUM.tightened.rule,
    &limit::MAXIMUM.added.rule,
    &limit::MAXIMUM.tightened.rule,
    &limit::EXCLUSIVE_MINIMUM.added.rule,
    &limit::EXCLUSIVE_MINIMUM.tightened.rule,
    &limit::EXCLUSIVE_MAXIMUM.added.rule,
    &limit::EXCLUSIVE_MAXIMUM.tightened.rule,
    &limit::MIN_ITEMS.added.rule,
    &limit::MIN_ITEMS.tightened.rule,
    &limit::MAX_ITEMS.added.rule,
    &limit::MAX_ITEMS.tightened.rule,
    &limit::MIN_CONTAINS.added.rule,
    &limit::MIN_CONTAINS.tightened.rule,
    &limit::MAX_CONTAINS.added.rule,
    &limit::MAX_CONTAINS.tightened.rule,
    &limit::MIN_PROPERTIES.added.rule,
    &limit::MIN_PROPERTIES.tightened.rule,
    &limit::MAX_PROPERTIES.added.rule,
    &limit::MAX_PROPERTIES.tightened.rule,
    &node::SCHEMA_ADDED.rule,
    &node::TYPE_CHANGED.rule,
    &number::TYPE_NARROWED.rule,
    &number::MULTIPLE_OF_ADDED.rule,
    &number::MULTIPLE_OF_EXPANDED.rule,
    &number::MULTIPLE_OF_CHANGED.rule,
    &object::REQUIRED_ATTRIBUTE_ADDED.rule,
    &object::OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL.rule,
    &object::REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL.rule,
    &object::REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL.rule,
    &object::REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL.rule,
    &object::PROPERTY_ADDED_NOT_COVERED.rule,
    &object::PROPERTY_REMOVED_NOT_COVERED.rule,
    &object::PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL.rule,
    &string::PATTERN_ADDED.rule,
    &string::PATTERN_CHANGED.rule,
    &unevaluated::ADDITIONAL_PROPERTIES.removed.rule,
    &unevaluated::ADDITIONAL_PROPERTIES.narrowed.rule,
    &unevaluated::UNEVALUATED_PROPERTIES.removed.rule,
    &unevaluated::UNEVALUATED_PROPERTIES.narrowed.rule,
    &unevaluated::ADDITIONAL_ITEMS.removed.rule,
    &unevaluated::ADDITIONAL_ITEMS.narrowed.rule,
    &unevaluated::UNEVALUATED_ITEMS.removed.rule,
    &unevaluated::UNEVALUATED_ITEMS.narrowed.rule,
    &unloaded::SCHEMA_NOT_LOADED,
];

/// What the reader's schema refuses of what the writer's schema allows.
pub(super) fn violations(
    reader: &Tree,
    writer: &Tree,
    policy: CompatibilityPolicy,
    budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    let forest = Forest { reader, writer };
    let mut walk = Walk {
        forest,
        lenient: policy == CompatibilityPolicy::Lenient,
        budget,
        patterns: Patterns::default(),
        findings: Findings::default(),
        settled: BTreeMap::new(),
        known: BTreeMap::new(),
        open: BTreeSet::new(),
        assumed: BTreeSet::new(),
    };
    let root = walk.run()?;
    Ok(walk.findings.violations(root, forest))
}

/// The state of one comparison.
pub(super) struct Walk<'t, 'b> {
    forest: Forest<'t>,
    lenient: bool,
    budget: &'b mut Budget,
    patterns: Patterns,
    findings: Findings<'t>,
    /// What was found out in this round.
    settled: BTreeMap<Pair, FindingsId>,
    /// What was found about pairs that were taken for compatible in a round before, and are not.
    known: BTreeMap<Pair, FindingsId>,
    /// The pairs that are being judged.
    open: BTreeSet<Pair>,
    /// The pairs that were met while they were being judged.
    assumed: BTreeSet<Pair>,
}

/// A pair that is being judged, and those that it waits for.
struct Waiting {
    pair: Pair,
    pending: Vec<Pair>,
}

impl<'t> Walk<'t, '_> {
    fn run(&mut self) -> Result<FindingsId, Exhausted> {
        loop {
            let root = self.settle(self.forest.roots())?;
            let before = self.known.len();
            let round = std::mem::take(&mut self.settled);
            for pair in std::mem::take(&mut self.assumed) {
                let found = round.get(&pair).copied().unwrap_or(Findings::NONE);
                if found != Findings::NONE {
                    self.known.entry(pair).or_insert(found);
                }
            }
            if self.known.len() == before {
                return Ok(root);
            }
        }
    }

    /// Judges a pair, after those that it depends on.
    fn settle(&mut self, root: Pair) -> Result<FindingsId, Exhausted> {
        let mut stack = vec![Waiting::new(root)];
        self.open.insert(root);
        while let Some(waiting) = stack.last_mut() {
            if let Some(next) = waiting.pending.pop() {
                if !self.settled.contains_key(&next) && self.open.insert(next) {
                    stack.push(Waiting::new(next));
                }
                continue;
            }
            let pair = waiting.pair;
            let judged = Judge::of(self, pair).judge()?;
            if judged.missing.is_empty() {
                let found = self.findings.keep(judged.found);
                self.settled.insert(pair, found);
                self.open.remove(&pair);
                stack.pop();
            } else {
                waiting.pending = judged.missing;
                waiting.pending.reverse();
            }
        }
        Ok(self.settled[&root])
    }

    /// What is known about a pair; nothing if it has to be judged first.
    fn look_up(&mut self, pair: Pair) -> Option<FindingsId> {
        if let Some(found) = self.settled.get(&pair) {
            return Some(*found);
        }
        if !self.open.contains(&pair) {
            return None;
        }
        self.assumed.insert(pair);
        Some(self.known.get(&pair).copied().unwrap_or(Findings::NONE))
    }
}

impl Waiting {
    const fn new(pair: Pair) -> Self {
        Self {
            pair,
            pending: Vec::new(),
        }
    }
}
