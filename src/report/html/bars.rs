//! Bars: time by phase, load by stage, evidence by stage, weeks.

use super::area::pattern;
use super::svg::{Anchor, Svg, WIDTH, place, real, short};
use crate::charts::round_step;
use crate::metrics::{BENCHMARK, Measures, Signals, StageMeasures, WeekCount};

/// Where bars begin, right of their names.
const NAMES: f64 = 130.0;
const ROW: f64 = 22.0;

/// The share of time in each phase over the usual one.
pub(super) fn phases(measures: &Measures) -> Option<String> {
    let shares: Vec<(&str, f64)> = measures
        .phases
        .iter()
        .filter_map(|one| Some((one.phase.name(), one.share?)))
        .collect();
    let usual: Vec<(&str, f64)> = BENCHMARK
        .iter()
        .map(|(phase, share)| (phase.name(), *share))
        .collect();
    let mut svg = Svg::new(64.0);
    (!shares.is_empty()).then(|| {
        split(&mut svg, "this stream", 4.0, &shares);
        split(&mut svg, "benchmark", 34.0, &usual);
        svg.figure(
            "Share of time by phase",
            "From creation to finish, of what finished in the window. The benchmark is the average of many \
             companies: little of the time is making.",
        )
    })
}

fn split(svg: &mut Svg, name: &str, y: f64, shares: &[(&str, f64)]) {
    svg.text("muted", (NAMES - 8.0, y + 16.0), Anchor::End, name);
    let mut x = NAMES;
    for (phase, share) in shares {
        let width = (WIDTH - NAMES) * share;
        svg.rect(&format!("{phase} edge"), [x, y, width, ROW]);
        if matches!(*phase, "ideate" | "release") {
            svg.rect("hatch", [x, y, width, ROW]);
        }
        let text = format!("{phase} {:.0} %", share * 100.0);
        if width > 80.0 {
            // A ground of its own keeps the words readable on the pattern.
            svg.rect("track", [x + 4.0, y + 3.0, 78.0, ROW - 6.0]);
            svg.text("", (x + 8.0, y + 15.0), Anchor::Start, &text);
        }
        x += width;
    }
}

/// What stands in each stage, beside its limit or usual load.
pub(super) fn stages(measures: &Measures) -> Option<String> {
    let shown: Vec<&StageMeasures> = measures
        .stages
        .iter()
        .filter(|stage| stage.class.is_committed())
        .collect();
    let most = |stage: &&StageMeasures| {
        stage
            .load
            .max(stage.usual_load)
            .max(stage.limit.unwrap_or(0).into())
    };
    let top = shown.iter().map(most).max().filter(|top| *top > 0)?;
    let scale = (WIDTH - NAMES - 170.0) / real(top);
    let mut svg = Svg::new(place(shown.len()) * ROW + 6.0);
    for (at, stage) in shown.iter().enumerate() {
        let y = place(at) * ROW + 3.0;
        stage_bar(&mut svg, stage, y, scale);
    }
    Some(svg.figure(
        "Items in each stage that work is committed to",
        "Hatched: waiting. Dark: blocked. The dashed mark is the limit, or else the load that was not exceeded \
         for 85 % of the window.",
    ))
}

fn stage_bar(svg: &mut Svg, stage: &StageMeasures, y: f64, scale: f64) {
    let height = ROW - 6.0;
    svg.text(
        "",
        (NAMES - 8.0, y + 12.0),
        Anchor::End,
        &short(&stage.name, 18),
    );
    let width = real(stage.load) * scale;
    svg.rect(stage.class.name(), [NAMES, y, width, height]);
    if let Some(pattern) = pattern(stage.class) {
        svg.rect(pattern, [NAMES, y, width, height]);
    }
    svg.rect("blocked", [NAMES, y, real(stage.blocked) * scale, height]);
    let bound = stage.limit.map_or(stage.usual_load, u64::from);
    let mark = NAMES + real(bound) * scale;
    svg.line("limit", [mark, y - 2.0, mark, y + height + 2.0]);
    let mut words = vec![stage.load.to_string()];
    if stage.blocked > 0 {
        words.push(format!("{} blocked", stage.blocked));
    }
    if stage.past_p85 > 0 {
        words.push(format!("{} old", stage.past_p85));
    }
    let right = width.max(real(bound) * scale);
    svg.text(
        "muted",
        (NAMES + right + 6.0, y + 12.0),
        Anchor::Start,
        &words.join(", "),
    );
}

