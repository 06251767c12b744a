//! Which stage holds the stream back, with the evidence. METRICS "Bottleneck".
//!
//! Work piles up *before* the stage that cannot keep up. So the evidence of a queue is charged to
//! the active stage that drains it (the one most of its items go to), unless that stage starves (stands below half its usual load)
//! for most of the time in which work waits: then the queue itself is the constraint, a hidden
//! approver or a release window.
//!
//! score = 0.7 · waiting + 0.1 · growth + 0.1 · ageing + 0.1 · starving. A constraint stands
//! out when its score is at least 0.25 and at least 0.05 above the next.

use crate::model::id::StageIx;
use crate::model::stage::Class;
use crate::model::time::{Window, days};

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
                Some(lead) => self.sentence(&lead),
                None => "No constraint stands out: waiting is spread over the stages.".to_owned(),
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
        let usual = self.sums[active].loads.percentile(self.window, 85);
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
        let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
        let mut from = self.window.from;
        while let (Some(left), Some(right)) = (a.peek().copied(), b.peek().copied()) {
            let to = left.1.min(right.1);
            each(to.since(from), left.2, right.2);
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

    fn starving(self, at: usize) -> f64 {
        let right = at + 1..self.stages.len();
        let Some(queue) = right
            .clone()
            .find(|next| self.stages[*next].class == Class::Queue)
        else {
            return self.active_starving(
                right
                    .clone()
                    .find(|next| self.stages[*next].class == Class::Active),
            );
        };
        let Some(active) = self.drains(queue) else {
            return 0.0;
        };
        let usual = self.sums[active].loads.percentile(self.window, 85);
        let mut starving = 0;
        self.together(queue, active, |length, queued, worked| {
            starving += if queued == 0 && worked < usual {
                length
            } else {
                0
            };
        });
        ratio(seconds(starving), seconds(self.window.seconds()))
    }

    /// Without a queue to the right: the next active stage's time below its usual load.
    fn active_starving(self, active: Option<usize>) -> f64 {
        let Some(active) = active else {
            return 0.0;
        };
        let usual = self.sums[active].loads.percentile(self.window, 85);
        let below = self.sums[active].loads.spans(self.window).into_iter();
        let starving: i64 = below
            .filter(|(_, _, load)| *load < usual)
            .map(|(from, to, _)| to.since(from))
            .sum();
        ratio(seconds(starving), seconds(self.window.seconds()))
    }

    fn sentence(self, lead: &Ranked) -> String {
        let stage = &self.stages[lead.stage.index()];
        let length = days(self.window.seconds()).max(1.0);
        let mut parts = vec![
            format!(
                "{:.1} a day arrive, {:.1} leave",
                count(stage.arrivals) / length,
                count(stage.departures) / length
            ),
            format!(
                "{:.0} % of all waiting is for it",
                lead.evidence.waiting * 100.0
            ),
        ];
        if stage.past_p85 > 0 {
            parts.push(format!(
                "{} of its {} items are past P85",
                stage.past_p85, stage.load
            ));
        }
        let next = self.stages.get(lead.stage.index() + 1);
        if let Some(next) = next.filter(|_| lead.evidence.starving >= 0.2) {
            let share = lead.evidence.starving * 100.0;
            parts.push(format!("{} starves {share:.0} % of the time", next.name));
        }
        format!(
            "{} holds the stream back: {}.",
            stage.name,
            parts.join("; ")
        )
    }
}

fn growth(stage: &StageMeasures) -> f64 {
    let (arrived, left) = (count(stage.arrivals), count(stage.departures));
    ratio(arrived - left, arrived).max(0.0)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
