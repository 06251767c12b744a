//! The stand-up: what changed, what to speak of.

use serde_json::{Value, json};

use super::super::Ground;
use super::super::asked::SinceAsked;
use super::{answers, joined};
use crate::metrics::Standup;
use crate::model::time::{Day, Millis, Sec, Zone};
use crate::report::{Agenda, Answer, standup_json};

/// The whole agenda.
pub(super) fn standup(ground: &dyn Ground, asked: &SinceAsked) -> Result<Value, String> {
    agendas(ground, asked)
}

/// What changed, alone, with counts.
pub(super) fn changes(ground: &dyn Ground, asked: &SinceAsked) -> Result<Value, String> {
    let mut found = agendas(ground, asked)?;
    match found.get_mut("streams").and_then(Value::as_array_mut) {
        Some(streams) => streams.iter_mut().for_each(only_changes),
        None => only_changes(&mut found),
    }
    Ok(found)
}

fn only_changes(agenda: &mut Value) {
    let news = agenda["changes"].as_array().into_iter().flatten();
    let mut counts = serde_json::Map::new();
    for news in news.filter_map(|one| one["news"].as_str()) {
        let count = counts.get(news).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(news.to_owned(), json!(count + 1));
    }
    if let Some(agenda) = agenda.as_object_mut() {
        agenda.shift_remove("items");
        agenda.insert("counts".to_owned(), Value::Object(counts));
    }
}

fn agendas(ground: &dyn Ground, asked: &SinceAsked) -> Result<Value, String> {
    let measured = ground.measure(&asked.scope)?;
    let since = asked.since.as_deref();
    let since = since
        .map(|text| instant(text, measured.snapshot.zone()))
        .transpose()?;
    let told = answers(&measured, None).into_iter().map(|answer| {
        let last = since.or_else(|| ground.last_walk(&answer.measures.stream));
        agenda(answer, last)
    });
    Ok(joined(told.collect()))
}

fn agenda(answer: Answer<'_>, last: Option<Sec>) -> Value {
    let standup = Standup::of(answer.snapshot, answer.stream, answer.measures, last);
    standup_json(Agenda {
        answer,
        standup: &standup,
    })
}

fn instant(text: &str, zone: &Zone) -> Result<Sec, String> {
    let instant = Millis::parse(text).and_then(Millis::floor);
    let day = || Day::parse(text).map(|day| zone.start_of(day));
    instant.or_else(day).ok_or_else(|| {
        format!("since: \"{text}\" is no instant; use 2026-03-03 or 2026-03-03T09:00:00Z")
    })
}
