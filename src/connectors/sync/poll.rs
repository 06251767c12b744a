//! One poll: what was asked for ([`super::asking`]) is understood and handed over page by page.

use std::collections::BTreeSet;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::super::{Fault, Sink};
use super::asking::{Asking, PageTold, Sheaf, Told};
use super::kept::Kept;
use super::standing::{Standing, Standings};
use super::sweep::{Onward, Passage};
use super::{Fetched, Grain, List, Story, Tracker};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::health::{Oddity, Progress};
use crate::model::time::Millis;

/// With more artefacts than this that cannot be read alone, the tracker is not well.
const MOST_OWED: usize = 20;

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
    asking: &'a Asking<'a, T>,
    sink: &'a mut dyn Sink,
    begun: Begun,
    /// What the history has.
    kept: Standings,
    /// How far this poll has come.
    come: Standings,
    /// How many lists are not read to their end yet.
    open: usize,
    /// How many artefacts are listed but not handed over.
    left_out: u64,
    progress: Progress,
}

/// One list under way.
struct Reading<'l> {
    list: &'l List,
    kept: Kept,
    owed: BTreeSet<String>,
}

impl<'l> Reading<'l> {
    fn new(list: &'l List, standing: &Standing, grain: Grain) -> Self {
        Self {
            list,
            kept: Kept::from(standing, grain),
            owed: standing.owed.clone(),
        }
    }
}

impl<'a, T: Tracker> Poll<'a, T> {
    /// A poll that goes on from `cursor`.
    pub(crate) fn new(
        asking: &'a Asking<'a, T>,
        sink: &'a mut dyn Sink,
        cursor: Option<&Cursor>,
    ) -> Self {
        let start = Standings::start(asking.tracker.reach().asked());
        let kept = cursor.map(Standings::read);
        let begun = match &kept {
            None => Begun::First,
            Some(kept) if kept.asked != start.asked || kept.is_start() => Begun::Anew,
            Some(_) => Begun::Onward,
        };
        let come = kept.clone().filter(|_| begun == Begun::Onward);
        Self {
            asking,
            sink,
            begun,
            kept: kept.unwrap_or_else(|| start.clone()),
            come: come.unwrap_or(start),
            open: 0,
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
        self.asking.session.report(self.sink);
        outcome
    }

    async fn read_all(&mut self) -> Result<(), Fault> {
        let asking = self.asking;
        let lists = asking.tracker.lists(asking.session).await?;
        let known: BTreeSet<&str> = lists.iter().map(|list| list.name.as_str()).collect();
        self.come
            .lists
            .retain(|name, _| known.contains(name.as_str()));
        self.open = lists.len();
        let stood = |list: &List| self.come.of(&list.name);
        let standings: Vec<Standing> = lists.iter().map(stood).collect();
        let grain = asking.tracker.grain();
        let mut readings: Vec<Reading<'_>> = lists
            .iter()
            .zip(&standings)
            .map(|(list, standing)| Reading::new(list, standing, grain))
            .collect();
        let (tell, told) = unbounded_channel();
        // What was told before a fault is handed over all the same.
        let asked = async { Ok(asking.read(&lists, &standings, tell).await) };
        let (asked, ()) = tokio::try_join!(asked, self.take_all(&mut readings, told))?;
        asked?;
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

    async fn take_all(
        &mut self,
        readings: &mut [Reading<'_>],
        mut told: UnboundedReceiver<Told<T::Detail>>,
    ) -> Result<(), Fault> {
        while let Some(told) = told.recv().await {
            self.asking.session.report(self.sink);
            match told {
                Told::Page(page) => self.take_page(page),
                Told::Sheaf(sheaf) => {
                    if let Some(reading) = readings.get_mut(sheaf.list) {
                        self.take_in(reading, sheaf).await?;
                    }
                }
            }
        }
        Ok(())
    }

    fn take_page(&mut self, page: PageTold) {
        self.left_out += page.unread;
        for oddity in page.oddities {
            self.sink.oddity(oddity);
        }
        if let Some(more) = page.expected {
            self.progress.total = Some(self.progress.total.unwrap_or_default() + more);
            self.sink.progress(self.progress);
        }
    }

    async fn take_in(
        &mut self,
        reading: &mut Reading<'_>,
        sheaf: Sheaf<T::Detail>,
    ) -> Result<(), Fault> {
        self.asking.session.goes_on()?;
        let Sheaf {
            fetched,
            passage,
            now,
            room,
            ..
        } = sheaf;
        let items = self.understand(reading, fetched, now)?;
        self.hand_over(reading, items, (passage, now)).await?;
        drop(room);
        Ok(())
    }

    fn understand(
        &mut self,
        reading: &mut Reading<'_>,
        fetched: Vec<(String, Fetched<T::Detail>)>,
        listed: Millis,
    ) -> Result<Vec<ItemHistory>, Fault> {
        judge(reading, &fetched)?;
        self.progress.done += fetched.len() as u64;
        let mut details = Vec::with_capacity(fetched.len());
        for (id, fetched) in fetched {
            details.extend(self.take(reading, id, fetched));
        }
        let stories = self.asking.tracker.understand(reading.list, details);
        let histories = stories
            .into_iter()
            .filter_map(|told| self.keep(reading, told, listed))
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

    /// Where it is not told when a history was read, that was not before it was `listed`.
    fn keep(
        &mut self,
        reading: &mut Reading<'_>,
        (id, story): (String, Story),
        listed: Millis,
    ) -> Option<ItemHistory> {
        if let Some(updated) = story.updated {
            let read = story.read.unwrap_or(listed);
            reading.kept.keep(&id, updated, read);
        }
        for oddity in story.oddities {
            self.sink.oddity(oddity);
        }
        self.left_out += u64::from(story.history.is_none());
        story.history
    }

    /// Hands over a page's histories, with where a later poll goes on once they are kept. A page that
    /// says nothing new is not handed over.
    async fn hand_over(
        &mut self,
        reading: &mut Reading<'_>,
        items: Vec<ItemHistory>,
        (passage, now): (Passage, Millis),
    ) -> Result<(), Fault> {
        if let Some(standing) = reading.kept.standing(passage, now, &reading.owed) {
            self.come.lists.insert(reading.list.name.clone(), standing);
        }
        let is_end = passage.onward == Onward::End;
        self.open -= usize::from(is_end);
        let moved = Some(self.to_keep(self.open == 0)).filter(|standings| *standings != self.kept);
        if items.is_empty() && (moved.is_none() || !is_end) {
            return Ok(());
        }
        let batch = Batch {
            source: self.asking.tracker.reach().name.clone(),
            statuses: self.statuses(),
            items,
            cursor: moved.as_ref().and_then(Standings::cursor),
        };
        self.sink.batch(batch).await?;
        if let Some(moved) = moved {
            self.kept = moved;
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
        if self.asking.has_learned() {
            self.asking.tracker.statuses()
        } else {
            Vec::new()
        }
    }

    fn odd(&mut self, place: String, what: String) {
        self.sink.oddity(Oddity { place, what });
    }
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
