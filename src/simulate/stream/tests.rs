use std::collections::BTreeMap;

use super::*;
use crate::model::time::{Calendar, Millis, Weekday, Zone};
use crate::simulate::random::Spread;

const WEEK: f64 = 7.0 * 86_400.0;

/// Arrivals every `seconds` on average, into the first stage.
fn every(seconds: f64, spacing: Spacing) -> Arrivals {
    Arrivals {
        facts: vec![("type".into(), "Task".into())],
        per_week: WEEK / seconds,
        spacing,
        rhythm: Rhythm::default(),
        enter: 0,
        rank: 1,
        avoids: Vec::new(),
    }
}

fn done() -> StageModel {
    StageModel::new("Done", Step::Done(None))
}

/// To do → Doing → Done with so many workers.
fn one_step(arrivals: Arrivals, service: Spread, workers: usize) -> StreamModel {
    StreamModel {
        stages: vec![
            StageModel::queue("To do"),
            StageModel::work("Doing", 0, service),
            done(),
        ],
        arrivals: vec![arrivals],
        crews: vec![Crew::shared("worker", workers)],
        dropped: "Dropped".to_owned(),
        ..StreamModel::default()
    }
}

fn gate(opens: Opening, passes: Passes) -> Step {
    Step::Gate(Gate {
        opens,
        passes,
        waves_through: None,
    })
}

fn live(model: StreamModel, seed: u64, seconds: i64) -> Vec<Happening> {
    let mut simulation = Simulation::new(model, seed, Millis(0)).unwrap();
    simulation.live(Millis(seconds * 1000))
}

/// Seconds at which each item entered a stage for the first time, by item.
fn entries(happened: &[Happening], wanted: usize) -> BTreeMap<u64, i64> {
    let mut entries = BTreeMap::new();
    for one in happened {
        match one.what {
            What::Created { stage, .. } | What::Entered { stage } if stage == wanted => {
                entries.entry(one.item).or_insert(one.at.0 / 1000);
            }
            _ => {}
        }
    }
    entries
}

/// Mean seconds from the first entry of one stage to that of another.
fn mean_wait(happened: &[Happening], from: usize, to: usize) -> f64 {
    let (from, to) = (entries(happened, from), entries(happened, to));
    let waits: Vec<i64> = to.iter().map(|(item, at)| at - from[item]).collect();
    waits.iter().sum::<i64>() as f64 / waits.len() as f64
}

fn about(median: i64) -> Spread {
    Spread::LogNormal { median, sigma: 0.6 }
}

fn sometimes(chance: f64) -> Trouble {
    Trouble {
        chance,
        after: Spread::Exponential { mean: 3_000 },
        lasts: about(9_000),
        reasons: vec![("vendor".into(), 2.0), ("legal".into(), 1.0)],
    }
}

fn back(chance: f64) -> Rework {
    let (to, effort) = (2, 0.5);
    Rework { chance, to, effort }
}

/// The stages of [`eventful`].
fn steps() -> Vec<StageModel> {
    let times = Timetable {
        days: vec![Weekday::Wed],
        every_weeks: 1,
        week: 0,
        time_of_day: 14 * 3_600,
    };
    let reopening = Reopening {
        chance: 0.1,
        after: about(80_000),
        to: 2,
        effort: 0.5,
    };
    let board = gate(Opening::Meets(times), Passes::AtMost(12));
    let mut stages = vec![
        StageModel::new("Ideas", Step::Delay(about(40_000))),
        StageModel::queue("Ready"),
        StageModel::work("Build", 0, about(12_000)),
        StageModel::queue("To test"),
        StageModel::work("Test", 1, about(5_000)),
        StageModel::new("Board", board),
        StageModel::new("Live", Step::Done(Some(reopening))),
    ];
    stages[0].drop = 0.1;
    stages[2].limit = Some(3);
    stages[3].limit = Some(2);
    stages[3].skip = 0.1;
    stages[4].rework = Some(back(0.2));
    stages[5].rework = Some(back(0.1));
    for stage in &mut stages[0..6] {
        stage.trouble = Some(sometimes(0.15));
    }
    stages
}

