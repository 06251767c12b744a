//! The scenarios.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{Imitation, KEY, Kind, Stage, World, sync, told};
use crate::connectors::Fault;
use crate::connectors::collected::{Collected, Kept};
use crate::connectors::http::stand_in::{Reply, StandIn};

fn stage<I: Imitation>(count: u64) -> Stage<I> {
    Stage::new(World::of(count))
}

fn assert_whole<I: Imitation>(stage: &Stage<I>, sink: &Collected) {
    assert_eq!(told(&sink.kept(), sink), stage.truth());
    assert_eq!(sink.oddities, []);
}

/// Where histories or their lists come from: some trackers tell both in one answer.
fn of_details<I: Imitation>(stage: &Stage<I>) -> Kind {
    if stage.asked(Kind::Detail) > 0 {
        Kind::Detail
    } else {
        Kind::List
    }
}

pub(crate) async fn all_is_read_page_by_page_and_then_nothing<I: Imitation>() {
    let stage = stage::<I>(65);
    let sink = stage.read(None).await;
    assert_whole(&stage, &sink);
    assert_eq!(sink.wholes, 1);
    assert!(sink.batches.len() >= 4, "{} batches", sink.batches.len());
    assert_eq!(sink.requests, stage.server.asked().len() as u64);
    let before = stage.server.asked().len();
    let again = stage.read(sink.cursor()).await;
    assert_eq!(
        again
            .batches
            .iter()
            .map(|batch| batch.items.len())
            .sum::<usize>(),
        0
    );
    assert_eq!(again.wholes, 0);
    let requests = stage.server.asked().len() - before;
    assert!(requests <= 4, "{requests} requests with nothing new");
}

pub(crate) async fn an_empty_tracker_is_read<I: Imitation>() {
    let stage = stage::<I>(0);
    let sink = stage.read(None).await;
    assert_whole(&stage, &sink);
    assert_eq!(sink.wholes, 1);
    stage.script().world = World::of(1);
    let sink = stage.read(sink.cursor()).await;
    assert_whole(&stage, &sink);
}

pub(crate) async fn what_changes_is_read_again_and_only_that<I: Imitation>() {
    let stage = stage::<I>(50);
    let connector = stage.connector();
    let (first, outcome) = sync(connector.as_ref(), None).await;
    assert_eq!(outcome, Ok(()));
    let mut kept = first.kept();
    stage.script().world.pass(600);
    stage.script().world.shift(7);
    stage.script().world.shift(7);
    let (second, outcome) = sync(connector.as_ref(), first.cursor()).await;
    assert_eq!(outcome, Ok(()));
    let items: Vec<&str> = second
        .batches
        .iter()
        .flat_map(|batch| batch.items.iter().map(|item| item.item.as_str()))
        .collect();
    assert_eq!(items, [I::id(7)]);
    second.keep_in(&mut kept);
    assert_eq!(told(&kept, &first), stage.truth());
}

pub(crate) async fn an_item_that_changes_during_paging_is_read_in_its_last_state<I: Imitation>() {
    let stage = stage::<I>(65);
    let mut pages = 0;
    stage.script().before = Some(Box::new(move |world, _, kind| {
        pages += i32::from(kind == Kind::List);
        // Every second page that is asked for, an item of the first page has just moved.
        if kind == Kind::List && pages > 1 && pages % 2 == 0 && pages <= 8 {
            world.pass(3);
            world.shift(u64::from(pages.unsigned_abs()));
        }
    }));
    let first = stage.read(None).await;
    let mut kept = first.kept();
    stage.script().before = None;
    stage.script().world.pass(600);
    let second = stage.read(first.cursor()).await;
    second.keep_in(&mut kept);
    assert_eq!(told(&kept, &first), stage.truth());
}

