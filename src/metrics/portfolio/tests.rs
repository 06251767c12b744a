use super::{Counted, StandOut};
use crate::metrics::{Pattern, WeekCount};
use crate::model::time::Day;

/// Whole weeks from 2024-W01 on.
fn weeks(finished: &[u64], arrived: &[u64]) -> Vec<WeekCount> {
    let monday = Day::parse("2024-01-01").unwrap();
    let counts = finished.iter().zip(arrived);
    let week = |(at, (finished, arrived)): (i32, (&u64, &u64))| WeekCount {
        week: monday.plus(at * 7).week(),
        arrived: *arrived,
        departed: 0,
        finished: *finished,
        partial: false,
    };
    (0..).zip(counts).map(week).collect()
}

#[test]
fn the_least_likely_stretch_stands_out() {
    // Mean 10, mean moving range 2, σ 1.773; the arrivals stand further out than the finishes.
    let usual = [9, 11, 9, 11, 9, 11];
    let finished = [&usual[..], &[10, 4, 10, 10, 10]].concat();
    let arrived = [&usual[..], &[10, 10, 10, 10, 20]].concat();
    let found = StandOut::strongest(&weeks(&finished, &arrived)).unwrap();
    assert_eq!(
        (found.counted, found.pattern, found.above),
        (Counted::Arrived, Pattern::Outside, true)
    );
    assert_eq!(
        (found.week.to_string().as_str(), found.lately, found.usual),
        ("2024-W11", 20.0, 10.0)
    );
    assert!((found.strength - 10.0 / (2.0 / 1.128)).abs() < 1e-9);
    let below = StandOut::strongest(&weeks(&finished, &[10; 11])).unwrap();
    assert_eq!(
        (below.counted, below.above, below.lately),
        (Counted::Finished, false, 4.0)
    );
}

#[test]
fn without_enough_weeks_nothing_stands_out() {
    assert_eq!(StandOut::strongest(&weeks(&[1, 9, 1, 99], &[1; 4])), None);
    assert_eq!(StandOut::strongest(&weeks(&[10; 12], &[10; 12])), None);
}
