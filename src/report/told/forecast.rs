//! The forecast. It is worked out here, when its section is asked for.

use super::super::document::Block;
use super::super::forecast::{finished, warnings};
use super::super::table::Table;
use super::super::{Answer, reason};
use super::{or_unknown, percent};
use crate::simulate::forecast::{CONFIDENCES, Forecast, Live, forecast as foretell, live};

pub(super) fn forecast(answer: Answer<'_>) -> Vec<Block> {
    let forecast = match foretell(answer.snapshot, answer.measures) {
        Ok(forecast) => forecast,
        Err(too_little) => return vec![Block::line(format!("none: {too_little}"))],
    };
    let mut blocks = origin(&forecast, answer);
    blocks.push(Block::Table(how_many(&forecast)));
    blocks.push(Block::Table(when(&forecast)));
    blocks.extend(backtests(&forecast));
    if let Some(promises) = answer.promises {
        let live = live(answer.snapshot, answer.measures, promises);
        blocks.push(Block::Line(live_told(&live)));
    }
    blocks
}

fn origin(forecast: &Forecast, answer: Answer<'_>) -> Vec<Block> {
    let plan = &answer.snapshot.settings().forecast;
    let mut lines = vec![format!(
        "{} trials, seed {}, drawn from {} working days with {} finished; counted from {}",
        plan.trials,
        plan.seed,
        forecast.past.days().len(),
        finished(forecast),
        forecast.from
    )];
    if plan.split_rate > 0.0 {
        let rate = plan.split_rate;
        lines.push(format!("each finished item brings {rate} new ones"));
    }
    lines.extend(warnings(forecast));
    lines.into_iter().map(Block::Line).collect()
}

fn header(first: &str) -> impl Iterator<Item = String> {
    let confidences = CONFIDENCES.map(|p| format!("P{p}"));
    std::iter::once(first.to_owned()).chain(confidences)
}

fn how_many(forecast: &Forecast) -> Table {
    let header = header("finished by").chain([format!("{} or more", forecast.load)]);
    let mut table = Table::new(header).unknown(5, reason::NOTHING_IN_PROGRESS);
    for one in &forecast.how_many {
        let chance = or_unknown(one.load, |chance| chance.to_string());
        let items = one.items.map(|items| items.to_string());
        let row = std::iter::once(one.day.to_string()).chain(items);
        table.row(row.chain([chance]));
    }
    table
}

fn when(forecast: &Forecast) -> Table {
    let mut table = Table::new(header("items finished"));
    for one in &forecast.when {
        let far = || "too far".to_owned();
        let days = one
            .days
            .map(|day| day.map_or_else(far, |day| day.to_string()));
        table.row(std::iter::once(one.items.to_string()).chain(days));
    }
    table
}

fn backtests(forecast: &Forecast) -> Vec<Block> {
    let told = [
        (forecast.backtest, "how many within"),
        (forecast.backtest_when, "when for as many as usual in"),
    ];
    let told = told.into_iter().filter_map(|(found, what)| {
        let found = found?;
        Some(Block::Line(format!(
            "forecasts of the past, {what} {} working days: {}, {}; Brier score {:.3}",
            found.horizon,
            found.forecasts,
            shares(found.coverage),
            found.brier
        )))
    });
    let mut told: Vec<Block> = told.collect();
    if told.is_empty() {
        told.push(Block::line(reason::NO_BACKTEST));
    }
    told
}

/// By confidence: the share that held.
fn shares(coverage: [f64; 4]) -> String {
    let held = CONFIDENCES.iter().zip(coverage);
    let held = held.map(|(p, share)| format!("P{p} held in {}", percent(share)));
    held.collect::<Vec<_>>().join(", ")
}

/// One sentence on the forecasts made live, of both kinds together.
fn live_told(live: &Live) -> String {
    let held = live.how_many.and(live.when);
    let waiting = match live.waiting {
        0 => String::new(),
        1 => "; 1 waits for its day".to_owned(),
        waiting => format!("; {waiting} wait for their day"),
    };
    let (Some(coverage), Some(brier)) = (held.coverage(), held.brier()) else {
        return format!("no live forecast has come to its day yet{waiting}");
    };
    format!(
        "of {} live forecasts whose day has come, {} held at P85 ({}); Brier score {brier:.3}{waiting}",
        held.forecasts,
        held.held[2],
        shares(coverage),
    )
}