/// A stream in which everything can happen.
fn eventful() -> StreamModel {
    let mut urgent = every(400_000.0, Spacing::Random);
    urgent.enter = 1;
    urgent.rank = 0;
    let people = |team: &str| vec![format!("{team} A").into(), format!("{team} B").into()];
    let team = |name: &str| Team {
        name: name.into(),
        weight: 1.0,
    };
    let (stage, factor) = (2, 0.8);
    StreamModel {
        stages: steps(),
        arrivals: vec![every(60_000.0, Spacing::Random), urgent],
        specials: vec![Special {
            at: Millis(5_000_000_000),
            arrivals: 1,
            facts: vec![("title".into(), "The one".into())],
            team: 1,
            effort: 0.5,
            trouble: Some((5, sometimes(1.0))),
        }],
        teams: vec![team("red"), team("blue")],
        crews: vec![
            Crew {
                people: vec![people("red"), people("blue")],
            },
            Crew::shared("tester", 2),
        ],
        calendar: Calendar {
            workdays: [true, true, true, true, true, false, false],
            hours: (9 * 3_600, 17 * 3_600),
            holidays: Vec::new(),
        },
        zone: Zone::named("Europe/Berlin").unwrap(),
        shifts: vec![Shift {
            at: Millis(9_000_000_000),
            what: Shifted::Duration { stage, factor },
        }],
        dropped: "Dropped".to_owned(),
    }
}

const YEAR: i64 = 365 * 86_400;

#[test]
fn even_work_is_exact() {
    // One item every 100 s, served in 60 s: nobody waits.
    let happened = live(
        one_step(every(100.0, Spacing::Even), Spread::Fixed(60), 1),
        1,
        1_000,
    );
    let done: Vec<i64> = entries(&happened, 2).into_values().collect();
    assert_eq!(done, [160, 260, 360, 460, 560, 660, 760, 860, 960]);
    // Served in 150 s: one after another, each waits 50 s longer than the one before.
    let happened = live(
        one_step(every(100.0, Spacing::Even), Spread::Fixed(150), 1),
        1,
        1_000,
    );
    let begun: Vec<i64> = entries(&happened, 1).into_values().collect();
    assert_eq!(begun, [100, 250, 400, 550, 700, 850]);
    // Two at a time: nobody waits again.
    let happened = live(
        one_step(every(100.0, Spacing::Even), Spread::Fixed(150), 2),
        1,
        600,
    );
    let done: Vec<i64> = entries(&happened, 2).into_values().collect();
    assert_eq!(done, [250, 350, 450, 550]);
}

#[test]
fn random_work_agrees_with_the_theory_of_queues() {
    // One server, 60 % busy: wait = ρ · service ÷ (1 − ρ) = 900 s.
    let model = one_step(
        every(1_000.0, Spacing::Random),
        Spread::Exponential { mean: 600 },
        1,
    );
    let happened = live(model, 3, 60_000_000);
    let wait = mean_wait(&happened, 0, 1);
    assert!((wait / 900.0 - 1.0).abs() < 0.06, "{wait}");
    let (begun, done) = (entries(&happened, 1), entries(&happened, 2));
    let busy: i64 = done.iter().map(|(item, at)| at - begun[item]).sum();
    let utilisation = busy as f64 / 60_000_000.0;
    assert!((utilisation - 0.6).abs() < 0.012, "{utilisation}");
    assert!((59_000..61_000).contains(&entries(&happened, 0).len()));
    // Two servers, 70 % busy (Erlang C): wait = 0.5765 · service ÷ (2 − 1.4) = 672.5 s.
    let model = one_step(
        every(500.0, Spacing::Random),
        Spread::Exponential { mean: 700 },
        2,
    );
    let wait = mean_wait(&live(model, 4, 50_000_000), 0, 1);
    assert!((wait / 672.5 - 1.0).abs() < 0.06, "{wait}");
}

#[test]
fn time_cut_into_calls_changes_nothing() {
    let whole = live(eventful(), 5, YEAR);
    let mut simulation = Simulation::new(eventful(), 5, Millis(0)).unwrap();
    let mut parts = Vec::new();
    for cut in (1..=1_000).map(|nth| YEAR * 1000 * nth / 1_000) {
        parts.extend(simulation.live(Millis(cut)));
        assert!(simulation.next_at().unwrap() >= Millis(cut));
    }
    assert!(whole.len() > 3_000);
    assert_eq!(whole, parts);
    assert_ne!(whole, live(eventful(), 6, YEAR));
}

