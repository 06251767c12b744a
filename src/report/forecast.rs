//! The forecast as JSON and as text. It is worked out here, when its section is asked for.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Answer;
use super::json::Notes;
use super::table::Table;
use crate::model::time::Day;
use crate::simulate::forecast::{
    Backtest, CONFIDENCES, Chance, Forecast, Held, HowMany, Live, When, forecast, live,
};

/// Why a backtest is missing.
const NO_BACKTEST: &str = "no forecast of the past can be held against what came: the record is no longer than the days drawn from and the days ahead, or too few of its days have a finished item";

/// Why there is no word on forecasts made live.
const NOT_KEPT: &str = "forecasts of files named on the command line are not kept";

/// The section of the report; `null` if there is too little to draw from.
pub(super) fn json(answer: Answer<'_>, notes: &mut Notes) -> Value {
    match forecast(answer.snapshot, answer.measures) {
        Ok(forecast) => whole(&forecast, answer, notes),
        Err(too_little) => {
            notes.add("/forecast", &too_little.to_string());
            Value::Null
        }
    }
}

fn whole(forecast: &Forecast, answer: Answer<'_>, notes: &mut Notes) -> Value {
    let plan = &answer.snapshot.settings().forecast;
    let days = forecast.past.days();
    let warnings: Vec<String> = warnings(forecast).collect();
    if !warnings.is_empty() {
        notes.add("/forecast/n_days", &warnings.join("; "));
    }
    let backtests = [
        ("backtest", forecast.backtest),
        ("backtest_when", forecast.backtest_when),
    ];
    for (name, _) in backtests.iter().filter(|(_, found)| found.is_none()) {
        notes.add(&format!("/forecast/{name}"), NO_BACKTEST);
    }
    json!({
        "n_days": days.len(), "finished": finished(forecast),
        "past": { "from": date(days.first().copied()), "to": date(days.last().copied()) },
        "from": forecast.from.to_string(), "load": forecast.load,
        "trials": plan.trials, "seed": plan.seed, "split_rate": plan.split_rate,
        "how_many": how_many(&forecast.how_many, notes),
        "when": when(&forecast.when, notes),
        "backtest": forecast.backtest.map(backtest),
        "backtest_when": forecast.backtest_when.map(backtest),
        "live": live_json(answer, notes),
    })
}

fn live_json(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let Some(promises) = answer.promises else {
        notes.add("/forecast/live", NOT_KEPT);
        return Value::Null;
    };
    let live = live(answer.snapshot, answer.measures, promises);
    let mut kind = |name: &str, held: Held| {
        let coverage = held.coverage();
        if coverage.is_none() {
            for key in ["coverage", "brier"] {
                let place = format!("/forecast/live/{name}/{key}");
                notes.add(&place, "no such forecast made live has come to its day");
            }
        }
        json!({
            "forecasts": held.forecasts, "held": by_confidence(held.held),
            "coverage": coverage.map(by_confidence), "brier": held.brier(),
        })
    };
    json!({
        "waiting": live.waiting, "how_many": kind("how_many", live.how_many),
        "when": kind("when", live.when),
    })
}

fn date(day: Option<Day>) -> Value {
    json!(day.map(|day| day.to_string()))
}

fn finished(forecast: &Forecast) -> u64 {
    let counts = forecast.past.counts().iter();
    counts.map(|count| u64::from(*count)).sum()
}

fn by_confidence<T: Into<Value>>(values: [T; 4]) -> Map<String, Value> {
    let named = CONFIDENCES.iter().zip(values);
    named
        .map(|(p, value)| (format!("p{p}"), value.into()))
        .collect()
}

fn how_many(all: &[HowMany], notes: &mut Notes) -> Value {
    let one = |(at, one): (usize, &HowMany)| {
        let place = format!("/forecast/how_many/{at}/load_chance");
        match one.load {
            None => notes.add(&place, "nothing is in progress"),
            Some(chance) if chance.is_capped() => notes.add(&place, "more than 0.95"),
            Some(_) => {}
        }
        let mut object = Map::new();
        object.insert("date".to_owned(), json!(one.day.to_string()));
        object.extend(by_confidence(one.items));
        let chance = one.load.map(Chance::share);
        object.insert("load_chance".to_owned(), json!(chance));
        Value::Object(object)
    };
    all.iter().enumerate().map(one).collect()
}

fn when(all: &[When], notes: &mut Notes) -> Value {
    let one = |(at, one): (usize, &When)| {
        for (p, _) in CONFIDENCES
            .iter()
            .zip(one.days)
            .filter(|(_, day)| day.is_none())
        {
            notes.add(
                &format!("/forecast/when/{at}/p{p}"),
                "too far ahead to tell",
            );
        }
        let mut object = Map::new();
        object.insert("items".to_owned(), json!(one.items));
        object.extend(by_confidence(one.days.map(date)));
        Value::Object(object)
    };
    all.iter().enumerate().map(one).collect()
}

