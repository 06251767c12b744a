//! What planted streams vary in.

use crate::simulate::random::Dice;
use crate::simulate::stream::Spacing;

/// What one planted stream is like.
#[derive(Clone, Debug, PartialEq)]
pub struct Traits {
    /// Stages of work, 3 to 9.
    pub steps: usize,
    /// What holds the stream back; `None`: it is balanced.
    pub plant: Option<Plant>,
    /// Load of the constraint, or of every stage of a balanced stream.
    pub load: f64,
    /// Deviation of the logarithm of all service times, 0.2 to 0.9; other stages than the
    /// constraint may have one of their own.
    pub sigma: f64,
    /// How items come.
    pub spacing: Spacing,
    /// Limits of work in progress.
    pub limits: Limits,
    /// Teams; above one, some stages are served by people of each team, others by all together.
    pub teams: usize,
    /// A stage sends some of its items back.
    pub rework: bool,
    /// Items get blocked.
    pub blocks: bool,
    /// People work from Monday to Friday, nine to five; else round the clock.
    pub office: bool,
    /// Length of the window, days.
    pub days: u32,
    /// Items that come in the window, on average.
    pub items: f64,
}

/// A planted constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plant {
    /// Before or in which step of work, counted from 0.
    pub step: usize,
    /// What kind of constraint.
    pub cause: Cause,
    /// It came up when the window began; before, the stage was like the others.
    pub lately: bool,
}

/// What holds a stream back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The people of a stage cannot keep up.
    Work,
    /// Someone in a queue lets through too few.
    Approver,
    /// A queue is let through too seldom.
    Window,
}

/// Limits of work in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limits {
    /// None.
    None,
    /// Kept, and the stream's stages say so.
    Told,
    /// Kept, but weir is not told.
    Untold,
}

impl Traits {
    pub(super) fn draw(dice: &mut Dice, planted: bool) -> Self {
        let steps = 3 + dice.below(7);
        let plant = planted.then(|| Plant::draw(dice, steps));
        let load = match plant {
            Some(_) => between(dice, 0.9, 1.15),
            None => between(dice, 0.3, 0.75),
        };
        Self {
            steps,
            plant,
            load,
            sigma: between(dice, 0.2, 0.9),
            spacing: one_of(dice, &[Spacing::Random, Spacing::Random, Spacing::Even]),
            limits: one_of(
                dice,
                &[Limits::None, Limits::None, Limits::Told, Limits::Untold],
            ),
            teams: one_of(dice, &[1, 1, 2, 3]),
            rework: dice.happens(0.5),
            blocks: dice.happens(0.5),
            office: dice.happens(0.5),
            days: one_of(dice, &[30, 60, 90, 180]),
            items: 120.0 * (5.0_f64.ln() * dice.unit()).exp(),
        }
    }

    /// Items that come in a week.
    pub(super) fn per_week(&self) -> f64 {
        self.items * 7.0 / f64::from(self.days)
    }
}

impl Plant {
    fn draw(dice: &mut Dice, steps: usize) -> Self {
        let cause = one_of(
            dice,
            &[
                Cause::Work,
                Cause::Work,
                Cause::Work,
                Cause::Approver,
                Cause::Window,
            ],
        );
        Self {
            step: dice.below(steps),
            cause,
            lately: cause == Cause::Work && dice.happens(0.3),
        }
    }
}

pub(super) fn between(dice: &mut Dice, from: f64, to: f64) -> f64 {
    from + (to - from) * dice.unit()
}

/// One of some choices, each alike.
pub(super) fn one_of<T: Copy>(dice: &mut Dice, choices: &[T]) -> T {
    choices[dice.below(choices.len())]
}
