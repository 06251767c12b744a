//! How much comes to each step, with items that are sent back and items that are dropped.

/// What turns items off the straight way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Turns {
    pub(super) rework: Option<Back>,
    /// After which step some are dropped, and which share.
    pub(super) drop: Option<(usize, f64)>,
}

/// Items are sent back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Back {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) chance: f64,
    /// Part of the usual service time that all work takes from then on.
    pub(super) effort: f64,
}

/// What comes to one step, for each item that comes to the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Traffic {
    /// Visits.
    pub(super) visits: f64,
    /// Service times.
    pub(super) work: f64,
}

/// Rounds after which hardly any item is sent back once more.
const ROUNDS: usize = 40;

/// What comes to each step.
pub(super) fn traffic(steps: usize, turns: &Turns) -> Vec<Traffic> {
    let mut all = vec![Traffic::default(); steps];
    let (mut fresh, mut effort, mut enter) = (1.0, 1.0, 0);
    for _ in 0..ROUNDS {
        let (back, to) = pass(&mut all, turns, (enter, fresh, effort));
        (fresh, enter) = (back, to);
        effort = turns.rework.map_or(1.0, |back| back.effort);
    }
    all
}

/// Sends a share of the items through the steps from `enter` on; how many come back, and where to.
fn pass(
    all: &mut [Traffic],
    turns: &Turns,
    (enter, mut share, effort): (usize, f64, f64),
) -> (f64, usize) {
    let mut back = (0.0, enter);
    for (step, traffic) in all.iter_mut().enumerate().skip(enter) {
        traffic.visits += share;
        traffic.work += share * effort;
        if let Some((_, part)) = turns.drop.filter(|(at, _)| *at == step) {
            share *= 1.0 - part;
        }
        if let Some(one) = turns.rework.filter(|one| one.from == step) {
            back = (share * one.chance, one.to);
            share *= 1.0 - one.chance;
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::{Back, Turns, traffic};

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-9, "{found} for {wanted}");
    }

    #[test]
    fn what_is_sent_back_comes_again_and_what_is_dropped_does_not() {
        let turns = Turns {
            rework: Some(Back {
                from: 2,
                to: 1,
                chance: 0.2,
                effort: 0.5,
            }),
            drop: Some((0, 0.1)),
        };
        let found = traffic(4, &turns);
        // Of 0.9 items, 0.2 + 0.04 + … = a quarter as many visits more, each at half the work.
        for (step, visits, work) in [
            (0, 1.0, 1.0),
            (1, 0.9 * 1.25, 0.9 * 1.125),
            (2, 0.9 * 1.25, 0.9 * 1.125),
            (3, 0.9, 0.9 * (0.8 + 0.2 * 0.5)),
        ] {
            close(found[step].visits, visits);
            close(found[step].work, work);
        }
    }

    #[test]
    fn on_the_straight_way_everything_comes_once() {
        for one in traffic(3, &Turns::default()) {
            close(one.visits, 1.0);
            close(one.work, 1.0);
        }
    }
}
