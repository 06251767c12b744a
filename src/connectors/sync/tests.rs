//! Polls of a tracker that changes while it is read, shows updates late, fails, and is cut off at
//! every point at which a poll waits: whatever comes of it, later polls find all.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll as Turn, Waker};

use async_trait::async_trait;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use super::asking::Asking;
use super::poll::Poll;
use super::{Checks, Fetched, List, Listed, Page, Paging, Question, Reach, Tracker};
use crate::clock::FixedClock;
use crate::connectors::collected::{Collected, Kept};
use crate::connectors::http::{Http, HttpOptions, Key, Session};
use crate::connectors::story::{Moment, Story, Tale};
use crate::connectors::{Fault, SecretSource, TrackerSettings};
use crate::model::batch::{Cursor, StatusName};
use crate::model::event::Change;
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Rows of a page.
const PAGE: usize = 4;

const ITEMS: u64 = 14;

/// Random enough, and the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

/// One move of an item, shown from `shown` on.
#[derive(Clone, Copy)]
struct Step {
    at: Millis,
    shown: Millis,
}

struct World {
    now: Millis,
    items: BTreeMap<u64, Vec<Step>>,
    dice: Dice,
    /// Whether items move while they are read.
    is_busy: bool,
    /// After so many requests every page fails.
    fails_after: Option<u32>,
    requests: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        let step = |number: u64| {
            let at = Millis(i64::try_from(number).unwrap() * 1_000);
            (number, vec![Step { at, shown: at }])
        };
        Self {
            now: Millis(1_000_000),
            items: (1..=ITEMS).map(step).collect(),
            dice: Dice(seed),
            is_busy: true,
            fails_after: None,
            requests: 0,
        }
    }

    /// A request comes: time has passed, an item may have moved.
    fn turn(&mut self) {
        self.requests += 1;
        let passed = [0, 300, 900, 30_000, 90_000][usize::try_from(self.dice.below(5)).unwrap()];
        self.now.0 += passed;
        if self.is_busy && self.dice.below(3) > 0 {
            self.shift();
        }
    }

    /// An item moves, and shows it now or a little later. Of two moves within a second neither is late,
    /// and what is not shown yet moves no further.
    fn shift(&mut self) {
        let item = 1 + self.dice.below(ITEMS);
        let late = [0, 0, 20_000][usize::try_from(self.dice.below(3)).unwrap()];
        let steps = self.items.get_mut(&item).unwrap();
        // Trackers tell whole seconds.
        let at = Millis(self.now.0 / 1_000 * 1_000);
        let last = *steps.last().unwrap();
        if last.shown > self.now {
            return;
        }
        let late = if last.at == at { 0 } else { late };
        let shown = Millis(self.now.0 + late);
        steps.push(Step { at, shown });
    }

    fn shown(&self, number: u64) -> Vec<Millis> {
        let steps = self.items[&number].iter();
        let shown = steps.filter(|step| step.shown <= self.now);
        shown.map(|step| step.at).collect()
    }

    fn listed(&self, since: Option<Millis>) -> Vec<(Millis, u64)> {
        let rows = self.items.keys().map(|number| {
            let updated = self.shown(*number).into_iter().max();
            (updated.unwrap(), *number)
        });
        let mut rows: Vec<_> = rows.filter(|(at, _)| Some(*at) >= since).collect();
        rows.sort_unstable();
        rows
    }
}

struct Fake {
    reach: Reach,
    paging: Paging,
    world: Mutex<World>,
}

