use super::{Bottleneck, Class, Input, StageIx, StageMeasures, StageSum, Window};
use crate::model::stage::Phase;
use crate::model::time::{DAY_SECS, Sec};
use crate::model::timeline::{Position, Visit};

const DAYS: u32 = 100;

/// One stage of a planted stream: its class, its waiting in days, its load line as
/// (from day, to day) of each item. Its items leave to the next stage.
struct Plant {
    class: Class,
    waiting: i64,
    items: Vec<(u32, u32)>,
    arrivals: u64,
    departures: u64,
    past_p85: u64,
}

fn plant(class: Class, waiting: i64, items: &[(u32, u32)]) -> Plant {
    Plant {
        class,
        waiting,
        items: items.to_vec(),
        arrivals: 0,
        departures: 0,
        past_p85: 0,
    }
}

fn queue(waiting: i64, items: &[(u32, u32)]) -> Plant {
    plant(Class::Queue, waiting, items)
}

fn active(items: &[(u32, u32)]) -> Plant {
    plant(Class::Active, 0, items)
}

const ALWAYS: (u32, u32) = (0, DAYS);

fn window() -> Window {
    let at = |day: u32| Sec(day * 86_400);
    Window {
        from: at(0),
        to: at(DAYS),
    }
}

fn sum(plant: &Plant) -> StageSum {
    let mut sum = StageSum {
        waiting: plant.waiting * DAY_SECS,
        ..StageSum::default()
    };
    for (from, to) in &plant.items {
        let visit = Visit {
            position: Position::Stage(StageIx(0)),
            from: Sec(from * 86_400),
            to: Sec(to * 86_400),
        };
        sum.loads.add(&visit, false, window());
    }
    sum.loads.settle();
    sum
}

fn stage(at: u8, plant: &Plant) -> StageMeasures {
    let now = plant.items.iter().filter(|(_, to)| *to == DAYS).count() as u64;
    StageMeasures {
        stage: StageIx(at),
        name: format!("stage {at}"),
        phase: Phase::Create,
        class: plant.class,
        load: now,
        limit: None,
        oldest: None,
        arrivals: plant.arrivals,
        departures: plant.departures,
        blocked: 0,
        stale: 0,
        past_p85: plant.past_p85,
        wait_share: None,
        waiting: plant.waiting * DAY_SECS,
        time: None,
        pace: None,
        pace_n: 0,
        visits: 0,
        total: 0,
        usual_load: 0,
    }
}

fn rank(plants: &[Plant]) -> Bottleneck {
    let next: Vec<(usize, usize, u64)> = (1..plants.len()).map(|to| (to - 1, to, 1)).collect();
    rank_with_exits(plants, &next)
}

/// `exits` are (from, to, how many).
fn rank_with_exits(plants: &[Plant], exits: &[(usize, usize, u64)]) -> Bottleneck {
    let stages: Vec<StageMeasures> = (0..).zip(plants).map(|(at, one)| stage(at, one)).collect();
    let mut sums: Vec<StageSum> = plants.iter().map(sum).collect();
    for sum in &mut sums {
        sum.exits_to = vec![0; plants.len()];
    }
    for (from, to, count) in exits {
        sums[*from].exits_to[*to] += count;
    }
    Input {
        stages: &stages,
        sums: &sums,
        window: window(),
    }
    .rank()
}

