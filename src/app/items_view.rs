//! The items behind a number.

use std::collections::HashMap;
use std::sync::Arc;

use crate::metrics::{OpenItem, StageMeasures, StageTimes, standing_in};
use crate::model::bound::KindIx;
use crate::model::id::{ItemIx, SourceName};
use crate::model::stage::{Class, Condition, State};
use crate::model::time::{Sec, Window};

use super::Data;

/// A number that items stand behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Behind {
    /// The flow load.
    Load,
    /// The items in progress that are in a condition.
    Condition(Condition),
    /// The items in a stage, by its position.
    Stage(usize),
    /// The items that wait for a stage, by its position, oldest first.
    Waiting(usize),
    /// The items finished in the window that went through a stage, by its position, the longest stay
    /// first.
    Through(usize),
    /// The items that stood in a stage, by its position, at an instant.
    StageAt(usize, Sec),
    /// The items finished within a time.
    Finished(Window),
    /// Those of them whose flow time is within these bounds, in seconds, both included.
    FlowTime(Window, (i64, i64)),
    /// The items that were committed to within a time, by their clock's start.
    Started(Window),
    /// The items of a kind that are in progress.
    OfKind(KindIx),
}

/// One row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which item.
    pub item: ItemIx,
    /// Its position among the open ones, if it is one.
    open: Option<usize>,
}

/// The list of items behind a number.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemsView {
    /// Which number.
    pub behind: Behind,
    /// What the number is, for people.
    pub title: String,
    /// The items: open ones oldest first, finished ones newest first.
    pub entries: Vec<Entry>,
    /// The selected row.
    pub row: usize,
}

impl ItemsView {
    /// Opens the list.
    pub fn open(data: &Data, behind: Behind) -> Self {
        let items = behind.items(data);
        Self {
            behind,
            title: behind.title(data),
            entries: entries(data, &items),
            row: 0,
        }
    }

    /// The same list of newer data, the selected item selected still.
    #[must_use]
    pub fn renewed(&self, before: &Data, data: &Data) -> Self {
        let identity = |data: &Data, item: ItemIx| -> (SourceName, String) {
            let log = data.snapshot.log();
            let source = log.sources()[log.source_of(item).index()].clone();
            (source, log.id(item).to_owned())
        };
        let mut view = Self::open(data, self.behind);
        let selected = self.entries.get(self.row);
        let wanted = selected.map(|entry| identity(before, entry.item));
        let mut rows = view.entries.iter();
        let found = rows.position(|entry| Some(identity(data, entry.item)) == wanted);
        let last = view.entries.len().saturating_sub(1);
        view.row = found.unwrap_or(self.row).min(last);
        view
    }

    /// The item of the selected row.
    pub fn selected(&self) -> Option<ItemIx> {
        self.entries.get(self.row).map(|entry| entry.item)
    }
}

impl Entry {
    /// What there is to say of it while it is open.
    pub fn open_item<'a>(&self, data: &'a Data) -> Option<&'a OpenItem> {
        let item = data.measures.open.get(self.open?)?;
        (item.item == self.item).then_some(item)
    }
}

fn entries(data: &Data, items: &[ItemIx]) -> Vec<Entry> {
    let open = data.measures.open.iter().enumerate();
    let places: HashMap<ItemIx, usize> = open.map(|(at, item)| (item.item, at)).collect();
    let entry = |item: &ItemIx| Entry {
        item: *item,
        open: places.get(item).copied(),
    };
    items.iter().map(entry).collect()
}

impl Behind {
    /// The items, open ones oldest first, finished ones newest first.
    pub fn items(self, data: &Data) -> Vec<ItemIx> {
        match self {
            Self::Load => open(data, |item| item.state == State::InProgress),
            Self::Condition(condition) => open(data, |item| item.condition == Some(condition)),
            Self::Stage(stage) => {
                let queue = data.queue(stage);
                (0..queue.len()).filter_map(|row| queue.item(row)).collect()
            }
            Self::Waiting(stage) => {
                let waiting = data.waiting_at(stage).into_iter();
                waiting.map(|item| item.item).collect()
            }
            Self::Through(stage) => through(data, stage),
            Self::StageAt(stage, at) => stood(data, stage, at),
            Self::OfKind(kind) => open(data, |item| {
                item.state == State::InProgress && item.kind == Some(kind)
            }),
            Self::Finished(window) => finished(data, window, |_| true),
            Self::FlowTime(window, (least, most)) => finished(data, window, |flow| {
                flow.is_some_and(|flow| (least..=most).contains(&flow))
            }),
            Self::Started(window) => started(data, window),
        }
    }

