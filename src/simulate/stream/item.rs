//! One item on its way.

use std::sync::Arc;

use super::floor::Ticket;
use crate::simulate::random::Dice;

/// An item that is not over, or may come back.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) arrivals: usize,
    pub(super) special: Option<usize>,
    pub(super) team: usize,
    pub(super) rank: u8,
    pub(super) stage: usize,
    /// Counts the stages entered.
    pub(super) visit: u32,
    /// The plan for the end of its step that counts; earlier ones are void.
    pub(super) plan: u32,
    /// Counts what happened to it.
    pub(super) seq: u32,
    /// Part of the usual service time that work on it takes.
    pub(super) effort: f64,
    pub(super) doing: Doing,
    /// Who has it.
    pub(super) assignee: Option<Arc<str>>,
    pub(super) luck: Luck,
}

/// An item's own random numbers and whether it is stopped.
#[derive(Clone, Debug)]
pub(super) struct Luck {
    pub(super) dice: Dice,
    pub(super) blocked: bool,
}

/// What an item does in its stage.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    /// Time passes.
    Passing,
    /// Its time has passed, but it is blocked.
    Held,
    /// It waits for a gate.
    Gathered(Ticket),
    /// Its step is over; it waits for another stage.
    Waiting { to: usize, ticket: Ticket },
    /// It is in a stage of work and nobody works on it; so many seconds of work are left.
    Idle { left: i64, ticket: Option<Ticket> },
    /// Someone works on it, until the working clock shows so much.
    Served { worker: usize, ends: i64 },
    /// It is done and comes back later.
    Over,
}
