//! The ageing board: what is in progress, by stage and age, against pace bands.

use super::super::Answer;
use super::svg::{Anchor, Svg, WIDTH, place, short};
use crate::charts::{board_top, round_step};
use crate::metrics::OpenItem;
use crate::model::stage::{Condition, State};
use crate::model::time::{DAY_SECS, days};

const LEFT: f64 = 44.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 250.0;

/// A column a committed stage; a dot an item. `None` where nothing is in progress.
pub(super) fn board(answer: Answer<'_>) -> Option<String> {
    let measures = answer.measures;
    let stages: Vec<_> = measures
        .stages
        .iter()
        .filter(|one| one.class.is_committed())
        .collect();
    let open = measures
        .open
        .iter()
        .filter(|one| one.state == State::InProgress);
    let open: Vec<&OpenItem> = open.collect();
    let oldest = open.iter().filter_map(|one| one.age).max()?.max(DAY_SECS);
    let widest = stages
        .iter()
        .filter_map(|one| one.pace)
        .map(|[.., p95]| p95)
        .max();
    let oldest = board_top(oldest, widest.unwrap_or(0));
    let y = |age: i64| BOTTOM - (BOTTOM - TOP) * (days(age) / days(oldest)).min(1.0);
    let slot = (WIDTH - LEFT) / place(stages.len().max(1));
    let mut svg = Svg::new(292.0);
    for (at, stage) in stages.iter().enumerate() {
        let x = LEFT + slot * place(at);
        bands(&mut svg, stage.pace, (x, slot), y);
        let here = open.iter().copied().filter(|one| one.stage == stage.stage);
        dots(&mut svg, answer, here, (x, slot, &y));
        let middle = x + slot / 2.0;
        svg.text(
            "",
            (middle, BOTTOM + 16.0),
            Anchor::Middle,
            &short(&stage.name, 16),
        );
        svg.text(
            "muted",
            (middle, BOTTOM + 31.0),
            Anchor::Middle,
            &stage.load.to_string(),
        );
    }
    scale(&mut svg, oldest, y);
    Some(svg.figure(
        "Items in progress by stage and age",
        "A dot an item, as high as it is old; dark with a ring: blocked. Grounds: as old as half, 85 % and more of what was \
         finished when it left the stage. The oldest of each stage is named; what is older than the picture is high stands at its edge.",
    ))
}

fn bands(svg: &mut Svg, pace: Option<[i64; 4]>, (x, slot): (f64, f64), y: impl Fn(i64) -> f64) {
    let Some([p50, _, p85, _]) = pace else { return };
    let edges = [BOTTOM, y(p50), y(p85), TOP];
    for (at, pair) in edges.windows(2).enumerate() {
        let class = format!("zone{}", at + 1);
        svg.rect(&class, [x + 2.0, pair[1], slot - 4.0, pair[0] - pair[1]]);
    }
    svg.line("grid", [x + 2.0, y(p50), x + slot - 2.0, y(p50)]);
    svg.line("limit", [x + 2.0, y(p85), x + slot - 2.0, y(p85)]);
}

fn dots<'a>(
    svg: &mut Svg,
    answer: Answer<'_>,
    here: impl Iterator<Item = &'a OpenItem>,
    (x, slot, y): (f64, f64, &dyn Fn(i64) -> f64),
) {
    const LANES: usize = 7;
    let log = answer.snapshot.log();
    let mut here: Vec<&OpenItem> = here.collect();
    here.sort_by_key(|one| (std::cmp::Reverse(one.age), one.item));
    for (at, one) in here.iter().enumerate() {
        let lane = (place(at % LANES) + 1.0) / place(LANES + 1);
        let age = one.age.unwrap_or(0);
        let class = match one.condition {
            Some(Condition::Blocked) => "blocked trace",
            _ => "active",
        };
        let title = format!(
            "{}: {:.0} days, {}",
            log.key(one.item),
            days(age),
            log.title(one.item)
        );
        svg.dot(class, (x + slot * lane, y(age), 3.2), &title);
    }
    if let Some(oldest) = here.first() {
        let (key, age) = (log.key(oldest.item), oldest.age.unwrap_or(0));
        let at = (x + slot / 8.0 + 5.0, (y(age) + 4.0).max(TOP + 8.0));
        svg.text("muted", at, Anchor::Start, &short(key, 12));
    }
}

fn scale(svg: &mut Svg, oldest: i64, y: impl Fn(i64) -> f64) {
    let top = u64::try_from(oldest / DAY_SECS).unwrap_or(0).max(1);
    let step = round_step(top, 5);
    for mark in (0..=top / step).map(|mark| mark * step) {
        let seconds = i64::try_from(mark).unwrap_or(0) * DAY_SECS;
        svg.text(
            "muted",
            (LEFT - 6.0, y(seconds) + 4.0),
            Anchor::End,
            &format!("{mark} d"),
        );
    }
}
