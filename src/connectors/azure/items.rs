//! Work items: which changed, and what happened to each.

mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};

use super::super::Fault;
use super::super::http::{CONNECTIONS, Session};
use super::super::record::Record;
use super::super::story::Story;
use super::super::sync::{Fetched, Listed, Page, Question};
use super::bulk::{LEAST, Lane, is_of_reporting, lanes};
use super::convert::Reader;
use super::fields::{CHANGED, CREATED, Fields};
use super::history::History;
use super::tracker::{Detail, Row};
use super::wire::taken;
use super::{AzureDevops, ties, wiql};
use crate::model::health::Oddity;
use crate::model::time::Millis;
pub(super) use snapshot::Snapshot;

/// As many are told by one batch, and fetched by one call, which asks for several at a time.
pub(super) const TOGETHER: usize = 200;

/// WIQL refuses to find 20,000 items or more.
const MOST: usize = 19_999;

/// Updates of a page.
const UPDATES: usize = 200;

/// Of so many items' revisions a lane of the report is worth its while.
const OF_A_LANE: usize = 1_000;

/// The golden ratio's part of all 32-bit numbers: multiples of it lie evenly among them, and repeat no
/// distance.
const GOLDEN: u32 = 0x9E37_79B9;

/// A work item with its history.
#[derive(Debug)]
pub(crate) struct Item {
    id: String,
    history: History,
    read: Option<Millis>,
}

/// What WIQL found.
#[derive(Debug)]
struct Found {
    ids: Vec<u64>,
    /// The instant as of which they were found.
    as_of: Option<String>,
    now: Option<Millis>,
}

impl AzureDevops {
    /// A page of the list of work items. The first one learns how many there are; those after it are
    /// cut from what it found.
    pub(super) async fn items(
        &self,
        session: &Session<'_>,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        let is_first = *question == Question::default();
        let cut = self.cut(question);
        let Found {
            mut ids,
            as_of,
            now,
        } = match cut {
            Some(found) => found,
            None => {
                self.find(session, question, if is_first { MOST } else { self.page })
                    .await?
            }
        };
        let total = (is_first && ids.len() < MOST).then_some(ids.len() as u64);
        let is_full = ids.len() >= self.page;
        ids.truncate(self.page);
        let next = ids.last().filter(|_| is_full).map(u64::to_string);
        let mut oddities = Vec::new();
        let rows = self.rows(session, &ids, as_of.as_deref()).await?;
        let rows = rows
            .into_iter()
            .map(|row| row.map_err(|odd| oddities.push(odd)).ok());
        let rows: Vec<_> = rows.collect();
        if let Some(snapshot) = &mut self.learned().snapshot {
            let last = rows.last().and_then(Option::as_ref);
            snapshot.note(last.map(|last| last.updated));
        }
        Ok(Page {
            rows,
            total,
            limit: self.page as u64,
            next,
            now,
            oddities,
        })
    }

    /// A page of what the first question found.
    fn cut(&self, question: &Question) -> Option<Found> {
        let mut learned = self.learned();
        learned.snapshot.as_mut()?.page(question, self.page)
    }

    /// All that the first question found.
    fn keep(&self, found: &Found) {
        let mut learned = self.learned();
        if found.ids.len() >= LEAST {
            learned.wanted = found.ids.iter().copied().collect();
        }
        let is_more = found.as_of.is_some() && found.ids.len() > self.page;
        learned.snapshot = is_more.then(|| Snapshot::new(found, self.page));
    }

    async fn find(
        &self,
        session: &Session<'_>,
        question: &Question,
        most: usize,
    ) -> Result<Found, Fault> {
        let past = question.next.as_ref().and_then(|next| next.parse().ok());
        let text = wiql::changed(&self.query.conditions(), question.since, past);
        let most = most.to_string();
        let pairs = [("timePrecision", "true"), ("$top", most.as_str())];
        let url = self.address.at(self.query.project(), "wit/wiql", &pairs);
        let answer = session.post::<Value>(&url, &json!({ "query": text })).await;
        let mut answer = answer.map_err(|fault| self.refused(fault))?;
        let rows = taken(&mut answer, "workItems")?;
        let found = Found {
            ids: rows.iter().filter_map(|row| row.number("id")).collect(),
            as_of: answer.value.text("asOf"),
            now: answer.date,
        };
        if *question == Question::default() {
            self.keep(&found);
        }
        Ok(found)
    }

