//! Delimited text: how it is laid out, and what its first rows say.

use std::io;

use super::super::input::Input;
use super::super::pieces::Piece;
use super::super::plan::Plan;
use super::super::records::{Dialect, Records, Step};
use super::super::sample::{Sample, Shape};
use super::super::text::Decoder;
use super::super::times::{Evidence, Stamp};
use super::{Begun, Body, Understood, fault, more, unusable};
use crate::connectors::Fault;
use crate::connectors::settings::FileSettings;

/// Most bytes held while no date says which number is the day.
const UNDECIDED: usize = 64 * 1024 * 1024;

/// Delimited text, ready to be read.
#[derive(Debug)]
pub(in crate::connectors::file) struct Text {
    pub(in crate::connectors::file) input: Input,
    /// The bytes read so far.
    pub(in crate::connectors::file) head: Piece,
    /// Where the rows begin in them, and how many lines stand before.
    pub(in crate::connectors::file) rows_begin: (usize, u64),
    pub(in crate::connectors::file) dialect: Dialect,
}

/// Understands delimited text.
pub(super) fn open(begun: Begun, settings: &FileSettings) -> Result<(Body, Understood), Fault> {
    let (shape, sample) = sample(&begun.head, begun.whole, settings)?;
    let mut weighing = Weighing {
        begun,
        seen: shape.rows_begin.0,
        is_first: true,
        records: Records::new(shape.dialect),
    };
    let about = Understood::of(&sample, settings, &mut |plan, evidence| {
        let weighed = weighing.weigh(plan, evidence);
        weighed.map_err(|error| fault(settings, &error))
    })?;
    let begun = weighing.begun;
    let text = Text {
        input: begun.input,
        head: Piece::whole(begun.head, begun.whole),
        rows_begin: shape.rows_begin,
        dialect: shape.dialect,
    };
    Ok((Body::Delimited(text), about))
}

/// Looks at the dates of more and more rows.
struct Weighing {
    begun: Begun,
    /// Where the next row begins.
    seen: usize,
    is_first: bool,
    records: Records,
}

impl Weighing {
    /// Adds the dates of further rows to the evidence; whether there may be more.
    fn weigh(&mut self, plan: &Plan, evidence: &mut Evidence) -> io::Result<bool> {
        let Begun {
            input, head, whole, ..
        } = &mut self.begun;
        if !self.is_first {
            let step = head.len();
            *whole = more(input, head, step)?;
        }
        self.is_first = false;
        let at = (head.as_slice(), self.seen, *whole);
        self.seen = weigh(evidence, plan, &mut self.records, at);
        Ok(!*whole && head.len() < UNDECIDED)
    }
}

fn sample(head: &[u8], whole: bool, settings: &FileSettings) -> Result<(Shape, Sample), Fault> {
    let empty = || {
        unusable(
            settings,
            "holds no row",
            "use a file with a header and rows",
        )
    };
    let (shape, sample) = Sample::take(head, whole).ok_or_else(empty)?;
    if sample.rows == 0 {
        return Err(empty());
    }
    if sample.columns.len() < 2 {
        let hint = "weir reads fields separated by comma, semicolon, tab or |";
        return Err(unusable(settings, "has only one column", hint));
    }
    Ok((shape, sample))
}

/// Adds the dates of the rows from `seen` on to the evidence; where the next row begins.
fn weigh(
    evidence: &mut Evidence,
    plan: &Plan,
    records: &mut Records,
    (head, seen, whole): (&[u8], usize, bool),
) -> usize {
    let columns = plan.times();
    let (mut at, mut scratch) = (seen, Vec::new());
    let mut decoder = Decoder::default();
    while let Step::Record { next } = records.next(head, at, whole) {
        at = next;
        for column in &columns {
            let text = decoder.text(records.field(head, *column, &mut scratch));
            if let Some(stamp) = Stamp::parse(&text) {
                evidence.add(stamp);
            }
        }
    }
    at
}