impl Fake {
    fn new(http: &Http, paging: Paging, seed: u64) -> Self {
        let settings = TrackerSettings {
            url: "http://127.0.0.1:9".parse().unwrap(),
            user: None,
            token: SecretSource::File("key".into()),
            query: String::new(),
            fields: BTreeMap::new(),
            ca_file: None,
        };
        Self {
            reach: Reach {
                name: SourceName::new("fake"),
                settings,
                http: http.clone(),
                clock: Arc::new(FixedClock(Millis(0))),
            },
            paging,
            world: Mutex::new(World::new(seed)),
        }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Polls until the end, or until it has waited so many times.
    fn poll(&self, cursor: Option<&Cursor>, cut: usize) -> (Collected, Option<Result<(), Fault>>) {
        let cancel = CancellationToken::new();
        let key = Key::bearer(SecretString::from("key".to_owned())).unwrap();
        let session = self.reach.http.session(key, &cancel);
        let mut sink = Collected::default();
        let outcome = {
            let asking = Asking::new(self, &session);
            let mut poll = pin!(Poll::new(&asking, &mut sink, cursor).run());
            let mut context = Context::from_waker(Waker::noop());
            let mut turns = (0..cut).map(|_| poll.as_mut().poll(&mut context));
            turns.find_map(|turn| match turn {
                Turn::Ready(outcome) => Some(outcome),
                Turn::Pending => None,
            })
        };
        (sink, outcome)
    }

    /// What a reader must have found of the moves that show.
    fn truth(&self) -> BTreeMap<String, Vec<i64>> {
        let world = self.world();
        let told = |number: &u64| {
            let mut steps: Vec<i64> = world.shown(*number).iter().map(|at| at.0).collect();
            steps.sort_unstable();
            (number.to_string(), steps)
        };
        world.items.keys().map(told).collect()
    }
}

/// Lets others go first, as a request does.
async fn wait() {
    for _ in 0..2 {
        tokio::task::yield_now().await;
    }
}

#[async_trait]
impl Tracker for Fake {
    type Row = ();
    type Detail = (u64, Vec<Millis>, Millis);

    const TOKENS: &'static str = "";

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        Key::bearer(secret)
    }

    async fn prove(&self, _: &Session<'_>, _: &mut Checks) -> Result<(), Fault> {
        Ok(())
    }

    async fn lists(&self, _: &Session<'_>) -> Result<Vec<List>, Fault> {
        wait().await;
        Ok(vec![List {
            name: "items".to_owned(),
            noun: "item",
            paging: self.paging,
            together: 1,
        }])
    }

    async fn page(
        &self,
        _: &Session<'_>,
        _: &List,
        question: &Question,
    ) -> Result<Page<()>, Fault> {
        wait().await;
        let mut world = self.world();
        world.turn();
        if world.fails_after.is_some_and(|most| world.requests > most) {
            return Err(Fault::Server {
                place: "the list".to_owned(),
                status: 500,
            });
        }
        let mut rows = world.listed(question.since);
        let passed = match self.paging {
            Paging::Offset => usize::try_from(question.offset).unwrap(),
            _ => 0,
        };
        if let Some((at, number)) = question.next.as_ref().and_then(|next| next.split_once(' ')) {
            let last = (Millis(at.parse().unwrap()), number.parse().unwrap());
            rows.retain(|row| *row > last);
        }
        let total = rows.len() as u64;
        let rest: Vec<_> = rows.split_off(passed.min(rows.len()));
        let few = rest.iter().take(PAGE).map(|(updated, number)| {
            Some(Listed {
                id: number.to_string(),
                updated: *updated,
                row: Some(()),
            })
        });
        let last = rest.get(PAGE - 1).filter(|_| rest.len() > PAGE);
        Ok(Page {
            rows: few.collect(),
            total: Some(total).filter(|_| self.paging == Paging::Offset),
            limit: PAGE as u64,
            next: last.map(|(at, number)| format!("{} {number}", at.0)),
            now: Some(Millis(world.now.0 / 1_000 * 1_000)),
            oddities: Vec::new(),
        })
    }

    async fn learn(&self, _: &Session<'_>) -> Result<(), Fault> {
        wait().await;
        Ok(())
    }

    async fn fetch(
        &self,
        _: &Session<'_>,
        _: &List,
        rows: Vec<Listed<()>>,
    ) -> Result<Vec<(String, Fetched<Self::Detail>)>, Fault> {
        wait().await;
        let mut world = self.world();
        world.turn();
        let now = Millis(world.now.0 / 1_000 * 1_000);
        let details = rows.into_iter().map(|row| {
            let number = row.id.parse().unwrap();
            let detail = (number, world.shown(number), now);
            (row.id, Fetched::Detail(detail))
        });
        Ok(details.collect())
    }

