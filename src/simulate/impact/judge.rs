//! From what is compared to what is said.

use super::answer::{Effect, Finding, Impact, Measure, Verdict};
use super::arms::{Controls, Other, arms, others};
use super::beside::{beside, too_few};
use super::caution::{Mix, Side, cautions, per_cent};
use super::contrast::{Arm, Contrast, Draws, contrast};
use super::estimate::{Scale, real, seconds, whole};
use super::periods::Periods;
use super::placebo::Placebo;
use super::record::Record;
use super::trend::{STEEP, slope};
use super::{Doubt, FEWEST_DAYS, FEWEST_INDEPENDENT, LEAST, Need, SOUGHT, Terms};
use crate::metrics::Measures;
use crate::model::snapshot::{DatedChange, Snapshot};
use crate::model::time::{DAY_SECS, Window};

/// A share that moves by so much would have been seen where *no change seen* is said.
const SOUGHT_SHARE: f64 = 0.15;

/// A share that moves by less than this did not move.
const LEAST_SHARE: f64 = 0.02;

/// One change of one stream.
#[derive(Debug)]
pub(super) struct Case<'a> {
    snapshot: &'a Snapshot,
    measures: &'a Measures,
    change: &'a DatedChange,
    others: Vec<Other>,
    pub(super) own: Record,
    pub(super) kind_names: &'a [String],
    pub(super) terms: Terms,
    /// Weeks of the time after the change.
    pub(super) weeks: f64,
}

impl<'a> Case<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        measures: &'a Measures,
        change: &'a DatedChange,
        terms: Terms,
    ) -> Self {
        let mut streams = snapshot.streams().iter();
        let bound = streams.find(|bound| bound.stream().name == measures.stream);
        let knows_waiting = bound.is_some_and(|bound| bound.stream().knows_waiting());
        Self {
            own: Record::new(measures, knows_waiting),
            others: others(snapshot, measures, change),
            kind_names: bound.map_or(&[], |bound| bound.kinds()),
            weeks: 0.0,
            snapshot,
            measures,
            change,
            terms,
        }
    }

    pub(super) fn answer(mut self) -> Impact {
        let at = self.snapshot.zone().start_of(self.change.date);
        let mut answer = Impact {
            change: self.change.clone(),
            periods: None,
            verdict: Verdict::NoChangeSeen,
            flow_time: None,
            beside: Vec::new(),
            controls: Controls::default(),
            placebo: Placebo::default(),
            cautions: Vec::new(),
        };
        match Periods::of(&self.own, at, self.measures.header.as_of) {
            Err(doubt) => answer.verdict = cannot(doubt),
            Ok(periods) => {
                self.weeks = seconds(periods.after.seconds()) / seconds(7 * DAY_SECS);
                self.compare(&mut answer, periods);
            }
        }
        answer
    }

    fn compare(&self, answer: &mut Impact, periods: Periods) {
        let windows = periods.windows();
        let arms = arms(&self.own, &self.others, windows);
        let draws = Draws {
            seed: self.terms.seed,
            stream: 0,
            count: self.terms.draws,
        };
        let found = arms
            .as_ref()
            .and_then(|arms| contrast(arms, Scale::Plain, draws));
        let own = arms.iter().flatten().next();
        let mix = Mix::of(&self.own, &periods);
        answer.periods = Some(periods);
        answer.controls = Controls::of(&self.others, arms.as_deref().unwrap_or(&[]), windows);
        answer.placebo = Placebo::of(&self.own, &self.others, &periods, self.terms);
        let against = (mix, answer.placebo);
        answer.verdict = match (short(windows), own.zip(found)) {
            (Some(short), _) => cannot(short),
            (None, Some((own, found))) => self.verdict(own, &found, against),
            (None, None) => cannot(self.few(windows)),
        };
        answer.flow_time = Some(self.flow_time(windows, found, &answer.verdict));
        answer.beside = beside(self, &periods);
        let asked = (self.snapshot, self.measures);
        answer.cautions = cautions(asked, &self.own, answer, mix);
    }

    fn verdict(&self, own: &Arm, found: &Contrast, against: (Option<Mix>, Placebo)) -> Verdict {
        let seen = found.effect.abs() > found.reach;
        if seen && went_before(own, found) {
            return cannot(Doubt::Trend);
        }
        let said = settle(&Measure::FlowTime, found, seen, self.weeks);
        let objection = objection(found, against).filter(|_| said.is_change());
        objection.map_or(said, cannot)
    }

    fn few(&self, windows: [Window; 2]) -> Doubt {
        too_few(self.flowed(windows), self.weeks).unwrap_or(Doubt::Nothing)
    }

    /// Items with a flow time, before and after.
    fn flowed(&self, windows: [Window; 2]) -> [usize; 2] {
        windows.map(|window| {
            let finished = self.own.finished(window).iter();
            finished.filter(|one| one.flow.is_some()).count()
        })
    }

    fn flow_time(
        &self,
        windows: [Window; 2],
        found: Option<Contrast>,
        verdict: &Verdict,
    ) -> Finding {
        let usual = self.own.flow_percentile(windows[0], 50).unwrap_or(1);
        let mean = |window| {
            let parts = self.own.flow_times(window, usual).parts();
            let mean = super::estimate::total(parts.iter()).ratio().exp();
            Some(mean).filter(|mean| mean.is_finite())
        };
        let [before, after] = windows.map(mean);
        Finding {
            measure: Measure::FlowTime,
            n: self.flowed(windows),
            before,
            after,
            effect: found.map(|found| found.effect_of(&Measure::FlowTime)),
            p: found.map(|found| found.p),
            verdict: verdict.clone(),
        }
    }
}