pub(crate) async fn a_row_that_comes_twice_is_one_item<I: Imitation>() {
    // All items of one instant: pages cannot go on by time, and repeat rows.
    let mut world = World::of(45);
    let at = world.now.plus_secs(-3_600);
    for item in world.items.values_mut() {
        item.updated = at;
    }
    let stage = Stage::<I>::new(world);
    let sink = stage.read(None).await;
    assert_whole(&stage, &sink);
    let handed: usize = sink.batches.iter().map(|batch| batch.items.len()).sum();
    assert_eq!(handed, 45);
}

pub(crate) async fn a_poll_cut_after_any_batch_goes_on_without_loss<I: Imitation>() {
    let stage = stage::<I>(65);
    for after in 1..=3 {
        let connector = stage.connector();
        let cancel = CancellationToken::new();
        let mut cut = Collected {
            cancel_after: Some((after, cancel.clone())),
            ..Collected::default()
        };
        let outcome = connector.sync(None, &mut cut, &cancel).await;
        assert_eq!(outcome, Err(Fault::Stopped), "after {after} batches");
        let mut kept = cut.kept();
        let rest = stage.read(cut.cursor()).await;
        rest.keep_in(&mut kept);
        assert_eq!(told(&kept, &rest), stage.truth(), "after {after} batches");
        if cut.cursor().is_some() {
            let handed: usize = rest.batches.iter().map(|batch| batch.items.len()).sum();
            assert!(handed < 65, "what was read is read again: {handed} items");
        }
    }
}

pub(crate) async fn a_cancelled_poll_stops<I: Imitation>() {
    let stage = stage::<I>(5);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let mut sink = Collected::default();
    let outcome = stage.connector().sync(None, &mut sink, &cancel).await;
    assert_eq!(outcome, Err(Fault::Stopped));
    assert!(sink.batches.is_empty());
}

pub(crate) async fn a_wrong_key_is_said<I: Imitation>() {
    let stage = stage::<I>(5);
    for kind in [Kind::Other, Kind::List, Kind::Detail] {
        stage.instead(kind, std::iter::repeat_n(Reply::status(401), 50));
    }
    let (sink, outcome) = stage.sync(None).await;
    assert!(
        matches!(outcome, Err(Fault::Unauthorized { .. })),
        "{outcome:?}"
    );
    assert_eq!((sink.requests, sink.batches.len()), (1, 0));
    let checks = stage.connector().check().await;
    let last = checks.last().unwrap();
    assert!(last.outcome.is_err(), "{checks:?}");
}

pub(crate) async fn what_is_forbidden_or_missing_is_said<I: Imitation>() {
    for status in [403, 404] {
        let stage = stage::<I>(5);
        stage.instead(Kind::List, std::iter::repeat_n(Reply::status(status), 9));
        let (sink, outcome) = stage.sync(None).await;
        let fault = outcome.unwrap_err();
        let said = matches!(
            (status, &fault),
            (403, Fault::Forbidden { .. } | Fault::Unusable { .. })
                | (404, Fault::NotFound { .. } | Fault::Unusable { .. })
        );
        assert!(said, "{status}: {fault:?}");
        assert!(!fault.passes() && !fault.hint().is_empty());
        assert!(sink.batches.is_empty());
    }
}

pub(crate) async fn a_tracker_that_asks_to_wait_is_waited_for<I: Imitation>() {
    let stage = stage::<I>(5);
    let asked = Reply::status(429).with("Retry-After", "7");
    stage.instead(Kind::List, [asked, Reply::status(429)]);
    let sink = stage.read(None).await;
    assert_whole(&stage, &sink);
    assert_eq!(stage.tempo.waits(), [7_250, 4_000]);
}

pub(crate) async fn a_tracker_that_asks_to_wait_for_long_is_left_alone<I: Imitation>() {
    let stage = stage::<I>(5);
    let asked = Reply::status(429).with("Retry-After", "3600");
    stage.instead(Kind::List, [asked]);
    let (_, outcome) = stage.sync(None).await;
    let fault = outcome.unwrap_err();
    let Fault::RateLimited { retry_after, .. } = fault else {
        panic!("{fault:?}");
    };
    assert_eq!(retry_after, Some(3_600));
    let sink = stage.read(None).await;
    assert_whole(&stage, &sink);
}