fn score(found: &Bottleneck, stage: u8) -> f64 {
    let own = found.ranking.iter().find(|one| one.stage == StageIx(stage));
    own.unwrap().score
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

#[test]
fn a_queue_before_a_busy_stage_is_charged_to_it() {
    let found = rank(&[queue(50, &[ALWAYS]), active(&[ALWAYS])]);
    assert_eq!(found.constraint, Some(StageIx(1)));
    assert!(close(score(&found, 1), 0.7));
    assert!(close(score(&found, 0), 0.0));
    assert!(found.why.starts_with("stage 1 holds the stream back: "));
}

#[test]
fn the_sentence_counts_whole_items_where_a_rate_would_round_to_nothing() {
    let mut plants = [queue(50, &[ALWAYS]), active(&[(0, 10)])];
    (plants[0].arrivals, plants[0].departures) = (3, 2);
    let why = "stage 0 holds the stream back: 1 item waits in it; 3 arrived and 2 left in \
               100 d; it takes 100 % of all waiting";
    let found = rank(&plants).why;
    assert!(found.starts_with(why), "{found}");
    (plants[0].arrivals, plants[0].departures) = (120, 90);
    let found = rank(&plants).why;
    let rates = "; 1.2 a day arrive, 0.9 leave; ";
    assert!(found.contains(rates), "{found}");
}

#[test]
fn where_nothing_waits_nothing_is_said_to_be_spread() {
    let found = rank(&[active(&[ALWAYS]), active(&[ALWAYS])]);
    assert_eq!(found.constraint, None);
    let why = "No constraint stands out: no waiting is known in the window.";
    assert_eq!(found.why, why);
}

#[test]
fn a_queue_before_a_stage_that_starves_is_the_constraint_itself() {
    // Work waits all the time, the stage behind it has its usual two items in 40 of 100 days.
    let found = rank(&[queue(50, &[ALWAYS]), active(&[(0, 40), (0, 40)])]);
    assert_eq!(found.constraint, Some(StageIx(0)));
    // All the waiting, and the stage behind it below its usual load for 60 days.
    assert!(close(score(&found, 0), 0.7 + 0.1 * 0.6));
}

#[test]
fn half_the_time_below_half_the_load_is_not_yet_starving() {
    let found = rank(&[queue(50, &[ALWAYS]), active(&[(0, 50), (0, 50)])]);
    assert_eq!(found.constraint, Some(StageIx(1)));
    // Half of the usual load is no starving either.
    let found = rank(&[queue(50, &[ALWAYS]), active(&[(0, 40), ALWAYS])]);
    assert_eq!(found.constraint, Some(StageIx(1)));
}

#[test]
fn only_the_time_in_which_work_waits_matters() {
    // Idle for 60 days, but work waits only while the stage is busy.
    let found = rank(&[queue(40, &[(0, 40)]), active(&[(0, 40), (0, 40)])]);
    assert_eq!(found.constraint, Some(StageIx(1)));
}

#[test]
fn a_queue_is_drained_by_the_stage_that_most_of_its_items_go_to() {
    // Stage 1 comes next, but seven of ten items leave for stage 2.
    let plants = [queue(50, &[ALWAYS]), active(&[ALWAYS]), active(&[ALWAYS])];
    let found = rank_with_exits(&plants, &[(0, 1, 3), (0, 2, 7)]);
    assert_eq!(found.constraint, Some(StageIx(2)));
}

#[test]
fn a_queue_that_no_active_stage_drains_keeps_its_evidence() {
    // Its items go to another queue, to done, or nowhere yet.
    let plants = || {
        [
            queue(30, &[ALWAYS]),
            queue(0, &[]),
            active(&[ALWAYS]),
            plant(Class::Done, 0, &[]),
        ]
    };
    for exits in [&[(0, 1, 5), (1, 2, 5)][..], &[(0, 3, 5), (0, 2, 4)], &[]] {
        let found = rank_with_exits(&plants(), exits);
        assert_eq!(found.constraint, Some(StageIx(0)), "{exits:?}");
    }
}

#[test]
fn growth_and_ageing_are_those_of_the_stage_and_its_queues() {
    let mut waiting = queue(50, &[ALWAYS, ALWAYS, ALWAYS]);
    (waiting.arrivals, waiting.departures, waiting.past_p85) = (10, 6, 2);
    let mut worked = active(&[ALWAYS]);
    (worked.arrivals, worked.departures) = (6, 6);
    let found = rank(&[waiting, worked]);
    let evidence = found.ranking[0].evidence;
    assert!(close(evidence.growth, 0.4), "the greater of 4/10 and 0/6");
    assert!(close(evidence.ageing, 0.5), "2 of the 3 + 1 items");
    assert!(close(found.ranking[0].score, 0.7 + 0.1 * 0.4 + 0.1 * 0.5));
}

#[test]
fn a_shrinking_stage_has_no_growth() {
    let mut worked = active(&[ALWAYS]);
    (worked.arrivals, worked.departures) = (3, 9);
    assert!(close(rank(&[worked]).ranking[0].evidence.growth, 0.0));
}

#[test]
fn what_comes_after_the_constraint_starves() {
    // The queue right of stage 0 is empty for 70 days; in 60 of them the stage behind it stands
    // below its usual load of one.
    let plants = [active(&[ALWAYS]), queue(0, &[(0, 30)]), active(&[(0, 40)])];
    let found = rank(&plants);
    let own = found
        .ranking
        .iter()
        .find(|one| one.stage == StageIx(0))
        .unwrap();
    assert!(close(own.evidence.starving, 0.6));
    // Without a queue in between it is the next stage's time below its usual load.
    let found = rank(&[active(&[ALWAYS]), active(&[(0, 40)])]);
    let own = found
        .ranking
        .iter()
        .find(|one| one.stage == StageIx(0))
        .unwrap();
    assert!(close(own.evidence.starving, 0.6));
}

#[test]
fn evenly_spread_waiting_has_no_constraint() {
    let pair = |waiting| [queue(waiting, &[ALWAYS]), active(&[ALWAYS])];
    let found = rank(&together([pair(10), pair(10)]));
    assert_eq!(found.constraint, None);
    assert!(found.why.starts_with("No constraint stands out"));
    assert_eq!(found.ranking.len(), 4);
}

#[test]
fn the_lead_must_be_strong_enough_and_far_enough_ahead() {
    let spread = |parts: [i64; 5]| {
        let stages = parts.map(|waiting| [queue(waiting, &[ALWAYS]), active(&[ALWAYS])]);
        rank(&together(stages)).constraint
    };
    // 0.7 x 36 % = 0.252 is enough, 0.7 x 35 % = 0.245 is not; the others are far behind.
    assert_eq!(spread([16, 36, 16, 16, 16]), Some(StageIx(3)));
    assert_eq!(spread([17, 35, 16, 16, 16]), None);
    // 0.7 x (53 - 47) % = 0.042 is not 0.05 ahead; 0.7 x (54 - 46) % = 0.056 is.
    assert_eq!(spread([53, 47, 0, 0, 0]), None);
    assert_eq!(spread([54, 46, 0, 0, 0]), Some(StageIx(1)));
}

#[test]
fn nothing_at_all_has_no_constraint() {
    assert_eq!(rank(&[]).constraint, None);
    assert_eq!(rank(&[queue(0, &[]), active(&[])]).constraint, None);
}

fn together<const N: usize>(parts: [[Plant; 2]; N]) -> Vec<Plant> {
    parts.into_iter().flatten().collect()
}