#[test]
fn a_seed_means_the_same_for_ever() {
    let mut text = String::new();
    for one in live(eventful(), 42, YEAR) {
        let line = format!("{} {} {} {:?}\n", one.item, one.at.0, one.seq, one.what);
        text.push_str(&line);
    }
    assert_eq!(
        xxhash_rust::xxh3::xxh3_64(text.as_bytes()),
        10_169_516_671_706_866_819
    );
}

#[test]
fn every_item_has_one_orderly_life() {
    let mut simulation = Simulation::new(eventful(), 7, Millis(0)).unwrap();
    let happened = simulation.live(Millis(YEAR * 1000));
    let mut lives: BTreeMap<u64, Vec<&Happening>> = BTreeMap::new();
    for one in &happened {
        lives.entry(one.item).or_default().push(one);
    }
    assert!(happened.is_sorted_by_key(|one| one.at));
    let mut inside = [0; 7];
    for life in lives.values() {
        assert!(matches!(life[0].what, What::Created { .. }));
        assert!(
            life.iter()
                .enumerate()
                .all(|(nth, one)| one.seq as usize == nth)
        );
        let (mut blocked, mut over, mut at) = (false, false, 0);
        for one in life {
            assert!(!over, "nothing happens to a dropped item");
            match &one.what {
                What::Created { stage, .. } => at = *stage,
                What::Entered { stage } => {
                    assert!(!blocked, "a blocked item stays where it is");
                    assert!(at != 6 || *stage == 2, "done items only come back");
                    at = *stage;
                }
                What::Assigned { from, to } => {
                    assert!(!blocked && from.as_ref() != Some(to));
                }
                What::Blocked { .. } => assert!(!std::mem::replace(&mut blocked, true)),
                What::Unblocked => assert!(std::mem::replace(&mut blocked, false)),
                What::Dropped => over = true,
            }
        }
        if !over && at != 6 {
            inside[at] += 1;
        }
    }
    let loads: Vec<u32> = (0..6).map(|stage| simulation.load(stage)).collect();
    assert_eq!(loads, inside[..6]);
    for wanted in ["Dropped", "Blocked", "Unblocked", "Assigned"] {
        assert!(
            happened
                .iter()
                .any(|one| format!("{:?}", one.what).starts_with(wanted))
        );
    }
}

#[test]
fn pulls_never_break_a_limit() {
    let model = eventful();
    let limits: Vec<Option<u32>> = model.stages.iter().map(|stage| stage.limit).collect();
    let (mut loads, mut places, mut full) = (vec![0_u32; 7], BTreeMap::new(), 0);
    for one in live(model, 11, YEAR) {
        let from = places.get(&one.item).copied();
        let to = match one.what {
            What::Created { stage, .. } | What::Entered { stage } => stage,
            What::Dropped => {
                loads[from.unwrap()] -= 1;
                continue;
            }
            _ => continue,
        };
        if let Some(limit) = limits[to].filter(|_| from.is_some_and(|from| from < to)) {
            assert!(loads[to] < limit, "{one:?}");
            full += u32::from(loads[to] + 1 == limit);
        }
        if let Some(from) = from {
            loads[from] -= 1;
        }
        loads[to] += 1;
        places.insert(one.item, to);
    }
    assert!(full > 50, "the limits must have been felt: {full}");
}

#[test]
fn the_line_is_served_by_rank_then_first_come() {
    let mut model = one_step(
        every(1_000.0, Spacing::Random),
        Spread::Exponential { mean: 900 },
        1,
    );
    let mut urgent = every(5_000.0, Spacing::Random);
    urgent.rank = 0;
    model.arrivals.push(urgent);
    let (mut waiting, mut overtakes) = (Vec::new(), 0);
    for one in live(model, 13, 5_000_000) {
        match one.what {
            What::Created { arrivals, .. } => waiting.push((1 - arrivals, one.at, one.item)),
            What::Entered { stage: 1 } => {
                waiting.sort_unstable();
                let earliest = waiting.iter().map(|one| one.2).min();
                let first = waiting.remove(0);
                assert_eq!(first.2, one.item);
                overtakes += u32::from(earliest != Some(one.item));
            }
            _ => {}
        }
    }
    assert!(overtakes > 100);
}

#[test]
fn work_and_moves_keep_to_the_calendar() {
    let mut model = eventful();
    let zone = Zone::named("Europe/Berlin").unwrap();
    let calendar = model.calendar.clone();
    model.specials.clear();
    for one in live(model, 17, YEAR) {
        let at = one.at.floor_clamped();
        assert!(calendar.is_workday(zone.day_of(at)), "{}", one.at.rfc3339());
        let hour = zone.hour_minute(at);
        assert!(("09:00"..="17:00").contains(&hour.as_str()), "{hour}");
    }
}

