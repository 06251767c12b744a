//! The further sections against a plain reading of their definitions.

use weir::metrics::{LimitHint, Measures, Waste, WipAge};
use weir::model::stage::{Class, State};
use weir::model::time::{Sec, Window};

use super::oracle::{Place, Seen, nearest_rank};
use super::{Asked, UNIT, units};

pub(super) fn further_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    wip_age_agrees(measures, seen);
    waste_agrees(measures, seen, window);
    expectations_agree(asked, measures, seen, window);
    limits_agree(asked, measures, seen, window);
}

fn wip_age_agrees(measures: &Measures, seen: &[Seen]) {
    let ages: Vec<i64> = seen.iter().filter_map(|one| one.age).collect();
    let told = WipAge::of(measures);
    assert_eq!((told.n, told.total), (ages.len() as u64, ages.iter().sum()));
}

fn waste_agrees(measures: &Measures, seen: &[Seen], window: Window) {
    let ended = |one: &&Seen| window.contains(Sec(one.steps.last().unwrap().0));
    let begun = |one: &&Seen| one.state == State::Cancelled && one.started.is_some();
    let wasted: Vec<&Seen> = seen.iter().filter(begun).filter(ended).collect();
    let told = Waste::of(measures);
    assert_eq!(told.items.len(), wasted.len());
    let active = wasted.iter().map(|one| one.active).sum::<i64>();
    let waiting = wasted.iter().map(|one| one.waiting).sum::<i64>();
    assert_eq!((told.active(), told.spent()), (active, active + waiting));
    assert!(told.items.is_sorted_by_key(|one| -one.spent));
}

fn expectations_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let inside = |one: &&Seen| one.finished.is_some_and(|at| window.contains(Sec(at)));
    let finished: Vec<&Seen> = seen.iter().filter(inside).collect();
    let flow: Vec<i64> = finished.iter().filter_map(|one| one.flow).collect();
    let ages: Vec<i64> = seen.iter().filter_map(|one| one.age).collect();
    let of = |finished: &[i64], open: &[i64]| {
        let within = nearest_rank(finished, 85)?;
        let kept = finished.iter().filter(|time| **time <= within).count();
        let past = open.iter().filter(|time| **time > within).count();
        Some((within, finished.len() as u64, kept as u64, past as u64))
    };
    let told = |one: weir::metrics::Expectation| (one.within, one.n, one.kept, one.past);
    let expectations = &measures.expectations;
    assert_eq!(expectations.whole.map(told), of(&flow, &ages));
    for (at, class) in asked.world.classes.iter().enumerate() {
        let times = finished.iter().filter_map(|one| oracle.time_in(one, at));
        let last = |one: &Seen| *one.steps.last().unwrap();
        let here = seen.iter().filter(|one| last(one).1 == Place::Stage(at));
        let open: Vec<i64> = here
            .map(|one| i64::from(asked.as_of - last(one).0))
            .collect();
        let wanted = of(&times.collect::<Vec<_>>(), &open).filter(|_| *class != Class::Done);
        assert_eq!(expectations.stages[at].map(told), wanted, "stage {at}");
    }
}

fn limits_agree(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let hints = LimitHint::of(measures);
    let committed = |class: &&Class| matches!(class, Class::Queue | Class::Active);
    assert_eq!(
        hints.len(),
        asked.world.classes.iter().filter(committed).count()
    );
    for hint in hints {
        let place = Place::Stage(hint.stage.index());
        let load = |at: u32| {
            seen.iter()
                .filter(|one| oracle.place_at(one, at) == Some(place))
                .count()
        };
        let loads: Vec<usize> = units(window).map(load).collect();
        // Before the first unit nothing has happened yet.
        let empty = window.seconds() / i64::from(UNIT) - loads.len() as i64;
        let enough = |limit: &usize| {
            let held = loads.iter().filter(|load| *load <= limit).count() as i64;
            (held + empty) * 100 >= window.seconds() / i64::from(UNIT) * 85
        };
        let smallest = (0..=seen.len()).find(enough).unwrap();
        assert_eq!(hint.hint, Some(smallest as u64), "{place:?}");
    }
}
