//! What a judge of one pair of nodes can do: report, compare inner pairs, try them.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Walk;
use super::difference::Difference;
use super::findings::{Finding, Findings, FindingsId, Step, What};
use super::forest::{At, Forest, Pair};
use super::node::SCHEMA_ADDED;
use crate::Exhausted;
use crate::json::pattern::Matcher;
use crate::json::tree::NodeId;

/// Judges one pair.
pub(super) struct Judge<'w, 't, 'b> {
    walk: &'w mut Walk<'t, 'b>,
    pub(super) pair: Pair,
    path: Vec<Step<'t>>,
    judged: Judged<'t>,
}

/// The outcome. As long as pairs are missing, the findings mean nothing.
#[derive(Default)]
pub(super) struct Judged<'t> {
    pub(super) found: Vec<Finding<'t>>,
    /// Pairs that have to be settled before, in the order of the walk.
    pub(super) missing: Vec<Pair>,
}

/// The compiled patterns of the objects that were asked whether they cover a property.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: BTreeMap<At, Rc<Vec<(Matcher, NodeId)>>>,
}

impl<'w, 't, 'b> Judge<'w, 't, 'b> {
    pub(super) fn of(walk: &'w mut Walk<'t, 'b>, pair: Pair) -> Self {
        Self {
            walk,
            pair,
            path: Vec::new(),
            judged: Judged::default(),
        }
    }

    pub(super) fn judge(mut self) -> Result<Judged<'t>, Exhausted> {
        self.nodes()?;
        Ok(self.judged)
    }

    pub(super) fn forest(&self) -> Forest<'t> {
        self.walk.forest
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Exhausted> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.walk.budget.spend_many(steps)
    }

    /// A node inside of the original.
    pub(super) const fn original(&self, id: NodeId) -> At {
        self.pair.original.sibling(id)
    }

    /// A node inside of the update.
    pub(super) const fn update(&self, id: NodeId) -> At {
        self.pair.update.sibling(id)
    }

    /// Does something one step further down.
    pub(super) fn at<T>(&mut self, step: Step<'t>, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = inner(self);
        self.path.pop();
        result
    }

    /// Does something under a keyword.
    pub(super) fn under<T>(
        &mut self,
        keyword: &'static str,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.at(Step::Keyword(keyword), inner)
    }

    /// Reports a difference here.
    pub(super) fn report(&mut self, difference: &'static Difference) {
        let Pair { original, update } = self.pair;
        self.report_between(difference, original, update);
    }

    /// Reports a difference here, between these nodes.
    pub(super) fn report_between(
        &mut self,
        difference: &'static Difference,
        original: At,
        update: At,
    ) {
        if !(self.walk.lenient && difference.is_tolerated) {
            self.found(What::Difference(difference, original, update));
        }
    }

    fn found(&mut self, what: What) {
        let path = self.path.as_slice().into();
        self.judged.found.push(Finding { path, what });
    }

    /// Compares two nodes inside of the pair, and takes over what is found.
    pub(super) fn compare(&mut self, original: At, update: At) {
        let found = self.look_up(original, update).unwrap_or(Findings::NONE);
        if found != Findings::NONE {
            self.found(What::Nested(found));
        }
    }

    /// Compares two schemas of which either may be missing.
    pub(super) fn compare_optional(&mut self, original: Option<NodeId>, update: Option<NodeId>) {
        match (original, update) {
            (Some(original), Some(update)) => {
                self.compare(self.original(original), self.update(update));
            }
            (None, Some(update)) => {
                let original = self.pair.original;
                self.report_between(&SCHEMA_ADDED, original, self.update(update));
            }
            (_, None) => {}
        }
    }

    /// Tries a comparison. Nothing is taken over: a success finds nothing, and a failure is not reported.
    pub(super) fn accepts(&mut self, original: At, update: At) -> bool {
        self.look_up(original, update) == Some(Findings::NONE)
    }

    fn look_up(&mut self, original: At, update: At) -> Option<FindingsId> {
        let pair = self.forest().pair(original, update);
        let known = self.walk.look_up(pair);
        if known.is_none() {
            self.judged.missing.push(pair);
        }
        known
    }

    /// The patterns of an object, ready to be matched.
    pub(super) fn patterns(
        &mut self,
        at: At,
        patterns: &'t [(Box<str>, NodeId)],
    ) -> Result<Rc<Vec<(Matcher, NodeId)>>, Exhausted> {
        if let Some(compiled) = self.walk.patterns.compiled.get(&at) {
            return Ok(Rc::clone(compiled));
        }
        let mut compiled = Vec::new();
        for (pattern, id) in patterns {
            compiled.push((Matcher::new(pattern, self.walk.budget)?, *id));
        }
        let compiled = Rc::new(compiled);
        let patterns = &mut self.walk.patterns.compiled;
        patterns.insert(at, Rc::clone(&compiled));
        Ok(compiled)
    }

    /// True when the pattern is found in the name.
    pub(super) fn is_found(&mut self, matcher: &Matcher, name: &str) -> Result<bool, Exhausted> {
        matcher.is_found_in(name, self.walk.budget)
    }
}
