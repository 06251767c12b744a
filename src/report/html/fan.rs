//! The days ahead as a fan.

use super::super::Answer;
use super::svg::{Anchor, Svg, WIDTH, place, real};
use crate::charts::round_step;
use crate::simulate::forecast::{FAN, Outlook, OutlookAsk, Tested, outlook};

const LEFT: f64 = 40.0;
const RIGHT: f64 = WIDTH - 110.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 210.0;

/// How many are finished by each day ahead, by how sure that is. `None` where too little is known.
pub(super) fn ahead(answer: Answer<'_>) -> Option<String> {
    // Whoever draws needs no word on how such forecasts did before; the section says it.
    let untested = Some(Tested::default());
    let outlook = outlook(
        answer.snapshot,
        answer.measures,
        OutlookAsk::default(),
        untested,
    )
    .ok()?;
    let last = outlook.days.last()?;
    let top = last.items.iter().copied().max().filter(|top| *top > 0)?;
    let mut svg = Svg::new(240.0);
    let step = round_step(u64::from(top), 4);
    let y = |items: f64| BOTTOM - (BOTTOM - TOP) * items / f64::from(top);
    for mark in (0..=u64::from(top) / step).map(|mark| mark * step) {
        svg.line("grid", [LEFT, y(real(mark)), RIGHT, y(real(mark))]);
        svg.text(
            "muted",
            (LEFT - 5.0, y(real(mark)) + 4.0),
            Anchor::End,
            &mark.to_string(),
        );
    }
    let x = |at: usize| {
        LEFT + (RIGHT - LEFT) * place(at) / place(outlook.days.len().saturating_sub(1).max(1))
    };
    for (class, sure, bold) in [("zone1", 95, 5), ("zone1", 85, 15), ("zone1", 70, 30)] {
        let points = edges(&outlook, (sure, bold), x, y);
        svg.surface(class, &points);
    }
    for (p, class) in [(50, "trace"), (85, "limit")] {
        let Some(line) = line(&outlook, p, x, y) else {
            continue;
        };
        svg.trace(class, &line);
        if let Some((right, height)) = line.last() {
            let items = FAN
                .iter()
                .position(|one| *one == p)
                .map_or(0, |at| last.items[at]);
            let words = format!("{p} %: {items}");
            svg.text("", (right + 6.0, height + 4.0), Anchor::Start, &words);
        }
    }
    let every = outlook.days.len().div_ceil(6).max(1);
    for (at, day) in outlook.days.iter().enumerate().step_by(every) {
        svg.text(
            "muted",
            (x(at), BOTTOM + 17.0),
            Anchor::Middle,
            &day.day.short(),
        );
    }
    Some(svg.figure(
        "Items finished by each day ahead",
        "With 85 % confidence at least as many are finished as the dashed line says; as likely more as less than the \
         solid one. The ground spans 5 to 95 %.",
    ))
}

/// The line of one confidence.
fn line(
    outlook: &Outlook,
    confidence: u8,
    x: impl Fn(usize) -> f64,
    y: impl Fn(f64) -> f64,
) -> Option<Vec<(f64, f64)>> {
    let at = FAN.iter().position(|one| *one == confidence)?;
    let days = outlook.days.iter().enumerate();
    Some(
        days.map(|(day, one)| (x(day), y(f64::from(one.items[at]))))
            .collect(),
    )
}

/// The ground between two confidences.
fn edges(
    outlook: &Outlook,
    (sure, bold): (u8, u8),
    x: impl Fn(usize) -> f64 + Copy,
    y: impl Fn(f64) -> f64 + Copy,
) -> Vec<(f64, f64)> {
    let upper = line(outlook, bold, x, y).unwrap_or_default();
    let lower = line(outlook, sure, x, y).unwrap_or_default();
    upper.into_iter().chain(lower.into_iter().rev()).collect()
}
