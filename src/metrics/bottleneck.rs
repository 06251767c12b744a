//! Which stage holds the stream back, with the evidence. METRICS "Bottleneck".
//!
//! Work piles up *before* the stage that cannot keep up. So the evidence of a queue is charged to
//! the active stage that drains it (the one most of its items go to), unless that stage starves
//! (stands below half its usual load) for most of the time in which work waits: then the queue
//! itself is the constraint, a hidden approver or a release window.
//!
//! score = 0.7 · waiting + 0.1 · growth + 0.1 · ageing + 0.1 · starving. A constraint stands
//! out when its score is at least 0.25 and at least 0.05 above the next.

use crate::model::id::StageIx;
use crate::model::stage::Class;
use crate::model::time::{Ruler, Window, days};

use super::flow::{count, seconds};
use super::stages::{StageMeasures, StageSum};

const WAITING: f64 = 0.70;
const GROWTH: f64 = 0.10;
const AGEING: f64 = 0.10;
const STARVING: f64 = 0.10;
const ENOUGH: f64 = 0.25;
const AHEAD: f64 = 0.05;

/// The constraint, if one stands out, and how the stages rank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bottleneck {
    /// The stage that holds the stream back.
    pub constraint: Option<StageIx>,
    /// One sentence, in numbers.
    pub why: String,
    /// Committed stages, the strongest evidence first.
    pub ranking: Vec<Ranked>,
}

/// A stage in the ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// Which stage.
    pub stage: StageIx,
    /// 0 to 1.
    pub score: f64,
    /// What the score is made of.
    pub evidence: Evidence,
}

/// Four signs, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Share of all waiting in the window, that of the queues it drains included.
    pub waiting: f64,
    /// (arrivals − departures) ÷ arrivals, not below 0.
    pub growth: f64,
    /// Share of the items now there, or in the queues it drains, that are past the P85 pace band.
    pub ageing: f64,
    /// Share of the window in which the next queue is empty while its active stage stands below
    /// its own P85 load.
    pub starving: f64,
}

impl Evidence {
    fn score(self) -> f64 {
        WAITING * self.waiting
            + GROWTH * self.growth
            + AGEING * self.ageing
            + STARVING * self.starving
    }
}

/// What the ranking is made from: the finished measures and the load lines.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) stages: &'a [StageMeasures],
    pub(super) sums: &'a [StageSum],
    pub(super) window: Window,
    pub(super) ruler: &'a Ruler,
}

