//! Which artefacts make one item, as of an instant.

use std::ops::Range;

use super::find::{Links, Tie};
use super::rings::{Graph, Tops};
use super::{Form, LinkRule};
use crate::model::id::{ItemIx, SourceName};
use crate::model::log::Log;
use crate::model::time::Sec;

/// Which artefacts make one item, by the ties that hold as of an instant.
#[derive(Debug)]
pub struct Joins {
    /// By item: [`ALONE`], [`INSIDE`], or the position in `groups`.
    places: Vec<u32>,
    groups: Vec<Range<usize>>,
    /// By group; the artefact that the item is named after comes first.
    artefacts: Vec<ItemIx>,
}

const ALONE: u32 = u32::MAX;
const INSIDE: u32 = u32::MAX - 1;

/// What an artefact is to the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Tied to nothing that is an item.
    Alone,
    /// A part of other items, and none itself.
    Inside,
    /// An item made of these artefacts. The first gives it its name and facts; the others follow in
    /// the order of their sources, those of one source in the order of their ids.
    Whole(&'a [ItemIx]),
}

impl Joins {
    /// Joins artefacts by the ties that hold as of an instant. Each belongs to the topmost items
    /// that can be reached by its ties; `is_item` says what can be one.
    pub fn new(links: &Links, log: &Log, as_of: Sec, is_item: impl Fn(ItemIx) -> bool) -> Self {
        let holding = links.ties().iter().filter(|tie| tie.holds(as_of));
        let mut pairs: Vec<(ItemIx, ItemIx)> =
            holding.map(|tie| (tie.artefact, tie.owner)).collect();
        pairs.dedup();
        let mut nodes: Vec<ItemIx> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let mut joins = Self {
            places: vec![ALONE; log.item_count()],
            groups: Vec::new(),
            artefacts: Vec::new(),
        };
        for (at, node) in (0..).zip(&nodes) {
            joins.places[node.index()] = at;
        }
        let number = |item: &ItemIx| joins.places[item.index()];
        let ties: Vec<(u32, u32)> = pairs.iter().map(|(a, b)| (number(a), number(b))).collect();
        let tops = Graph::new(nodes.len(), &ties).tops(|ring| {
            let able = ring.iter().filter(|node| is_item(nodes[**node as usize]));
            able.min_by_key(|node| age_order(log, nodes[**node as usize]))
                .copied()
        });
        joins.gather(log, &nodes, &tops);
        joins
    }

    /// Lays the artefacts of each item out together.
    fn gather(&mut self, log: &Log, nodes: &[ItemIx], tops: &Tops) {
        let mut pairs: Vec<(ItemIx, ItemIx)> = Vec::new();
        for (number, node) in (0..).zip(nodes) {
            let own = tops.of(number);
            self.places[node.index()] = if own.is_empty() || own == [number] {
                ALONE
            } else {
                INSIDE
            };
            pairs.extend(own.iter().map(|top| (nodes[*top as usize], *node)));
        }
        pairs.sort_unstable_by(|(top, a), (other, b)| {
            let place = |top: &ItemIx, item: &ItemIx| (*top, item != top, log.source_of(*item));
            place(top, a)
                .cmp(&place(other, b))
                .then_with(|| log.id(*a).cmp(log.id(*b)))
        });
        for group in pairs
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|all| all.len() > 1)
        {
            let at = u32::try_from(self.groups.len()).unwrap_or(ALONE);
            self.places[group[0].0.index()] = at;
            let from = self.artefacts.len();
            self.artefacts.extend(group.iter().map(|(_, item)| *item));
            self.groups.push(from..self.artefacts.len());
        }
    }

    /// What an artefact is.
    pub fn part(&self, item: ItemIx) -> Part<'_> {
        match self.places[item.index()] {
            ALONE => Part::Alone,
            INSIDE => Part::Inside,
            group => Part::Whole(&self.artefacts[self.groups[group as usize].clone()]),
        }
    }
}

/// Of a ring the artefact that was there first is the item.
fn age_order(log: &Log, item: ItemIx) -> (Sec, crate::model::id::SourceIx, &str) {
    (log.first_event(item), log.source_of(item), log.id(item))
}

/// What a link rule did, as of an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCount {
    /// The source of the artefacts.
    pub from: SourceName,
    /// The source of what they belong to.
    pub to: SourceName,
    /// Artefacts that the rule is about. Within one source these are pull requests, deployments
    /// and incidents, and whatever the rule tied.
    pub artefacts: u64,
    /// Those that it tied to something.
    pub joined: u64,
    /// The newest of them, with what it belongs to.
    pub joined_example: Option<(ItemIx, ItemIx)>,
    /// The newest of the others.
    pub apart_example: Option<ItemIx>,
}

impl LinkCount {
    /// Artefacts that it tied to nothing.
    pub fn unlinked(&self) -> u64 {
        self.artefacts - self.joined
    }

    /// What the rule at position `number` did.
    pub(in crate::model) fn of(
        (number, rule): (u16, &LinkRule),
        links: &Links,
        log: &Log,
        as_of: Sec,
    ) -> Self {
        let mut count = Self {
            from: rule.from.clone(),
            to: rule.to.clone(),
            artefacts: 0,
            joined: 0,
            joined_example: None,
            apart_example: None,
        };
        let by_rule = |tie: &&Tie| tie.rule == number && tie.holds(as_of);
        let mut newest = [None, None];
        for item in links.artefacts(log, number, as_of) {
            let owner = links
                .ties_of(item)
                .iter()
                .find(by_rule)
                .map(|tie| tie.owner);
            let age = Some(age_order(log, item));
            count.artefacts += 1;
            count.joined += u64::from(owner.is_some());
            if age > newest[usize::from(owner.is_some())] {
                newest[usize::from(owner.is_some())] = age;
                match owner {
                    Some(owner) => count.joined_example = Some((item, owner)),
                    None => count.apart_example = Some(item),
                }
            }
        }
        count
    }
}

impl Links {
    /// The artefacts that a rule is about and that are known by `as_of`.
    pub(in crate::model) fn artefacts<'a>(
        &'a self,
        log: &'a Log,
        number: u16,
        as_of: Sec,
    ) -> impl Iterator<Item = ItemIx> + 'a {
        let sources = self.sources()[usize::from(number)];
        let tied = move |item| {
            let ties = self.ties_of(item).iter();
            ties.clone()
                .any(|tie| tie.rule == number && tie.holds(as_of))
        };
        let is_meant = move |item: &ItemIx| {
            sources.is_some_and(|(from, to)| {
                log.source_of(*item) == from
                    && log.first_event(*item) < as_of
                    && (from != to || Form::of(log, *item) > Form::Work || tied(*item))
            })
        };
        log.items().filter(is_meant)
    }
}
