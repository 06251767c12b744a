//! One poll: prove the key, list what changed, fetch and convert it page by page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::http::{Answer, Session, place};
use super::super::{Fault, Sink};
use super::Redmine;
use super::convert::{Reader, Story};
use super::cursor::Standing;
use super::fetch::{self, Told};
use super::names::Sort;
use super::sweep::{Onward, Row, Rows, Sweep};
use super::wire::{self, CurrentUser, Issue, Named};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::health::{Oddity, Progress};
use crate::model::time::Millis;

/// With more issues than this that cannot be read alone, the server is not well.
const MOST_OWED: usize = 20;

/// Proves that the key is somebody's: Redmine answers a wrong one as if nobody had asked, with what
/// everyone may see. Returns the login.
pub(super) async fn prove_key(redmine: &Redmine, session: &Session<'_>) -> Result<String, Fault> {
    let url = redmine.address.at("users/current.json");
    let answer = session.get::<CurrentUser>(&url).await;
    let user = answer
        .map_err(|fault| redmine.address.without_redmine(fault))?
        .value;
    if user.user.login.is_empty() {
        return Err(Fault::Unauthorized { place: place(&url) });
    }
    Ok(user.user.login)
}

/// Learns the names of a list of things with names.
pub(super) async fn learn(
    redmine: &Redmine,
    session: &Session<'_>,
    sort: Sort,
    path: &str,
    field: &str,
) -> Result<(), Fault> {
    let url = redmine.address.at(path);
    let answer: Answer<Value> = session.get(&url).await?;
    let list = answer.value.get(field).and_then(Value::as_array);
    let list = list.ok_or_else(|| Fault::BadAnswer {
        place: place(&url),
        why: format!("the JSON holds no `{field}`"),
    })?;
    redmine.names().learn_all(sort, list);
    Ok(())
}

/// Where to begin, and what is known to be kept.
fn begin(asked: u64, cursor: Option<&Cursor>) -> (Begun, Standing) {
    let standing = Standing::read(cursor);
    match cursor {
        None => (Begun::First, Standing::start(asked)),
        Some(_) if standing.asked != asked => (Begun::Anew, Standing::default()),
        Some(_) if standing.since().is_none() => (Begun::Anew, standing),
        Some(_) => (Begun::Onward, standing),
    }
}

/// What has been asked for besides issues.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NamesAre {
    Unasked,
    Known,
}

/// Where a poll began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// Where the last one ended.
    Onward,
    /// At the start, nothing being kept.
    First,
    /// At the start, in place of what is kept. Until it is through, a later poll begins there too:
    /// only one that reads all can say what is gone.
    Anew,
}

/// One poll under way.
pub(super) struct Poll<'a> {
    redmine: &'a Redmine,
    session: &'a Session<'a>,
    sink: &'a mut dyn Sink,
    sweep: Sweep,
    owed: BTreeSet<u64>,
    names: NamesAre,
    /// The cursor that the history has.
    standing: Standing,
    begun: Begun,
    /// How many are listed but not handed over.
    left_out: u64,
    progress: Progress,
}

/// A page as listed, and when.
struct Listed {
    page: Rows,
    now: Millis,
}

impl<'a> Poll<'a> {
    /// A poll that goes on from `cursor`.
    pub(super) fn new(
        redmine: &'a Redmine,
        session: &'a Session<'a>,
        sink: &'a mut dyn Sink,
        cursor: Option<&Cursor>,
    ) -> Self {
        let (begun, standing) = begin(redmine.asked, cursor);
        Self {
            redmine,
            session,
            sink,
            sweep: Sweep::from(&standing),
            owed: standing.owed.clone(),
            names: NamesAre::Unasked,
            standing,
            begun,
            left_out: 0,
            progress: Progress::default(),
        }
    }

    /// Reads until nothing newer is listed.
    pub(super) async fn run(&mut self) -> Result<(), Fault> {
        prove_key(self.redmine, self.session).await?;
        let mut again: Vec<u64> = self.owed.iter().copied().collect();
        loop {
            let listed = self.list().await?;
            let fresh = self.sweep.fresh(&listed.page);
            self.expect(&listed.page, fresh.len());
            let onward = self.sweep.pass(&listed.page);
            let histories = self.read(&fresh, std::mem::take(&mut again)).await?;
            self.hand_over(histories, onward, listed.now).await?;
            match onward {
                Onward::More => {}
                Onward::End => {
                    self.conclude();
                    return Ok(());
                }
                Onward::Lost => return Err(self.lost()),
            }
        }
    }

