//! The demo company as a source, and its time as a clock.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::connectors::{Check, Connector, DemoSettings, Fault, Sink};
use crate::model::batch::{Batch, Cursor, ItemHistory};
use crate::model::health::Progress;
use crate::model::id::SourceName;
use crate::model::time::Millis;
use crate::simulate::demo::{Company, Pace};

/// The company's time: the wall clock's when the program starts, quicker from then on.
#[derive(Debug)]
pub(super) struct CompanyClock<C> {
    wall: C,
    pace: Mutex<Pace>,
}

impl<C: Clock> CompanyClock<C> {
    /// Starts the company's time at the wall's.
    pub(super) fn new(wall: C) -> Self {
        let pace = Mutex::new(Pace::new(wall.now()));
        Self { wall, pace }
    }
}

impl<C: Clock> Clock for CompanyClock<C> {
    fn now(&self) -> Millis {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.at(self.wall.now())
    }
}

/// A simulated tracker.
pub(super) struct CompanySource {
    name: SourceName,
    settings: DemoSettings,
    clock: Arc<dyn Clock>,
    company: Mutex<Option<Company>>,
}

impl CompanySource {
    /// A company that is founded at the first poll.
    pub(super) fn new(name: SourceName, settings: DemoSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            name,
            settings,
            clock,
            company: Mutex::new(None),
        }
    }

    /// What happened since the last poll; the whole past at the first.
    fn news(&self) -> (Batch, bool) {
        let mut company = self.company.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let founded = company.is_none();
        let living = company
            .get_or_insert_with(|| Company::new(self.settings.seed, self.settings.items, now));
        let items: Vec<ItemHistory> = if founded {
            let whole = |item: ItemHistory| ItemHistory {
                replace: true,
                ..item
            };
            living.history().flatten().map(whole).collect()
        } else {
            living.advance(now)
        };
        let batch = Batch {
            source: self.name.clone(),
            statuses: living.statuses(),
            items,
            cursor: None,
        };
        (batch, founded)
    }
}

#[async_trait]
impl Connector for CompanySource {
    fn name(&self) -> &SourceName {
        &self.name
    }

    async fn sync(
        &self,
        _cursor: Option<Cursor>,
        sink: &mut dyn Sink,
        _cancel: &CancellationToken,
    ) -> Result<(), Fault> {
        let (batch, founded) = self.news();
        if founded {
            let total = batch.items.len() as u64;
            sink.progress(Progress {
                done: total,
                total: Some(total),
            });
        }
        if founded || !batch.items.is_empty() {
            sink.batch(batch).await?;
        }
        Ok(())
    }

    async fn check(&self) -> Vec<Check> {
        vec![Check {
            what: "simulate a company".to_owned(),
            outcome: Ok(format!(
                "about {} items, no account needed",
                self.settings.items
            )),
        }]
    }
}