    /// What the number is, for people.
    pub fn title(self, data: &Data) -> String {
        let zone = data.snapshot.zone();
        let day = |at: Sec| zone.day_of(at).short();
        let within = |window: Window| {
            let (from, to) = (day(window.from), day(window.to.plus(-1)));
            if from == to {
                from
            } else {
                format!("{from} – {to}")
            }
        };
        match self {
            Self::Load => "In progress: committed and not finished".to_owned(),
            Self::Condition(condition) => format!("In progress and {}", condition.name()),
            Self::Stage(stage) => {
                let stage = data.measures.stages.get(stage);
                stage.map_or_else(String::new, |stage| format!("In {}", stage.name))
            }
            Self::Waiting(stage) => {
                let stage = data.measures.stages.get(stage);
                stage.map_or_else(String::new, waits_title)
            }
            Self::Through(stage) => {
                let stage = data.measures.stages.get(stage);
                let name = stage.map_or("", |stage| stage.name.as_str());
                format!("Finished, through {name}, the longest there first")
            }
            Self::StageAt(stage, at) => {
                let stage = data.measures.stages.get(stage);
                let name = stage.map_or("", |stage| stage.name.as_str());
                format!("In {name} at the end of {}", day(at.plus(-1)))
            }
            Self::OfKind(kind) => {
                let bound = data.snapshot.streams().get(data.question.stream);
                let name = bound.and_then(|bound| bound.kinds().get(usize::from(kind.0)));
                format!("In progress of kind {}", name.map_or("", String::as_str))
            }
            Self::Finished(window) => format!("Finished {}", within(window)),
            Self::FlowTime(window, (least, most)) => {
                let span = |seconds| crate::model::time::span_text(seconds);
                format!(
                    "Finished {} with a flow time of {} to {}",
                    within(window),
                    span(least),
                    span(most)
                )
            }
            Self::Started(window) => format!("Started {}", within(window)),
        }
    }
}

/// What waits in a queue waits in it; what waits for an active stage, in the queues it drains.
fn waits_title(stage: &StageMeasures) -> String {
    match stage.class {
        Class::Queue => format!("Waiting in {}", stage.name),
        _ => format!("Waiting for {}, or blocked there", stage.name),
    }
}

fn through(data: &Data, stage: usize) -> Vec<ItemIx> {
    let known = data.asides.stage_times.known().cloned();
    let times = known.unwrap_or_else(|| {
        let stream = data.question.stream;
        Arc::new(StageTimes::of(&data.snapshot, stream, &data.measures))
    });
    times.of_stage(stage).map_or_else(Vec::new, |stays| {
        stays.items.iter().map(|stay| stay.item).collect()
    })
}

fn stood(data: &Data, stage: usize, at: Sec) -> Vec<ItemIx> {
    let Some(measures) = data.measures.stages.get(stage) else {
        return Vec::new();
    };
    let place = (data.question.stream, measures.stage);
    let seen = (at, data.as_of());
    standing_in(&data.snapshot, place, &data.measures.table, seen)
}

fn open(data: &Data, fits: impl Fn(&OpenItem) -> bool) -> Vec<ItemIx> {
    let mut found: Vec<&OpenItem> = data
        .measures
        .open
        .iter()
        .filter(|item| fits(item))
        .collect();
    found.sort_by_key(|item| (std::cmp::Reverse(item.age), item.item));
    found.into_iter().map(|item| item.item).collect()
}

fn finished(data: &Data, window: Window, fits: impl Fn(Option<i64>) -> bool) -> Vec<ItemIx> {
    let rows = data.measures.table.rows();
    let mut found: Vec<(Sec, ItemIx)> = rows
        .filter(|row| row.state == State::Done && fits(row.flow()))
        .filter_map(|row| Some((row.finished.get()?, row.item)))
        .filter(|(at, _)| window.contains(*at))
        .collect();
    found.sort_by_key(|(at, item)| (std::cmp::Reverse(*at), *item));
    found.into_iter().map(|(_, item)| item).collect()
}

fn started(data: &Data, window: Window) -> Vec<ItemIx> {
    let rows = data.measures.table.rows();
    let mut found: Vec<(Sec, ItemIx)> = rows
        .filter_map(|row| Some((row.started.get()?, row.item)))
        .filter(|(at, _)| window.contains(*at))
        .collect();
    found.sort_by_key(|(at, item)| (std::cmp::Reverse(*at), *item));
    found.into_iter().map(|(_, item)| item).collect()
}
