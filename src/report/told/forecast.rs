//! The forecast. It is worked out here, when its section is asked for.

use super::super::document::Block;
use super::super::forecast::{finished, warnings};
use super::super::table::Table;
use super::super::{Answer, reason};
use super::{or_unknown, percent};
use crate::simulate::forecast::{Backtest, CONFIDENCES, Forecast, forecast as foretell};

pub(super) fn forecast(answer: Answer<'_>) -> Vec<Block> {
    let forecast = match foretell(answer.snapshot, answer.measures) {
        Ok(forecast) => forecast,
        Err(too_little) => return vec![Block::line(format!("none: {too_little}"))],
    };
    let mut blocks = origin(&forecast, answer);
    blocks.push(Block::Table(how_many(&forecast)));
    blocks.push(Block::Table(when(&forecast)));
    blocks.push(Block::Line(backtest(forecast.backtest)));
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

fn backtest(backtest: Option<Backtest>) -> String {
    let Some(backtest) = backtest else {
        return reason::NO_BACKTEST.to_owned();
    };
    let held = CONFIDENCES.iter().zip(backtest.coverage);
    let held = held.map(|(p, share)| format!("P{p} held in {}", percent(share)));
    format!(
        "forecasts of the past: {}, each of {} working days: {}; Brier score {:.3}",
        backtest.forecasts,
        backtest.horizon,
        held.collect::<Vec<_>>().join(", "),
        backtest.brier
    )
}
