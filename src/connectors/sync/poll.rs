//! One poll: find out what there is, list what changed, fetch and understand it page by page.

mod fetch;

use std::collections::{BTreeMap, BTreeSet};

use super::super::http::Session;
use super::super::{Fault, Sink};
use super::standing::{Standing, Standings};
use super::sweep::{Onward, Row, Rows, Sweep};
use super::{Fetched, List, Listed, Page, Question, Story, Tracker};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::health::{Oddity, Progress};
use crate::model::time::Millis;

/// With more artefacts than this that cannot be read alone, the tracker is not well.
const MOST_OWED: usize = 20;

/// More pages in a row that hold nothing new lead nowhere.
const MOST_IDLE: u32 = 1_000;

/// What has been learned besides what the lists hold.
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
pub(crate) struct Poll<'a, T: Tracker> {
    tracker: &'a T,
    session: &'a Session<'a>,
    sink: &'a mut dyn Sink,
    names: NamesAre,
    begun: Begun,
    /// What the history has.
    kept: Standings,
    /// How far this poll has come.
    come: Standings,
    /// How many are listed but not handed over.
    left_out: u64,
    progress: Progress,
}

/// A page's histories on their way, and where a later poll goes on once they are kept.
struct Parcel {
    batch: Batch,
    moved: Option<Standings>,
}

/// What is fetched at once.
struct Work<R> {
    /// What a page lists.
    rows: Vec<Listed<R>>,
    /// Where the next page is.
    ahead: Option<Question>,
}

/// One list under way.
struct Reading<'a> {
    list: &'a List,
    sweep: Sweep,
    owed: BTreeSet<String>,
    /// Pages in a row that held nothing new.
    idle: u32,
    /// Whether the poll ends with it.
    is_last: bool,
}

impl<'a, T: Tracker> Poll<'a, T> {
    /// A poll that goes on from `cursor`.
    pub(crate) fn new(
        tracker: &'a T,
        session: &'a Session<'a>,
        sink: &'a mut dyn Sink,
        cursor: Option<&Cursor>,
    ) -> Self {
        let start = Standings::start(tracker.asked());
        let kept = cursor.map(Standings::read);
        let begun = match &kept {
            None => Begun::First,
            Some(kept) if kept.asked != start.asked || kept.lists.is_empty() => Begun::Anew,
            Some(_) => Begun::Onward,
        };
        let come = kept.clone().filter(|_| begun == Begun::Onward);
        Self {
            tracker,
            session,
            sink,
            names: NamesAre::Unasked,
            begun,
            kept: kept.unwrap_or_else(|| start.clone()),
            come: come.unwrap_or(start),
            left_out: 0,
            progress: Progress::default(),
        }
    }

    /// Reads until nothing newer is listed.
    ///
    /// # Errors
    /// A [`Fault`] that ended it; what was handed over before stays.
    pub(crate) async fn run(mut self) -> Result<(), Fault> {
        let outcome = self.read_all().await;
        self.session.report(self.sink);
        outcome
    }

    async fn read_all(&mut self) -> Result<(), Fault> {
        let lists = self.tracker.lists(self.session).await?;
        let known: BTreeSet<&str> = lists.iter().map(|list| list.name.as_str()).collect();
        self.come
            .lists
            .retain(|name, _| known.contains(name.as_str()));
        for (at, list) in lists.iter().enumerate() {
            self.read_list(list, at + 1 == lists.len()).await?;
        }
        self.conclude();
        Ok(())
    }

    /// Says what was read.
    fn conclude(&mut self) {
        match (self.begun, self.left_out) {
            (Begun::First | Begun::Anew, 0) => self.sink.whole(),
            (Begun::Onward | Begun::First, _) => {}
            (Begun::Anew, left_out) => {
                let what = format!(
                    "{left_out} could not be read, so what is not listed any more still counts; \
                     `weir sync --full` tries again"
                );
                self.odd("the tracker's lists".to_owned(), what);
            }
        }
    }

