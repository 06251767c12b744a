//! Flow times of what was finished, a dot an item.

use std::collections::BTreeMap;

use super::super::Answer;
use super::svg::{Anchor, Svg, WIDTH, real};
use crate::charts::round_step;
use crate::metrics::PERCENTILES;
use crate::model::time::{Sec, Window, days};

const LEFT: f64 = 40.0;
const RIGHT: f64 = WIDTH - 90.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 220.0;

/// Dots that fall together are one, so that a page stays small whatever the number of items.
const CELLS: (i64, i64) = (365, 104);

/// When each item was finished and how long it took. `None` where nothing was.
pub(super) fn flow_times(answer: Answer<'_>) -> Option<String> {
    let measures = answer.measures;
    let time = measures.flow.time.as_ref()?;
    let window = measures.header.window;
    let rows = measures
        .finished
        .iter()
        .filter_map(|item| measures.table.row(*item));
    let found: Vec<(Sec, i64, &str)> = rows
        .filter_map(|row| {
            Some((
                row.finished.get()?,
                row.flow()?,
                answer.snapshot.log().key(row.item),
            ))
        })
        .collect();
    let longest = found
        .iter()
        .map(|(_, flow, _)| *flow)
        .max()
        .filter(|most| *most > 0)?;
    let mut svg = Svg::new(250.0);
    let y = |seconds: i64| BOTTOM - (BOTTOM - TOP) * days(seconds) / days(longest);
    scale(&mut svg, longest, y);
    for ((column, row), (count, key, flow)) in gathered(&found, window, longest) {
        let x = LEFT + (RIGHT - LEFT) * whole(column) / whole(CELLS.0);
        let radius = (1.8 + 0.7 * real(count).ln()).min(6.0);
        let title = match count {
            1 => format!("{key}: {:.1} days", days(flow)),
            count => format!("{count} items of about {:.1} days", days(flow)),
        };
        let y = BOTTOM - (BOTTOM - TOP) * whole(row) / whole(CELLS.1);
        svg.dot("active", (x, y, radius), &title);
    }
    for (p, value) in PERCENTILES.iter().zip(time.percentiles.values) {
        if matches!(p, 50 | 85) {
            svg.line("limit", [LEFT, y(value), RIGHT, y(value)]);
            let words = format!("{p} % {:.1} d", days(value));
            svg.text("", (RIGHT + 5.0, y(value) + 4.0), Anchor::Start, &words);
        }
    }
    dates(&mut svg, answer, window);
    Some(svg.figure(
        "Flow time of each finished item by the day of its finish",
        &format!(
            "A dot an item, larger where several fall together; days from start to finish over the day of the \
             finish. Half of the {} items took no longer than the lower dashed line, 85 % than the upper one.",
            time.percentiles.n
        ),
    ))
}

/// By cell: how many, the key of one, and how long that one took.
fn gathered<'a>(
    found: &[(Sec, i64, &'a str)],
    window: Window,
    longest: i64,
) -> BTreeMap<(i64, i64), (u64, &'a str, i64)> {
    let span = window.to.since(window.from).max(1);
    let mut cells = BTreeMap::new();
    for (at, flow, key) in found {
        let column = at.since(window.from) * CELLS.0 / span;
        let row = i128::from(*flow) * i128::from(CELLS.1) / i128::from(longest);
        let row = i64::try_from(row).unwrap_or(CELLS.1);
        let cell = cells.entry((column, row)).or_insert((0, *key, *flow));
        cell.0 += 1;
    }
    cells
}

fn scale(svg: &mut Svg, longest: i64, y: impl Fn(i64) -> f64) {
    let top = u64::try_from(longest / crate::model::time::DAY_SECS).unwrap_or(0);
    let step = round_step(top.max(1), 4);
    for mark in (0..=top / step).map(|mark| mark * step) {
        let seconds = i64::try_from(mark).unwrap_or(0) * crate::model::time::DAY_SECS;
        svg.line("grid", [LEFT, y(seconds), RIGHT, y(seconds)]);
        svg.text(
            "muted",
            (LEFT - 5.0, y(seconds) + 4.0),
            Anchor::End,
            &format!("{mark} d"),
        );
    }
}

fn dates(svg: &mut Svg, answer: Answer<'_>, window: Window) {
    const MARKS: i64 = 6;
    let span = window.to.since(window.from);
    for mark in 0..=MARKS {
        let at = window.from.plus(span * mark / MARKS);
        let x = LEFT + (RIGHT - LEFT) * whole(mark) / whole(MARKS);
        let day = answer.snapshot.zone().day_of(at).short();
        svg.text("muted", (x, BOTTOM + 17.0), Anchor::Middle, &day);
    }
}

#[expect(clippy::cast_precision_loss, reason = "cells and marks are few")]
fn whole(number: i64) -> f64 {
    number as f64
}
