use super::{Bottleneck, Evidence, Input, Lasting, Moves, StageIx, StageMeasures, Window};
use crate::metrics::loads::Loads;
use crate::model::stage::{Class, Phase};
use crate::model::time::{DAY_SECS, Ruler, Sec};

const DAYS: u32 = 100;

/// When something is there, as (from day, to day).
type Stay = (u32, u32);

const ALWAYS: Stay = (0, DAYS);

/// One stage of a planted stream. Its items leave to the next stage.
#[derive(Clone, Default)]
struct Plant {
    class: Option<Class>,
    items: Vec<Stay>,
    blocked: Vec<Stay>,
    limit: Option<u32>,
    arrivals: u64,
    departures: u64,
    past_p85: u64,
}

fn plant(class: Class, items: &[Stay]) -> Plant {
    Plant {
        class: Some(class),
        items: items.to_vec(),
        ..Plant::default()
    }
}

fn queue(items: &[Stay]) -> Plant {
    plant(Class::Queue, items)
}

fn active(items: &[Stay]) -> Plant {
    plant(Class::Active, items)
}

impl Plant {
    fn limited(self, limit: u32) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }

    fn passed(self, items: u64) -> Self {
        let (arrivals, departures) = (items, items);
        Self {
            arrivals,
            departures,
            ..self
        }
    }

    fn blocked(self, stays: &[Stay]) -> Self {
        let blocked = stays.to_vec();
        Self { blocked, ..self }
    }

    /// Days of waiting: of all items in a queue, of the blocked ones elsewhere.
    fn waiting(&self) -> i64 {
        let stays = match self.class {
            Some(Class::Queue) => &self.items,
            _ => &self.blocked,
        };
        stays.iter().map(|(from, to)| i64::from(to - from)).sum()
    }

    fn add_to(&self, loads: &mut Loads, at: usize) {
        for stay in &self.items {
            loads.visited(at, instants(*stay));
        }
        for stay in &self.blocked {
            loads.blocked(at, instants(*stay));
        }
    }

    fn measures(&self, at: u8, lasting: &Lasting) -> StageMeasures {
        let now = self.items.iter().filter(|(_, to)| *to == DAYS).count() as u64;
        StageMeasures {
            stage: StageIx(at),
            name: format!("stage {at}"),
            phase: Phase::Create,
            class: self.class.unwrap(),
            load: now,
            limit: self.limit,
            oldest: None,
            arrivals: self.arrivals,
            departures: self.departures,
            blocked: 0,
            stale: 0,
            past_p85: self.past_p85,
            wait_share: None,
            waiting: self.waiting() * DAY_SECS,
            time: None,
            pace: None,
            pace_n: 0,
            usual_load: u64::try_from(lasting.usual(StageIx(at))).unwrap(),
        }
    }
}

fn window() -> Window {
    let at = |day: u32| Sec(day * 86_400);
    Window {
        from: at(0),
        to: at(DAYS),
    }
}

fn instants((from, to): Stay) -> (Sec, Sec) {
    (Sec(from * 86_400), Sec(to * 86_400))
}

fn rank(plants: &[Plant]) -> Bottleneck {
    let next: Vec<(usize, usize, u64)> = (1..plants.len()).map(|to| (to - 1, to, 1)).collect();
    rank_with_exits(plants, &next)
}

/// `exits` are (from, to, how many).
fn rank_with_exits(plants: &[Plant], exits: &[(usize, usize, u64)]) -> Bottleneck {
    let ruler = Ruler::elapsed();
    let mut loads = Loads::new(plants.len(), window());
    for (at, plant) in plants.iter().enumerate() {
        plant.add_to(&mut loads, at);
    }
    let lines = loads.settle(&ruler);
    let stretches = lines.stretches();
    let lasting = Lasting::of(&stretches);
    let stages = (0..).zip(plants);
    let stages: Vec<StageMeasures> = stages.map(|(at, one)| one.measures(at, &lasting)).collect();
    let mut moves = Moves::new(plants.len());
    for (from, to, count) in exits {
        moves.add((*from, *to), *count);
    }
    Input {
        stages: &stages,
        moves: &moves,
        stretches: &stretches,
        lasting: &lasting,
        window: window(),
        ruler: &ruler,
    }
    .rank()
}