fn backtest(backtest: Backtest) -> Value {
    json!({
        "forecasts": backtest.forecasts, "horizon_days": backtest.horizon,
        "coverage": by_confidence(backtest.coverage), "brier": backtest.brier,
    })
}

/// The section of the report as text.
pub(super) fn text(answer: Answer<'_>) -> String {
    let forecast = match forecast(answer.snapshot, answer.measures) {
        Ok(forecast) => forecast,
        Err(too_little) => return format!("  none: {too_little}\n"),
    };
    let mut text = origin(&forecast, answer);
    text += &how_many_text(&forecast);
    text += &when_text(&forecast);
    text += &backtests_text(&forecast);
    if let Some(promises) = answer.promises {
        text += &live_text(&live(answer.snapshot, answer.measures, promises));
    }
    text
}

fn origin(forecast: &Forecast, answer: Answer<'_>) -> String {
    let plan = &answer.snapshot.settings().forecast;
    let mut text = format!(
        "  {} trials, seed {}, drawn from {} working days with {} finished; counted from {}\n",
        plan.trials,
        plan.seed,
        forecast.past.days().len(),
        finished(forecast),
        forecast.from
    );
    if plan.split_rate > 0.0 {
        let _ = writeln!(
            text,
            "  each finished item brings {} new ones",
            plan.split_rate
        );
    }
    for warning in warnings(forecast) {
        let _ = writeln!(text, "  {warning}");
    }
    text
}

/// What makes the days drawn from other than they seem.
fn warnings(forecast: &Forecast) -> impl Iterator<Item = String> {
    young(forecast).into_iter().chain(idle(forecast))
}

/// A word on days off that the calendar does not know.
fn idle(forecast: &Forecast) -> Option<String> {
    let days = forecast.past.idle_weekdays();
    let names: Vec<String> = days.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| {
        format!(
            "nothing was finished on any {}: if these are days off, leave them out of workdays in [calendar], or the forecast is more careful than need be",
            names.join(", ")
        )
    })
}

/// A word on days without a finish that lie before the record.
fn young(forecast: &Forecast) -> Option<String> {
    let begin = forecast.record_from;
    let first = *forecast.past.days().first()?;
    (begin > first).then(|| {
        format!("the record begins on {begin}: the days drawn from before it hold no finish, and a shorter window leaves them out")
    })
}

fn table(first: &str, last: &str) -> Table {
    let confidences = CONFIDENCES.map(|p| format!("P{p}"));
    let mut header = vec![format!("  {first}")];
    header.extend(confidences);
    header.push(last.to_owned());
    Table::new(header)
}

fn how_many_text(forecast: &Forecast) -> String {
    let mut table = table("finished by", &format!("{} or more", forecast.load));
    for one in &forecast.how_many {
        let mut row = vec![format!("  {}", one.day)];
        row.extend(one.items.map(|items| items.to_string()));
        row.push(one.load.map_or("–".to_owned(), |chance| chance.to_string()));
        table.row(row);
    }
    table.text()
}

fn when_text(forecast: &Forecast) -> String {
    let mut table = table("items finished", "");
    for one in &forecast.when {
        let mut row = vec![format!("  {}", one.items)];
        let far = || "too far".to_owned();
        row.extend(
            one.days
                .map(|day| day.map_or_else(far, |day| day.to_string())),
        );
        row.push(String::new());
        table.row(row);
    }
    table.text()
}

fn backtests_text(forecast: &Forecast) -> String {
    if forecast.backtest.is_none() && forecast.backtest_when.is_none() {
        return format!("  {NO_BACKTEST}\n");
    }
    let told = [
        (forecast.backtest, "how many within"),
        (forecast.backtest_when, "when for as many as usual in"),
    ];
    let told = told.into_iter().filter_map(|(found, what)| {
        let found = found?;
        Some(format!(
            "  forecasts of the past, {what} {} working days: {}, {}; Brier score {:.3}\n",
            found.horizon,
            found.forecasts,
            shares(found.coverage),
            found.brier
        ))
    });
    told.collect()
}

/// By confidence: the share that held.
fn shares(coverage: [f64; 4]) -> String {
    let held = CONFIDENCES.iter().zip(coverage);
    let held: Vec<String> = held
        .map(|(p, share)| format!("P{p} held in {:.0} %", share * 100.0))
        .collect();
    held.join(", ")
}

/// One sentence on the forecasts made live, of both kinds together.
fn live_text(live: &Live) -> String {
    let held = live.how_many.and(live.when);
    let waiting = match live.waiting {
        0 => String::new(),
        1 => "; 1 waits for its day".to_owned(),
        waiting => format!("; {waiting} wait for their day"),
    };
    let (Some(coverage), Some(brier)) = (held.coverage(), held.brier()) else {
        return format!("  no live forecast has come to its day yet{waiting}\n");
    };
    format!(
        "  of {} live forecasts whose day has come, {} held at P85 ({}); Brier score {brier:.3}{waiting}\n",
        held.forecasts,
        held.held[2],
        shares(coverage),
    )
}
