//! Deleted work items, as the recycle bin tells of them.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::super::story::Story;
use super::super::sync::{Fetched, Listed, Page};
use super::AzureDevops;
use super::tracker::{Detail, Row};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, Event};
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// Ids of one request.
const TOGETHER: usize = 200;

/// After all else that happened to an item at one instant.
const LAST: u64 = 1 << 40;

/// A deleted item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deleted {
    /// It was one of those that are asked for.
    At(Millis),
    /// It is none of ours.
    Foreign,
}

/// What is told of a deleted item.
#[derive(Debug)]
pub(crate) struct Gone {
    id: String,
    at: Millis,
}

impl Gone {
    /// Its deletion, beside all that is known of it.
    pub(super) fn story(self) -> (String, Story) {
        let event = Event {
            id: format!("deleted.{}", self.at.0),
            at: self.at,
            seq: LAST,
            approximate: false,
            change: Change::Deleted,
        };
        let history = ItemHistory {
            item: self.id.clone(),
            replace: false,
            events: vec![event],
        };
        let story = Story {
            history: Some(history),
            updated: Some(self.at),
            ..Story::default()
        };
        (self.id, story)
    }
}

/// A row of the recycle bin says all there is.
pub(super) fn fetched(row: Listed<Row>) -> (String, Fetched<Detail>) {
    let Listed { id, updated, row } = row;
    let gone = match row {
        Some(_) => Fetched::Detail(Detail::Deleted(Gone {
            id: id.clone(),
            at: updated,
        })),
        None => Fetched::Gone,
    };
    (id, gone)
}

impl AzureDevops {
    /// All that is in the recycle bin. What is found there the first time is asked about.
    pub(super) async fn deleted(&self, session: &Session<'_>) -> Result<Page<Row>, Fault> {
        let project = self.query.project();
        let url = self.address.at(project, "wit/recyclebin", &[]);
        let answer = match session.get::<Value>(&url).await {
            Ok(answer) => answer,
            Err(fault) if is_closed(&fault) => return Ok(closed(&fault)),
            Err(fault) => return Err(fault),
        };
        let ids: Vec<u64> = ids(&answer.value);
        self.learned().deleted.retain(|id, _| ids.contains(id));
        let fresh: Vec<u64> = {
            let learned = self.learned();
            ids.into_iter()
                .filter(|id| !learned.deleted.contains_key(id))
                .collect()
        };
        for few in fresh.chunks(TOGETHER) {
            self.learn_deleted(session, few).await?;
        }
        Ok(Page {
            now: answer.date,
            ..self.page_of_deleted()
        })
    }

    pub(super) async fn learn_deleted(
        &self,
        session: &Session<'_>,
        few: &[u64],
    ) -> Result<(), Fault> {
        let listed: Vec<String> = few.iter().map(u64::to_string).collect();
        let listed = listed.join(",");
        let pairs = [("ids", listed.as_str())];
        let url = self
            .address
            .at(self.query.project(), "wit/recyclebin", &pairs);
        let answer = session.get::<Value>(&url).await?;
        let now = answer.date.unwrap_or_else(|| self.reach.clock.now());
        for record in rows(&answer.value) {
            if let Some(id) = record.number("id") {
                let at = deletion(record).unwrap_or(now);
                let deleted = if self.is_ours(record) {
                    Deleted::At(at)
                } else {
                    Deleted::Foreign
                };
                self.learned().deleted.insert(id, deleted);
            }
        }
        Ok(())
    }

    /// Whether an item is of the projects and types that are asked for, as far as it tells.
    fn is_ours(&self, record: &Value) -> bool {
        let is_one = |field: &str, of: &[String]| {
            let told = record.text(field);
            of.is_empty()
                || told.is_none_or(|told| of.iter().any(|one| one.eq_ignore_ascii_case(&told)))
        };
        is_one("project", &self.query.projects) && is_one("type", &self.query.types)
    }

    fn page_of_deleted(&self) -> Page<Row> {
        let learned = self.learned();
        let rows = learned
            .deleted
            .iter()
            .filter_map(|(id, deleted)| match deleted {
                Deleted::Foreign => None,
                Deleted::At(at) => Some(Some(Listed {
                    id: id.to_string(),
                    updated: *at,
                    row: Some(Row::Record(Value::Null)),
                })),
            });
        Page {
            rows: rows.collect(),
            ..nothing()
        }
    }
}

fn ids(answer: &Value) -> Vec<u64> {
    let rows = rows(answer).iter();
    rows.filter_map(|row| row.number("id")).collect()
}

/// The documentation shows a bare list where servers wrap it.
fn rows(answer: &Value) -> &[Value] {
    answer
        .as_array()
        .map_or(answer.list("value"), Vec::as_slice)
}

/// When an item was deleted: an instant, or a date and a time as Americans write them, in UTC.
fn deletion(record: &Value) -> Option<Millis> {
    let text = record.text("deletedDate")?;
    Millis::parse(&text).or_else(|| american(&text))
}

/// `1/31/2017 9:21:14 PM`
fn american(text: &str) -> Option<Millis> {
    let mut words = text.split_whitespace();
    let (date, time, half) = (words.next()?, words.next()?, words.next()?);
    let [month, day, year] = numbers(date, '/')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let hour = hour % 12
        + if half.eq_ignore_ascii_case("pm") {
            12
        } else {
            0
        };
    Millis::parse(&format!(
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
    ))
}

fn numbers(text: &str, between: char) -> Option<[u32; 3]> {
    let numbers: Vec<u32> = text
        .split(between)
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    numbers.try_into().ok()
}

fn nothing() -> Page<Row> {
    Page {
        rows: Vec::new(),
        total: None,
        limit: TOGETHER as u64,
        next: None,
        now: None,
        oddities: Vec::new(),
    }
}

/// Who may not look into it is told so; an old server may not know it as it is asked for.
fn is_closed(fault: &Fault) -> bool {
    match fault {
        Fault::Forbidden { .. } | Fault::NotFound { .. } => true,
        Fault::BadAnswer { why, .. } => why.starts_with("status 400"),
        _ => false,
    }
}

fn closed(fault: &Fault) -> Page<Row> {
    let what =
        format!("{fault}, so deleted work items still count; `weir sync --full` finds them out");
    Page {
        oddities: vec![Oddity {
            place: "the recycle bin".to_owned(),
            what,
        }],
        ..nothing()
    }
}

#[cfg(test)]
mod tests {
    use super::american;
    use crate::model::time::Millis;

    #[test]
    fn americans_write_the_month_first_and_the_half_of_the_day_last() {
        for (text, expected) in [
            ("1/31/2017 9:21:14 PM", Some("2017-01-31T21:21:14Z")),
            ("12/1/2017 12:00:05 AM", Some("2017-12-01T00:00:05Z")),
            ("12/1/2017 12:30:05 PM", Some("2017-12-01T12:30:05Z")),
            ("31/1/2017 9:21:14 PM", None),
            ("soon", None),
            ("1/31/2017", None),
        ] {
            assert_eq!(american(text), expected.and_then(Millis::parse), "{text}");
        }
    }
}