fn score(found: &Bottleneck, stage: u8) -> f64 {
    let own = found.ranking.iter().find(|one| one.stage == StageIx(stage));
    own.unwrap().score
}

fn evidence(found: &Bottleneck, stage: u8) -> Evidence {
    let own = found.ranking.iter().find(|one| one.stage == StageIx(stage));
    own.unwrap().evidence
}

/// The shares of all waiting, stage by stage.
fn waiting<const N: usize>(found: &Bottleneck) -> [f64; N] {
    std::array::from_fn(|at| evidence(found, u8::try_from(at).unwrap()).waiting)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

fn all_close<const N: usize>(found: [f64; N], wanted: [f64; N]) {
    let alike = found.iter().zip(wanted).all(|(a, b)| close(*a, b));
    assert!(alike, "{found:?} for {wanted:?}");
}

#[test]
fn a_queue_before_a_busy_stage_is_charged_to_it() {
    let found = rank(&[queue(&[ALWAYS]), active(&[ALWAYS])]);
    assert_eq!(found.constraint, Some(StageIx(1)));
    assert!(close(score(&found, 1), 0.7));
    assert!(close(score(&found, 0), 0.0));
    assert!(found.why.starts_with("stage 1 holds the stream back: "));
}

#[test]
fn the_score_is_waiting_times_pressure_times_what_the_signs_add() {
    let evidence = Evidence {
        waiting: 0.8,
        pressure: 0.5,
        growth: 0.4,
        ageing: 0.2,
        starving: 1.0,
    };
    assert!(close(evidence.score(), 0.8 * 0.5 * 0.86));
    let all = Evidence {
        waiting: 1.0,
        pressure: 1.0,
        growth: 1.0,
        ageing: 1.0,
        starving: 1.0,
    };
    assert!(close(all.score(), 1.0));
}

#[test]
fn pressure_is_the_share_of_the_time_in_which_work_waits() {
    // Two items in the first 30 days, one of them to day 50; all the waiting there is.
    let found = rank(&[queue(&[(0, 30), (0, 50)]), active(&[ALWAYS])]);
    assert!(close(evidence(&found, 1).pressure, 0.5));
    assert!(close(evidence(&found, 1).waiting, 1.0));
    assert!(close(score(&found, 1), 0.7 * 0.5));
    // A stream that is younger than the window: there was work for 60 days only.
    let found = rank(&[queue(&[(40, 70)]), active(&[(40, DAYS)])]);
    assert!(close(evidence(&found, 1).pressure, 0.5));
}

#[test]
fn the_sentence_counts_whole_items_where_a_rate_would_round_to_nothing() {
    let mut plants = [queue(&[ALWAYS]), active(&[(0, 10)])];
    (plants[0].arrivals, plants[0].departures) = (3, 2);
    let why = "stage 0 holds the stream back: 1 item waits in it; 3 arrived and 2 left in 100 d; \
               it takes 100 % of all waiting; work waits in it 100 % of the time; stage 1 stands \
               nearly empty for 90 % of that time";
    let found = rank(&plants).why;
    assert!(found.starts_with(why), "{found}");
    (plants[0].arrivals, plants[0].departures) = (120, 90);
    let found = rank(&plants).why;
    let rates = "; 1.2 a day arrive, 0.9 leave; ";
    assert!(found.contains(rates), "{found}");
}

#[test]
fn a_queue_that_is_empty_by_now_is_said_to_be() {
    let found = rank(&[queue(&[(0, 90)]), active(&[(0, 95)])]).why;
    let why = "stage 1 holds the stream back: nothing waits for it in stage 0 now; ";
    assert!(found.starts_with(why), "{found}");
    let found = rank(&[queue(&[(0, 90)]), active(&[])]).why;
    let why = "stage 0 holds the stream back: nothing waits in it now; ";
    assert!(found.starts_with(why), "{found}");
}

#[test]
fn where_nothing_waits_nothing_is_said_to_be_spread() {
    let found = rank(&[active(&[ALWAYS]), active(&[ALWAYS])]);
    assert_eq!(found.constraint, None);
    let why = "No constraint stands out: no work waits for a stage in the window.";
    assert_eq!(found.why, why);
}

#[test]
fn a_queue_before_a_stage_that_stands_nearly_empty_is_the_constraint_itself() {
    // Work waits all the time, the stage behind it has its usual two items in 40 of 100 days.
    let found = rank(&[queue(&[ALWAYS]), active(&[(0, 40), (0, 40)])]);
    assert_eq!(found.constraint, Some(StageIx(0)));
    // All the waiting, and the stage behind it below its usual load for 60 days, though the queue
    // right of it is not empty: nothing starves for want of work that came through.
    all_close(waiting(&found), [1.0, 0.0]);
}

#[test]
fn the_waiting_is_shared_where_the_stage_is_seldom_empty() {
    // Work waits for 100 days, in 4 of them nobody is at work: half of the 8 % that clear the stage.
    let found = rank(&[queue(&[ALWAYS]), active(&[(0, 96)])]);
    all_close(waiting(&found), [0.5, 0.5]);
    assert_eq!(found.constraint, None);
    let why = "No constraint stands out: stage 0 and stage 1 hold the stream back alike.";
    assert_eq!(found.why, why);
    // 2 of 100 days: a quarter. 8 and more: all.
    let found = rank(&[queue(&[ALWAYS]), active(&[(0, 98)])]);
    all_close(waiting(&found), [0.25, 0.75]);
    let found = rank(&[queue(&[ALWAYS]), active(&[(0, 92)])]);
    all_close(waiting(&found), [1.0, 0.0]);
}

#[test]
fn a_quarter_of_the_usual_load_is_at_work() {
    // Four items usually, one of them all the time, the others until day 90.
    let most = (0, 90);
    let found = rank(&[queue(&[ALWAYS]), active(&[ALWAYS, most, most, most])]);
    all_close(waiting(&found), [0.0, 1.0]);
    // With five usual ones, one is less than a quarter: idle for 10 days.
    let found = rank(&[queue(&[ALWAYS]), active(&[ALWAYS, most, most, most, most])]);
    all_close(waiting(&found), [1.0, 0.0]);
}

#[test]
fn only_the_time_in_which_work_waits_matters() {
    // Idle for 60 days, but work waits only while the stage is busy.
    let found = rank(&[queue(&[(0, 40)]), active(&[(0, 40), (0, 40)])]);
    all_close(waiting(&found), [0.0, 1.0]);
}

#[test]
fn what_is_blocked_in_a_queue_waits_for_nobody() {
    // Of three items that wait all the time one is blocked for 60 days.
    let waits = queue(&[ALWAYS, ALWAYS, ALWAYS]).blocked(&[(0, 60)]);
    let found = rank(&[waits, active(&[ALWAYS])]);
    all_close(waiting(&found), [0.2, 0.8]);
    // The only item is blocked: no work waits, and nobody is idle who could take it.
    let found = rank(&[queue(&[ALWAYS]).blocked(&[(0, 60)]), active(&[(60, DAYS)])]);
    all_close(waiting(&found), [0.6, 0.4]);
    assert!(close(evidence(&found, 1).pressure, 0.4));
    assert!(close(evidence(&found, 0).pressure, 0.0));
}

#[test]
fn blocked_items_are_not_at_work() {
    // The stage holds an item all the time, but it is blocked for 50 days: nobody is at work then.
    let stopped = active(&[ALWAYS]).blocked(&[(0, 50)]);
    let found = rank(&[queue(&[ALWAYS]), stopped]);
    all_close(waiting(&found), [100.0 / 150.0, 50.0 / 150.0]);
}

/// Two queues with a stage of work each, the second of which cannot keep up. The first has three
/// items, one of them in work, the second two that wait.
fn backed_up() -> [Plant; 4] {
    [
        queue(&[ALWAYS, ALWAYS]),
        active(&[ALWAYS, ALWAYS, ALWAYS]),
        queue(&[ALWAYS, ALWAYS]),
        active(&[ALWAYS]),
    ]
}

#[test]
fn what_waits_before_full_stages_is_charged_to_the_last_of_them() {
    let [first, work, second, last] = backed_up();
    let with = |work: Plant, second: Plant| rank(&[first.clone(), work, second, last.clone()]);
    let found = with(work.clone().limited(3), second.clone().limited(2));
    all_close(waiting(&found), [0.0, 0.0, 0.0, 1.0]);
    let backs_up = "work backs up as far as stage 0";
    assert!(found.why.contains(backs_up), "{}", found.why);
    // There is room in the second queue, or in the stage before it: that stage is at work.
    for (work, second) in [
        (work.clone().limited(3), second.clone().limited(3)),
        (work.clone().limited(4), second.clone().limited(2)),
        (work, second),
    ] {
        all_close(waiting(&with(work, second)), [0.0, 0.5, 0.0, 0.5]);
    }
}

#[test]
fn a_load_that_stays_while_items_pass_is_a_limit_that_nobody_told() {
    let [first, _, second, last] = backed_up();
    // The stage stands at its usual load of three for so many days, and as often so many items pass
    // it and the queue after it.
    for (until, passed, charged) in [
        (60, 4, [0.0, 0.2, 0.0, 0.8]),
        (60, 3, [0.0, 0.5, 0.0, 0.5]),
        (40, 4, [0.0, 0.5, 0.0, 0.5]),
    ] {
        let work = active(&[ALWAYS, ALWAYS, (0, until)]).passed(passed);
        let second = second.clone().passed(9);
        let found = rank(&[first.clone(), work, second, last.clone()]);
        all_close(waiting(&found), charged);
    }
}

#[test]
fn a_stage_that_cannot_hand_on_is_not_idle() {
    // It stands empty for 50 days while work waits, but the queue behind it is full then.
    let full_then = queue(&[(0, 50), (0, 50)]).limited(2);
    let found = rank(&[
        queue(&[ALWAYS]),
        active(&[(50, DAYS)]),
        full_then,
        active(&[ALWAYS]),
    ]);
    all_close(waiting(&found), [0.0, 0.5, 0.0, 0.5]);
}

#[test]
fn what_is_done_but_cannot_leave_is_no_usual_load() {
    // Two at work all the time; for 50 days eight more that are done, as the next queue is full.
    let done = (0, 50);
    let work = active(&[[ALWAYS; 2].as_slice(), &[done; 8]].concat());
    let full_then = queue(&[done]).limited(1);
    let found = rank(&[queue(&[ALWAYS]), work, full_then, active(&[ALWAYS])]);
    all_close(waiting(&found), [0.0, 2.0 / 3.0, 0.0, 1.0 / 3.0]);
}

#[test]
fn what_backs_up_behind_a_hidden_approver_is_charged_to_that_queue() {
    let [first, work, second, _] = backed_up();
    // Everything is full up to the second queue, and nobody works behind it.
    let found = rank(&[
        first,
        work.limited(3),
        second.limited(2),
        active(&[(0, 10)]),
    ]);
    all_close(waiting(&found), [0.0, 0.0, 1.0, 0.0]);
    assert_eq!(found.constraint, Some(StageIx(2)));
}

#[test]
fn a_stage_that_sends_all_back_leads_nowhere() {
    // The queue right of it is drained by the stage left of it; both are always full.
    let plants = [active(&[ALWAYS]), queue(&[ALWAYS]), active(&[ALWAYS])];
    let found = rank_with_exits(&plants, &[(1, 0, 5), (0, 1, 5), (2, 1, 1)]);
    all_close(waiting(&found), [1.0, 0.0, 0.0]);
}

#[test]
fn a_queue_is_drained_by_the_stage_that_most_of_its_items_go_to() {
    // Stage 1 comes next, but seven of ten items leave for stage 2.
    let plants = [queue(&[ALWAYS]), active(&[ALWAYS]), active(&[ALWAYS])];
    let found = rank_with_exits(&plants, &[(0, 1, 3), (0, 2, 7)]);
    assert_eq!(found.constraint, Some(StageIx(2)));
}

#[test]
fn a_queue_that_no_active_stage_drains_keeps_its_evidence() {
    // Its items go to another queue, to done, or nowhere yet.
    let plants = || {
        [
            queue(&[ALWAYS]),
            queue(&[]),
            active(&[ALWAYS]),
            plant(Class::Done, &[]),
        ]
    };
    for exits in [&[(0, 1, 5), (1, 2, 5)][..], &[(0, 3, 5), (0, 2, 4)], &[]] {
        let found = rank_with_exits(&plants(), exits);
        assert_eq!(found.constraint, Some(StageIx(0)), "{exits:?}");
    }
}

#[test]
fn growth_and_ageing_are_those_of_the_stage_and_its_queues() {
    let mut waiting = queue(&[ALWAYS, ALWAYS, ALWAYS]);
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
    let found = rank(&[queue(&[ALWAYS]), worked]);
    assert!(close(evidence(&found, 1).growth, 0.0));
}

#[test]
fn what_comes_after_the_constraint_starves() {
    // The queue right of stage 0 is empty for 70 days; in 60 of them the stage behind it stands
    // below its usual load of one.
    let plants = [active(&[ALWAYS]), queue(&[(0, 30)]), active(&[(0, 40)])];
    assert!(close(evidence(&rank(&plants), 0).starving, 0.6));
    // Without a queue in between it is the next stage's time below its usual load.
    let found = rank(&[active(&[ALWAYS]), active(&[(0, 40)])]);
    assert!(close(evidence(&found, 0).starving, 0.6));
}

#[test]
fn evenly_spread_waiting_has_no_constraint() {
    let pair = || [queue(&[ALWAYS]), active(&[ALWAYS])];
    let found = rank(&[pair(), pair(), pair()].concat());
    assert_eq!(found.constraint, None);
    assert!(
        found
            .why
            .starts_with("No constraint stands out: stage 1 comes nearest; it takes 33 %")
    );
    assert_eq!(found.ranking.len(), 6);
}

#[test]
fn the_lead_must_be_strong_enough_and_far_enough_ahead() {
    // Stages before which so many items always wait.
    let spread = |parts: [usize; 4]| {
        let stages = parts.map(|items| [queue(&vec![ALWAYS; items]), active(&[ALWAYS])]);
        rank(&stages.concat()).constraint
    };
    // 0.7 x 36 % = 0.252 is enough, 0.7 x 35 % = 0.245 is not; the others are far behind.
    assert_eq!(spread([22, 36, 21, 21]), Some(StageIx(3)));
    assert_eq!(spread([23, 35, 21, 21]), None);
    // 0.7 x (53 - 47) % = 0.042 is not 0.05 ahead; 0.7 x (54 - 46) % = 0.056 is.
    assert_eq!(spread([53, 47, 0, 0]), None);
    assert_eq!(spread([54, 46, 0, 0]), Some(StageIx(1)));
}

#[test]
fn nothing_at_all_has_no_constraint() {
    assert_eq!(rank(&[]).constraint, None);
    assert_eq!(rank(&[queue(&[]), active(&[])]).constraint, None);
}
