//! What every connector to a tracker must do, whatever the tracker: the same scenarios over all of
//! them, on a server on loopback that imitates the tracker's API over a small [`World`].
//!
//! A connector joins by an [`Imitation`] of its tracker and one line: `contract!(Imitated);` in a
//! test module of its own.

mod busy;
mod scenarios;
mod world;

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use super::collected::{Collected, Kept, moves};
use super::http::stand_in::{Asked, Hurried, Reply, StandIn};
use super::http::{HttpOptions, Patience};
use super::sync::Reach;
use super::{Connector, Fault, SecretSource, TrackerSettings};
use crate::clock::{Clock, FixedClock};
use crate::model::batch::Cursor;
use crate::model::id::SourceName;
use crate::model::time::Millis;
pub(crate) use busy::connections_have_something_to_do;
pub(crate) use scenarios::*;
pub(crate) use world::{Item, World};

/// The key that the world knows.
pub(crate) const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f000112233";

/// A tracker as it answers.
pub(crate) trait Imitation: 'static {
    /// What the connector calls the three statuses of the [`World`]; equal ones where the tracker
    /// knows fewer.
    const STATUSES: [&'static str; 3];

    /// Where the tracker's base address is on the server.
    const BASE: &'static str;

    /// The connector, that reads all of the world.
    fn connector(given: Given) -> Box<dyn Connector>;

    /// The tracker's answer to a request with the right key.
    fn answer(world: &World, asked: &Asked) -> Reply;

    /// The id of item `number` in histories.
    fn id(number: u64) -> String;

    /// What a request asks for.
    fn kind(asked: &Asked) -> Kind;

    /// Whether a request carries [`KEY`] as the tracker wants it.
    fn is_known(asked: &Asked) -> bool;
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page of the list of items.
    List,
    /// The history of one or several items, where the list does not hold it.
    Detail,
    /// Anything else: who the key belongs to, names.
    Other,
}

/// What a connector is made from.
pub(crate) struct Given {
    pub(crate) token: SecretSource,
    /// With the base address in it.
    pub(crate) options: HttpOptions,
    pub(crate) clock: Arc<dyn Clock>,
    /// The most rows a page of the list is to hold, where the connector says how many.
    pub(crate) page: usize,
}

impl Given {
    /// How the source is reached, if it reads what `query` says.
    pub(crate) fn reach(self, query: &str) -> Reach {
        self.reach_as(None, query)
    }

    /// The same for trackers that want to know who asks.
    pub(crate) fn reach_as(self, user: Option<&str>, query: &str) -> Reach {
        let settings = TrackerSettings {
            url: self.options.base.clone(),
            user: user.map(str::to_owned),
            token: self.token,
            query: query.to_owned(),
            fields: BTreeMap::new(),
            ca_file: None,
        };
        let name = SourceName::new("contract");
        Reach::with(name, settings, self.options, self.clock).unwrap()
    }
}

type Hook = Box<dyn FnMut(&mut World, &Asked, Kind) + Send>;
type Rewrite = Box<dyn FnMut(Kind, Reply) -> Reply + Send>;

/// The world and what goes wrong in it.
pub(crate) struct Script {
    pub(crate) world: World,
    /// Answers that come instead.
    pub(crate) instead: Vec<(Kind, VecDeque<Reply>)>,
    /// Called before each answer.
    pub(crate) before: Option<Hook>,
    /// Changes each answer.
    pub(crate) rewrite: Option<Rewrite>,
}

/// A tracker on loopback and the connector that reads it.
pub(crate) struct Stage<I> {
    pub(crate) server: StandIn,
    script: Arc<Mutex<Script>>,
    pub(crate) tempo: Arc<Hurried>,
    key: NamedTempFile,
    imitation: std::marker::PhantomData<I>,
}

