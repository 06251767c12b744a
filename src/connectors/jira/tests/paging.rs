//! Lists by the minute on somebody's clock, and what they cost.

use super::site::{Site, at, issue};
use super::{Deployment, Reader};
use crate::connectors::collected::{Kept, moves};
use crate::model::time::Millis;

const BOTH: [Deployment; 2] = [Deployment::Cloud, Deployment::OwnServer];

fn items(kept: &Kept) -> usize {
    kept.len()
}

fn handed(sink: &super::Collected) -> usize {
    sink.batches.iter().map(|batch| batch.items.len()).sum()
}

/// Issues of one minute, a second apart, and some of the minutes around.
fn bulk(deployment: Deployment, count: i64) -> Site {
    let minute = at("2026-11-20T09:30:00Z");
    let before = (1..=5).map(|back| minute.plus_secs(back * 60 - 400));
    let within = (0..count).map(|step| Millis(minute.0 + step * 60_000 / count));
    let after = (1..=5).map(|step| minute.plus_secs(60 * step));
    Site::of(deployment, before.chain(within).chain(after))
}

#[tokio::test]
async fn a_minute_with_more_issues_than_a_page_holds_is_read_once() {
    for deployment in BOTH {
        let mut site = bulk(deployment, 300);
        site.front.page = 40;
        let reader = Reader::new(site);
        let sink = reader.read(None).await;
        assert_eq!(items(&sink.kept()), 310);
        assert_eq!(handed(&sink), 310, "something was fetched twice");
        assert!(reader.lists().len() < 30, "{} pages", reader.lists().len());
        let again = reader.read(sink.cursor()).await;
        assert_eq!((again.requests, handed(&again)), (2, 0));
    }
}

#[tokio::test]
async fn a_poll_cut_within_a_minute_loses_nothing() {
    for deployment in BOTH {
        let mut site = bulk(deployment, 300);
        site.front.page = 40;
        let reader = Reader::new(site);
        for after in 1..=8 {
            let cancel = super::CancellationToken::new();
            let mut cut = super::Collected {
                cancel_after: Some((after, cancel.clone())),
                ..super::Collected::default()
            };
            let outcome = super::Connector::sync(&reader.jira, None, &mut cut, &cancel).await;
            assert!(outcome.is_err());
            let mut kept = cut.kept();
            reader.read(cut.cursor()).await.keep_in(&mut kept);
            assert_eq!(items(&kept), 310, "after {after} batches");
        }
    }
}

#[tokio::test]
async fn questions_are_asked_by_the_clock_of_the_tokens_owner() {
    let updates = [at("2026-11-20T09:30:59.900Z")];
    let reader = Reader::asking(
        Site::of(Deployment::Cloud, updates.into_iter()),
        "project = AB OR project = CD",
        &[],
    );
    let first = reader.read(None).await;
    reader.read(first.cursor()).await;
    let order = "ORDER BY updated ASC, key ASC";
    assert_eq!(
        reader.lists(),
        [
            format!("(project = AB OR project = CD) {order}"),
            format!("(project = AB OR project = CD) AND updated >= \"2026-11-20 10:30\" {order}"),
        ]
    );
}

/// The night the clocks are put back: every twenty minutes an issue, a poll after each.
#[tokio::test]
async fn the_hour_that_comes_twice_loses_nothing() {
    for deployment in BOTH {
        for zone in ["Europe/Berlin", "Australia/Lord_Howe"] {
            let night = match zone {
                "Europe/Berlin" => at("2026-10-24T21:00:00Z"),
                _ => at("2026-04-04T12:00:00Z"),
            };
            let mut site = Site::new(deployment);
            site.front.zone = zone;
            site.front.page = 4;
            let reader = Reader::new(site);
            let (mut kept, mut cursor, mut fetched) = (Kept::new(), None, 0);
            for step in 0..30 {
                let id = u64::try_from(step).unwrap() + 1;
                let now = night.plus_secs(step * 1_200);
                {
                    let mut site = reader.site();
                    site.issues.insert(id, issue(id, now, 1, &[]));
                    site.now = now.plus_secs(90);
                }
                let sink = reader.read(cursor.clone()).await;
                sink.keep_in(&mut kept);
                fetched += handed(&sink);
                cursor = sink.cursor().or(cursor);
                assert_eq!(
                    items(&kept),
                    usize::try_from(id).unwrap(),
                    "{zone} step {step}"
                );
            }
            assert_eq!(fetched, 30, "something was fetched twice");
        }
    }
}

#[tokio::test]
async fn an_unknown_zone_loses_nothing() {
    let updates = (0..40).map(|hour| at("2026-11-20T00:00:00Z").plus_secs(hour * 3_600));
    let mut site = Site::of(Deployment::Cloud, updates);
    // As far behind as a clock can be.
    site.front.zone = "Etc/GMT+12";
    site.front.told_zone = Some("Europe/Atlantis");
    site.front.page = 4;
    let reader = Reader::new(site);
    let sink = reader.read(None).await;
    assert_eq!(items(&sink.kept()), 40);
}

#[tokio::test]
async fn changes_come_on_pages_of_their_own() {
    let updated = at("2026-11-20T12:00:00Z");
    let moves_of = |id: u64| {
        let moves = (0..7_u64).map(move |step| {
            let at = updated.plus_secs(i64::try_from(step).unwrap() * 60 - 600);
            let status = usize::try_from(step % 3).unwrap();
            (id * 10 + step, at, status + 1, (status + 1) % 3 + 1)
        });
        moves.collect::<Vec<_>>()
    };
    for deployment in BOTH {
        let mut site = Site::new(deployment);
        for id in 1..=60 {
            site.issues.insert(id, issue(id, updated, 2, &moves_of(id)));
        }
        site.front.changes = 9;
        site.front.embedded = 3;
        let reader = Reader::new(site);
        let sink = reader.read(None).await;
        assert_eq!(sink.oddities, []);
        let kept = sink.kept();
        for events in kept.values() {
            assert_eq!(moves(events, &sink.statuses()).len(), 8);
        }
        assert_eq!(items(&kept), 60);
    }
}

#[tokio::test]
async fn changes_that_are_never_told_are_said() {
    let updated = at("2026-11-20T12:00:00Z");
    let mut site = Site::new(Deployment::OwnServer);
    let mut told = issue(1, updated, 2, &[(7, updated, 1, 2)]);
    told["changelog"]["total"] = 500.into();
    site.issues.insert(1, told);
    let sink = Reader::new(site).read(None).await;
    assert_eq!(
        sink.oddities[0].what,
        "Jira tells only 1 of its 500 changes"
    );
}
