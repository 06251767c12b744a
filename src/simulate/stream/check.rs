//! Whether a model can be simulated.

use super::model::{Arrivals, Opening, Passes, Shifted, StageModel, Step, StreamModel};

/// Why a model cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The last stage must end the items.
    #[error("the last stage must be one where items are done")]
    NoEnd,
    /// A position that is not there.
    #[error("{place} names {what} {position}, but there are only {count}")]
    NoSuch {
        /// Where it is named.
        place: String,
        /// A stage, a crew, a team, …
        what: &'static str,
        /// The position named, counted from 0.
        position: usize,
        /// How many there are.
        count: usize,
    },
    /// A chance outside 0 to 1, or a return that is certain and so never ends.
    #[error("{place}: {chance} is no chance; use a number from 0 to 1, for returns below 1")]
    Chance {
        /// Where.
        place: String,
        /// What was given.
        chance: String,
    },
    /// No working time at all.
    #[error("the calendar has no working hours")]
    NoHours,
    /// A rate or factor of arrivals that is no number, negative, or beyond a million a week.
    #[error("{rate} is no rate of arrivals; use 0 to 1,000,000 a week, and factors of at least 0")]
    Rate {
        /// What was given.
        rate: String,
    },
    /// Items cannot be created in such a stage.
    #[error("items cannot be created in {stage}; use a queue, delay or gate without a limit")]
    Entry {
        /// Which stage.
        stage: String,
    },
    /// A crew must have one list of people or one for each team.
    #[error("crew {crew} has {lists} lists of people; use one, or one for each of {teams} teams")]
    Crew {
        /// Which crew, counted from 0.
        crew: usize,
        /// How many lists it has.
        lists: usize,
        /// How many teams there are.
        teams: usize,
    },
    /// A timetable without a day or a gate that opens for nobody.
    #[error("the gate in {stage} never opens")]
    Closed {
        /// Which stage.
        stage: String,
    },
}

impl StreamModel {
    /// Proves that every position, chance and crew of the model makes sense.
    ///
    /// # Errors
    /// The first [`ModelError`] found.
    pub fn check(&self) -> Result<(), ModelError> {
        match self.stages.last().map(|stage| &stage.step) {
            Some(Step::Done(_)) => {}
            _ => return Err(ModelError::NoEnd),
        }
        let (from, to) = self.calendar.hours;
        if from >= to || !self.calendar.workdays.contains(&true) {
            return Err(ModelError::NoHours);
        }
        self.stages.iter().try_for_each(|s| self.check_stage(s))?;
        self.arrivals
            .iter()
            .try_for_each(|a| self.check_arrivals(a))?;
        self.check_crews()?;
        self.check_specials()?;
        self.check_shifts()
    }

    fn check_stage(&self, stage: &StageModel) -> Result<(), ModelError> {
        let place = &stage.status;
        check_chance(place, stage.skip, 1.0)?;
        check_chance(place, stage.drop, 1.0)?;
        if let Some(rework) = &stage.rework {
            check_chance(place, rework.chance, BELOW_ONE)?;
            self.check_position(place, rework.to)?;
        }
        if let Some(trouble) = &stage.trouble {
            check_chance(place, trouble.chance, 1.0)?;
        }
        match &stage.step {
            Step::Work { crew, .. } => within(place, "crew", *crew, self.crews.len()),
            Step::Done(Some(reopening)) => {
                check_chance(place, reopening.chance, BELOW_ONE)?;
                self.check_position(place, reopening.to)
            }
            Step::Gate(gate) if never_opens(&gate.opens) => Err(ModelError::Closed {
                stage: place.clone(),
            }),
            Step::Gate(gate) => check_passes(place, gate.passes),
            Step::Queue | Step::Delay(_) | Step::Done(None) => Ok(()),
        }
    }

    fn check_arrivals(&self, arrivals: &Arrivals) -> Result<(), ModelError> {
        check_rate(arrivals)?;
        self.check_position("an arrival", arrivals.enter)?;
        let stage = &self.stages[arrivals.enter];
        let open = matches!(stage.step, Step::Queue | Step::Delay(_) | Step::Gate(_));
        if open && stage.limit.is_none() {
            return Ok(());
        }
        Err(ModelError::Entry {
            stage: stage.status.clone(),
        })
    }

    fn check_crews(&self) -> Result<(), ModelError> {
        let teams = self.teams.len();
        let fits = |lists: usize| lists == 1 || (lists == teams && teams > 0);
        let odd = self.crews.iter().position(|c| !fits(c.people.len()));
        odd.map_or(Ok(()), |crew| {
            let lists = self.crews[crew].people.len();
            Err(ModelError::Crew { crew, lists, teams })
        })
    }

    fn check_specials(&self) -> Result<(), ModelError> {
        self.specials.iter().try_for_each(|special| {
            let place = "a planted item";
            within(place, "arrival", special.arrivals, self.arrivals.len())?;
            within(place, "team", special.team, self.teams.len().max(1))?;
            let stage = special.trouble.as_ref().map_or(0, |(stage, _)| *stage);
            self.check_position(place, stage)
        })
    }

    fn check_shifts(&self) -> Result<(), ModelError> {
        self.shifts.iter().try_for_each(|shift| match shift.what {
            Shifted::Duration { stage, .. } => self.check_position("a shift", stage),
            Shifted::Passes { stage, passes } => {
                check_passes("a shift", passes)?;
                self.check_position("a shift", stage)
            }
            Shifted::ArrivalRate { factor } => check_factor(factor, f64::MAX),
        })
    }

    fn check_position(&self, place: &str, stage: usize) -> Result<(), ModelError> {
        within(place, "stage", stage, self.stages.len())
    }
}

const MOST_A_WEEK: f64 = 1_000_000.0;
const BELOW_ONE: f64 = 1.0 - f64::EPSILON;

fn check_chance(place: &str, chance: f64, most: f64) -> Result<(), ModelError> {
    if (0.0..=most).contains(&chance) {
        return Ok(());
    }
    Err(ModelError::Chance {
        place: place.to_owned(),
        chance: chance.to_string(),
    })
}

fn check_passes(place: &str, passes: Passes) -> Result<(), ModelError> {
    match passes {
        Passes::Share(chance) | Passes::Each(chance) => check_chance(place, chance, 1.0),
        Passes::All | Passes::AtMost(_) => Ok(()),
    }
}

fn check_rate(arrivals: &Arrivals) -> Result<(), ModelError> {
    check_factor(arrivals.per_week, MOST_A_WEEK)?;
    let rhythm = &arrivals.rhythm;
    let mut factors = rhythm.days.iter().chain(&rhythm.months);
    factors.try_for_each(|factor| check_factor(*factor, f64::MAX))
}

fn check_factor(rate: f64, most: f64) -> Result<(), ModelError> {
    if (0.0..=most).contains(&rate) {
        return Ok(());
    }
    Err(ModelError::Rate {
        rate: rate.to_string(),
    })
}

fn within(
    place: &str,
    what: &'static str,
    position: usize,
    count: usize,
) -> Result<(), ModelError> {
    if position < count {
        return Ok(());
    }
    Err(ModelError::NoSuch {
        place: place.to_owned(),
        what,
        position,
        count,
    })
}

fn never_opens(opening: &Opening) -> bool {
    match opening {
        Opening::Meets(times) => times.days.is_empty() || times.week >= times.every_weeks,
        Opening::Gathers(count) => *count == 0,
    }
}
