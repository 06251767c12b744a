//! How much happened when, over all recorded time.

use crate::model::id::ItemIx;
use crate::model::log::Log;
use crate::model::time::Sec;

use super::threads;

/// Into so many equal parts the recorded time is cut.
const PARTS: u16 = 400;

/// Items that a thread takes at once.
const BLOCK: usize = 4_096;

/// Moves by part of the recorded time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// When the first part begins.
    pub from: Sec,
    /// When the last part ends.
    pub to: Sec,
    /// Moves of each part; empty without events.
    pub moves: Vec<u32>,
}

impl Pulse {
    /// Of a log; costs a look at every move.
    pub fn of(log: &Log) -> Self {
        let Some((from, last)) = log.earliest_event().zip(log.last_event()) else {
            return Self::default();
        };
        let to = last.plus(1);
        let items = log.item_count();
        let begin = || vec![0_u32; PARTS.into()];
        let sums = threads::by_blocks(items.div_ceil(BLOCK), begin, |sums, block| {
            let own = block * BLOCK..items.min((block + 1) * BLOCK);
            let own = own.filter_map(|at| Some(ItemIx(u32::try_from(at).ok()?)));
            for at in own.flat_map(|item| log.moves(item).0) {
                if let Some(sum) = sums.get_mut(part(*at, from, to)) {
                    *sum += 1;
                }
            }
        });
        let mut moves = begin();
        for sum in sums {
            for (own, more) in moves.iter_mut().zip(sum) {
                *own += more;
            }
        }
        Self { from, to, moves }
    }
}

/// The part that an instant lies in.
fn part(at: Sec, from: Sec, to: Sec) -> usize {
    let length = to.since(from).max(1);
    let within = at.since(from).clamp(0, length - 1);
    usize::try_from(within * i64::from(PARTS) / length).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{PARTS, Pulse};
    use crate::metrics::board;
    use crate::model::log::LogBuilder;

    #[test]
    fn every_move_lies_in_its_part() {
        let known = board(&[(0, "Backlog"), (50, "Ready"), (51, "Build"), (100, "Done")]);
        let pulse = Pulse::of(known.log());
        assert_eq!(pulse.to.since(pulse.from), 100 * 86_400 + 1);
        let found = pulse
            .moves
            .iter()
            .enumerate()
            .filter(|(_, moves)| **moves > 0);
        let found: Vec<(usize, u32)> = found.map(|(at, moves)| (at, *moves)).collect();
        assert_eq!(found, [(0, 1), (199, 1), (203, 1), (399, 1)]);
        assert_eq!(pulse.moves.len(), usize::from(PARTS));
    }

    #[test]
    fn without_events_there_are_no_parts() {
        assert_eq!(Pulse::of(&LogBuilder::new().finish()), Pulse::default());
    }
}
