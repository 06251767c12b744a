//! A sink that keeps all it is handed, for tests.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use weir::connectors::{Fault, Sink};
use weir::model::batch::{Batch, Cursor};
use weir::model::event::{Change, Event};
use weir::model::health::{Oddity, Progress};

/// Keeps everything, in the order it came.
#[derive(Default)]
pub(crate) struct Collected {
    pub(crate) batches: Vec<Batch>,
    pub(crate) oddities: Vec<Oddity>,
    pub(crate) progress: Vec<Progress>,
    pub(crate) requests: u64,
    /// How often all was said to have come.
    pub(crate) wholes: u64,
    /// Cancels once so many batches are kept.
    pub(crate) cancel_after: Option<(usize, CancellationToken)>,
}

#[async_trait]
impl Sink for Collected {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
        self.batches.push(batch);
        if let Some((after, cancel)) = &self.cancel_after
            && self.batches.len() >= *after
        {
            cancel.cancel();
        }
        Ok(())
    }

    fn progress(&mut self, progress: Progress) {
        self.progress.push(progress);
    }

    fn oddity(&mut self, oddity: Oddity) {
        self.oddities.push(oddity);
    }

    fn request(&mut self) {
        self.requests += 1;
    }

    fn whole(&mut self) {
        self.wholes += 1;
    }
}

/// Events by item and event id, as a history would keep them.
pub(crate) type Kept = BTreeMap<String, BTreeMap<String, Event>>;

impl Collected {
    /// The cursor the history would have.
    pub(crate) fn cursor(&self) -> Option<Cursor> {
        self.batches
            .iter()
            .rev()
            .find_map(|batch| batch.cursor.clone())
    }

    /// Puts all that came into `kept`, as a history does.
    pub(crate) fn keep_in(&self, kept: &mut Kept) {
        for item in self.batches.iter().flat_map(|batch| &batch.items) {
            let events = kept.entry(item.item.clone()).or_default();
            if item.replace {
                events.clear();
            }
            for event in &item.events {
                let twice = events.insert(event.id.clone(), event.clone());
                assert!(
                    !item.replace || twice.is_none(),
                    "item {} tells event {} twice",
                    item.item,
                    event.id
                );
            }
        }
    }

    /// All that came.
    pub(crate) fn kept(&self) -> Kept {
        let mut kept = Kept::new();
        self.keep_in(&mut kept);
        kept
    }

    /// Current names of the statuses by id.
    pub(crate) fn statuses(&self) -> BTreeMap<String, String> {
        let named = self.batches.iter().flat_map(|batch| &batch.statuses);
        named
            .map(|status| (status.id.clone(), status.name.clone()))
            .collect()
    }
}

/// Instants (milliseconds) and statuses of one item, creation first.
pub(crate) fn moves(
    events: &BTreeMap<String, Event>,
    names: &BTreeMap<String, String>,
) -> Vec<(i64, String)> {
    let mut events: Vec<&Event> = events.values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    let call = |id: &String| names.get(id).unwrap_or(id).clone();
    events
        .into_iter()
        .filter_map(|event| match &event.change {
            Change::Created { status } => {
                Some((event.at.0, status.as_ref().map_or_else(String::new, call)))
            }
            Change::Moved { to } => Some((event.at.0, call(to))),
            _ => None,
        })
        .collect()
}

/// The value of a fact as of its last change.
pub(crate) fn fact(events: &BTreeMap<String, Event>, name: &str) -> Option<String> {
    let mut events: Vec<&Event> = events.values().collect();
    events.sort_by_key(|event| (event.at, event.seq));
    events
        .into_iter()
        .rev()
        .find_map(|event| match &event.change {
            Change::Set { fact, new, .. } if fact == name => Some(new.clone()),
            _ => None,
        })?
}
