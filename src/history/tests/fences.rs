//! Who may change a source.

use std::time::Duration;

use super::*;
use crate::history::{HistoryError, Lease, Report};

const NONE: Duration = Duration::ZERO;

fn owner(process: u32) -> Owner {
    // No process of this machine, so that nobody can tell whether it lives.
    Owner::new("another machine", process, u64::from(process))
}

/// Runs what needs an engine.
fn within<T>(work: impl Future<Output = T>) -> T {
    let engine = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    engine.expect("an engine").block_on(work)
}

async fn take(leases: &dyn Leases) -> Lease {
    let (tracker, nothing) = (source("tracker"), Report::default());
    let taken = leases.take(&tracker, NONE, &nothing).await;
    taken.expect("an answer")
}

fn is_held_by(lease: &Lease, process: u32) -> bool {
    matches!(lease, Lease::Theirs { owner: held, left, .. }
        if *held == owner(process) && !left.is_zero())
}

pub(super) fn one_holds_a_lease_until_it_lets_go(place: &dyn Place) {
    place.open().position().expect("a history");
    within(async {
        let (one, two) = (place.leases(&owner(1)), place.leases(&owner(2)));
        let tracker = source("tracker");
        let free = Ok(Lease::Nobodys(Report::default()));
        assert_eq!(two.look(&tracker).await, free);
        assert_eq!(take(&*one).await, Lease::Mine);
        assert_eq!(take(&*one).await, Lease::Mine, "once more");
        assert!(is_held_by(&take(&*two).await, 1));
        two.release(&tracker, &Report::default())
            .await
            .expect("nothing to let go");
        assert!(is_held_by(&two.look(&tracker).await.expect("a look"), 1));
        one.release(&tracker, &Report::default())
            .await
            .expect("let go");
        assert_eq!(two.look(&tracker).await, free);
        // One that only helps out leaves the others the first word.
        let later = Duration::from_secs(600);
        let patient = two.take(&tracker, later, &Report::default()).await;
        assert_eq!(patient, free);
        let again = one.take(&tracker, later, &Report::default()).await;
        assert_eq!(again, Ok(Lease::Mine), "it was its own");
        one.release(&tracker, &Report::default())
            .await
            .expect("let go");
        assert_eq!(take(&*two).await, Lease::Mine);
        assert!(is_held_by(&take(&*one).await, 2));
        let other = one.take(&source("other"), later, &Report::default()).await;
        assert_eq!(other, Ok(Lease::Mine), "nobody ever held it");
    });
}

pub(super) fn a_lease_that_is_not_renewed_goes_to_another(place: &dyn Place) {
    place.open().position().expect("a history");
    within(async {
        let (one, two) = (place.leases(&owner(1)), place.leases(&owner(2)));
        assert_eq!(take(&*one).await, Lease::Mine);
        let Lease::Theirs { left, .. } = take(&*two).await else {
            panic!("it is held");
        };
        assert!(left <= one.span());
    });
    place.run_out();
    within(async {
        let (one, two) = (place.leases(&owner(1)), place.leases(&owner(2)));
        assert_eq!(take(&*two).await, Lease::Mine);
        assert!(is_held_by(&take(&*one).await, 2));
    });
}

pub(super) fn one_that_lost_its_lease_changes_nothing(place: &dyn Place) {
    let mut history = place.open();
    let tracker = source("tracker");
    let before = append(&mut *history, &page(1, 2));
    let lost = HistoryError::LeaseLost {
        source_name: tracker.clone(),
    };
    history.fence(&tracker, &owner(1));
    assert_eq!(history.append(&page(2, 1)), Err(lost.clone()), "never held");
    within(async {
        assert_eq!(take(&*place.leases(&owner(1))).await, Lease::Mine);
    });
    append(&mut *history, &page(2, 1));
    within(async {
        let one = place.leases(&owner(1));
        one.release(&tracker, &Report::default())
            .await
            .expect("let go");
    });
    assert_eq!(history.append(&page(3, 1)), Err(lost.clone()), "let go");
    within(async {
        assert_eq!(take(&*place.leases(&owner(2))).await, Lease::Mine);
    });
    let none = |_: &str| false;
    assert_eq!(history.append(&page(3, 1)), Err(lost.clone()), "another's");
    assert_eq!(history.forget_cursor(&tracker), Err(lost.clone()));
    let dropped = history.drop_others(&tracker, Position(9), &none);
    assert_eq!(dropped, Err(lost));
    assert_eq!(read(&mut *history, before).len(), 1);
    assert_eq!(read(&mut *history, Position(0)).len(), 3);
    assert_eq!(history.cursor(&tracker), Ok(page(2, 1).cursor));
    let other = Batch {
        source: source("other"),
        ..page(4, 1)
    };
    append(&mut *history, &other);
    append(&mut *place.open(), &page(5, 1));
}

pub(super) fn what_one_says_of_a_source_the_others_hear(place: &dyn Place) {
    place.open().position().expect("a history");
    let report = |read, failing: Option<&str>| Report {
        read,
        failing: failing.map(|why| (Millis(7), why.to_owned())),
    };
    within(async {
        let (one, two) = (place.leases(&owner(1)), place.leases(&owner(2)));
        let tracker = source("tracker");
        for (told, heard) in [
            (report(Some(Millis(5)), None), report(Some(Millis(5)), None)),
            (
                report(None, Some("no\0way")),
                report(Some(Millis(5)), Some("no\0way")),
            ),
            (report(Some(Millis(9)), None), report(Some(Millis(9)), None)),
        ] {
            let taken = one.take(&tracker, NONE, &told).await;
            assert_eq!(taken, Ok(Lease::Mine));
            match two.look(&tracker).await {
                Ok(Lease::Theirs { report, .. }) => assert_eq!(report, heard),
                other => panic!("{other:?}"),
            }
        }
        let last = report(Some(Millis(11)), Some("the end"));
        one.release(&tracker, &last).await.expect("let go");
        let left = Lease::Nobodys(last);
        assert_eq!(two.look(&tracker).await, Ok(left));
    });
}