    async fn read_list(&mut self, list: &List, is_last: bool) -> Result<(), Fault> {
        let standing = self.come.lists.get(&list.name).cloned().unwrap_or_default();
        let mut reading = Reading {
            list,
            sweep: Sweep::from(&standing, list.paging, self.tracker.grain()),
            owed: standing.owed,
            idle: 0,
            is_last,
        };
        let mut again: Vec<String> = reading.owed.iter().cloned().collect();
        let mut page = self.list(&reading, &reading.sweep.question()).await?;
        self.expect(&reading, &page);
        let mut parcel = None;
        loop {
            let (rows, onward) = pick(&mut reading, &mut page, std::mem::take(&mut again));
            let ahead = (onward == Onward::More).then(|| reading.sweep.question());
            let work = Work { rows, ahead };
            let (fetched, upcoming) = self.fetch(&reading, work, parcel.take()).await?;
            let histories = self.understand(&mut reading, fetched?)?;
            parcel = self.pack(&mut reading, histories, onward, page.now);
            page = match upcoming {
                Some(Ok(upcoming)) => upcoming,
                ended => {
                    self.deliver(parcel).await?;
                    return match (ended, onward) {
                        (Some(Err(fault)), _) => Err(fault),
                        (_, Onward::Lost) => Err(lost(list)),
                        _ => Ok(()),
                    };
                }
            };
            self.take_oddities(&mut page);
        }
    }

    async fn list(
        &mut self,
        reading: &Reading<'_>,
        question: &Question,
    ) -> Result<Page<T::Row>, Fault> {
        let page = self
            .tracker
            .page(self.session, reading.list, question)
            .await;
        self.session.report(self.sink);
        let mut page = page?;
        self.take_oddities(&mut page);
        Ok(page)
    }

    fn take_oddities(&mut self, page: &mut Page<T::Row>) {
        let unread = page.rows.iter().filter(|row| row.is_none()).count();
        self.left_out += unread as u64;
        for oddity in page.oddities.drain(..) {
            self.sink.oddity(oddity);
        }
    }

    /// The first page of a list says how many are to come, beside those on it that are known.
    fn expect(&mut self, reading: &Reading<'_>, page: &Page<T::Row>) {
        let fresh = reading.sweep.fresh(&rows_of(page)).len();
        let known = page.rows.len().saturating_sub(fresh) as u64;
        if let Some(total) = page.total {
            let expected = self.progress.total.unwrap_or_default();
            self.progress.total = Some(expected + total.saturating_sub(known));
            self.sink.progress(self.progress);
        }
    }

    fn understand(
        &mut self,
        reading: &mut Reading<'_>,
        fetched: Vec<(String, Fetched<T::Detail>)>,
    ) -> Result<Vec<ItemHistory>, Fault> {
        judge(reading, &fetched)?;
        self.progress.done += fetched.len() as u64;
        let mut details = Vec::with_capacity(fetched.len());
        for (id, fetched) in fetched {
            details.extend(self.take(reading, id, fetched));
        }
        let stories = self.tracker.understand(reading.list, details);
        let histories = stories
            .into_iter()
            .filter_map(|(id, story)| self.keep(reading, &id, story))
            .collect();
        if self.progress.done > 0 {
            self.sink.progress(self.progress);
        }
        Ok(histories)
    }

    fn take(
        &mut self,
        reading: &mut Reading<'_>,
        id: String,
        fetched: Fetched<T::Detail>,
    ) -> Option<T::Detail> {
        let place = format!("{} {id}", reading.list.noun);
        match fetched {
            Fetched::Detail(detail) => {
                reading.owed.remove(&id);
                return Some(detail);
            }
            Fetched::Gone => {
                reading.owed.remove(&id);
                let what = "it was listed, but is not there any more";
                self.odd(place, what.to_owned());
            }
            Fetched::Failed(fault) => {
                self.left_out += 1;
                reading.owed.insert(id);
                let what = format!("{fault}; it is left out and asked for again by the next poll");
                self.odd(place, what);
            }
        }
        None
    }

    fn keep(&mut self, reading: &mut Reading<'_>, id: &str, story: Story) -> Option<ItemHistory> {
        if let Some(updated) = story.updated {
            let read = story.read.unwrap_or_else(|| self.tracker.clock().now());
            reading.sweep.keep(id, updated, read);
        }
        for oddity in story.oddities {
            self.sink.oddity(oddity);
        }
        self.left_out += u64::from(story.history.is_none());
        story.history
    }

