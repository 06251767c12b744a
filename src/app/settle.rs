//! Levels of stages that settle: from what stood there in the picture before to what stands there
//! now. Only levels move; every number is the new one at once.

use super::{Animation, Data, Screen, State};
use crate::metrics::Question;

/// Milliseconds until all levels stand.
const SETTLED: u32 = 300;

/// On the way from one picture to the next.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Settling {
    /// By stage: the items that the level stood for before.
    from: Vec<f64>,
    /// Milliseconds gone by.
    gone: u32,
}

impl Settling {
    /// How much of the way is done: quick at first, slow at the end.
    fn share(&self) -> f64 {
        let ahead = 1.0 - f64::from(self.gone.min(SETTLED)) / f64::from(SETTLED);
        1.0 - ahead * ahead * ahead
    }
}

impl Data {
    /// The items that the level of a stage stands for on its way; `None` once it has settled.
    pub fn level_on_its_way(&self, stage: usize) -> Option<f64> {
        let settling = self.settling.as_ref()?;
        let from = settling.from.get(stage)?;
        Some(from + (self.load(stage) - from) * settling.share())
    }

    fn load(&self, stage: usize) -> f64 {
        let load = self
            .measures
            .stages
            .get(stage)
            .map_or(0, |stage| stage.load);
        u32::try_from(load).map_or(f64::MAX, f64::from)
    }

    /// The items that the level of a stage stands for.
    fn level(&self, stage: usize) -> f64 {
        let on_its_way = self.level_on_its_way(stage);
        on_its_way.unwrap_or_else(|| self.load(stage))
    }

    /// Lets the levels settle from where they stand in an earlier picture, if any of them differs.
    pub(super) fn settle_from(&mut self, before: &Self) {
        let stages = self.measures.stages.len();
        let from: Vec<f64> = (0..stages).map(|stage| before.level(stage)).collect();
        let moves = (0..stages).any(|stage| (from[stage] - self.level(stage)).abs() > 0.0);
        self.settling = moves.then_some(Settling { from, gone: 0 });
    }
}

impl State {
    /// Whether levels are settling.
    pub fn is_settling(&self) -> bool {
        let data = self.data.as_ref();
        data.is_some_and(|data| data.settling.is_some())
    }
}

/// Lets the levels of a new picture settle, where one looks at them and the pictures differ by the
/// instant or by what has happened since, not by what is asked.
pub(super) fn begin(state: &mut State, before: &Data) {
    let seen = state.screen == Screen::Stream && state.terminal.animation == Animation::On;
    let Some(data) = state.data.as_mut().filter(|_| seen) else {
        return;
    };
    let asked = Question {
        as_of: data.question.as_of,
        ..before.question.clone()
    };
    let names = |data: &Data| -> Vec<String> {
        let stages = data.measures.stages.iter();
        stages.map(|stage| stage.name.clone()).collect()
    };
    if asked == data.question && names(data) == names(before) {
        data.settle_from(before);
    }
}

/// So many milliseconds have gone by.
pub(super) fn go_on(state: &mut State, millis: u32) {
    let moves = state.terminal.animation == Animation::On && state.screen == Screen::Stream;
    let Some(data) = &mut state.data else { return };
    data.settling = data.settling.take().and_then(|settling| {
        let gone = settling.gone.saturating_add(millis);
        (moves && gone < SETTLED).then_some(Settling { gone, ..settling })
    });
}

/// Whoever does something does not wait: the levels stand.
pub(super) fn end(state: &mut State) {
    if let Some(data) = &mut state.data {
        data.settling = None;
    }
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::{answered, world};
    use crate::app::{Action, Animation, Msg, State, update};

    /// A week back in the time machine, where pictures may move.
    fn week_back(animation: Animation) -> State {
        let mut state = world((120, 40));
        update(&mut state, Msg::Animation(animation));
        let snapshot = state.data.as_ref().unwrap().snapshot.clone();
        update(&mut state, Msg::Do(Action::Time));
        update(&mut state, Msg::Do(Action::EarlierMonth));
        answered(&mut state, &snapshot);
        state
    }

    fn levels(state: &State) -> Vec<f64> {
        let data = state.data.as_ref().unwrap();
        let stages = 0..data.measures.stages.len();
        stages.map(|stage| data.level(stage)).collect()
    }

    fn loads(state: &State) -> Vec<f64> {
        let stages = state.data.as_ref().unwrap().measures.stages.iter();
        let loads = stages.map(|stage| u32::try_from(stage.load).unwrap());
        loads.map(f64::from).collect()
    }

    #[test]
    fn levels_go_from_the_picture_before_to_the_new_one_and_stand() {
        let before = loads(&world((120, 40)));
        let mut state = week_back(Animation::On);
        assert!(state.is_settling());
        assert_eq!(levels(&state), before, "they begin where they stood");
        update(&mut state, Msg::Settle(100));
        let between = levels(&state);
        for ((level, from), to) in between.iter().zip(&before).zip(loads(&state)) {
            let done = (level - from) * 27.0;
            assert!((done - (to - from) * 19.0).abs() < 1e-9, "{level}");
        }
        update(&mut state, Msg::Settle(200));
        assert!(!state.is_settling());
        assert_eq!(levels(&state), loads(&state));
    }

    #[test]
    fn nothing_moves_where_it_must_not() {
        assert!(!week_back(Animation::Off).is_settling(), "by the config");
        let mut state = week_back(Animation::On);
        update(&mut state, Msg::Do(Action::Down));
        assert!(!state.is_settling(), "a key is not kept waiting");
        let mut state = week_back(Animation::On);
        update(&mut state, Msg::Animation(Animation::Off));
        update(&mut state, Msg::Settle(1));
        assert!(!state.is_settling(), "the terminal has become slow");
        let mut state = week_back(Animation::On);
        update(&mut state, Msg::Settle(300));
        let snapshot = state.data.as_ref().unwrap().snapshot.clone();
        answered(&mut state, &snapshot);
        assert!(!state.is_settling(), "the same picture again");
        update(&mut state, Msg::Do(Action::Window));
        answered(&mut state, &snapshot);
        assert!(!state.is_settling(), "another window is another question");
    }

    #[test]
    fn a_picture_in_between_goes_on_from_where_the_levels_are() {
        let mut state = week_back(Animation::On);
        update(&mut state, Msg::Settle(100));
        let between = levels(&state);
        let snapshot = state.data.as_ref().unwrap().snapshot.clone();
        state.travel.seen.past = state.travel.seen.past.map(|past| past.plus(-86_400));
        update(&mut state, Msg::News);
        answered(&mut state, &snapshot);
        assert_eq!(levels(&state), between);
    }
}
