//! A look at a tracker: who is let in, where work is kept, and what happened in the last ninety days.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::connectors::{Connector, Fault, Sink};
use crate::model::batch::{Batch, ItemHistory, StatusName};
use crate::model::health::{Oddity, Progress};
use crate::model::id::SourceName;
use crate::model::log::{LogBuilder, TooMany};
use crate::model::time::Millis;

/// Days that are looked at.
pub(super) const DAYS: i64 = 90;

/// So many items say enough of how items move.
const MOST_ITEMS: usize = 1_000;

/// Nobody wants to wait longer than this for a proposal.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads what was updated in the last ninety days into `builder`, each item with its whole history;
/// all, where nothing was. Ends early once enough is read.
///
/// # Errors
/// A [`Fault`] if the source cannot be read.
pub(super) async fn read_into(
    builder: &mut LogBuilder,
    connector: &dyn Connector,
    now: Millis,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), Fault> {
    let since = now.plus_secs(-DAYS * crate::model::time::DAY_SECS);
    let recent = connector.recent(since);
    let mut seen = Seen::new(&mut *told);
    seen.fill(connector, recent).await?;
    if seen.items.is_empty() {
        seen.fill(connector, None).await?;
    }
    let kept = seen.keep(builder, connector.name());
    kept.map_err(|error| Fault::Unusable {
        what: error.to_string(),
        hint: "name a smaller project or board".to_owned(),
    })
}

/// What has been read.
struct Seen<'a> {
    statuses: BTreeMap<String, String>,
    items: BTreeMap<String, ItemHistory>,
    cancel: CancellationToken,
    told: &'a mut (dyn FnMut(Progress) + Send),
}

impl<'a> Seen<'a> {
    fn new(told: &'a mut (dyn FnMut(Progress) + Send)) -> Self {
        Self {
            statuses: BTreeMap::new(),
            items: BTreeMap::new(),
            cancel: CancellationToken::new(),
            told,
        }
    }

    async fn fill(
        &mut self,
        connector: &dyn Connector,
        from: Option<crate::model::batch::Cursor>,
    ) -> Result<(), Fault> {
        let cancel = self.cancel.clone();
        let reading = connector.sync(from, self, &cancel);
        match tokio::time::timeout(PATIENCE, reading).await {
            // Enough was read, or it took long enough.
            Err(_) | Ok(Err(Fault::Stopped)) => Ok(()),
            Ok(ended) => ended,
        }
    }

    fn keep(self, builder: &mut LogBuilder, name: &SourceName) -> Result<(), TooMany> {
        let source = builder.source(name)?;
        let named = |(id, name): (String, String)| StatusName { id, name };
        let statuses: Vec<StatusName> = self.statuses.into_iter().map(named).collect();
        builder.statuses(source, &statuses)?;
        for history in self.items.into_values() {
            builder.history(source, history)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Sink for Seen<'_> {
    async fn batch(&mut self, batch: Batch) -> Result<(), Fault> {
        let statuses = batch.statuses.into_iter();
        self.statuses
            .extend(statuses.map(|status| (status.id, status.name)));
        for history in batch.items {
            match self.items.get_mut(&history.item) {
                Some(known) if !history.replace => known.events.extend(history.events),
                _ => {
                    self.items.insert(history.item.clone(), history);
                }
            }
        }
        if self.items.len() >= MOST_ITEMS {
            self.cancel.cancel();
        }
        Ok(())
    }

    fn progress(&mut self, progress: Progress) {
        (self.told)(progress);
    }

    fn oddity(&mut self, _: Oddity) {}

    fn request(&mut self) {}
}