    /// Says what was read.
    fn conclude(&mut self) {
        match (self.begun, self.left_out) {
            (Begun::First | Begun::Anew, 0) => self.sink.whole(),
            (Begun::Onward | Begun::First, _) => {}
            (Begun::Anew, left_out) => {
                let what = format!(
                    "{left_out} of them could not be read, so issues that are not listed any more \
                     still count; `weir sync --full` tries again"
                );
                self.odd("the list of issues".to_owned(), what);
            }
        }
    }

    async fn list(&mut self) -> Result<Listed, Fault> {
        let url = self.redmine.address.list(self.sweep.question());
        let answer = self.session.get::<wire::Page>(&url).await;
        self.session.report(self.sink);
        let answer = answer.map_err(|fault| self.redmine.address.without_list(fault))?;
        let now = answer.date.unwrap_or_else(|| self.redmine.clock.now());
        let wire::Page {
            issues,
            total_count,
            limit,
        } = answer.value;
        let listed = issues.into_iter().map(|row| self.row(row)).collect();
        let page = Rows {
            listed,
            total: total_count,
            limit: limit.unwrap_or(super::address::PAGE),
        };
        Ok(Listed { page, now })
    }

    /// The first page says how many are to come, beside those on it that are known.
    fn expect(&mut self, page: &Rows, fresh: usize) {
        if self.progress.total.is_none() {
            let known = page.listed.len().saturating_sub(fresh) as u64;
            self.progress.total = page.total.map(|total| total.saturating_sub(known));
            self.sink.progress(self.progress);
        }
    }

    fn row(&mut self, row: Value) -> Option<Row> {
        let issue = match row {
            Value::Object(fields) => Issue::read(fields),
            _ => None,
        };
        let row = issue.as_ref().and_then(|issue| {
            Some(Row {
                id: issue.id,
                updated: issue.instant("updated_on")?,
            })
        });
        if let Some(issue) = &issue {
            self.redmine.names().learn_issue(issue);
        }
        if row.is_none() {
            self.left_out += 1;
            let what = "a row of the list has no id or no time of its last update; it is left out";
            let place = issue.map_or_else(
                || "the list of issues".to_owned(),
                |issue| format!("issue {}", issue.id),
            );
            self.odd(place, what.to_owned());
        }
        row
    }

    /// Fetches and converts what is new on a page, and what is owed from earlier polls.
    async fn read(&mut self, fresh: &[Row], again: Vec<u64>) -> Result<Vec<ItemHistory>, Fault> {
        let mut ids: Vec<u64> = fresh.iter().map(|row| row.id).collect();
        ids.extend(
            again
                .iter()
                .filter(|id| fresh.iter().all(|row| row.id != **id)),
        );
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.ask_names().await?;
        let told = fetch::details(self.session, &self.redmine.address, &ids, self.sink).await?;
        self.judge(&told, &again)?;
        self.learn_from(&told);
        let mut histories = Vec::with_capacity(told.len());
        for (id, told) in told {
            histories.extend(self.take(id, told));
        }
        self.progress.done += ids.len() as u64;
        self.sink.progress(self.progress);
        Ok(histories)
    }

