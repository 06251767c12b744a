//! A planted stream, alive.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Built, DROPPED, build, warm_up};
use super::traits::{Limits, Traits};
use crate::metrics::{AsOf, Question};
use crate::model::batch::ItemHistory;
use crate::model::event::Event;
use crate::model::id::{SourceName, StageIx};
use crate::model::log::{LogBuilder, TooMany};
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stage::{Class, Phase};
use crate::model::stream::{Stage, StatusPattern, Stream};
use crate::model::time::{DAY_SECS, Millis, WindowSpec};
use crate::simulate::random::Dice;
use crate::simulate::stream::{Simulation, StageModel, Step};

/// Monday, 1 January 2024.
const START: i64 = 1_704_067_200;
/// The stream of random numbers that draws what a stream is like, beside those of its items.
const DRAFT: u64 = 1 << 50;

/// A stream whose truth is known. The same seed gives the same stream.
#[derive(Clone, Debug)]
pub struct Planted {
    traits: Traits,
    built: Built,
    seed: u64,
    as_of: Millis,
}

impl Planted {
    /// A stream with a planted constraint.
    pub fn constraint(seed: u64) -> Self {
        Self::draw(seed, true)
    }

    /// A stream whose stages are all alike.
    pub fn balanced(seed: u64) -> Self {
        Self::draw(seed, false)
    }

    fn draw(seed: u64, planted: bool) -> Self {
        let mut dice = Dice::new(seed, DRAFT);
        let traits = Traits::draw(&mut dice, planted);
        #[expect(clippy::cast_possible_truncation, reason = "a few months")]
        let warm_up = warm_up(&mut dice) as i64;
        let opens = START + warm_up * DAY_SECS;
        let as_of = opens + i64::from(traits.days) * DAY_SECS;
        let built = build(&mut dice, &traits, Millis(opens * 1000));
        Self {
            traits,
            built,
            seed,
            as_of: Millis(as_of * 1000),
        }
    }

    /// What it is like.
    pub fn traits(&self) -> &Traits {
        &self.traits
    }

    /// The stage that is the constraint; `None` in a balanced stream.
    pub fn truth(&self) -> Option<StageIx> {
        self.built.truth.map(stage_ix)
    }

    /// The stream as a config would describe it.
    pub fn stream(&self) -> Stream {
        let stages = self.built.model.stages.iter();
        Stream {
            cancelled: vec![StatusPattern::any_source(DROPPED)],
            stages: stages.map(|stage| self.stage(stage)).collect(),
            ..Stream::bare("planted")
        }
    }

    fn stage(&self, stage: &StageModel) -> Stage {
        let class = match stage.step {
            Step::Queue | Step::Gate(_) => Class::Queue,
            Step::Work { .. } | Step::Delay(_) => Class::Active,
            Step::Done(_) => Class::Done,
        };
        Stage {
            name: stage.status.clone(),
            phase: Phase::Create,
            class,
            statuses: vec![StatusPattern::any_source(&stage.status)],
            owner: None,
            limit: stage.limit.filter(|_| self.traits.limits == Limits::Told),
            sle: None,
            stale_after: None,
        }
    }

    /// Lives its life and tells it as a tracker would.
    ///
    /// # Errors
    /// [`TooMany`] if there are more items or statuses than a log can hold; a planted stream is
    /// far from that.
    pub fn snapshot(&self) -> Result<Snapshot, TooMany> {
        let name = SourceName::new("planted");
        let mut builder = LogBuilder::new();
        let source = builder.source(&name)?;
        let stages = self.built.model.stages.iter();
        for status in stages.map(|stage| stage.status.as_str()).chain([DROPPED]) {
            builder.status(source, status, status)?;
        }
        for history in self.histories() {
            builder.history(source, history)?;
        }
        let log = Arc::new(builder.finish());
        let setting = Setting {
            calendar: self.built.model.calendar.clone(),
            ..Setting::default()
        };
        Ok(Snapshot::new(log, &[Arc::new(self.stream())], setting, 1))
    }

    /// What a tracker would tell of every item.
    pub fn histories(&self) -> Vec<ItemHistory> {
        let model = Arc::new(self.built.model.clone());
        let mut simulation = Simulation::of_checked(model, self.seed, Millis(START * 1000));
        let mut items: BTreeMap<u64, Vec<Event>> = BTreeMap::new();
        for (item, event) in simulation.advance(self.as_of) {
            items.entry(item).or_default().push(event);
        }
        let history = |(item, events): (u64, Vec<Event>)| ItemHistory {
            item: item.to_string(),
            replace: false,
            events,
        };
        items.into_iter().map(history).collect()
    }

    /// When its window begins and ends.
    pub fn window(&self) -> (Millis, Millis) {
        let length = i64::from(self.traits.days) * DAY_SECS;
        (self.as_of.plus_secs(-length), self.as_of)
    }

    /// The people of one step of work, all teams together.
    #[cfg(test)]
    pub(super) fn people(&self, step: usize) -> usize {
        let crew = self.built.model.crews.get(step);
        crew.map_or(0, |crew| crew.people.iter().map(Vec::len).sum())
    }

    /// The plain question about it: its window, seen from the window's end.
    pub fn question(&self, snapshot: &Snapshot) -> Question {
        let as_of = AsOf::At(self.as_of.floor_clamped());
        Question {
            window: WindowSpec::LastDays(self.traits.days),
            ..Question::about(snapshot, 0, as_of)
        }
    }
}

fn stage_ix(at: usize) -> StageIx {
    StageIx(u8::try_from(at).unwrap_or(u8::MAX))
}