pub(crate) async fn a_tracker_that_fails_for_a_moment_is_asked_again<I: Imitation>() {
    for reply in [Reply::status(500), Reply::status(503), Reply::Cut] {
        let stage = stage::<I>(25);
        stage.instead(Kind::List, [reply.clone()]);
        stage.instead(Kind::Detail, [reply]);
        let sink = stage.read(None).await;
        assert_whole(&stage, &sink);
    }
}

pub(crate) async fn a_tracker_that_keeps_failing_is_said_and_the_next_poll_reads_all<
    I: Imitation,
>() {
    for reply in [Reply::status(500), Reply::status(502), Reply::Cut] {
        let stage = stage::<I>(45);
        // The second page of the list fails for good.
        let mut pages = 0;
        stage.script().rewrite = Some(Box::new(move |kind, fine| {
            pages += i32::from(kind == Kind::List);
            if kind == Kind::List && pages > 1 {
                reply.clone()
            } else {
                fine
            }
        }));
        let (sink, outcome) = stage.sync(None).await;
        let fault = outcome.unwrap_err();
        assert!(fault.passes(), "{fault:?}");
        stage.script().rewrite = None;
        let mut kept = sink.kept();
        let rest = stage.read(sink.cursor()).await;
        rest.keep_in(&mut kept);
        assert_eq!(told(&kept, &rest), stage.truth());
    }
}

pub(crate) async fn a_slow_tracker_is_not_waited_for_forever<I: Imitation>() {
    let stage = stage::<I>(5);
    stage.instead(Kind::List, std::iter::repeat_n(Reply::Silence, 9));
    let connector = stage.patient_for(Duration::from_millis(60));
    let (_, outcome) = sync(connector.as_ref(), None).await;
    let fault = outcome.unwrap_err();
    assert!(matches!(fault, Fault::Unreachable { .. }), "{fault:?}");
}

fn shapes() -> Vec<Reply> {
    let shapes = [
        json!(null),
        json!(5),
        json!("text"),
        json!([]),
        json!({}),
        json!([null, 3, "x", {"id": null}]),
        json!({"issues": 5, "data": 5, "values": 5, "value": 5, "items": 5}),
        json!({"issues": [null, 5, {}], "data": {"issues": {"nodes": [null]}}, "value": [7]}),
    ];
    let json = shapes
        .iter()
        .map(|shape: &Value| Reply::json(shape.to_string()));
    json.chain([
        Reply::json("{\"half"),
        Reply::json(""),
        Reply::html("<h1>Please sign in</h1>"),
        Reply::json("[".repeat(10_000)),
    ])
    .collect()
}

pub(crate) async fn answers_of_another_shape_are_no_panic_and_lose_nothing<I: Imitation>() {
    odd_shapes::<I>(|_| Kind::List).await;
}

pub(crate) async fn details_of_another_shape_are_no_panic_and_lose_nothing<I: Imitation>() {
    odd_shapes::<I>(of_details).await;
}

/// What a tracker answers whose histories are lists of changes where there was none.
fn is_empty_list(shape: &Reply) -> bool {
    matches!(shape, Reply::Whole { body, .. } if body == b"[]")
}

