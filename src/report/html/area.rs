//! The cumulative flow as bands.

use super::svg::{Anchor, Svg, place, real};
use crate::charts::round_step;
use crate::metrics::{CfdDay, Measures, StageMeasures};
use crate::model::stage::Class;

const LEFT: f64 = 40.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 270.0;

/// Where days and counts stand.
struct Plane {
    days: usize,
    /// What lay below the picture before it begins.
    ground: u64,
    top: u64,
}

impl Plane {
    fn x(&self, day: usize) -> f64 {
        let last = place(self.days.saturating_sub(1).max(1));
        LEFT + (RIGHT - LEFT) * place(day) / last
    }

    fn y(&self, count: u64) -> f64 {
        let above = real(count.saturating_sub(self.ground));
        BOTTOM - (BOTTOM - TOP) * above / real((self.top - self.ground).max(1))
    }
}

/// Bands of the committed and done stages, by day. `None` without two days or anything in them.
pub(super) fn cumulative_flow(measures: &Measures) -> Option<String> {
    let days = &measures.cumulative_flow.days;
    let stages = &measures.stages;
    let committed = stages
        .iter()
        .position(|stage| stage.class != Class::Backlog)?;
    let done = stages.iter().position(|stage| stage.class == Class::Done);
    let shown: Vec<usize> = (committed..done.map_or(stages.len(), |done| done + 1)).collect();
    let (first, last) = (days.first()?, days.last()?);
    let plane = Plane {
        days: days.len(),
        ground: done.map_or(0, |done| first.reached[done]),
        top: last.reached[committed],
    };
    if days.len() < 2 || plane.top <= plane.ground {
        return None;
    }
    let mut svg = Svg::new(300.0);
    counts(&mut svg, &plane);
    for (at, stage) in shown.iter().enumerate() {
        let next = shown.get(at + 1).copied();
        band(&mut svg, &plane, days, (&stages[*stage], *stage, next));
    }
    names(&mut svg, &plane, last, &shown, stages);
    dates(&mut svg, &plane, days);
    Some(svg.figure(
        "Cumulative flow: a band a stage",
        "The height of a band is what stands in its stage or went back; its width, read across, is about the \
         time it takes. Hatched bands wait.",
    ))
}

/// The band of a stage: between what reached it and what reached the next one.
fn band(
    svg: &mut Svg,
    plane: &Plane,
    days: &[CfdDay],
    (stage, at, next): (&StageMeasures, usize, Option<usize>),
) {
    let under = |day: &CfdDay| next.map_or(plane.ground, |next| day.reached[next]);
    let upper = days.iter().enumerate();
    let upper = upper.map(|(x, day)| (plane.x(x), plane.y(day.reached[at])));
    let lower = days.iter().enumerate().rev();
    let lower = lower.map(|(x, day)| (plane.x(x), plane.y(under(day))));
    let points: Vec<(f64, f64)> = upper.chain(lower).collect();
    let odd = if at % 2 == 1 { " odd" } else { "" };
    svg.surface(&format!("{}{odd} edge", stage.class.name()), &points);
    if let Some(pattern) = pattern(stage.class) {
        svg.surface(pattern, &points);
    }
}

/// The names of the bands and what they hold, right of them, apart from one another.
fn names(svg: &mut Svg, plane: &Plane, last: &CfdDay, shown: &[usize], stages: &[StageMeasures]) {
    const APART: f64 = 12.5;
    let under = |at: usize| {
        shown
            .get(at + 1)
            .map_or(plane.ground, |next| last.reached[*next])
    };
    let middle = |at: usize| f64::midpoint(plane.y(last.reached[shown[at]]), plane.y(under(at)));
    let mut heights: Vec<f64> = (0..shown.len()).map(middle).collect();
    // First none lower than the picture, then none higher.
    let mut lowest = BOTTOM;
    for height in heights.iter_mut().rev() {
        *height = height.min(lowest);
        lowest = *height - APART;
    }
    let mut highest = TOP;
    for (at, height) in heights.iter_mut().enumerate() {
        *height = height.max(highest);
        highest = *height + APART;
        svg.line("grid", [RIGHT + 1.0, middle(at), RIGHT + 10.0, *height]);
        let (stage, held) = (
            &stages[shown[at]],
            last.reached[shown[at]].saturating_sub(under(at)),
        );
        let text = format!("{} {held}", super::svg::short(&stage.name, 14));
        svg.text("", (RIGHT + 13.0, *height + 4.0), Anchor::Start, &text);
    }
}

/// What tells a class apart without colour.
pub(super) fn pattern(class: Class) -> Option<&'static str> {
    match class {
        Class::Queue => Some("hatch"),
        Class::Done => Some("stipple"),
        Class::Backlog | Class::Active => None,
    }
}

fn counts(svg: &mut Svg, plane: &Plane) {
    let step = round_step(plane.top - plane.ground, 5);
    let marks = plane.ground.div_ceil(step)..=plane.top / step;
    for count in marks.map(|mark| mark * step) {
        let y = plane.y(count);
        svg.line("grid", [LEFT, y, RIGHT, y]);
        svg.text(
            "muted",
            (LEFT - 5.0, y + 4.0),
            Anchor::End,
            &count.to_string(),
        );
    }
}

fn dates(svg: &mut Svg, plane: &Plane, days: &[CfdDay]) {
    let step = days.len().div_ceil(7).max(1);
    for (at, day) in days.iter().enumerate().step_by(step) {
        svg.text(
            "muted",
            (plane.x(at), BOTTOM + 17.0),
            Anchor::Middle,
            &day.day.short(),
        );
    }
    svg.line("grid", [LEFT, BOTTOM, RIGHT, BOTTOM]);
}