    /// What it means that WIQL does not answer.
    pub(super) fn refused(&self, fault: Fault) -> Fault {
        match fault {
            Fault::BadAnswer { place, why } if why.starts_with("status 400") => Fault::Unusable {
                what: format!("{place} refuses the query: {why}"),
                hint: "check the names of projects, areas, iterations and fields in `query`"
                    .to_owned(),
            },
            Fault::NotFound { .. } => Fault::Unusable {
                what: match self.query.project() {
                    Some(name) => format!("{} has no project \"{name}\"", self.address.shown()),
                    None => format!("there is no Azure DevOps at {}", self.address.shown()),
                },
                hint: "let `url` be https://dev.azure.com/ and the organization, or a server's \
                       address with its collection, and project:NAME in `query` a project the \
                       token may see"
                    .to_owned(),
            },
            fault => fault,
        }
    }

    /// When these items were last changed, in their order. Those that are not there any more are
    /// left out.
    pub(super) async fn rows(
        &self,
        session: &Session<'_>,
        ids: &[u64],
        as_of: Option<&str>,
    ) -> Result<Vec<Result<Listed<Row>, Oddity>>, Fault> {
        let until = as_of.and_then(Millis::parse);
        let mut asked = Vec::new();
        for ids in ids.chunks(TOGETHER) {
            let mut body = json!({ "ids": ids, "fields": [CHANGED], "errorPolicy": "omit" });
            if let Some(as_of) = as_of {
                body["asOf"] = as_of.into();
            }
            asked.push(async move { self.batch(session, &body).await });
        }
        let told: Vec<BTreeMap<u64, Value>> = stream::iter(asked)
            .buffered(CONNECTIONS)
            .try_collect()
            .await?;
        let mut told: BTreeMap<u64, Value> = told.into_iter().flatten().collect();
        let rows = ids
            .iter()
            .filter_map(|id| row(*id, &told.remove(id)?, until));
        Ok(rows.collect())
    }

    /// Stretches of time in which about as much happened to these items, as a sample of them tells.
    pub(super) async fn lanes(
        &self,
        session: &Session<'_>,
        ids: &BTreeSet<u64>,
    ) -> Result<Vec<Lane>, Fault> {
        let count = (ids.len() / OF_A_LANE).min(2 * CONNECTIONS);
        if count < 2 {
            return Ok(vec![Lane::default()]);
        }
        let body =
            json!({ "ids": sample(ids), "fields": [CREATED, CHANGED], "errorPolicy": "omit" });
        let told = match self.batch(session, &body).await {
            Err(fault) if is_of_reporting(&fault) => return Ok(vec![Lane::default()]),
            told => told?,
        };
        let instants = told.values().flat_map(|record| {
            let told = |name| record.at("fields").get(name).and_then(Value::as_str);
            [told(CREATED), told(CHANGED)]
        });
        let instants = instants.flatten().filter_map(Millis::parse);
        Ok(lanes(instants.collect(), count))
    }

    /// Records of work items, by id.
    async fn batch(
        &self,
        session: &Session<'_>,
        body: &Value,
    ) -> Result<BTreeMap<u64, Value>, Fault> {
        let url = self
            .address
            .at(self.query.project(), "wit/workitemsbatch", &[]);
        let mut answer = session.post::<Value>(&url, body).await?;
        let records = taken(&mut answer, "value")?.into_iter();
        Ok(records
            .filter_map(|record| Some((record.number("id")?, record)))
            .collect())
    }

    pub(super) async fn fetch_items(
        &self,
        session: &Session<'_>,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        let fields = Arc::clone(&self.learned().fields);
        let (mut fetched, rest) = self.known_in_bulk(session, rows).await?;
        let asked = rest.into_iter().map(|id| {
            let fields = Arc::clone(&fields);
            async move {
                let outcome = self.updates(session, &id, &fields).await;
                let outcome = outcome.or_else(Fetched::without);
                outcome.map(|fetched| (id, fetched))
            }
        });
        let mut arriving = stream::iter(asked).buffered(CONNECTIONS);
        while let Some(outcome) = arriving.next().await {
            fetched.push(outcome?);
        }
        Ok(fetched)
    }

