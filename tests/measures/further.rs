//! The further sections against a plain reading of their definitions.

use weir::metrics::{FlowDebt, LimitHint, Measures, Signals, Waste, WipAge};
use weir::model::stage::{Class, State};
use weir::model::time::{Sec, Window};

use super::oracle::{Oracle, Place, Seen, nearest_rank};
use super::{Asked, units};

pub(super) fn further_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    wip_age_agrees(measures, seen);
    waste_agrees(measures, seen, window);
    expectations_agree(asked, measures, seen, window);
    limits_agree(asked, measures, seen, window);
    behaviour_agrees(asked, measures, seen, window);
    net_flow_agrees(asked, measures, seen, window);
    littles_law_agrees(asked, measures, seen, window);
    flow_debt_agrees(asked, measures, seen, window);
    signals_agree(measures);
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
            .map(|one| asked.hours().span(last(one).0, asked.as_of))
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
        let hours = asked.hours();
        let loads: Vec<(usize, i64)> = units(window).map(|at| (load(at), hours.unit(at))).collect();
        // Before the first unit nothing has happened yet.
        let whole = hours.span(window.from.0, window.to.0);
        let empty = whole - loads.iter().map(|(_, length)| length).sum::<i64>();
        let enough = |limit: &usize| {
            let held = loads.iter().filter(|(load, _)| load <= limit);
            let held: i64 = held.map(|(_, length)| length).sum();
            (held + empty) * 100 >= whole * 85
        };
        let smallest = (0..=seen.len()).find(enough).unwrap();
        assert_eq!(hint.hint, Some(smallest as u64), "{place:?}");
    }
}

/// The stages an item went through, with the instants.
fn stages_of(one: &Seen) -> Vec<(u32, usize)> {
    let stage = |(at, place): &(u32, Place)| match place {
        Place::Stage(stage) => Some((*at, *stage)),
        _ => None,
    };
    one.steps.iter().filter_map(stage).collect()
}

fn behaviour_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let told = &measures.behaviour;
    let moves = |one: &Seen| -> Vec<(usize, usize)> {
        let stages = stages_of(one);
        let inside = |at: &usize| window.contains(Sec(stages[*at].0));
        let moved = (1..stages.len()).filter(inside);
        moved.map(|at| (stages[at - 1].1, stages[at].1)).collect()
    };
    let all: Vec<(usize, usize)> = seen.iter().flat_map(moves).collect();
    let back = all.iter().filter(|(from, to)| to < from).count();
    let rate = (!all.is_empty()).then(|| back as f64 / all.len() as f64);
    assert_eq!(measures.handoffs.back_flow_rate(), rate);
    let reworked = |one: &&Seen| {
        let stages = stages_of(one);
        let comes_back = |at: usize| {
            let earlier = (0..at)
                .rev()
                .find(|before| stages[*before].1 == stages[at].1);
            let forward = earlier.is_some_and(|before| stages[before + 1].1 > stages[at].1);
            window.contains(Sec(stages[at].0)) && forward
        };
        (0..stages.len()).any(comes_back)
    };
    let moved = seen.iter().filter(|one| !moves(one).is_empty());
    assert_eq!(told.moved, moved.count() as u64);
    assert_eq!(told.reworked, seen.iter().filter(reworked).count() as u64);
    let inside = |one: &&Seen| one.finished.is_some_and(|at| window.contains(Sec(at)));
    let finished = || seen.iter().filter(inside);
    let straight = finished().filter(|one| one.straight).count();
    assert_eq!(told.closed_without_work, straight as u64);
    let skipped = |one: &Seen| {
        let stages = stages_of(one);
        let been = |stage: &usize| stages.iter().any(|(_, one)| one == stage);
        let last = (0..asked.world.classes.len()).filter(been).max().unwrap();
        (0..last)
            .skip_while(|stage| !been(stage))
            .filter(|stage| !been(stage))
            .count()
    };
    assert_eq!(
        told.skipped_stages,
        finished().map(skipped).sum::<usize>() as u64
    );
    assert_eq!(
        told.skipping,
        finished().filter(|one| skipped(one) > 0).count() as u64
    );
}

fn net_flow_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let oracle = asked.oracle();
    let committed =
        |place: Place| matches!(oracle.class(place), Some(Class::Queue | Class::Active));
    let told = &measures.net_flow;
    let load = |at: Sec| {
        let before = |one: &&Seen| {
            let last = one.steps.iter().rev().find(|(from, _)| *from < at.0);
            last.is_some_and(|(_, place)| committed(*place))
        };
        seen.iter().filter(before).count() as u64
    };
    assert_eq!(
        (told.load_before, told.load_after),
        (load(window.from), load(window.to))
    );
    let change = told.load_after.cast_signed() - told.load_before.cast_signed();
    assert_eq!(
        told.change(),
        change,
        "arrivals − departures = change of load"
    );
    let exits = |to: fn(Option<Class>, Place) -> bool| {
        let pairs = seen.iter().flat_map(|one| one.steps.windows(2));
        let out = pairs.filter(|pair| committed(pair[0].1) && !committed(pair[1].1));
        let inside = out.filter(|pair| window.contains(Sec(pair[1].0)));
        inside
            .filter(|pair| to(oracle.class(pair[1].1), pair[1].1))
            .count() as u64
    };
    assert_eq!(told.finished, exits(|class, _| class == Some(Class::Done)));
    assert_eq!(
        told.returned,
        exits(|class, _| class == Some(Class::Backlog))
    );
    assert_eq!(told.cancelled, exits(|_, place| place == Place::Cancelled));
    assert_eq!(told.departures(), exits(|_, _| true));
    let here = |at: u32| {
        seen.iter()
            .filter(|one| oracle.place_at(one, at).is_some_and(committed))
            .count()
    };
    let held = units(window).map(|at| here(at) as i64 * asked.hours().unit(at));
    let held: i64 = held.sum();
    assert_eq!(told.committed, held);
}

