//! What happens by itself, and when. Nothing is due while nothing moves.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::app::{Animation, FRAMES_A_SECOND, Notice, State};

/// The state of sources is drawn so often at most.
const HEALTH_EVERY: Duration = Duration::from_millis(100);

/// So long a word stands that something went well.
const NOTICE: Duration = Duration::from_secs(6);

/// How long a frame stands while time passes.
const FRAME: Duration = Duration::from_millis(1_000 / FRAMES_A_SECOND as u64);

/// How long a frame stands while levels settle.
const SETTLE: Duration = Duration::from_millis(40);

/// What a walk is timed in, and time passes in where pictures stand still.
const SECOND: Duration = Duration::from_secs(1);

/// The instants at which something is due.
pub(super) struct Due {
    /// The clock is looked at.
    pub(super) clock: Interval,
    /// The health of sources is looked at, not before.
    pub(super) health: Instant,
    /// The next second of a walk has passed.
    pub(super) second: Option<Instant>,
    /// Time that plays goes on.
    pub(super) frame: Option<Instant>,
    /// Levels go on settling.
    pub(super) settle: Option<Instant>,
    /// The word to the user that goes by itself, and when.
    fading: Option<(Notice, Instant)>,
}

impl Due {
    /// With a clock that is looked at so often.
    pub(super) fn new(tick: Duration) -> Self {
        let mut clock = tokio::time::interval(tick);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            clock,
            health: Instant::now(),
            second: None,
            frame: None,
            settle: None,
            fading: None,
        }
    }

    /// Sees what is to happen by itself in this state.
    pub(super) fn plan(&mut self, state: &State) {
        let now = Instant::now();
        let plays = state.is_playing() && !state.asked.computing;
        let frame = match state.terminal.animation {
            Animation::On => FRAME,
            Animation::Off => SECOND,
        };
        plan(&mut self.second, state.is_walking(), now + SECOND);
        plan(&mut self.frame, plays, now + frame);
        plan(&mut self.settle, state.is_settling(), now + SETTLE);
        let goes = state.notice.as_ref().filter(|notice| !notice.stays());
        let known = self.fading.take();
        let known = known.filter(|(notice, _)| Some(notice) == goes);
        self.fading = known.or_else(|| Some((goes?.clone(), now + NOTICE)));
    }

    /// When the word to the user goes by itself.
    pub(super) fn fades(&self) -> Option<Instant> {
        self.fading.as_ref().map(|(_, at)| *at)
    }

    /// The health of sources has been looked at.
    pub(super) fn health_seen(&mut self) {
        self.health = Instant::now() + HEALTH_EVERY;
    }

    /// A second of a walk has passed; none is made up for that passed unseen.
    pub(super) fn second_passed(&mut self) {
        let now = Instant::now();
        let next = self.second.map(|due| due + SECOND);
        self.second = next.map(|next| if next < now { now + SECOND } else { next });
    }

    /// Levels have been settling for so many milliseconds more.
    pub(super) fn settled(&mut self) -> u32 {
        let late = self.settle.take().map(|due| due.elapsed());
        let passed = SETTLE + late.unwrap_or_default();
        u32::try_from(passed.as_millis()).unwrap_or(u32::MAX)
    }
}

/// What is wanted keeps the instant it is due at, or is due `first`.
fn plan(due: &mut Option<Instant>, wanted: bool, first: Instant) {
    *due = wanted.then(|| due.unwrap_or(first));
}

/// Waits for what is due; for ever if nothing is.
pub(super) async fn at(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
