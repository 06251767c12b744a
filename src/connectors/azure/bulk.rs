//! The first load: whole histories by the thousand.
//!
//! Asking for the updates of each item costs a request an item. The reporting endpoints tell all
//! revisions of a project, a thousand a request, and all ties between its work items; for ten
//! thousand items of ten revisions that is about a hundred and fifty requests in place of ten
//! thousand. But they tell of all items, in the order of their changes, from the beginning of time:
//! where little is asked for (an increment, a narrow query in a large project) they cost more than
//! they save. So they are read only when much is asked for from the start, and no further than a part
//! of what that saves; whatever they did not tell whole is asked for item by item.
//!
//! Each page of a report names the next one, so a report is one request after the other. But it may
//! begin at any instant: several stretches of time are read at once ([`Lane`]).

mod lane;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;

use super::super::Fault;
use super::super::http::{CONNECTIONS, Session};
use super::super::record::Record;
use super::address::Address;
use super::fields::{CHANGED, CREATED, Fields};
use super::history::{Growing, History};
use super::ties::{self, Tie};
use super::wire::taken;
pub(super) use lane::{Lane, lanes};

/// With fewer items than this, all are asked for one by one.
pub(super) const LEAST: usize = 400;

/// One request is spent on so many items' histories at most.
const SHARE: usize = 4;

/// Revisions of a page.
const PAGE: &str = "1000";

/// Histories that were read before anybody asked for them.
#[derive(Debug, Default)]
pub(super) struct Bulk {
    grown: BTreeMap<u64, Growing>,
}

impl Bulk {
    /// The history of an item, if all of it up to `rev` was read. It is given once.
    pub(super) fn take(&mut self, id: u64, rev: u64) -> Option<History> {
        let grown = self.grown.remove(&id)?;
        (grown.reached >= rev.max(1)).then(|| {
            let mut history = grown.history;
            history.ties.sort_by_key(|tie| tie.at);
            history
        })
    }

    fn tie(&mut self, id: u64, tie: Tie) {
        if let Some(grown) = self.grown.get_mut(&id)
            && !grown.history.ties.contains(&tie)
        {
            grown.history.ties.push(tie);
        }
    }
}

/// Reads histories in bulk.
pub(super) struct Reporting<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) address: &'a Address,
    /// The only project that is asked for, if it is one.
    pub(super) project: Option<&'a str>,
    pub(super) fields: &'a Fields,
    /// Reference names of all fields that there are.
    pub(super) known: &'a BTreeSet<String>,
}