fn alike(one: f64, other: f64) -> bool {
    (one - other).abs() <= 0.1 * one.max(other)
}

fn littles_law_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let (law, net) = (&measures.littles_law, &measures.net_flow);
    // The items as they were seen at each end of the window.
    let mean_age = |as_of: Sec| {
        let earlier = Oracle {
            as_of: as_of.0,
            ..asked.oracle()
        };
        let ages: Vec<i64> = earlier.items().iter().filter_map(|one| one.age).collect();
        ages.iter().sum::<i64>() as f64 / ages.len().max(1) as f64
    };
    let (before, after) = (mean_age(window.from), mean_age(window.to));
    let inside = |one: &&Seen| one.finished.is_some_and(|at| window.contains(Sec(at)));
    let finished: Vec<&Seen> = seen.iter().filter(inside).collect();
    let in_load = |one: &&Seen| one.flow == Some(one.active + one.waiting);
    let held = [
        alike(net.arrivals as f64, net.departures() as f64),
        alike(net.load_before as f64, net.load_after as f64),
        after <= before || alike(before, after),
        net.returned + net.cancelled + net.deleted == 0,
        finished.iter().all(in_load),
    ];
    assert_eq!(
        law.assumptions()
            .map(|(_, holds)| holds)
            .collect::<Vec<_>>(),
        held
    );
    let length = asked.hours().span(window.from.0, window.to.0) as f64;
    let days = length / 86_400.0;
    let close = |told: Option<f64>, wanted: f64| (told.unwrap() - wanted).abs() < 1e-9;
    assert!(close(law.load, net.committed as f64 / length));
    assert!(close(law.per_day, finished.len() as f64 / days));
    let flow: Vec<i64> = finished.iter().filter_map(|one| one.flow).collect();
    let mean = flow.iter().sum::<i64>() as f64 / 86_400.0 / flow.len() as f64;
    assert!(flow.is_empty() == law.flow_days.is_none());
    assert!(flow.is_empty() || close(law.flow_days, mean));
    assert_eq!(law.holds(), !flow.is_empty() && !held.contains(&false));
}

fn flow_debt_agrees(asked: &Asked, measures: &Measures, seen: &[Seen], window: Window) {
    let hours = asked.hours();
    let counted =
        |one: &&Seen| matches!(one.state, State::Done | State::InProgress) && one.started.is_some();
    let items: Vec<&Seen> = seen.iter().filter(counted).collect();
    let mut starts: Vec<u32> = items.iter().filter_map(|one| one.started).collect();
    let mut finishes: Vec<u32> = items.iter().filter_map(|one| one.finished).collect();
    starts.sort_unstable();
    finishes.sort_unstable();
    let ranks = starts
        .iter()
        .zip(&finishes)
        .filter(|(_, at)| window.contains(Sec(**at)));
    let distances: Vec<i64> = ranks
        .map(|(start, finish)| hours.span(*start, *finish))
        .collect();
    let own = items
        .iter()
        .filter(|one| one.finished.is_some_and(|at| window.contains(Sec(at))));
    let own: Vec<i64> = own
        .map(|one| hours.span(one.started.unwrap(), one.finished.unwrap()))
        .collect();
    let mean = |spans: &[i64]| spans.iter().sum::<i64>() as f64 / spans.len() as f64;
    let told = FlowDebt::of(measures);
    assert_eq!(told.map_or(0, |debt| debt.n), own.len() as u64);
    let Some(told) = told else {
        return;
    };
    let close = |told: f64, wanted: f64| (told - wanted).abs() < 1e-6;
    assert!(close(told.distance(), mean(&distances)) && close(told.elapsed(), mean(&own)));
    assert!(close(told.debt(), mean(&distances) - mean(&own)));
}

fn signals_agree(measures: &Measures) {
    let whole = measures.throughput.iter().filter(|week| !week.partial);
    let weeks: Vec<(String, f64)> = whole
        .map(|week| (week.week.to_string(), week.finished as f64))
        .collect();
    let told = Signals::of(measures);
    let n = (weeks.len() + 1) / 2;
    assert_eq!(told.baseline.is_some(), n >= 6);
    if n < 6 {
        assert!(told.signals.is_empty());
        return;
    }
    let mean = weeks[..n].iter().map(|week| week.1).sum::<f64>() / n as f64;
    let ranges = (1..n).map(|at| (weeks[at].1 - weeks[at - 1].1).abs());
    let range = ranges.sum::<f64>() / (n - 1) as f64;
    let mut wanted = Vec::new();
    for at in 0..weeks.len() {
        for (name, enough, of, distance) in [
            ("outside", 1, 1, 2.66 * range),
            ("two_of_three", 2, 3, 2.0 * range / 1.128),
            ("four_of_five", 4, 5, range / 1.128),
            ("eight_in_a_row", 8, 8, 0.0),
        ] {
            let side = |sign: f64| {
                let beyond = |at: usize| sign * (weeks[at].1 - mean) > distance;
                let last = (at + 1).saturating_sub(of)..=at;
                beyond(at) && last.filter(|at| beyond(*at)).count() >= enough
            };
            let lower = name != "outside" || mean - distance > 0.0;
            if side(1.0) || (lower && side(-1.0)) {
                wanted.push((weeks[at].0.clone(), name));
            }
        }
    }
    let signals = told
        .signals
        .iter()
        .map(|one| (one.week.to_string(), one.pattern.name()));
    assert_eq!(signals.collect::<Vec<_>>(), wanted);
}
