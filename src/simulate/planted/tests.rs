use super::line::Draft;
use super::traits::{Cause, Traits};
use super::{Limits, Planted};
use crate::metrics::{Measures, measure};
use crate::model::event::Change;
use crate::model::stage::Class;
use crate::model::time::{DAY_SECS, Millis};
use crate::simulate::random::Dice;

fn drafts(planted: bool) -> impl Iterator<Item = (Traits, Draft)> {
    (0..300).map(move |seed| {
        let mut dice = Dice::new(seed, 0);
        let traits = Traits::draw(&mut dice, planted);
        let draft = Draft::draw(&mut dice, &traits);
        (traits, draft)
    })
}

#[test]
fn a_planted_constraint_is_one_by_a_sixth_and_more() {
    for (traits, draft) in drafts(true) {
        let plant = traits.plant.unwrap();
        for (step, line) in draft.lines.iter().enumerate() {
            let planted = step == plant.step && plant.cause == Cause::Work;
            let bounds = if planted { 0.9..=1.15 } else { 0.4..=0.75 };
            assert!(bounds.contains(&line.load), "{traits:?}: {line:?}");
        }
        assert!(draft.lines[plant.step].has_queue);
        assert_eq!(draft.gate.is_some(), plant.cause != Cause::Work);
    }
}

#[test]
fn an_approver_has_the_load_that_was_planned() {
    use crate::simulate::stream::{Opening, Passes};
    let mut approvers = 0;
    for (traits, draft) in drafts(true) {
        let plant = traits.plant.unwrap();
        if let Some(gate) = draft.gate.filter(|_| plant.cause == Cause::Approver) {
            let (Opening::Meets(times), Passes::AtMost(most)) = (gate.opens, gate.passes) else {
                panic!("no approver: {traits:?}");
            };
            let capacity = (times.days.len() * most) as f64;
            let comes = draft.per_week * draft.lines[plant.step].traffic.visits;
            assert!((comes / capacity - traits.load).abs() < 1e-9);
            assert!((0.9..=1.15).contains(&traits.load));
            approvers += 1;
        }
    }
    assert!(approvers > 30);
}

#[test]
fn one_waits_longest_for_a_planted_window() {
    use crate::simulate::stream::Opening;
    for (traits, draft) in drafts(true) {
        let plant = traits.plant.unwrap();
        if let Some(gate) = draft.gate.as_ref().filter(|_| plant.cause == Cause::Window) {
            let Opening::Meets(times) = &gate.opens else {
                panic!("no window: {traits:?}");
            };
            let waits = f64::from(times.every_weeks) / 2.0;
            let others = draft.lines.iter().map(|line| line.wait(draft.per_week));
            let longest = others.fold(0.0, f64::max);
            assert!(waits >= 2.0 * longest, "{traits:?}: {waits} and {longest}");
        }
    }
}

#[test]
fn the_stages_of_a_balanced_stream_are_alike() {
    for (traits, draft) in drafts(false) {
        for line in &draft.lines {
            assert!((line.load / traits.load - 1.0).abs() <= 0.05);
            assert_eq!(line.people, draft.lines[0].people);
            assert!((line.sigma - traits.sigma).abs() < 1e-12);
        }
        assert!((0.3..=0.75).contains(&traits.load));
    }
}

#[test]
fn limits_have_room_for_all_who_take_from_a_queue() {
    for (traits, draft) in drafts(true).chain(drafts(false)) {
        for line in &draft.lines {
            let people: usize = line.people.iter().sum();
            let room = u32::try_from(2 * people + 3).unwrap();
            assert_eq!(line.limits.is_some(), traits.limits != Limits::None);
            assert!(line.limits.is_none_or(|(queue, _)| queue >= room));
        }
    }
}

fn measures(stream: &Planted) -> Measures {
    let snapshot = stream.snapshot().unwrap();
    measure(&snapshot, &stream.question(&snapshot)).unwrap()
}

#[test]
fn a_seed_gives_the_same_stream() {
    let one = Planted::constraint(5);
    assert_eq!(one.traits(), Planted::constraint(5).traits());
    assert_eq!(one.histories(), Planted::constraint(5).histories());
    assert_ne!(one.histories(), Planted::constraint(6).histories());
    assert_ne!(one.histories(), Planted::balanced(5).histories());
}

#[test]
fn the_truth_is_a_stage_of_the_right_class() {
    for seed in 0..60 {
        let stream = Planted::constraint(seed);
        let (plant, truth) = (stream.traits().plant.unwrap(), stream.truth().unwrap());
        let class = stream.stream().stage(truth).class;
        assert_eq!(class == Class::Active, plant.cause == Cause::Work);
        assert!(class.is_committed());
        let told = stream.stream().stages.iter().any(|one| one.limit.is_some());
        assert_eq!(told, stream.traits().limits == Limits::Told);
        assert_eq!(Planted::balanced(seed).truth(), None);
    }
}

#[test]
fn so_many_items_come_as_were_planned() {
    let (mut came, mut planned) = (0.0, 0.0);
    for seed in 0..20 {
        let stream = Planted::balanced(seed);
        came += measures(&stream).stages[0].arrivals as f64;
        planned += stream.traits().items;
        assert!(stream.traits().items >= 120.0);
    }
    // 5,000 items and more, with a deviation of 70.
    assert!((came / planned - 1.0).abs() < 0.06, "{came} of {planned}");
}

/// Mean number of items in the last stage of work, where nothing waits for another stage.
fn at_work(stream: &Planted) -> f64 {
    let (from, to) = stream.window();
    let last = format!("Work {}", stream.traits().steps);
    let mut spent = 0;
    for history in stream.histories() {
        let mut since: Option<Millis> = None;
        for event in &history.events {
            if let Change::Moved { to: status } = &event.change {
                if let Some(begun) = since.take() {
                    spent += (event.at.min(to).0 - begun.max(from).0).max(0);
                }
                since = (*status == last).then_some(event.at);
            }
        }
        spent += since.map_or(0, |begun| (to.0 - begun.max(from).0).max(0));
    }
    spent as f64 / (to.0 - from.0) as f64
}

#[test]
fn people_are_as_busy_as_was_planned() {
    let (mut found, mut planned) = (0.0, 0.0);
    let plain = |traits: &Traits| !traits.rework && !traits.blocks && traits.teams == 1;
    let plain = (0..200)
        .map(Planted::balanced)
        .filter(|one| plain(one.traits()));
    for stream in plain.filter(|one| one.traits().limits == Limits::None) {
        found += at_work(&stream);
        planned += stream.traits().load * stream.people(stream.traits().steps - 1) as f64;
    }
    // Twenty streams of a hundred items and more, each within a tenth or so.
    assert!((found / planned - 1.0).abs() < 0.05, "{found} of {planned}");
}

#[test]
fn a_window_ends_when_its_stream_is_looked_at() {
    let stream = Planted::constraint(3);
    let (from, to) = stream.window();
    let days = (to.0 - from.0) / 1000 / DAY_SECS;
    assert_eq!(days, i64::from(stream.traits().days));
    let header = measures(&stream).header;
    assert_eq!(
        (header.window.to, header.as_of),
        (to.floor().unwrap(), header.window.to)
    );
    assert_eq!(header.window.from, from.floor().unwrap());
}