async fn odd_shapes<I: Imitation>(which: fn(&Stage<I>) -> Kind) {
    let probe = stage::<I>(5);
    probe.read(None).await;
    let kind = which(&probe);
    for shape in shapes() {
        let stage = stage::<I>(45);
        stage.instead(kind, [shape.clone()]);
        let (sink, outcome) = stage.sync(None).await;
        assert!(!format!("{outcome:?}{:?}", sink.oddities).contains(KEY));
        let mut kept = sink.kept();
        let before = Kept::clone(&kept);
        let rest = stage.read(sink.cursor()).await;
        rest.keep_in(&mut kept);
        // Whoever asks again by himself leaves nothing, not even names, to the next poll.
        let names = if rest.statuses().is_empty() {
            &sink
        } else {
            &rest
        };
        let complete = told(&kept, names) == stage.truth();
        // An answer that is right as JSON but says that there is nothing may be believed.
        let says_nothing = kind == Kind::List || is_empty_list(&shape);
        let believed = outcome == Ok(()) && says_nothing;
        assert!(complete || believed, "{shape:?}: {outcome:?} {before:?}");
    }
}

pub(crate) async fn a_next_page_on_another_host_is_not_asked<I: Imitation>() {
    let stage = stage::<I>(45);
    let foreign = StandIn::new(|_| Reply::json("{}"));
    let place = foreign.url("/").to_string();
    stage.script().rewrite = Some(Box::new(move |_, reply| reply.with_links_to(&place)));
    let (_, outcome) = stage.sync(None).await;
    assert_eq!(foreign.asked().len(), 0);
    if let Err(fault) = outcome {
        assert!(
            fault.to_string().contains("where the key is not sent"),
            "{fault}"
        );
    }
}

pub(crate) async fn a_redirect_to_another_host_never_hears_the_key<I: Imitation>() {
    for kind in [Kind::Other, Kind::List] {
        let stage = stage::<I>(5);
        let foreign = StandIn::new(|_| Reply::json("{}"));
        let place = foreign.url("/elsewhere").to_string();
        let away = Reply::status(302).with("Location", &place);
        stage.instead(kind, std::iter::repeat_n(away, 9));
        let (_, outcome) = stage.sync(None).await;
        assert_eq!(foreign.asked().len(), 0);
        if stage.asked(kind) > 0 {
            let fault = outcome.unwrap_err();
            assert!(
                fault.to_string().contains("where the key is not sent"),
                "{fault}"
            );
        }
    }
}

pub(crate) async fn a_clock_that_is_wrong_loses_nothing<I: Imitation>() {
    for skew in [-3_600, 3_600] {
        let stage = stage::<I>(25);
        stage.script().world.skew = skew;
        let first = stage.read(None).await;
        let mut kept = first.kept();
        for number in [3, 9, 9] {
            stage.script().world.pass(120);
            stage.script().world.shift(number);
        }
        let second = stage.read(first.cursor()).await;
        second.keep_in(&mut kept);
        assert_eq!(told(&kept, &first), stage.truth(), "skew {skew}");
    }
}

pub(crate) async fn the_key_is_in_no_address_no_fault_and_no_trace<I: Imitation>() {
    let stage = stage::<I>(5);
    stage.instead(Kind::List, [Reply::html(&format!("<p>{KEY}</p>"))]);
    let connector = stage.connector();
    let (sink, outcome) = sync(connector.as_ref(), None).await;
    assert!(!format!("{outcome:?}{:?}", sink.oddities).contains(KEY));
    let (_, outcome) = sync(connector.as_ref(), None).await;
    assert_eq!(outcome, Ok(()));
    for asked in stage.server.asked() {
        assert!(!asked.url.as_str().contains(KEY));
    }
    let trace = connector.exchanges();
    // A request that was still under way when the poll failed was broken off with it.
    let (noted, asked) = (trace.len(), stage.server.asked().len());
    assert!(noted == asked || noted + 1 == asked, "{noted} of {asked}");
    assert!(!format!("{trace:?}").contains(KEY));
}

pub(crate) async fn ten_thousand_items_are_read<I: Imitation>() {
    let stage = Stage::<I>::new(World::of_ten_thousand(1_000));
    let sink = stage.read(None).await;
    assert_eq!(sink.kept().len(), 10_000);
    assert_whole(&stage, &sink);
}