    /// Those whose histories are there already, and the ids of the rest. What they are tied to
    /// beside work items is asked for in one go.
    async fn known_in_bulk(
        &self,
        session: &Session<'_>,
        rows: Vec<Listed<Row>>,
    ) -> Result<(Vec<(String, Fetched<Detail>)>, Vec<String>), Fault> {
        let mut rest = Vec::new();
        let mut histories = BTreeMap::new();
        for Listed { id, row, .. } in rows {
            let number = id.parse::<u64>().ok();
            let known = match (number, row) {
                (Some(number), Some(Row::Item { rev })) => {
                    let history = self.learned().bulk.take(number, rev);
                    history.map(|history| (number, history))
                }
                _ => None,
            };
            match known {
                Some((number, history)) => {
                    histories.insert(number, history);
                }
                None => rest.push(id),
            }
        }
        let items = self.with_artefacts(session, histories).await?;
        let fetched = items
            .into_iter()
            .map(|item| (item.id.clone(), Fetched::Detail(Detail::Item(item))));
        Ok((fetched.collect(), rest))
    }

    async fn with_artefacts(
        &self,
        session: &Session<'_>,
        histories: BTreeMap<u64, History>,
    ) -> Result<Vec<Item>, Fault> {
        if histories.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<u64> = histories.keys().copied().collect();
        let body = json!({ "ids": ids, "$expand": "relations", "errorPolicy": "omit" });
        let told = self.batch(session, &body).await?;
        let items = histories.into_iter().map(|(id, mut history)| {
            if let Some(record) = told.get(&id) {
                history.ties.extend(ties::of_relations(record));
                history.ties.sort_by_key(|tie| tie.at);
            }
            Item {
                id: id.to_string(),
                history,
                read: None,
            }
        });
        Ok(items.collect())
    }

    /// All updates of an item, page by page.
    pub(super) async fn updates(
        &self,
        session: &Session<'_>,
        id: &str,
        fields: &Fields,
    ) -> Result<Fetched<Detail>, Fault> {
        let mut updates: Vec<Value> = Vec::new();
        loop {
            let skip = updates.len().to_string();
            let pairs = [("$top", "200"), ("$skip", skip.as_str())];
            let path = format!("wit/workItems/{id}/updates");
            let url = self.address.at(self.query.project(), &path, &pairs);
            let mut answer = session.get::<Value>(&url).await?;
            let mut page = taken(&mut answer, "value")?;
            let count = page.len();
            updates.append(&mut page);
            if count < UPDATES {
                let history = History::of_updates(&updates, fields);
                let item = history.map(|history| Item {
                    id: id.to_owned(),
                    history,
                    read: answer.date,
                });
                return Ok(fetched(item, answer.place));
            }
        }
    }

    /// The history of an item.
    pub(super) fn item(&self, item: &Item) -> (String, Story) {
        let fields = Arc::clone(&self.learned().fields);
        let reader = Reader {
            fields: &fields,
            address: &self.address,
        };
        (
            item.id.clone(),
            reader.story(&item.id, &item.history, item.read),
        )
    }
}

/// Some of these, spread over all, at no even distance: what repeats among them is not hit each time.
fn sample(ids: &BTreeSet<u64>) -> Vec<u64> {
    let ids: Vec<u64> = ids.iter().copied().collect();
    let turns = (0_u32..).take(TOGETHER);
    let parts = turns.map(|turn| u64::from(turn.wrapping_mul(GOLDEN)));
    let places: BTreeSet<u64> = parts.map(|part| (part * ids.len() as u64) >> 32).collect();
    let place = |at: u64| ids.get(usize::try_from(at).ok()?).copied();
    places.into_iter().filter_map(place).collect()
}

fn fetched(item: Option<Item>, place: String) -> Fetched<Detail> {
    match item {
        Some(item) => Fetched::Detail(Detail::Item(item)),
        None => Fetched::Failed(Fault::BadAnswer {
            place,
            why: "the JSON holds no update that can be read".to_owned(),
        }),
    }
}

/// A row of the list; none for an item that has moved on since it was listed, which is listed again.
fn row(id: u64, record: &Value, until: Option<Millis>) -> Option<Result<Listed<Row>, Oddity>> {
    let changed = record.at("fields").get(CHANGED).and_then(Value::as_str);
    let Some(updated) = changed.and_then(Millis::parse) else {
        return Some(Err(Oddity {
            place: format!("work item {id}"),
            what: "it does not say when it was last changed; it is left out".to_owned(),
        }));
    };
    let moved_on = until.is_some_and(|until| updated > until);
    (!moved_on).then(|| {
        Ok(Listed {
            id: id.to_string(),
            updated,
            row: Some(Row::Item {
                rev: record.number("rev").unwrap_or_default(),
            }),
        })
    })
}