impl<I: Imitation> Stage<I> {
    pub(crate) fn new(world: World) -> Self {
        let script = Arc::new(Mutex::new(Script {
            world,
            instead: Vec::new(),
            before: None,
            rewrite: None,
        }));
        let shared = Arc::clone(&script);
        let server =
            StandIn::new(move |asked: &Asked| answer::<I>(&mut shared.lock().unwrap(), asked));
        let mut key = NamedTempFile::new().unwrap();
        writeln!(key, "{KEY}").unwrap();
        Self {
            server,
            script,
            tempo: Hurried::new(),
            key,
            imitation: std::marker::PhantomData,
        }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(crate) fn instead(&self, kind: Kind, replies: impl IntoIterator<Item = Reply>) {
        let replies = replies.into_iter().collect();
        self.script().instead.push((kind, replies));
    }

    pub(crate) fn connector(&self) -> Box<dyn Connector> {
        self.patient_for(std::time::Duration::from_secs(20))
    }

    /// A connector that gives up once nothing was heard for so long.
    pub(crate) fn patient_for(&self, silence: std::time::Duration) -> Box<dyn Connector> {
        let options = HttpOptions {
            tempo: Arc::<Hurried>::clone(&self.tempo),
            patience: Patience {
                silence,
                ..Patience::default()
            },
            ..HttpOptions::of(self.server.url(I::BASE))
        };
        let (now, page) = {
            let world = &self.script().world;
            (world.now, world.page)
        };
        I::connector(Given {
            token: SecretSource::File(self.key.path().to_owned()),
            options,
            clock: Arc::new(FixedClock(now)),
            page,
        })
    }

    pub(crate) async fn sync(&self, cursor: Option<Cursor>) -> (Collected, Result<(), Fault>) {
        sync(self.connector().as_ref(), cursor).await
    }

    /// Reads what must be readable.
    pub(crate) async fn read(&self, cursor: Option<Cursor>) -> Collected {
        let (sink, outcome) = self.sync(cursor).await;
        assert_eq!(outcome, Ok(()));
        sink
    }

    /// What a reader must find: instants and statuses by item.
    pub(crate) fn truth(&self) -> BTreeMap<String, Vec<(i64, String)>> {
        let script = self.script();
        let items = script.world.items.iter();
        items
            .map(|(number, item)| (I::id(*number), named(item.told(), I::STATUSES)))
            .collect()
    }

    pub(crate) fn asked(&self, kind: Kind) -> usize {
        let asked = self.server.asked();
        asked.iter().filter(|asked| I::kind(asked) == kind).count()
    }
}

pub(crate) async fn sync(
    connector: &dyn Connector,
    cursor: Option<Cursor>,
) -> (Collected, Result<(), Fault>) {
    let mut sink = Collected::default();
    let outcome = connector
        .sync(cursor, &mut sink, &CancellationToken::new())
        .await;
    (sink, outcome)
}

fn answer<I: Imitation>(script: &mut Script, asked: &Asked) -> Reply {
    let kind = I::kind(asked);
    if let Some(mut before) = script.before.take() {
        before(&mut script.world, asked, kind);
        script.before = Some(before);
    }
    let mut instead = script.instead.iter_mut();
    let instead = instead.find(|(of, replies)| *of == kind && !replies.is_empty());
    if let Some(reply) = instead.and_then(|(_, replies)| replies.pop_front()) {
        return reply;
    }
    if !I::is_known(asked) {
        return Reply::status(401);
    }
    let reply = I::answer(&script.world, asked).with("Date", &script.world.date());
    match &mut script.rewrite {
        Some(rewrite) => rewrite(kind, reply),
        None => reply,
    }
}

fn named(told: Vec<(Millis, usize)>, names: [&str; 3]) -> Vec<(i64, String)> {
    let told = told.into_iter();
    let mut named: Vec<_> = told
        .map(|(at, status)| (at.0, names[status].to_owned()))
        .collect();
    named.dedup_by(|next, before| next.1 == before.1);
    named
}

/// Instants and statuses by item, equal ones in a row told once.
pub(crate) fn told(kept: &Kept, sink: &Collected) -> BTreeMap<String, Vec<(i64, String)>> {
    let names = sink.statuses();
    let one = |events| {
        let mut told = moves(events, &names);
        told.dedup_by(|next, before| next.1 == before.1);
        told
    };
    kept.iter()
        .map(|(id, events)| (id.clone(), one(events)))
        .collect()
}

/// Makes every scenario a test of one imitation.
macro_rules! contract {
    ($imitation:ty) => {
        $crate::connectors::contract::contract!(
            $imitation:
            all_is_read_page_by_page_and_then_nothing
            an_empty_tracker_is_read
            what_changes_is_read_again_and_only_that
            an_item_that_changes_during_paging_is_read_in_its_last_state
            a_row_that_comes_twice_is_one_item
            a_poll_cut_after_any_batch_goes_on_without_loss
            a_cancelled_poll_stops
            a_wrong_key_is_said
            what_is_forbidden_or_missing_is_said
            a_tracker_that_asks_to_wait_is_waited_for
            a_tracker_that_asks_to_wait_for_long_is_left_alone
            a_tracker_that_fails_for_a_moment_is_asked_again
            a_tracker_that_keeps_failing_is_said_and_the_next_poll_reads_all
            a_slow_tracker_is_not_waited_for_forever
            answers_of_another_shape_are_no_panic_and_lose_nothing
            details_of_another_shape_are_no_panic_and_lose_nothing
            a_next_page_on_another_host_is_not_asked
            a_redirect_to_another_host_never_hears_the_key
            a_clock_that_is_wrong_loses_nothing
            the_key_is_in_no_address_no_fault_and_no_trace
            ten_thousand_items_are_read
        );
    };
    ($imitation:ty: $($scenario:ident)*) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "takes its time: it measures"]
        async fn connections_have_something_to_do() {
            $crate::connectors::contract::connections_have_something_to_do::<$imitation>().await;
        }

        $(
            #[tokio::test]
            async fn $scenario() {
                $crate::connectors::contract::$scenario::<$imitation>().await;
            }
        )*
    };
}
pub(crate) use contract;