/// The score of each stage, strongest first.
pub(super) fn evidence(measures: &Measures) -> Option<String> {
    let ranking = measures.bottleneck.ranking.iter().take(6);
    let ranking: Vec<_> = ranking.filter(|one| one.score > 0.0).collect();
    let mut svg = Svg::new(place(ranking.len()) * ROW + 6.0);
    for (at, one) in ranking.iter().enumerate() {
        let y = place(at) * ROW + 3.0;
        let stage = &measures.stages[one.stage.index()];
        let width = (WIDTH - NAMES - 60.0) * one.score.clamp(0.0, 1.0);
        let held = measures.bottleneck.constraint == Some(one.stage);
        svg.text(
            "",
            (NAMES - 8.0, y + 12.0),
            Anchor::End,
            &short(&stage.name, 18),
        );
        svg.rect("track", [NAMES, y, WIDTH - NAMES - 60.0, ROW - 6.0]);
        svg.rect(
            if held { "blocked" } else { "active" },
            [NAMES, y, width, ROW - 6.0],
        );
        let words = format!("{:.2}{}", one.score, if held { " ◂" } else { "" });
        svg.text("", (WIDTH - 54.0, y + 12.0), Anchor::Start, &words);
    }
    (!ranking.is_empty()).then(|| {
        svg.figure(
            "How strongly each stage holds the stream back",
            "From 0 to 1. The mark ◂ stands at the stage that holds the stream back, if one stands out.",
        )
    })
}

const LEFT: f64 = 40.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 190.0;

/// Items finished by week, with what chance allows and the weeks that are beyond it.
pub(super) fn weeks(measures: &Measures) -> Option<String> {
    let weeks = &measures.throughput;
    let signals = Signals::of(measures);
    let upper = signals.baseline.map_or(0.0, |one| one.upper());
    let most = weeks
        .iter()
        .map(|week| week.finished.max(week.arrived))
        .max();
    let top = real(most.filter(|most| *most > 0)?).max(upper) * 1.05;
    let y = |value: f64| BOTTOM - (BOTTOM - TOP) * value / top;
    let mut svg = Svg::new(220.0);
    scale(&mut svg, top, y);
    let slot = (WIDTH - LEFT - 90.0) / place(weeks.len());
    for (at, week) in weeks.iter().enumerate() {
        let x = LEFT + slot * place(at);
        week_bar(&mut svg, week, (x, slot), y);
        let marked = signals.signals.iter().any(|one| one.week == week.week);
        if marked {
            let over = y(real(week.finished)) - 4.0;
            svg.text("strong", (x + slot / 2.0, over), Anchor::Middle, "▲");
        }
    }
    let arrived = weeks.iter().enumerate();
    let arrived: Vec<(f64, f64)> = arrived
        .map(|(at, week)| (LEFT + slot * (place(at) + 0.5), y(real(week.arrived))))
        .collect();
    svg.trace("trace", &arrived);
    if let Some(baseline) = signals.baseline {
        let limits = [
            ("mean", Some(baseline.mean)),
            ("upper", Some(upper)),
            ("lower", baseline.lower()),
        ];
        for (name, value) in limits
            .iter()
            .filter_map(|(name, value)| Some((name, (*value)?)))
        {
            let right = WIDTH - 90.0;
            svg.line("limit", [LEFT, y(value), right, y(value)]);
            svg.text(
                "muted",
                (right + 5.0, y(value) + 4.0),
                Anchor::Start,
                &format!("{name} {value:.1}"),
            );
        }
    }
    Some(svg.figure(
        "Throughput by week",
        "Bars: finished; pale where the window cuts the week. Line: arrived. Dashed: the mean and what chance \
         allows; ▲ a week that completes a pattern which chance seldom makes.",
    ))
}

fn week_bar(svg: &mut Svg, week: &WeekCount, (x, slot): (f64, f64), y: impl Fn(f64) -> f64) {
    let top = y(real(week.finished));
    let class = if week.partial { "done odd" } else { "done" };
    let bar = [x + slot * 0.12, top, slot * 0.76, BOTTOM - top];
    svg.rect(class, bar);
    if week.partial {
        svg.rect("stipple", bar);
    }
    let name = week.week.to_string();
    let name = name.rsplit('-').next().unwrap_or_default();
    if slot >= 24.0 {
        svg.text(
            "muted",
            (x + slot / 2.0, BOTTOM + 15.0),
            Anchor::Middle,
            name,
        );
    }
}

fn scale(svg: &mut Svg, top: f64, y: impl Fn(f64) -> f64) {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count, cut to a whole one"
    )]
    let whole = top as u64;
    let step = round_step(whole, 4);
    for mark in (0..=whole / step).map(|mark| mark * step) {
        let at = y(real(mark));
        svg.line("grid", [LEFT, at, WIDTH - 90.0, at]);
        svg.text(
            "muted",
            (LEFT - 5.0, at + 4.0),
            Anchor::End,
            &mark.to_string(),
        );
    }
}
