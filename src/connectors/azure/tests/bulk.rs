//! The first load of many items.

use super::contract::Imitated;
use crate::connectors::contract::{Kind, Stage, World, told};
use crate::connectors::http::stand_in::Reply;

#[tokio::test]
async fn many_items_come_in_bulk_and_few_one_by_one() {
    let many = Stage::<Imitated>::new(World::of(600));
    many.read(None).await;
    // 1,200 revisions are two pages; ties are one; what else items are tied to, one for each page.
    let pages = many.asked(Kind::List) - 1;
    assert!(
        many.asked(Kind::Detail) <= 2 + 1 + pages,
        "{}",
        many.asked(Kind::Detail)
    );
    let few = Stage::<Imitated>::new(World::of(60));
    few.read(None).await;
    assert_eq!(few.asked(Kind::Detail), 60);
}

#[tokio::test]
async fn bulk_and_updates_tell_the_same() {
    let in_bulk = Stage::<Imitated>::new(World::of(450));
    let one_by_one = Stage::<Imitated>::new(World::of(450));
    one_by_one.script().before = None;
    one_by_one.instead(Kind::Detail, [Reply::status(403), Reply::status(403)]);
    let (bulk, single) = (in_bulk.read(None).await, one_by_one.read(None).await);
    assert_eq!(one_by_one.asked(Kind::Detail), 2 + 450);
    assert!(in_bulk.asked(Kind::Detail) < 50);
    assert_eq!(told(&bulk.kept(), &bulk), told(&single.kept(), &single));
    let titles = |kept: &crate::connectors::collected::Kept| {
        kept.values()
            .map(std::collections::BTreeMap::len)
            .sum::<usize>()
    };
    // The imitation reports no titles.
    assert_eq!(titles(&single.kept()), titles(&bulk.kept()) + 450);
}

/// Reports of several stretches of time are read at once, and make the same histories.
#[tokio::test]
async fn lanes_of_a_report_tell_what_the_whole_tells() {
    let mut world = World::of(600);
    let settled = world.items.clone();
    for (number, item) in (601..=5_000).zip(settled.values().cycle()) {
        world.items.insert(number, item.clone());
    }
    world.page = 800;
    let stage = Stage::<Imitated>::new(world);
    let sink = stage.read(None).await;
    assert_eq!(told(&sink.kept(), &sink), stage.truth());
    let asked = stage.server.asked();
    let starts = asked
        .iter()
        .filter_map(|asked| asked.parameter("startDateTime"));
    assert_eq!(starts.count(), 4);
    let wiql = stage.server.paths();
    let wiql = wiql.iter().filter(|path| path.ends_with("wit/wiql"));
    assert_eq!(wiql.count(), 1);
    assert!(
        stage
            .server
            .paths()
            .iter()
            .all(|path| !path.ends_with("/updates"))
    );
}

#[tokio::test]
async fn what_is_reported_with_gaps_is_asked_for() {
    let stage = Stage::<Imitated>::new(World::of(420));
    stage.script().rewrite = Some(Box::new(|_, reply| match reply {
        Reply::Whole {
            status,
            headers,
            body,
        } => {
            let text = String::from_utf8(body).unwrap();
            // Item 5 has three revisions; the second is not reported.
            let text = text.replace("\"id\":5,\"rev\":2,", "\"id\":null,\"rev\":2,");
            Reply::Whole {
                status,
                headers,
                body: text.into_bytes(),
            }
        }
        reply => reply,
    }));
    let sink = stage.read(None).await;
    assert_eq!(told(&sink.kept(), &sink), stage.truth());
    let paths = stage.server.paths();
    let asked: Vec<&String> = paths
        .iter()
        .filter(|path| path.ends_with("/updates"))
        .collect();
    assert_eq!(asked, ["/acme/_apis/wit/workItems/5/updates"]);
}

#[tokio::test]
async fn a_report_that_never_ends_is_left() {
    let stage = Stage::<Imitated>::new(World::of(400));
    stage.script().rewrite = Some(Box::new(|kind, reply| match reply {
        Reply::Whole {
            status,
            headers,
            body,
        } if kind == Kind::Detail => {
            let text = String::from_utf8(body).unwrap();
            let text = text.replace("\"isLastBatch\":true", "\"isLastBatch\":false");
            Reply::Whole {
                status,
                headers,
                body: text.into_bytes(),
            }
        }
        reply => reply,
    }));
    let sink = stage.read(None).await;
    assert_eq!(told(&sink.kept(), &sink), stage.truth());
}