    fn understand(&self, _: &List, details: Vec<Self::Detail>) -> Vec<(String, Story)> {
        let told = details.into_iter().map(|(number, steps, read)| {
            let id = number.to_string();
            let mut tale = Tale::new(id.clone(), "item", Millis(0));
            for (place, at) in (1..).zip(&steps) {
                let moment = Moment::part(format!("{place}"), *at, place, 0);
                let to = place.to_string();
                tale.happened(&moment, Change::Moved { to });
            }
            (id, tale.end(steps.into_iter().max(), Some(read)))
        });
        told.collect()
    }

    fn statuses(&self) -> Vec<StatusName> {
        Vec::new()
    }
}

fn http() -> Http {
    Http::new(&HttpOptions::of("http://127.0.0.1:9".parse().unwrap())).unwrap()
}

fn told(kept: &Kept) -> BTreeMap<String, Vec<i64>> {
    let steps = kept.iter().map(|(id, events)| {
        let mut steps: Vec<i64> = events.values().map(|event| event.at.0).collect();
        steps.sort_unstable();
        (id.clone(), steps)
    });
    steps.collect()
}

/// Polls a quiet tracker once more, and looks whether all is there then.
fn assert_nothing_is_lost(fake: &Fake, mut kept: Kept, cursor: Option<&Cursor>, what: &str) {
    {
        let mut world = fake.world();
        (world.is_busy, world.fails_after) = (false, None);
        world.now.0 += 600_000;
    }
    let (sink, outcome) = fake.poll(cursor, 10_000);
    assert_eq!(outcome, Some(Ok(())), "{what}");
    sink.keep_in(&mut kept);
    assert_eq!(told(&kept), fake.truth(), "{what}");
}

const PAGINGS: [Paging; 3] = [Paging::Offset, Paging::Numbered, Paging::Token];

/// A cursor never stands before anything that is not kept, though pages are listed long after one
/// another, updates show late and rows move while they are read.
#[test]
fn what_moves_while_it_is_read_is_found_by_the_next_poll() {
    let http = http();
    for paging in PAGINGS {
        for seed in 0..150 {
            let fake = Fake::new(&http, paging, seed);
            let mut kept = Kept::new();
            let mut cursor = None;
            for _ in 0..3 {
                let (sink, outcome) = fake.poll(cursor.as_ref(), 10_000);
                // A list that moves all the time may be given up.
                assert!(outcome.is_some(), "{paging:?} {seed}");
                sink.keep_in(&mut kept);
                cursor = sink.cursor().or(cursor);
            }
            let what = format!("{paging:?} {seed}");
            assert_nothing_is_lost(&fake, kept, cursor.as_ref(), &what);
        }
    }
}

/// The same where a poll is dropped at any of the points at which it waits.
#[test]
fn a_poll_cut_anywhere_leaves_no_cursor_before_what_is_not_kept() {
    let http = http();
    for paging in PAGINGS {
        for seed in 0..6 {
            for cut in 0.. {
                let fake = Fake::new(&http, paging, seed);
                let (sink, outcome) = fake.poll(None, cut);
                let what = format!("{paging:?} {seed} cut at {cut}");
                assert_nothing_is_lost(&fake, sink.kept(), sink.cursor().as_ref(), &what);
                if outcome.is_some() {
                    assert!(cut > 10, "{what}");
                    break;
                }
            }
        }
    }
}

/// What was listed before the list failed is kept, and the next poll goes on from there.
#[test]
fn a_list_that_fails_keeps_what_it_listed_and_loses_nothing() {
    let http = http();
    for paging in PAGINGS {
        for seed in 0..40 {
            let fake = Fake::new(&http, paging, seed);
            fake.world().fails_after = Some(3);
            let (sink, outcome) = fake.poll(None, 10_000);
            let what = format!("{paging:?} {seed}");
            assert!(matches!(outcome, Some(Err(Fault::Server { .. }))), "{what}");
            assert!(!sink.kept().is_empty(), "{what}");
            assert!(sink.cursor().is_some(), "{what}");
            assert_nothing_is_lost(&fake, sink.kept(), sink.cursor().as_ref(), &what);
        }
    }
}
