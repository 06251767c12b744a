//! Phase share: where the time of finished items went, from creation to finish.

use crate::model::stage::{Class, Phase};
use crate::model::stream::Stream;
use crate::model::time::{Ruler, Sec};
use crate::model::timeline::Visit;

use super::clocked::stage_of;
use super::flow::seconds;

/// The share that a large survey of companies found for ideate, create and release: most delay
/// lies outside coding. Shown beside the stream's own shares.
pub const BENCHMARK: [(Phase, f64); 3] = [
    (Phase::Ideate, 0.48),
    (Phase::Create, 0.08),
    (Phase::Release, 0.44),
];

/// Time in the stages of one phase, done stages left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseShare {
    /// Which phase.
    pub phase: Phase,
    /// Of all phases' time, from 0 to 1; `None` if there was none.
    pub share: Option<f64>,
    /// Seconds over all items.
    pub seconds: i64,
}

/// Sums the time in phases.
#[derive(Clone, Debug)]
pub(super) struct PhaseTimes {
    /// By stage; `None` for done stages.
    phases: Vec<Option<Phase>>,
    present: Vec<Phase>,
    seconds: [i64; 4],
    ruler: Ruler,
}

impl PhaseTimes {
    pub(super) fn new(stream: &Stream, ruler: &Ruler) -> Self {
        let phase_of = |class: Class, phase: Phase| (class != Class::Done).then_some(phase);
        let phases: Vec<Option<Phase>> = stream
            .stages
            .iter()
            .map(|stage| phase_of(stage.class, stage.phase))
            .collect();
        let present = Phase::ALL
            .into_iter()
            .filter(|phase| phases.contains(&Some(*phase)))
            .collect();
        Self {
            phases,
            present,
            seconds: [0; 4],
            ruler: ruler.clone(),
        }
    }

    /// Adds a finished item's visits up to its finish.
    pub(super) fn add(&mut self, visits: &[Visit], finished: Sec) {
        for visit in visits {
            let phase = stage_of(visit.position).and_then(|stage| self.phases[stage.index()]);
            if let Some(phase) = phase {
                let length = self
                    .ruler
                    .between(visit.from, visit.to.min(finished))
                    .max(0);
                self.seconds[phase as usize] += length;
            }
        }
    }

    /// Adds what another part gathered.
    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in self.seconds.iter_mut().zip(other.seconds) {
            *own += more;
        }
    }

    pub(super) fn settle(&self) -> Vec<PhaseShare> {
        let all: i64 = self.seconds.iter().sum();
        let share = |own: i64| (all > 0).then(|| seconds(own) / seconds(all));
        let settle = |phase: &Phase| PhaseShare {
            phase: *phase,
            share: share(self.seconds[*phase as usize]),
            seconds: self.seconds[*phase as usize],
        };
        self.present.iter().map(settle).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Phase, PhaseTimes, Ruler, Sec, Visit};
    use crate::metrics::fixture::stream;
    use crate::model::id::StageIx;
    use crate::model::timeline::Position;

    fn stay(stage: u8, from: u32, to: u32) -> Visit {
        Visit {
            position: Position::Stage(StageIx(stage)),
            from: Sec(from),
            to: Sec(to),
        }
    }

    #[test]
    fn time_ends_with_the_finish_and_done_stages_have_none() {
        let mut times = PhaseTimes::new(&stream(), &Ruler::elapsed());
        // Back from done for 10 seconds, then outside the stages, then done for good at 70.
        let outside = Visit {
            position: Position::Cancelled,
            ..stay(0, 50, 60)
        };
        let visits = [
            stay(0, 0, 20),
            stay(3, 20, 40),
            stay(2, 40, 50),
            outside,
            stay(1, 60, 90),
        ];
        times.add(&visits, Sec(70));
        let shares = times.settle();
        let seconds: Vec<(Phase, i64)> =
            shares.iter().map(|one| (one.phase, one.seconds)).collect();
        assert_eq!(seconds, [(Phase::Ideate, 20), (Phase::Create, 20)]);
        assert_eq!(shares[0].share, Some(0.5));
    }

    #[test]
    fn without_time_there_is_no_share() {
        let shares = PhaseTimes::new(&stream(), &Ruler::elapsed()).settle();
        assert_eq!(shares.len(), 2);
        assert!(shares.iter().all(|one| one.share.is_none()));
    }
}