impl Reporting<'_> {
    /// The histories of the items `wanted`, as far as they could be read.
    ///
    /// # Errors
    /// A [`Fault`] that also asking item by item would meet.
    pub(super) async fn read(&self, wanted: BTreeSet<u64>, lanes: &[Lane]) -> Result<Bulk, Fault> {
        let budget = wanted.len() / SHARE;
        let revisions = self.revisions(&wanted, lanes, budget);
        let (revisions, ties) = tokio::join!(revisions, self.ties(budget));
        match (revisions, ties) {
            (Ok(grown), Ok(Some(ties))) => {
                let mut bulk = Bulk { grown };
                for (id, tie) in ties {
                    bulk.tie(id, tie);
                }
                Ok(bulk)
            }
            (Err(fault), _) | (_, Err(fault)) if !is_of_reporting(&fault) => Err(fault),
            // Without its ties no history is whole.
            _ => Ok(Bulk::default()),
        }
    }

    /// The lanes are read at once and joined in their order.
    async fn revisions(
        &self,
        wanted: &BTreeSet<u64>,
        lanes: &[Lane],
        budget: usize,
    ) -> Result<BTreeMap<u64, Growing>, Fault> {
        let read = AtomicUsize::new(0);
        let mut asked = Vec::with_capacity(lanes.len());
        for lane in lanes {
            asked.push(self.lane(wanted, *lane, (&read, budget)));
        }
        let mut arriving = stream::iter(asked).buffered(CONNECTIONS);
        let mut grown: BTreeMap<u64, Growing> = BTreeMap::new();
        while let Some(pieces) = arriving.try_next().await? {
            for (id, piece) in pieces {
                grown.entry(id).or_default().join(piece);
            }
        }
        Ok(grown)
    }

    /// Revisions of one stretch of time, as long as all lanes together have not `read` too much.
    async fn lane(
        &self,
        wanted: &BTreeSet<u64>,
        lane: Lane,
        (read, budget): (&AtomicUsize, usize),
    ) -> Result<BTreeMap<u64, Growing>, Fault> {
        let fields = self.names();
        let fixed = [
            ("fields", fields.as_str()),
            ("includeIdentityRef", "true"),
            ("$maxPageSize", PAGE),
        ];
        let mut pages = Pages::from(lane);
        let mut grown: BTreeMap<u64, Growing> = BTreeMap::new();
        while let Some(page) = pages.next(self, "workitemrevisions", &fixed).await? {
            for revision in page.iter().filter(|revision| lane.holds(revision)) {
                let id = revision.number("id").filter(|id| wanted.contains(id));
                if let Some(id) = id {
                    grown.entry(id).or_default().grow(revision, self.fields);
                }
            }
            if lane.is_left(&page) || read.fetch_add(1, Ordering::Relaxed) >= budget {
                break;
            }
        }
        Ok(grown)
    }

    /// All ties between work items; `None` if there are too many to read.
    async fn ties(&self, budget: usize) -> Result<Option<Vec<(u64, Tie)>>, Fault> {
        let mut ties = Vec::new();
        let mut pages = Pages::default();
        while let Some(page) = pages.next(self, "workitemlinks", &[]).await? {
            ties.extend(page.iter().flat_map(ties::of_record));
            if pages.read > budget {
                return Ok(None);
            }
        }
        Ok(Some(ties))
    }

    /// The server refuses names that it does not know.
    fn names(&self) -> String {
        let wanted = self
            .fields
            .wanted
            .iter()
            .map(|field| field.reference.as_str());
        let there = wanted.filter(|name| self.known.contains(*name));
        let names: Vec<&str> = there.chain([CHANGED, CREATED]).collect();
        names.join(",")
    }
}

/// A way through the pages of a report.
#[derive(Default)]
struct Pages {
    /// The first page begins there.
    start: Option<String>,
    token: Option<String>,
    read: usize,
    given: BTreeSet<String>,
    is_over: bool,
}

impl Pages {
    fn from(lane: Lane) -> Self {
        Self {
            start: lane.start(),
            ..Self::default()
        }
    }

    async fn next(
        &mut self,
        reporting: &Reporting<'_>,
        what: &str,
        fixed: &[(&str, &str)],
    ) -> Result<Option<Vec<Value>>, Fault> {
        if self.is_over {
            return Ok(None);
        }
        let mut pairs = fixed.to_vec();
        match (&self.token, &self.start) {
            (Some(token), _) => pairs.push(("continuationToken", token)),
            (None, Some(start)) => pairs.push(("startDateTime", start)),
            (None, None) => {}
        }
        let Reporting {
            address,
            project,
            session,
            ..
        } = reporting;
        let url = address.at(*project, &format!("wit/reporting/{what}"), &pairs);
        let mut answer = session.get::<Value>(&url).await?;
        let rows = taken(&mut answer, "values")?;
        self.read += 1;
        self.token = answer.value.text("continuationToken");
        let fresh = self
            .token
            .clone()
            .is_some_and(|token| self.given.insert(token));
        self.is_over = answer.value.is("isLastBatch") || rows.is_empty() || !fresh;
        Ok(Some(rows))
    }
}

/// Whether only the reporting endpoints are at fault, or may be.
pub(super) fn is_of_reporting(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::Unauthorized { .. }
            | Fault::RateLimited { .. }
            | Fault::Unreachable { .. }
            | Fault::Stopped
    )
}
