//! The first load: whole histories by the thousand.
//!
//! Asking for the updates of each item costs a request an item. The reporting endpoints tell all
//! revisions of a project, a thousand a request, and all ties between its work items; for ten
//! thousand items of ten revisions that is about a hundred and fifty requests in place of ten
//! thousand. But they tell of all items, in the order of their changes, from the beginning of time:
//! where little is asked for (an increment, a narrow query in a large project) they cost more than
//! they save. So they are read only when much is asked for from the start, and no further than a part
//! of what that saves; whatever they did not tell whole is asked for item by item.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::address::Address;
use super::fields::{CHANGED, CREATED, Fields};
use super::history::{Growing, History};
use super::ties::{self, Tie};
use super::wire::taken;

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
    pub(super) async fn read(&self, wanted: BTreeSet<u64>) -> Result<Bulk, Fault> {
        let budget = wanted.len() / SHARE;
        let mut bulk = Bulk::default();
        for id in wanted {
            bulk.grown.insert(id, Growing::default());
        }
        let (revisions, ties) = tokio::join!(self.revisions(&mut bulk, budget), self.ties(budget));
        match (revisions, ties) {
            (Ok(()), Ok(Some(ties))) => {
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

    async fn revisions(&self, bulk: &mut Bulk, budget: usize) -> Result<(), Fault> {
        let fields = self.names();
        let fixed = [
            ("fields", fields.as_str()),
            ("includeIdentityRef", "true"),
            ("$maxPageSize", PAGE),
        ];
        let mut pages = Pages::default();
        while let Some(page) = pages.next(self, "workitemrevisions", &fixed).await? {
            for revision in &page {
                let grown = revision.number("id").and_then(|id| bulk.grown.get_mut(&id));
                if let Some(grown) = grown {
                    grown.grow(revision, self.fields);
                }
            }
            if pages.read > budget {
                break;
            }
        }
        Ok(())
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
    token: Option<String>,
    read: usize,
    given: BTreeSet<String>,
    is_over: bool,
}

impl Pages {
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
        if let Some(token) = &self.token {
            pairs.push(("continuationToken", token));
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
fn is_of_reporting(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::Unauthorized { .. }
            | Fault::RateLimited { .. }
            | Fault::Unreachable { .. }
            | Fault::Stopped
    )
}
