//! What is known of the whole stream, whatever the filter, and what of it is kept for the next question.

use std::sync::Arc;

use super::ageing::Thresholds;
use super::measure::Header;
use super::pass::{Pass, Subject};
use super::past::{Keeping, Pasts};
use super::percentile::percentile;
use super::sle::Expectations;
use super::table::ItemTable;

/// What an answer about all items leaves behind.
#[derive(Debug, Default)]
pub(super) struct Whole {
    /// Which snapshot, and which of its streams.
    of: (u64, usize),
    header: Option<Header>,
    pub(super) thresholds: Thresholds,
    pub(super) table: Arc<ItemTable>,
    pasts: Pasts,
}

impl Whole {
    /// Passes over all items, beginning with what is kept from `before`; without it nothing is kept.
    pub(super) fn gather<'a>(subject: Subject<'a>, before: Option<&Arc<Self>>) -> (Pass<'a>, Self) {
        let mut pasts = before.map_or_else(Pasts::default, |before| before.pasts.beside(subject));
        let mut pass = match before {
            Some(_) => pass_keeping(subject, &mut pasts),
            None => Pass::run(subject, None),
        };
        let whole = Self {
            of: subject.of(),
            header: Some(subject.header),
            thresholds: thresholds(&mut pass),
            table: Arc::new(ItemTable::new(pass.take_rows())),
            pasts,
        };
        (pass, whole)
    }

    /// Whether it is the whole of what is asked about.
    pub(super) fn is_of(&self, subject: Subject<'_>) -> bool {
        self.of == subject.of() && self.header == Some(subject.header)
    }
}

/// A pass that begins with what was over before the window, if that is known, and else keeps it.
fn pass_keeping<'a>(subject: Subject<'a>, pasts: &mut Pasts) -> Pass<'a> {
    let Header { as_of, window, .. } = subject.header;
    if let Some(past) = pasts.of(subject) {
        let before = past.before(window.from);
        return match before.filter(|_| window.from <= as_of) {
            Some(before) => Pass::since(subject, before),
            None => Pass::run(subject, None),
        };
    }
    let keeping = Keeping::of(subject);
    let mut pass = Pass::run(subject, keeping.as_ref());
    drop(keeping);
    if let Some(keeping) = pass.keeping.take() {
        pasts.keep(keeping.settle(subject, pass.rows()));
    }
    pass
}

/// What an item is compared with: the finished items of the whole stream, whatever the filter, so
/// that an item keeps its condition when others are filtered away.
fn thresholds(pass: &mut Pass<'_>) -> Thresholds {
    let finished = &mut pass.gathered.finished.flow_times;
    let sums = &mut pass.gathered.stages.sums;
    let expectations = Expectations::of(pass.bound.stream(), finished, sums);
    let stages = pass.stream().stages.iter();
    let stale = stages
        .zip(&mut pass.gathered.stages.sums)
        .map(|(stage, sum)| stage.stale_after.or_else(|| percentile(&mut sum.times, 85)));
    Thresholds {
        stale: stale.collect(),
        pace: pass.gathered.exits.settle(),
        expectations,
        ruler: pass.ruler.clone(),
    }
}
