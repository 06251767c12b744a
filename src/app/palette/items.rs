//! Items by key and title. A million of them take longer than a key press may: the search runs
//! beside the dashboard.

use super::super::{Shown, State};
use super::entry::{Entry, Found, ItemName, Target};
use super::fuzzy::Finder;
use crate::metrics::story;
use crate::model::id::ItemIx;
use crate::model::snapshot::Snapshot;

/// Items are looked for from so many characters on: one letter fits nearly all of them.
pub const LEAST_TYPED: usize = 2;

/// So many items are told at most.
const MOST: usize = 50;

/// So many are kept while the search goes on.
const CANDIDATES: usize = 400;

/// An item that fits what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHit {
    /// Which item.
    pub name: ItemName,
    /// Key and title.
    pub label: String,
    /// Where it stands, if the filter lets it through.
    pub stage: String,
}

impl ItemHit {
    /// As a row; `None` if it does not fit any more.
    pub(super) fn found(&self, finder: &mut Finder) -> Option<Found> {
        finder.score(&self.label)?;
        Some(Found {
            at: finder.places(&self.label),
            entry: self.entry(),
        })
    }

    fn entry(&self) -> Entry {
        Entry {
            target: Target::Item(self.name.clone()),
            label: self.label.clone(),
            detail: self.stage.clone(),
        }
    }
}

/// The items whose key and title fit what is typed, the best first: of the stream shown, and of the
/// other streams where they are no items of that one. Goes through all items once.
pub fn search_items(of: &Shown, typed: &str) -> Vec<ItemHit> {
    let mut finder = Finder::new(typed.trim());
    let mut best = candidates(&of.snapshot, &mut finder);
    best.sort_by_key(|(score, item)| (std::cmp::Reverse(*score), *item));
    let least = best.first().map_or(0, |(score, _)| score / 3 * 2);
    let close = best.into_iter().take_while(|(score, _)| *score >= least);
    let hits = close.filter_map(|(_, item)| hit(of, item));
    hits.take(MOST).collect()
}

fn candidates(snapshot: &Snapshot, finder: &mut Finder) -> Vec<(u16, ItemIx)> {
    let log = snapshot.log();
    let mut best: Vec<(u16, ItemIx)> = Vec::new();
    let mut label = String::new();
    let mut least = 0;
    for item in log.items() {
        write_label(&mut label, snapshot, item);
        let Some(score) = finder.score(&label).filter(|score| *score > least) else {
            continue;
        };
        best.push((score, item));
        if best.len() == 2 * CANDIDATES {
            best.select_nth_unstable_by_key(CANDIDATES, |(score, item)| {
                (std::cmp::Reverse(*score), *item)
            });
            best.truncate(CANDIDATES);
            least = best.iter().map(|(score, _)| *score).min().unwrap_or(0);
        }
    }
    best
}

fn write_label(label: &mut String, snapshot: &Snapshot, item: ItemIx) {
    let log = snapshot.log();
    label.clear();
    label.push_str(log.key(item));
    label.push(' ');
    label.push_str(log.title(item));
}

fn hit(of: &Shown, item: ItemIx) -> Option<ItemHit> {
    let as_of = of.measures.header.as_of;
    let is_in = |stream: &usize| story(&of.snapshot, *stream, item, as_of).is_some();
    let others = (0..of.snapshot.streams().len()).filter(|one| *one != of.stream);
    let stream = std::iter::once(of.stream).chain(others).find(is_in)?;
    let own = of.measures.table.row(item).and_then(|row| row.stage);
    let stage = own.filter(|_| stream == of.stream);
    let stage = stage.and_then(|stage| of.measures.stages.get(stage.index()));
    let log = of.snapshot.log();
    let mut label = String::new();
    write_label(&mut label, &of.snapshot, item);
    Some(ItemHit {
        name: ItemName {
            stream: of.snapshot.streams()[stream].stream().name.clone(),
            source: log.sources()[log.source_of(item).index()].clone(),
            id: log.id(item).to_owned(),
        },
        label,
        stage: stage.map_or_else(String::new, |stage| stage.name.clone()),
    })
}

/// The item chosen before under this id, if it is still there.
pub(super) fn named(state: &State, id: &str) -> Option<Entry> {
    let data = state.data.as_ref()?;
    let name = ItemName::of_id(id)?;
    let item = name.find(&data.snapshot)?;
    hit(&data.shown(), item).map(|hit| hit.entry())
}
