//! Whether pictures may move: where the look has them move, somebody looks, and the terminal keeps
//! up.

use std::time::Duration;

use super::Running;
use crate::app::{Animation, Msg, update};

/// A terminal that takes longer than this for a frame is not drawn more often than it must be.
const SLOW: Duration = Duration::from_millis(60);

/// What speaks against pictures that move.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Liveliness {
    /// Whether somebody looks elsewhere.
    pub(super) unfocused: bool,
    /// Whether the last frame took long to write.
    slow: bool,
}

impl Liveliness {
    /// A frame has been written in this time.
    pub(super) fn wrote(&mut self, took: Duration) {
        self.slow = took > SLOW;
    }

    /// Whether pictures move where the look is this.
    fn of(self, look: Animation) -> Animation {
        match look {
            Animation::On if !self.unfocused && !self.slow => Animation::On,
            _ => Animation::Off,
        }
    }
}

impl Running {
    /// Tells the state whether pictures may move, where that has changed.
    pub(super) fn tell_animation(&mut self) {
        let animation = self.liveliness.of(self.look.animation);
        if self.state.terminal.animation != animation {
            update(&mut self.state, Msg::Animation(animation));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Animation, Liveliness};

    #[test]
    fn pictures_stand_still_for_nobody_and_where_frames_take_long() {
        let mut lively = Liveliness::default();
        assert_eq!(lively.of(Animation::On), Animation::On);
        assert_eq!(lively.of(Animation::Off), Animation::Off);
        lively.wrote(Duration::from_millis(90));
        assert_eq!(lively.of(Animation::On), Animation::Off);
        lively.wrote(Duration::from_millis(2));
        assert_eq!(lively.of(Animation::On), Animation::On);
        lively.unfocused = true;
        assert_eq!(lively.of(Animation::On), Animation::Off);
    }
}
