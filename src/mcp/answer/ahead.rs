//! The days ahead.

use serde_json::{Map, Value, json};

use super::super::Ground;
use super::super::asked::ForecastAsked;
use super::{answers, joined};
use crate::model::time::Day;
use crate::report::{Answer, Section, stream_json};
use crate::simulate::forecast::{CONFIDENCES, OutlookAsk, Tested, TooLittle, outlook, within};

/// As far as one can look.
const WEEKS: u32 = 52;
const ITEMS: u32 = 100_000;

/// The section of the report, with the answers to what was asked besides.
pub(super) fn forecast(ground: &dyn Ground, asked: &ForecastAsked) -> Result<Value, String> {
    let inside = |name: &str, number: Option<u32>, most: u32| match number {
        Some(number) if !(1..=most).contains(&number) => {
            Err(format!("{name} is {number}; it has to be 1 to {most}"))
        }
        _ => Ok(()),
    };
    inside("weeks", asked.weeks, WEEKS)?;
    inside("items", asked.items, ITEMS)?;
    let measured = ground.measure(&asked.scope)?;
    let promises = ground.promises(&asked.scope, &measured);
    let told = answers(&measured, promises.as_deref()).into_iter();
    Ok(joined(told.map(|one| of_stream(one, asked)).collect()))
}

fn of_stream(answer: Answer<'_>, asked: &ForecastAsked) -> Value {
    let mut found = stream_json(answer, &[Section::Forecast]);
    let mut put = |name: &str, told: Result<Value, TooLittle>| {
        found[name] = told.unwrap_or_else(|why| json!({ "unknown": why.to_string() }));
    };
    if let Some(weeks) = asked.weeks {
        put("asked_weeks", how_many(answer, weeks));
    }
    if let Some(items) = asked.items {
        put("asked_items", when(answer, items));
    }
    found
}

fn how_many(answer: Answer<'_>, weeks: u32) -> Result<Value, TooLittle> {
    let ahead = within(answer.snapshot, answer.measures, weeks)?;
    let items = by_confidence(ahead.items.map(|items| json!(items)));
    let (date, mut told) = (ahead.day.to_string(), Map::new());
    told.insert("weeks".to_owned(), json!(weeks));
    told.insert("date".to_owned(), json!(date));
    told.extend(items);
    Ok(Value::Object(told))
}

fn when(answer: Answer<'_>, items: u32) -> Result<Value, TooLittle> {
    let ask = OutlookAsk {
        items: Some(items),
        weeks: Some(1),
        split: None,
    };
    let tested = Some(Tested::default());
    let ahead = outlook(answer.snapshot, answer.measures, ask, tested)?;
    let date = |day: Option<Day>| json!(day.map(|day| day.to_string()));
    let mut told = Map::new();
    told.insert("items".to_owned(), json!(items));
    told.extend(by_confidence(ahead.when.days.map(date)));
    Ok(Value::Object(told))
}

fn by_confidence(values: [Value; 4]) -> impl Iterator<Item = (String, Value)> {
    let named = CONFIDENCES.into_iter().zip(values);
    named.map(|(p, value)| (format!("p{p}"), value))
}