#[test]
fn a_board_meets_on_its_day_and_passes_what_it_can() {
    let times = Timetable {
        days: vec![Weekday::Thu],
        every_weeks: 2,
        week: 1,
        time_of_day: 15 * 3_600,
    };
    let mut model = one_step(every(43_200.0, Spacing::Even), Spread::Fixed(1), 1);
    model.stages[0].step = gate(Opening::Meets(times), Passes::AtMost(5));
    let happened = live(model, 1, 60 * 86_400);
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    for at in entries(&happened, 1).into_values() {
        // One worker with one second a piece takes them one after another.
        let minute = Millis((at - at % 60) * 1000);
        *passed.entry(minute.rfc3339()).or_default() += 1;
    }
    let wanted = ["1970-01-08", "1970-01-22", "1970-02-05", "1970-02-19"];
    let wanted = wanted.map(|day| (format!("{day}T15:00:00Z"), 5));
    assert_eq!(passed.into_iter().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_batch_leaves_when_it_is_complete() {
    let mut model = one_step(every(100.0, Spacing::Even), Spread::Fixed(0), 1);
    model.stages[0].step = gate(Opening::Gathers(4), Passes::All);
    let left: Vec<i64> = entries(&live(model, 1, 1_300), 1).into_values().collect();
    assert_eq!(
        left,
        [
            400, 400, 400, 400, 800, 800, 800, 800, 1_200, 1_200, 1_200, 1_200
        ]
    );
}

#[test]
fn a_share_of_the_waiting_passes_and_shifts_take_hold() {
    let times = Timetable {
        days: vec![Weekday::Mon],
        every_weeks: 1,
        week: 0,
        time_of_day: 3_600,
    };
    let mut model = one_step(every(6_007.0, Spacing::Even), Spread::Fixed(0), 1);
    model.stages[0].step = gate(Opening::Meets(times), Passes::Share(0.5));
    let passes = Passes::All;
    let what = Shifted::Passes { stage: 0, passes };
    model.shifts.push(Shift {
        at: Millis(10 * 86_400_000),
        what,
    });
    let mut simulation = Simulation::new(model, 1, Millis(0)).unwrap();
    let monday = Millis::parse("1970-01-05T01:00:00Z").unwrap();
    simulation.live(monday);
    let before = simulation.load(0);
    simulation.live(Millis(monday.0 + 1));
    assert_eq!(simulation.load(0), before - before.div_ceil(2));
    simulation.live(Millis(monday.0 + 7 * 86_400_000 + 1));
    assert_eq!(simulation.load(0), 0);
}

#[test]
fn a_board_that_decides_by_chance_keeps_items_for_a_while() {
    let times = Timetable {
        days: vec![Weekday::Mon],
        every_weeks: 1,
        week: 0,
        time_of_day: 0,
    };
    let mut model = one_step(every(10_007.0, Spacing::Even), Spread::Fixed(0), 1);
    model.stages[0].step = gate(Opening::Meets(times), Passes::Each(0.25));
    // Half a week to the first meeting, three more on average.
    let days = mean_wait(&live(model, 1, 4 * YEAR), 0, 1) / 86_400.0;
    assert!((days - 24.5).abs() < 0.5, "{days}");
}

#[test]
fn blocked_work_frees_its_worker_and_is_finished_later() {
    let mut model = one_step(every(50.0, Spacing::Even), Spread::Fixed(60), 1);
    model.arrivals[0].per_week = 0.0;
    let special = |seconds: i64, trouble| Special {
        at: Millis(seconds * 1000),
        arrivals: 0,
        facts: Vec::new(),
        team: 0,
        effort: 1.0,
        trouble,
    };
    let trouble = Trouble {
        chance: 1.0,
        after: Spread::Fixed(20),
        lasts: Spread::Fixed(50),
        reasons: vec![("vendor".into(), 1.0)],
    };
    model.specials = vec![special(100, Some((1, trouble))), special(110, None)];
    let happened = live(model, 1, 1_000);
    // 0 works 100..120, is blocked to 170; 1 works 120..180; 0 has 40 s left: 180..220.
    assert_eq!(entries(&happened, 1), BTreeMap::from([(0, 100), (1, 120)]));
    assert_eq!(entries(&happened, 2), BTreeMap::from([(0, 220), (1, 180)]));
    let blocked: Vec<(i64, &What)> = happened
        .iter()
        .filter(|one| matches!(one.what, What::Blocked { .. } | What::Unblocked))
        .map(|one| (one.at.0 / 1000, &one.what))
        .collect();
    let reason = "vendor".into();
    assert_eq!(
        blocked,
        [(120, &What::Blocked { reason }), (170, &What::Unblocked)]
    );
}

#[test]
fn a_planted_constraint_has_the_longest_line() {
    for seed in 0..20 {
        let slow = usize::try_from(seed).unwrap() % 3;
        let service = |nth| Spread::LogNormal {
            median: if nth == slow { 880 } else { 550 },
            sigma: 0.4,
        };
        let pair = |nth: usize| {
            [
                StageModel::queue(&format!("Queue {nth}")),
                StageModel::work(&format!("Work {nth}"), nth, service(nth)),
            ]
        };
        let mut stages = [pair(0), pair(1), pair(2)].concat();
        stages.push(done());
        let model = StreamModel {
            stages,
            arrivals: vec![every(1_000.0, Spacing::Random)],
            crews: vec![Crew::shared("worker", 1); 3],
            ..StreamModel::default()
        };
        let happened = live(model, seed, 2_000_000);
        let waits = [0, 1, 2].map(|nth| mean_wait(&happened, 2 * nth, 2 * nth + 1));
        let longest = (0..3).max_by(|a, b| waits[*a].total_cmp(&waits[*b]));
        assert_eq!(longest, Some(slow), "seed {seed}: {waits:?}");
    }
}

#[test]
fn another_worker_meets_the_same_work() {
    let with = |workers| {
        let service = Spread::Exponential { mean: 1_500 };
        let model = one_step(every(1_000.0, Spacing::Random), service, workers);
        live(model, 19, 1_000_000)
    };
    let (two, three) = (with(2), with(3));
    assert_eq!(entries(&two, 0), entries(&three, 0));
    let took = |happened: &[Happening]| {
        let (begun, done) = (entries(happened, 1), entries(happened, 2));
        done.iter()
            .map(|(item, at)| (*item, at - begun[item]))
            .collect::<BTreeMap<_, _>>()
    };
    let (of_two, of_three) = (took(&two), took(&three));
    assert!(
        of_two
            .iter()
            .all(|(item, took)| of_three.get(item).is_none_or(|other| other == took))
    );
    assert!(mean_wait(&three, 0, 1) < mean_wait(&two, 0, 1) / 2.0);
}

#[test]
fn chances_come_out_as_asked() {
    let mut model = eventful();
    model.stages[0].trouble = None;
    let happened = live(model, 23, 6 * YEAR);
    let came = happened
        .iter()
        .filter(|one| matches!(one.what, What::Created { arrivals: 0, .. }))
        .count() as f64;
    let dropped = happened
        .iter()
        .filter(|one| one.what == What::Dropped)
        .count() as f64;
    assert!((dropped / came - 0.1).abs() < 0.02, "{}", dropped / came);
    // per_week counts a week of the calendar: 604,800 ÷ 60,000 items.
    let weeks = (6 * YEAR) as f64 / WEEK;
    assert!((came / weeks / (WEEK / 60_000.0) - 1.0).abs() < 0.05);
    let (tested, queued) = (entries(&happened, 4), entries(&happened, 3));
    let skipped = tested
        .keys()
        .filter(|item| !queued.contains_key(item))
        .count() as f64;
    assert!((0.06..0.12).contains(&(skipped / tested.len() as f64)));
}

#[test]
fn arrivals_follow_their_rhythm() {
    let mut model = one_step(every(600.0, Spacing::Random), Spread::Fixed(1), 1);
    let rhythm = &mut model.arrivals[0].rhythm;
    rhythm.days = [2.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0];
    rhythm.growth = 1.0;
    let what = Shifted::ArrivalRate { factor: 0.5 };
    model.shifts.push(Shift {
        at: Millis(YEAR * 1000),
        what,
    });
    let created = entries(&live(model, 29, 2 * YEAR), 0);
    let zone = Zone::utc();
    let mut by_day = [0_f64; 7];
    for at in created.values() {
        let day = zone.day_of(Millis(at * 1000).floor_clamped());
        by_day[day.weekday().num_days_from_monday() as usize] += 1.0;
    }
    assert_eq!(by_day[5..], [0.0, 0.0]);
    assert!((by_day[0] / by_day[1] - 2.0).abs() < 0.1);
    let within = |from: i64, to: i64| {
        created
            .values()
            .filter(|at| (from..to).contains(*at))
            .count() as f64
    };
    // The rate doubles in the first year, and is halved after it.
    let growth = within(YEAR * 3 / 4, YEAR) / within(0, YEAR / 4);
    assert!((growth - 1.875 / 1.125).abs() < 0.1, "{growth}");
    let halved = within(YEAR, YEAR * 5 / 4) / within(YEAR * 3 / 4, YEAR);
    assert!((halved - 0.5 * 2.125 / 1.875).abs() < 0.05, "{halved}");
}

#[test]
fn time_moves_on_under_absurd_settings() {
    let mut model = one_step(every(0.7, Spacing::Random), Spread::Fixed(0), 1);
    model.calendar.hours = (0, 1);
    let factor = 1e300;
    let what = Shifted::ArrivalRate { factor };
    model.shifts.push(Shift {
        at: Millis(0),
        what,
    });
    let happened = live(model, 1, 7 * 86_400);
    assert!((7..=9).contains(&entries(&happened, 0).len()));
    let mut late = Simulation::new(eventful(), 1, Millis(4_294_000_000_000)).unwrap();
    assert!(late.live(Millis(i64::MAX)).last().unwrap().at < Millis(4_294_967_295_000));
}

#[test]
fn models_that_make_no_sense_are_refused() {
    let good = || one_step(every(100.0, Spacing::Even), Spread::Fixed(1), 1);
    let refused = |change: &dyn Fn(&mut StreamModel)| {
        let mut model = good();
        change(&mut model);
        Simulation::new(model, 1, Millis(0))
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(good().check(), Ok(()));
    assert_eq!(eventful().check(), Ok(()));
    assert_eq!(
        refused(&|model| model.stages.truncate(2)),
        "the last stage must be one where items are done"
    );
    assert_eq!(
        refused(&|model| model.calendar.workdays = [false; 7]),
        "the calendar has no working hours"
    );
    assert!(refused(&|model| model.arrivals[0].per_week = f64::NAN).starts_with("NaN is no rate"));
    assert_eq!(
        refused(&|model| model.crews.clear()),
        "Doing names crew 0, but there are only 0"
    );
    assert_eq!(
        refused(&|model| model.arrivals[0].enter = 1),
        "items cannot be created in Doing; use a queue, delay or gate without a limit"
    );
    assert_eq!(
        refused(&|model| model.stages[0].drop = 1.5),
        "To do: 1.5 is no chance; use a number from 0 to 1, for returns below 1"
    );
    assert_eq!(
        refused(&|model| model.crews.push(Crew { people: Vec::new() })),
        "crew 1 has 0 lists of people; use one, or one for each of 0 teams"
    );
    assert_eq!(
        refused(&|model| model.stages[0].step = gate(Opening::Gathers(0), Passes::All)),
        "the gate in To do never opens"
    );
}

#[test]
fn a_tracker_tells_creation_facts_moves_and_reasons() {
    use crate::model::event::Change;
    let mut simulation = Simulation::new(eventful(), 31, Millis(0)).unwrap();
    let events = simulation.advance(Millis(YEAR * 1000));
    let title = events.iter().find_map(|(item, event)| match &event.change {
        Change::Set { fact, new, .. } if fact == "title" => Some((*item, new.clone())),
        _ => None,
    });
    let (planted, title) = title.unwrap();
    assert_eq!(title.as_deref(), Some("The one"));
    let its: Vec<_> = events
        .iter()
        .filter(|(item, _)| *item == planted)
        .map(|(_, e)| e)
        .collect();
    let ids: std::collections::BTreeSet<&str> = its.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids.len(), its.len());
    let status = Some("Ready".to_owned());
    assert_eq!(its[0].change, Change::Created { status });
    let team = |event: &&&crate::model::event::Event| matches!(&event.change, Change::Set { fact, new, .. } if fact == "team" && new.as_deref() == Some("blue"));
    assert_eq!(its.iter().filter(team).count(), 1);
    assert!(its.iter().any(|e| e.change
        == Change::Moved {
            to: "Live".to_owned()
        }));
    assert!(
        its.iter()
            .any(|e| matches!(e.change, Change::Blocked { .. }))
    );
}
