//! The stream asked about and its controls, before and after.

use std::collections::BTreeSet;

use super::FEWEST_ITEMS;
use super::contrast::Arm;
use super::estimate::{Scale, estimate};
use super::record::Record;
use crate::metrics::{AsOf, Measures, Question, measure};
use crate::model::id::ItemIx;
use crate::model::snapshot::{DatedChange, Snapshot};
use crate::model::time::{Window, WindowSpec};

/// Streams that the change does not touch, to see what would have come without it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Controls {
    /// Names of those that are taken off.
    pub streams: Vec<String>,
    /// Their own after ÷ before of flow time, the steadier ones weighing more; `None` without any.
    pub effect: Option<f64>,
    /// Untouched ones that are no control.
    pub left_out: Vec<LeftOut>,
}

/// An untouched stream that is no control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub stream: String,
    /// Why.
    pub why: WhyNot,
}

/// Why an untouched stream is no control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNot {
    /// Some of its items are the changed stream's.
    #[error("it shares items with the stream")]
    SharesItems,
    /// It finished fewer than twenty items before or after.
    #[error("it has fewer than {FEWEST_ITEMS} items on a side")]
    TooFew,
}

/// The record of a stream that may be a control.
#[derive(Clone, Debug)]
pub(super) struct Other {
    pub(super) name: String,
    pub(super) record: Record,
    pub(super) shares_items: bool,
}

/// The records of the streams that a change does not touch, by the same filter, clock and as-of.
pub(super) fn others(snapshot: &Snapshot, measures: &Measures, change: &DatedChange) -> Vec<Other> {
    let rows = measures.table.rows();
    let own: BTreeSet<ItemIx> = if change.streams.is_empty() {
        return Vec::new();
    } else {
        rows.map(|row| row.item).collect()
    };
    let streams = snapshot.streams().iter().enumerate();
    let untouched = streams.filter(|(_, bound)| {
        let name = &bound.stream().name;
        !change.touches(name) && *name != measures.stream
    });
    untouched
        .filter_map(|(at, bound)| {
            let question = Question {
                stream: at,
                as_of: AsOf::At(measures.header.as_of),
                window: WindowSpec::default(),
                clock: measures.header.clock,
                time: measures.header.time,
                filter: measures.filter.clone(),
            };
            let found = measure(snapshot, &question)?;
            let mut items = found.table.rows().map(|row| row.item);
            Some(Other {
                shares_items: items.any(|item| own.contains(&item)),
                record: Record::new(&found, bound.stream().knows_waiting()),
                name: found.stream,
            })
        })
        .collect()
}

/// Flow time of a stream before and after. `None` with fewer than twenty items on a side.
fn arm(record: &Record, windows: [Window; 2]) -> Option<Arm> {
    let usual = record.flow_percentile(windows[0], 50)?;
    let [before, after] = windows.map(|window| record.flow_times(window, usual));
    let fewest = before.units.len().min(after.units.len());
    (fewest >= FEWEST_ITEMS).then_some(Arm {
        before,
        after,
        weight: 1.0,
    })
}

/// The stream itself, then its controls; `None` if it has too few items itself.
pub(super) fn arms(own: &Record, others: &[Other], windows: [Window; 2]) -> Option<Vec<Arm>> {
    let mut arms = vec![arm(own, windows)?];
    let usable = others.iter().filter(|other| !other.shares_items);
    let controls: Vec<Arm> = usable
        .filter_map(|other| arm(&other.record, windows))
        .collect();
    arms.extend(weighted(controls));
    Some(arms)
}

/// Steadier controls weigh more; together they are taken off once.
fn weighted(mut controls: Vec<Arm>) -> Vec<Arm> {
    let certain = |arm: &Arm| {
        let sides = [&arm.before, &arm.after];
        let variance = sides.map(|side| estimate(&side.parts(), Scale::Plain).variance);
        1.0 / (variance[0] + variance[1]).max(1e-9)
    };
    let certainty: Vec<f64> = controls.iter().map(certain).collect();
    let all: f64 = certainty.iter().sum();
    for (arm, certain) in controls.iter_mut().zip(certainty) {
        arm.weight = -certain / all;
    }
    controls
}

impl Controls {
    /// What is told of the streams, given the arms that were compared.
    pub(super) fn of(others: &[Other], arms: &[Arm], windows: [Window; 2]) -> Self {
        let mut told = Self::default();
        for other in others {
            if other.shares_items || arm(&other.record, windows).is_none() {
                told.left_out.push(LeftOut {
                    stream: other.name.clone(),
                    why: if other.shares_items {
                        WhyNot::SharesItems
                    } else {
                        WhyNot::TooFew
                    },
                });
            } else {
                told.streams.push(other.name.clone());
            }
        }
        let effect = |arm: &Arm| {
            let value = |parts: &[_]| estimate(parts, Scale::Plain).value;
            -arm.weight * (value(&arm.after.parts()) - value(&arm.before.parts()))
        };
        let effects: Vec<f64> = arms.iter().skip(1).map(effect).collect();
        told.effect = (!effects.is_empty()).then(|| effects.iter().sum::<f64>().exp());
        told
    }
}
