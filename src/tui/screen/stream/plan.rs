//! What stands where on the home screen.

use ratatui::layout::Rect;

use crate::app::State;

/// The parts of the home screen. A part without room has no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) header: Rect,
    pub(super) measures: Rect,
    pub(super) shares: Rect,
    pub(super) strip: Rect,
    pub(super) why: Rect,
    pub(super) queue: Rect,
}

/// How many rows each part gets, top to bottom; the queue takes what is left.
fn rows(width: u16, height: u16) -> [u16; 5] {
    let measures = match (width, height) {
        (100.., 30..) => 4,
        (100.., _) | (_, ..16) => 1,
        _ => 2,
    };
    let shares = match height {
        ..20 => 0,
        20..34 => 1,
        _ => 3,
    };
    let why = if width >= 120 || height < 16 { 1 } else { 2 };
    let why = if height >= 30 { why + 1 } else { why };
    let taken = 1 + measures + shares + why;
    let strip = match height {
        ..14 => 4,
        14..18 => 6,
        _ => (height.saturating_sub(taken) * 12 / 20).clamp(8, 26),
    };
    [1, measures, shares, strip, why]
}

impl Plan {
    /// Divides an area of this size.
    pub(super) fn new(width: u16, height: u16) -> Self {
        let mut top = 0;
        let mut next = |rows: u16| {
            let rows = rows.min(height - top);
            let part = Rect::new(0, top, width, rows);
            top += rows;
            part
        };
        let [header, measures, shares, strip, why] = rows(width, height).map(&mut next);
        Self {
            header,
            measures,
            shares,
            strip,
            why,
            queue: next(u16::MAX),
        }
    }

    /// The row for a word on sources in trouble, if any is: the last one of the queue.
    pub(super) fn banner_row(&self, state: &State) -> Option<u16> {
        let room = self.queue.height >= 3 && state.sources_in_trouble() > 0;
        room.then(|| self.queue.bottom() - 1)
    }

    /// The area of that word.
    pub(super) fn banner(&self) -> Rect {
        Rect {
            y: self.queue.bottom().saturating_sub(1),
            height: 1,
            ..self.queue
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn parts_follow_one_another_and_the_queue_has_room() {
        for width in 40..210 {
            for height in 9..70 {
                let plan = Plan::new(width, height);
                let parts = [
                    plan.header,
                    plan.measures,
                    plan.shares,
                    plan.strip,
                    plan.why,
                    plan.queue,
                ];
                let ends: Vec<u16> = parts.iter().map(|part| part.bottom()).collect();
                let starts: Vec<u16> = parts.iter().skip(1).map(|part| part.y).collect();
                assert_eq!(ends[..5], starts[..]);
                assert_eq!(ends[5], height);
                assert!(
                    plan.queue.height >= 2,
                    "{width}x{height} {}",
                    plan.queue.height
                );
            }
        }
    }
}