pub(super) const fn cannot(doubt: Doubt) -> Verdict {
    Verdict::CannotTell(doubt)
}

fn short(windows: [Window; 2]) -> Option<Doubt> {
    let sides = [Side::Before, Side::After].into_iter().zip(windows);
    let days = |window: Window| u32::try_from(window.seconds() / DAY_SECS).unwrap_or(u32::MAX);
    let mut told = sides.map(|(side, window)| (side, days(window)));
    let (side, days) = told.find(|(_, days)| *days < FEWEST_DAYS)?;
    Some(Doubt::TooShort { side, days })
}

/// Whether flow time went the same way before the change already.
fn went_before(own: &Arm, found: &Contrast) -> bool {
    let slope = slope(&own.before);
    slope.abs() > STEEP && slope * found.effect > 0.0
}

/// What else speaks against a change that was seen.
fn objection(found: &Contrast, (mix, placebo): (Option<Mix>, Placebo)) -> Option<Doubt> {
    if placebo.speaks_against() {
        return Some(Doubt::Placebo {
            called: placebo.called,
            dates: placebo.dates,
        });
    }
    let mix = mix.filter(|mix| mix.explains(found.effect))?;
    Some(Doubt::Mix {
        within: per_cent(mix.within?),
    })
}

/// The verdict of a comparison; `seen` if its effect is clear of chance.
pub(super) fn settle(measure: &Measure, found: &Contrast, seen: bool, weeks: f64) -> Verdict {
    if let Some(doubt) = moves_together(found, weeks) {
        return cannot(doubt);
    }
    let (least, sought) = if measure.is_ratio() {
        (LEAST.ln(), SOUGHT.ln())
    } else {
        (LEAST_SHARE, SOUGHT_SHARE)
    };
    if seen && found.effect.abs() >= least {
        return measure.direction(found.effect);
    }
    if seen || found.effect.abs() + found.reach <= sought {
        return Verdict::NoChangeSeen;
    }
    let need = need_narrower(found, sought, weeks);
    cannot(Doubt::TooWide { need })
}

fn moves_together(found: &Contrast, weeks: f64) -> Option<Doubt> {
    let side = usize::from(found.worth[0] >= FEWEST_INDEPENDENT);
    if found.worth[side] >= FEWEST_INDEPENDENT {
        return None;
    }
    let (n, worth) = (found.n[side], found.worth[side]);
    let needed = real(n) * FEWEST_INDEPENDENT / worth;
    let (side, need) = if side == 0 {
        (Side::Before, Need::Baseline)
    } else {
        (Side::After, need_more(real(n), needed, weeks))
    };
    Some(Doubt::MovesTogether {
        side,
        n,
        worth,
        need,
    })
}

/// So many after the change are there, so many are needed.
pub(super) fn need_more(n: f64, needed: f64, weeks: f64) -> Need {
    let more = (needed - n).ceil().max(1.0);
    let pace = (n > 0.0 && weeks > 0.0).then(|| (more * weeks / n).ceil());
    Need::More {
        n: whole(more) as u64,
        weeks: pace.map(|weeks| whole(weeks) as u64),
    }
}

/// The variance of *after* falls with its number of items, that of *before* stays.
fn need_narrower(found: &Contrast, sought: f64, weeks: f64) -> Need {
    // Whichever comes first: the effect is clear of none, or of one that matters.
    let size = found.effect.abs();
    let wanted = (size.max(sought - size) / found.reach).powi(2);
    let left = (wanted - found.shares[0]) / found.shares[1];
    if !left.is_finite() || left <= 0.01 {
        return Need::Baseline;
    }
    let n = real(found.n[1]);
    need_more(n, n / left, weeks)
}

impl Contrast {
    /// In the unit of a measure.
    pub(super) fn effect_of(&self, measure: &Measure) -> Effect {
        let (low, high) = (self.effect - self.reach, self.effect + self.reach);
        let told = |effect: f64| {
            if measure.is_ratio() {
                effect.exp()
            } else {
                effect
            }
        };
        Effect {
            value: told(self.effect),
            low: told(low),
            high: told(high),
        }
    }
}