impl Input<'_> {
    /// Ranks the committed stages.
    pub(super) fn rank(self) -> Bottleneck {
        let charged: Vec<usize> = (0..self.stages.len())
            .map(|at| self.charged_to(at))
            .collect();
        let mut ranking: Vec<Ranked> = (0..self.stages.len())
            .filter(|at| self.stages[*at].class.is_committed())
            .map(|at| {
                let evidence = self.evidence(at, &charged);
                Ranked {
                    stage: self.stages[at].stage,
                    score: evidence.score(),
                    evidence,
                }
            })
            .collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.stage.cmp(&b.stage)));
        let lead = ranking.first().copied();
        let next = ranking.get(1).map_or(0.0, |next| next.score);
        let constraint = lead.filter(|lead| lead.score >= ENOUGH && lead.score - next >= AHEAD);
        Bottleneck {
            why: match constraint {
                Some(lead) => self.sentence(&lead, &charged),
                None => self.nothing_stands_out(),
            },
            constraint: constraint.map(|lead| lead.stage),
            ranking,
        }
    }

    /// The active stage that drains a queue and keeps it waiting by being busy; else itself.
    fn charged_to(self, queue: usize) -> usize {
        if self.stages[queue].class != Class::Queue {
            return queue;
        }
        match self.drains(queue) {
            Some(active) if !self.starves_while_work_waits(queue, active) => active,
            _ => queue,
        }
    }

    /// The stage that most items went to from a queue, if it is active.
    fn drains(self, queue: usize) -> Option<usize> {
        let exits = self.sums[queue].exits_to.iter().enumerate();
        let (most, _) = exits
            .filter(|(_, count)| **count > 0)
            .max_by_key(|(_, count)| **count)?;
        (self.stages[most].class == Class::Active).then_some(most)
    }

    fn starves_while_work_waits(self, queue: usize, active: usize) -> bool {
        let usual = self.sums[active]
            .loads
            .percentile(self.window, 85, self.ruler);
        let (mut waiting, mut idle) = (0, 0);
        self.together(queue, active, |length, queued, worked| {
            if queued > 0 {
                waiting += length;
                idle += if 2 * worked < usual.max(1) { length } else { 0 };
            }
        });
        waiting > 0 && 2 * idle > waiting
    }

    /// Calls `each` with (seconds, load of `a`, load of `b`) for every span of the window in which
    /// both loads are constant.
    fn together(self, a: usize, b: usize, mut each: impl FnMut(i64, i64, i64)) {
        let (a, b) = (
            self.sums[a].loads.spans(self.window),
            self.sums[b].loads.spans(self.window),
        );
        let (mut a, mut b) = (a.peekable(), b.peekable());
        let mut from = self.window.from;
        while let (Some(left), Some(right)) = (a.peek().copied(), b.peek().copied()) {
            let to = left.1.min(right.1);
            each(self.ruler.between(from, to), left.2, right.2);
            from = to;
            a.next_if(|span| span.1 <= to);
            b.next_if(|span| span.1 <= to);
        }
    }

    fn evidence(self, at: usize, charged: &[usize]) -> Evidence {
        let own: Vec<usize> = (0..self.stages.len())
            .filter(|from| charged[*from] == at)
            .collect();
        let all: i64 = self.sums.iter().map(|sum| sum.waiting).sum();
        let waiting: i64 = own.iter().map(|from| self.sums[*from].waiting).sum();
        let load: u64 = own.iter().map(|from| self.stages[*from].load).sum();
        let past: u64 = own.iter().map(|from| self.stages[*from].past_p85).sum();
        let growth = own
            .iter()
            .map(|from| growth(&self.stages[*from]))
            .fold(0.0, f64::max);
        Evidence {
            waiting: ratio(seconds(waiting), seconds(all)),
            growth,
            ageing: ratio(count(past), count(load)),
            starving: if own.is_empty() {
                0.0
            } else {
                self.starving(at)
            },
        }
    }

    /// The next queue to the right, if there is one, and the active stage that may starve.
    fn downstream(self, at: usize) -> Option<(Option<usize>, usize)> {
        let mut right = at + 1..self.stages.len();
        let queue = right
            .clone()
            .find(|next| self.stages[*next].class == Class::Queue);
        match queue {
            Some(queue) => self.drains(queue).map(|active| (Some(queue), active)),
            None => right
                .find(|next| self.stages[*next].class == Class::Active)
                .map(|active| (None, active)),
        }
    }

    /// Share of the window in which the active stage downstream stands below its own P85 load with
    /// nothing in the queue before it.
    fn starving(self, at: usize) -> f64 {
        let Some((queue, active)) = self.downstream(at) else {
            return 0.0;
        };
        let usual = self.sums[active]
            .loads
            .percentile(self.window, 85, self.ruler);
        let mut starving = 0;
        self.together(queue.unwrap_or(active), active, |length, queued, worked| {
            let empty = queue.is_none() || queued == 0;
            starving += if empty && worked < usual { length } else { 0 };
        });
        ratio(seconds(starving), seconds(self.ruler.length(self.window)))
    }

    /// What a reader is told: what waits and where, how fast work comes and goes, what it costs.
    fn sentence(self, lead: &Ranked, charged: &[usize]) -> String {
        let at = lead.stage.index();
        let stage = &self.stages[at];
        let mut parts = vec![self.queued(at, charged), self.passing(stage)];
        let share = lead.evidence.waiting * 100.0;
        if share >= 0.5 {
            parts.push(format!("it takes {share:.0} % of all waiting"));
        }
        let starved = self
            .downstream(at)
            .filter(|_| lead.evidence.starving >= 0.2);
        if let Some((_, active)) = starved {
            let (name, share) = (&self.stages[active].name, lead.evidence.starving * 100.0);
            parts.push(format!("{name} starves {share:.0} % of the time"));
        }
        format!(
            "{} holds the stream back: {}.",
            stage.name,
            parts.join("; ")
        )
    }

    fn nothing_stands_out(self) -> String {
        let waiting: i64 = self.sums.iter().map(|sum| sum.waiting).sum();
        let why = if waiting > 0 {
            "waiting is spread over the stages"
        } else {
            "no waiting is known in the window"
        };
        format!("No constraint stands out: {why}.")
    }

    /// "2.1 a day arrive, 1.2 leave"; in whole items where a rate would round to nothing.
    fn passing(self, stage: &StageMeasures) -> String {
        let length = days(self.window.seconds()).max(1.0);
        let rates = [stage.arrivals, stage.departures].map(|items| count(items) / length);
        let told = |rate: &f64| *rate >= 0.05;
        if let [arrived, left] = rates
            && rates.iter().all(told)
        {
            return format!("{arrived:.1} a day arrive, {left:.1} leave");
        }
        let (arrived, left) = (stage.arrivals, stage.departures);
        format!("{arrived} arrived and {left} left in {length:.0} d")
    }

    /// "37 items wait in it", or, for an active stage, "36 items wait for it in Ready".
    fn queued(self, at: usize, charged: &[usize]) -> String {
        let own = self.stages.iter().zip(charged).filter(|(_, to)| **to == at);
        let queues: Vec<&StageMeasures> = own
            .map(|(stage, _)| stage)
            .filter(|stage| stage.class == Class::Queue)
            .collect();
        let load: u64 = queues.iter().map(|stage| stage.load).sum();
        if self.stages[at].class == Class::Queue {
            return format!("{} in it", items(load, "waits", "wait"));
        }
        let names: Vec<&str> = queues.iter().map(|stage| stage.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("{} in it", items(self.stages[at].load, "is", "are")),
            names => format!(
                "{} for it in {}",
                items(load, "waits", "wait"),
                names.join(", ")
            ),
        }
    }
}

/// "1 item waits", "3 items wait".
fn items(number: u64, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 item {one}"),
        _ => format!("{number} items {many}"),
    }
}

fn growth(stage: &StageMeasures) -> f64 {
    let (arrived, left) = (count(stage.arrivals), count(stage.departures));
    ratio(arrived - left, arrived).max(0.0)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Bottleneck, Class, Input, StageIx, StageMeasures, StageSum, Window};
    use crate::model::stage::Phase;
    use crate::model::time::{DAY_SECS, Ruler, Sec};
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
        let stages: Vec<StageMeasures> =
            (0..).zip(plants).map(|(at, one)| stage(at, one)).collect();
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
            ruler: &Ruler::elapsed(),
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
}
