//! The forecast as JSON. It is worked out here, when its section is asked for.

use serde_json::{Map, Value};

use super::super::forecast::{finished, warnings};
use super::super::{Answer, reason};
use super::Notes;
use crate::model::time::Day;
use crate::simulate::forecast::{
    Backtest, CONFIDENCES, Chance, Forecast, Held, HowMany, When, forecast, live,
};

/// The section of the report; `null` if there is too little to draw from.
pub(super) fn forecast_json(answer: Answer<'_>, notes: &mut Notes) -> Value {
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
        notes.add(&format!("/forecast/{name}"), reason::NO_BACKTEST);
    }
    object! {
        "n_days": days.len(), "finished": finished(forecast),
        "past": object! { "from": date(days.first().copied()), "to": date(days.last().copied()) },
        "from": forecast.from.to_string(), "load": forecast.load,
        "trials": plan.trials, "seed": plan.seed, "split_rate": plan.split_rate,
        "how_many": how_many(&forecast.how_many, notes),
        "when": when(&forecast.when, notes),
        "backtest": forecast.backtest.map(backtest),
        "backtest_when": forecast.backtest_when.map(backtest),
        "live": live_json(answer, notes),
    }
}

fn live_json(answer: Answer<'_>, notes: &mut Notes) -> Value {
    let Some(promises) = answer.promises else {
        notes.add("/forecast/live", reason::NOT_KEPT);
        return Value::Null;
    };
    let live = live(answer.snapshot, answer.measures, promises);
    let mut kind = |name: &str, held: Held| {
        let coverage = held.coverage();
        if coverage.is_none() {
            for key in ["coverage", "brier"] {
                notes.add(&format!("/forecast/live/{name}/{key}"), reason::NOT_DUE);
            }
        }
        object! {
            "forecasts": held.forecasts, "held": by_confidence(held.held),
            "coverage": coverage.map(by_confidence), "brier": held.brier(),
        }
    };
    object! {
        "waiting": live.waiting, "how_many": kind("how_many", live.how_many),
        "when": kind("when", live.when),
    }
}

fn date(day: Option<Day>) -> Value {
    Value::from(day.map(|day| day.to_string()))
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
            None => notes.add(&place, reason::NOTHING_IN_PROGRESS),
            Some(chance) if chance.is_capped() => notes.add(&place, "more than 0.95"),
            Some(_) => {}
        }
        let mut object = Map::new();
        object.insert("date".to_owned(), Value::from(one.day.to_string()));
        object.extend(by_confidence(one.items));
        let chance = one.load.map(Chance::share);
        object.insert("load_chance".to_owned(), Value::from(chance));
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
            notes.add(&format!("/forecast/when/{at}/p{p}"), reason::TOO_FAR);
        }
        let mut object = Map::new();
        object.insert("items".to_owned(), Value::from(one.items));
        object.extend(by_confidence(one.days.map(date)));
        Value::Object(object)
    };
    all.iter().enumerate().map(one).collect()
}

fn backtest(backtest: Backtest) -> Value {
    object! {
        "forecasts": backtest.forecasts, "horizon_days": backtest.horizon,
        "coverage": by_confidence(backtest.coverage), "brier": backtest.brier,
    }
}