    /// Statuses are asked for by every poll that finds something, so that new names come through;
    /// the other names only if journals could need them, and a server may keep them to itself.
    async fn ask_names(&mut self) -> Result<(), Fault> {
        if self.names == NamesAre::Known {
            return Ok(());
        }
        let (redmine, session) = (self.redmine, self.session);
        learn(
            redmine,
            session,
            Sort::Status,
            "issue_statuses.json",
            "issue_statuses",
        )
        .await?;
        let priorities = "enumerations/issue_priorities.json";
        for (sort, path, field) in [
            (Sort::Tracker, "trackers.json", "trackers"),
            (Sort::Priority, priorities, "issue_priorities"),
        ] {
            match learn(redmine, session, sort, path, field).await {
                Ok(()) | Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        self.session.report(self.sink);
        self.names = NamesAre::Known;
        Ok(())
    }

    /// From all before the first is converted: one issue may name whom another only numbers.
    fn learn_from(&self, told: &[(u64, Told)]) {
        let mut names = self.redmine.names();
        for (_, told) in told {
            if let Told::Issue(issue, _) = told {
                names.learn_issue(issue);
            }
        }
    }

    /// Some issues that cannot be read alone are owed; if none can be read, the server is at fault.
    fn judge(&self, told: &[(u64, Told)], again: &[u64]) -> Result<(), Fault> {
        let known = |id: &u64| again.contains(id) || self.owed.contains(id);
        let failed: Vec<&Fault> = told
            .iter()
            .filter(|(id, _)| !known(id))
            .filter_map(|(_, told)| match told {
                Told::Failed(fault) => Some(fault),
                _ => None,
            })
            .collect();
        let any_came = told.iter().any(|(_, told)| matches!(told, Told::Issue(..)));
        match failed.first() {
            Some(fault) if !any_came || self.owed.len() + failed.len() > MOST_OWED => {
                Err((*fault).clone())
            }
            _ => Ok(()),
        }
    }

    fn take(&mut self, id: u64, told: Told) -> Option<ItemHistory> {
        match told {
            Told::Issue(issue, date) => {
                self.owed.remove(&id);
                self.convert(&issue, date)
            }
            Told::Gone => {
                self.owed.remove(&id);
                self.odd(
                    format!("issue {id}"),
                    "it was listed, but is not there any more".to_owned(),
                );
                None
            }
            Told::Failed(fault) => {
                self.left_out += 1;
                self.owed.insert(id);
                let what = format!("{fault}; it is left out and asked for again by the next poll");
                self.odd(format!("issue {id}"), what);
                None
            }
        }
    }

    fn convert(&mut self, issue: &Issue, date: Option<Millis>) -> Option<ItemHistory> {
        let story = self.story(issue);
        if let Some(updated) = issue.instant("updated_on") {
            let read = date.unwrap_or_else(|| self.redmine.clock.now());
            self.sweep.keep(issue.id, updated, read);
        }
        for oddity in story.oddities {
            self.sink.oddity(oddity);
        }
        for status in story.unnamed {
            self.name_by_id(issue.id, &status);
        }
        self.left_out += u64::from(story.history.is_none());
        story.history
    }

    fn story(&self, issue: &Issue) -> Story {
        let names = self.redmine.names();
        let reader = Reader {
            names: &names,
            facts: &self.redmine.facts,
            address: &self.redmine.address,
        };
        reader.story(issue)
    }

    /// A status that the server does not name is called by its id, and said once.
    fn name_by_id(&mut self, issue: u64, status: &str) {
        if let Ok(id) = status.parse() {
            let name = Some(status.to_owned());
            self.redmine.names().learn(Sort::Status, Named { id, name });
        }
        let what = format!(
            "its status {status} is not among the server's statuses; it is called by its id"
        );
        self.odd(format!("issue {issue}"), what);
    }

    async fn hand_over(
        &mut self,
        items: Vec<ItemHistory>,
        onward: Onward,
        now: Millis,
    ) -> Result<(), Fault> {
        let standing = self.standing_after(onward, now);
        let moved = standing.filter(|standing| *standing != self.standing);
        let is_tidying = items.is_empty() && onward != Onward::End;
        if items.is_empty() && (moved.is_none() || is_tidying) {
            return Ok(());
        }
        let batch = Batch {
            source: self.redmine.name.clone(),
            statuses: self.statuses(),
            items,
            cursor: moved.as_ref().and_then(Standing::cursor),
        };
        self.sink.batch(batch).await?;
        if let Some(standing) = moved {
            self.standing = standing;
        }
        Ok(())
    }

    fn standing_after(&mut self, onward: Onward, now: Millis) -> Option<Standing> {
        let asked = self.redmine.asked;
        let mut standing = self.sweep.standing(onward, now, &self.owed)?;
        if self.begun == Begun::Anew && onward != Onward::End {
            standing = Standing::default();
        }
        standing.asked = asked;
        Some(standing)
    }

    fn statuses(&self) -> Vec<StatusName> {
        match self.names {
            NamesAre::Known => self.redmine.names().statuses(),
            NamesAre::Unasked => Vec::new(),
        }
    }

    fn lost(&self) -> Fault {
        let url = self.redmine.address.list(self.sweep.question());
        Fault::BadAnswer {
            place: place(&url),
            why: "the list moves faster than it can be read".to_owned(),
        }
    }

    fn odd(&mut self, place: String, what: String) {
        self.sink.oddity(Oddity { place, what });
    }
}
