//! Ties that trackers tell: links from one item to another, told by either side.

use std::collections::HashMap;

use super::Form;
use super::find::{Basis, Finder, Span, Tie, ids_of};
use crate::model::id::{ItemIx, SourceIx, Symbol};
use crate::model::log::{Log, MarkKind};
use crate::model::time::Sec;

/// An artefact, and what it belongs to.
type Pair = (ItemIx, ItemIx);

/// Looks for the links of one rule that trackers tell.
pub(super) struct Told<'f, 'a> {
    finder: &'f Finder<'a>,
    /// Artefacts by key in small letters, for links told by what they belong to; of several with
    /// one key that of the least id.
    artefacts: HashMap<String, ItemIx>,
    /// Artefacts by id, for links within one source.
    ids: HashMap<&'a str, ItemIx>,
}

impl<'f, 'a> Told<'f, 'a> {
    pub(super) fn new(finder: &'f Finder<'a>) -> Self {
        let log = finder.log;
        let tells = |item| log.marks(item).iter().any(|mark| is_link(mark.kind));
        let mut told = Self {
            finder,
            artefacts: HashMap::new(),
            ids: HashMap::new(),
        };
        if finder.items_of(finder.to).any(tells) {
            for item in finder.items_of(finder.from) {
                let known = told.artefacts.entry(log.key(item).to_lowercase());
                let known = known.or_insert(item);
                if log.id(item) < log.id(*known) {
                    *known = item;
                }
            }
            told.ids = ids_of(log, finder.items_of(finder.from));
        }
        told
    }

    pub(super) fn find(&self, ties: &mut Vec<Tie>) {
        let (from, to) = (self.finder.from, self.finder.to);
        let log = self.finder.log;
        for item in log.items() {
            let source = log.source_of(item);
            if source == from || source == to {
                self.told_by(item, source, ties);
            }
        }
    }

    fn told_by(&self, teller: ItemIx, source: SourceIx, ties: &mut Vec<Tie>) {
        let log = self.finder.log;
        each_link(log, teller, |kind, to, span| {
            if !self.finder.rule.counts_kind(log.text(kind)) {
                return;
            }
            for pair in self.pairs(teller, source, log.text(to)) {
                ties.extend(self.finder.tie(pair, Basis::Told(kind), span));
            }
        });
    }

    /// Who belongs to whom by a link that `teller` tells to the item called `to`.
    fn pairs(&self, teller: ItemIx, source: SourceIx, to: &str) -> Vec<Pair> {
        let by_key = || self.artefacts.get(&to.to_lowercase());
        if self.finder.from == self.finder.to {
            let other = self.ids.get(to).or_else(by_key);
            let pair = other.and_then(|other| self.within_one_source(teller, *other));
            return pair.into_iter().collect();
        }
        if source == self.finder.to {
            let artefact = by_key().map(|artefact| (*artefact, teller));
            return artefact.into_iter().collect();
        }
        let mut owners = self.named(to);
        if let (true, Some(pattern)) = (owners.is_empty(), &self.finder.rule.key) {
            pattern.each_key(to, |key| owners.extend(self.named(key)));
        }
        owners.into_iter().map(|owner| (teller, owner)).collect()
    }

    fn named(&self, key: &str) -> Vec<ItemIx> {
        let found = self.finder.named(key).iter();
        found.map(|target| target.item).collect()
    }

    /// What is made belongs to what it is made for, whichever of them tells the link. Two of one
    /// form are tied only by kinds that the rule names: the one that tells belongs to the other.
    fn within_one_source(&self, teller: ItemIx, other: ItemIx) -> Option<Pair> {
        let log = self.finder.log;
        match Form::of(log, teller).cmp(&Form::of(log, other)) {
            std::cmp::Ordering::Greater => Some((teller, other)),
            std::cmp::Ordering::Less => Some((other, teller)),
            std::cmp::Ordering::Equal => {
                (!self.finder.rule.kinds.is_empty()).then_some((teller, other))
            }
        }
    }
}

fn is_link(mark: MarkKind) -> bool {
    matches!(mark, MarkKind::Linked(..))
}

/// Calls `each` with the kind, the other item and the time of every link of an item.
fn each_link(log: &Log, item: ItemIx, mut each: impl FnMut(Symbol, Symbol, Span)) {
    let mut open: HashMap<(Symbol, Symbol), Sec> = HashMap::new();
    for mark in log.marks(item) {
        match mark.kind {
            MarkKind::Linked(kind, to) => {
                open.entry((kind, to)).or_insert(mark.at);
            }
            MarkKind::Unlinked(kind, to) => {
                if let Some(since) = open.remove(&(kind, to)) {
                    let until = mark.at;
                    each(kind, to, Span { since, until });
                }
            }
            _ => {}
        }
    }
    for ((kind, to), since) in open {
        let until = Sec::MAX;
        each(kind, to, Span { since, until });
    }
}
