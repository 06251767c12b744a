//! Which stage holds the stream back, with the evidence. METRICS "Bottleneck".
//!
//! Work piles up *before* the stage that cannot keep up. So what waits in a queue is charged to the
//! active stage that drains it. If that stage stands nearly empty although work waits, it is not what
//! holds the work up: then the queue itself is charged, a hidden approver or a release window. Where
//! stages stand at their limits one behind the other, what waits is charged to the last of them.
//!
//! score = waiting · pressure · (0.7 + 0.1 · growth + 0.1 · ageing + 0.1 · starving). A constraint
//! stands out when its score is at least 0.25 and at least 0.05 above the next. How often that is right
//! is judged on planted streams (`tests/judged`).
//!
//! Cost: nothing is read twice for it. The one pass over the items leaves every move as a change of
//! loads; two walks over the changes that lie in the window do the rest, a third where stages have
//! limits.

mod charge;
mod evidence;
mod phase;
mod route;
mod sentence;
#[cfg(test)]
mod tests;
mod walk;

use crate::model::id::StageIx;
use crate::model::time::{Ruler, Window};

use super::loads::{Lasting, Stretch};
use super::stages::{Moves, StageMeasures};
use charge::Charges;
use route::Route;

const BY_WAITING: f64 = 0.7;
const BY_SIGN: f64 = 0.1;
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
    /// By stage of the stream, whom most of its waiting is charged to: itself, or the stage that
    /// drains it.
    pub charged_to: Vec<StageIx>,
}

/// What speeding one stage up would bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gain {
    /// It holds the stream back: all of the stream gains.
    All,
    /// What waits in it waits for this stage, which holds the stream back.
    Drained(StageIx),
    /// Nothing: this other stage holds the stream back.
    Nothing(StageIx),
    /// No constraint stands out.
    Unknown,
}

impl Bottleneck {
    /// What speeding a stage up would bring.
    pub fn gain(&self, stage: StageIx) -> Gain {
        match (self.constraint, self.charged_to.get(stage.index())) {
            (None, _) => Gain::Unknown,
            (Some(constraint), _) if constraint == stage => Gain::All,
            (Some(constraint), Some(charged)) if *charged == constraint => {
                Gain::Drained(constraint)
            }
            (Some(constraint), _) => Gain::Nothing(constraint),
        }
    }
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

/// Five signs, each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Share of all waiting in the window that is charged to it.
    pub waiting: f64,
    /// Share of the time in which any work is in progress, in which some of it waits and is charged
    /// to it.
    pub pressure: f64,
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
        let signs = BY_WAITING + BY_SIGN * (self.growth + self.ageing + self.starving);
        self.waiting * self.pressure * signs
    }
}

/// What the ranking is made from: the finished measures and how the loads changed.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub(super) stages: &'a [StageMeasures],
    pub(super) moves: &'a Moves,
    /// The window, part by part.
    pub(super) stretches: &'a [Stretch<'a>],
    pub(super) lasting: &'a Lasting,
    pub(super) window: Window,
    pub(super) ruler: &'a Ruler,
}

impl Input<'_> {
    /// Ranks the committed stages.
    pub(super) fn rank(self) -> Bottleneck {
        let route = Route::of(self);
        let charges = Charges::of(self, &route);
        let case = Case {
            input: self,
            route: &route,
            charges: &charges,
        };
        let ranking = case.ranking();
        let constraint = standing_out(&ranking);
        Bottleneck {
            constraint: constraint.map(|lead| lead.stage),
            why: match constraint {
                Some(lead) => case.sentence(&lead),
                None => case.nothing_stands_out(&ranking),
            },
            ranking,
            charged_to: case.charged_to(),
        }
    }
}

/// All that is known when the stages are ranked.
#[derive(Clone, Copy)]
struct Case<'a> {
    input: Input<'a>,
    route: &'a Route,
    charges: &'a Charges,
}

impl Case<'_> {
    fn charged_to(self) -> Vec<StageIx> {
        let stages = self.input.stages;
        let charged = |at: usize| stages[self.charges.answers_for(self.route, at)].stage;
        (0..stages.len()).map(charged).collect()
    }

    fn ranking(self) -> Vec<Ranked> {
        let committed = self.input.stages.iter().enumerate();
        let committed = committed.filter(|(_, stage)| stage.class.is_committed());
        let mut ranking: Vec<Ranked> = committed
            .map(|(at, stage)| {
                let evidence = self.evidence(at);
                Ranked {
                    stage: stage.stage,
                    score: evidence.score(),
                    evidence,
                }
            })
            .collect();
        ranking.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.stage.cmp(&b.stage)));
        ranking
    }
}

/// The lead of the ranking, if it is strong enough and far enough ahead.
fn standing_out(ranking: &[Ranked]) -> Option<Ranked> {
    let next = ranking.get(1).map_or(0.0, |next| next.score);
    let lead = ranking.first().copied();
    lead.filter(|lead| lead.score >= ENOUGH && lead.score - next >= AHEAD)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}