    /// What is to be handed over of a page; `None` if it says nothing new.
    fn pack(
        &mut self,
        reading: &mut Reading<'_>,
        items: Vec<ItemHistory>,
        onward: Onward,
        now: Option<Millis>,
    ) -> Option<Parcel> {
        let now = now.unwrap_or_else(|| self.tracker.clock().now());
        if let Some(standing) = reading.sweep.standing(onward, now, &reading.owed) {
            self.come.lists.insert(reading.list.name.clone(), standing);
        }
        let is_through = reading.is_last && onward == Onward::End;
        let moved = Some(self.to_keep(is_through)).filter(|standings| *standings != self.kept);
        let is_tidying = items.is_empty() && onward != Onward::End;
        if items.is_empty() && (moved.is_none() || is_tidying) {
            return None;
        }
        let batch = Batch {
            source: self.tracker.source().clone(),
            statuses: self.statuses(),
            items,
            cursor: moved.as_ref().and_then(Standings::cursor),
        };
        Some(Parcel { batch, moved })
    }

    async fn deliver(&mut self, parcel: Option<Parcel>) -> Result<(), Fault> {
        if let Some(Parcel { batch, moved }) = parcel {
            self.sink.batch(batch).await?;
            if let Some(moved) = moved {
                self.kept = moved;
            }
        }
        Ok(())
    }

    fn to_keep(&self, is_through: bool) -> Standings {
        match self.begun {
            Begun::Anew if !is_through => Standings::start(self.come.asked),
            // Until a first place is safe, a later poll begins as this one did.
            _ if self
                .come
                .lists
                .values()
                .all(|list| *list == Standing::default())
                && !is_through =>
            {
                self.kept.clone()
            }
            _ => self.come.clone(),
        }
    }

    fn statuses(&self) -> Vec<StatusName> {
        match self.names {
            NamesAre::Known => self.tracker.statuses(),
            NamesAre::Unasked => Vec::new(),
        }
    }

    fn odd(&mut self, place: String, what: String) {
        self.sink.oddity(Oddity { place, what });
    }
}

/// What of a page is to be fetched, and what is owed from earlier polls; moves past the page.
fn pick<R>(
    reading: &mut Reading<'_>,
    page: &mut Page<R>,
    mut again: Vec<String>,
) -> (Vec<Listed<R>>, Onward) {
    let rows = rows_of(page);
    let fresh = reading.sweep.fresh(&rows);
    let mut listed: BTreeMap<String, Listed<R>> = BTreeMap::new();
    for row in page.rows.drain(..).flatten() {
        listed.insert(row.id.clone(), row);
    }
    again.retain(|id| !fresh.contains(id));
    let mut picked: Vec<_> = fresh.iter().filter_map(|id| listed.remove(id)).collect();
    reading.idle = if picked.is_empty() {
        reading.idle + 1
    } else {
        0
    };
    picked.extend(again.into_iter().map(owed));
    let onward = match reading.sweep.pass(&rows) {
        Onward::More if reading.idle > MOST_IDLE => Onward::Lost,
        onward => onward,
    };
    (picked, onward)
}

/// Some artefacts that cannot be read alone are owed; if none can be read, the tracker is at
/// fault.
fn judge<D>(reading: &Reading<'_>, fetched: &[(String, Fetched<D>)]) -> Result<(), Fault> {
    let failed: Vec<&Fault> = fetched
        .iter()
        .filter(|(id, _)| !reading.owed.contains(id))
        .filter_map(|(_, fetched)| match fetched {
            Fetched::Failed(fault) => Some(fault),
            _ => None,
        })
        .collect();
    let came = |(_, fetched): &(String, Fetched<D>)| matches!(fetched, Fetched::Detail(_));
    match failed.first() {
        Some(fault)
            if !fetched.iter().any(came) || reading.owed.len() + failed.len() > MOST_OWED =>
        {
            Err((*fault).clone())
        }
        _ => Ok(()),
    }
}

fn owed<R>(id: String) -> Listed<R> {
    Listed {
        id,
        updated: Millis(i64::MIN),
        row: None,
    }
}

fn rows_of<R>(page: &Page<R>) -> Rows {
    let row = |row: &Option<Listed<R>>| {
        row.as_ref().map(|row| Row {
            id: row.id.clone(),
            updated: row.updated,
        })
    };
    Rows {
        listed: page.rows.iter().map(row).collect(),
        total: page.total,
        limit: page.limit,
        next: page.next.clone(),
    }
}

fn lost(list: &List) -> Fault {
    Fault::BadAnswer {
        place: list.name.clone(),
        why: "the list moves faster than it can be read, or never ends".to_owned(),
    }
}
