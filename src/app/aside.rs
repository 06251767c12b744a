//! What single screens ask for beside the measures: worked out when one looks at them.

use std::sync::Arc;

use super::{Data, Effect, Screen, State, TimesBy};
use crate::metrics::{
    Compared, Measures, Portfolio, Question, StageTimes, StageWeeks, StreamSummary,
};
use crate::model::snapshot::Snapshot;
use crate::simulate::forecast::{Outlook, OutlookAsk, TooLittle};

/// What was measured, and of what: an answer is about one picture, and is taken in while that is
/// the one that is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Position of the stream in the snapshot.
    pub stream: usize,
    /// What was measured.
    pub snapshot: Arc<Snapshot>,
    /// What came out.
    pub measures: Arc<Measures>,
}

impl PartialEq for Shown {
    /// Whether it is the same picture, not one that looks alike.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.measures, &other.measures) && Arc::ptr_eq(&self.snapshot, &other.snapshot)
    }
}

/// What has been worked out beside the measures.
#[derive(Clone, Debug, Default)]
pub struct Asides {
    /// The time in each stage by week.
    pub stage_weeks: Option<Arc<StageWeeks>>,
    /// The time in each stage, item by item.
    pub stage_times: Aside<Arc<StageTimes>>,
    /// The days ahead, or why nothing can be said of them.
    pub outlook: Option<Result<Arc<Outlook>, TooLittle>>,
    /// All streams, and whether they were measured beside this picture, not beside an earlier one.
    pub portfolio: Option<(Arc<Portfolio>, bool)>,
    /// All streams now, and the measures of now that they were measured beside.
    streams_now: Option<(Arc<Portfolio>, Arc<Measures>)>,
    pub(super) compared: Option<Held>,
    pub(super) compared_asked: bool,
    weeks_asked: bool,
    outlook_asked: Option<OutlookAsk>,
    portfolio_asked: bool,
    /// Beside which measures of now all streams were asked for.
    now_asked: Option<Arc<Measures>>,
}

/// Something worked out beside the measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Aside<T> {
    /// Nobody has asked for it.
    #[default]
    New,
    /// It is being worked out.
    Asked,
    /// It is known.
    Known(T),
}

impl<T> Aside<T> {
    /// What is known of it.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(known) => Some(known),
            Self::New | Self::Asked => None,
        }
    }

    fn is_new(&self) -> bool {
        matches!(self, Self::New)
    }
}

/// A comparison with now.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) compared: Arc<Compared>,
    /// What was asked of now, and of which snapshot.
    pub(super) question: Question,
    pub(super) version: u64,
    /// Whether it is of this picture, not of an earlier one.
    pub(super) fresh: bool,
}

impl Asides {
    /// What of an earlier picture may stand until that of the next is known.
    pub(super) fn kept(&self) -> Self {
        let portfolio = self.portfolio.as_ref();
        Self {
            portfolio: portfolio.map(|(known, _)| (Arc::clone(known), false)),
            streams_now: self.streams_now.clone(),
            now_asked: self.now_asked.clone(),
            compared: self.compared.as_ref().map(|held| Held {
                fresh: false,
                ..held.clone()
            }),
            ..Self::default()
        }
    }
}

/// What the screen in view needs and nobody has asked for yet.
pub(super) fn wanted(state: &mut State) -> Option<Effect> {
    let asked = state.cursor.ahead.asked;
    let data = state.data.as_mut()?;
    match state.screen {
        Screen::Bottleneck if !data.asides.weeks_asked => {
            data.asides.weeks_asked = true;
            Some(Effect::StageWeeks(data.shown()))
        }
        Screen::Times
            if state.cursor.times == TimesBy::Stage && data.asides.stage_times.is_new() =>
        {
            data.asides.stage_times = Aside::Asked;
            Some(Effect::StageTimes(data.shown()))
        }
        Screen::Forecast if data.asides.outlook_asked != Some(asked) => {
            let before = data.asides.outlook_asked.replace(asked);
            let alike = before.is_some_and(|before| before.split == asked.split);
            let known = data.asides.outlook.as_ref().filter(|_| alike);
            let tested = known.and_then(|known| Some(known.as_ref().ok()?.tested));
            Some(Effect::Outlook {
                of: data.shown(),
                asked,
                tested,
            })
        }
        Screen::Portfolio if !data.asides.portfolio_asked => {
            data.asides.portfolio_asked = true;
            Some(Effect::Portfolio {
                of: data.shown(),
                question: data.question.clone(),
            })
        }
        Screen::Portfolio => data.streams_now_wanted(),
        _ => None,
    }
}

impl Data {
    /// What is held beside this picture of the past, and whether its sums are of this very picture.
    pub fn compared(&self) -> Option<(&Compared, bool)> {
        let held = self.asides.compared.as_ref()?;
        let same = held.compared.now.stream == self.measures.stream;
        same.then_some((held.compared.as_ref(), held.fresh))
    }

    /// Asks for all streams now where the past is held beside it, once for each picture of now.
    fn streams_now_wanted(&mut self) -> Option<Effect> {
        let held = self.asides.compared.as_ref()?;
        let now = &held.compared.now;
        let asked = self.asides.now_asked.as_ref();
        if asked.is_some_and(|asked| Arc::ptr_eq(asked, now)) {
            return None;
        }
        let effect = Effect::Portfolio {
            of: Shown {
                measures: Arc::clone(now),
                ..self.shown()
            },
            question: held.question.clone(),
        };
        self.asides.now_asked = Some(Arc::clone(now));
        Some(effect)
    }

    /// How a stream stands now, where the past is held beside it.
    pub fn stream_now(&self, stream: usize) -> Option<&StreamSummary> {
        let (compared, _) = self.compared()?;
        let (streams, beside) = self.asides.streams_now.as_ref()?;
        let mut streams = streams.streams.iter();
        let found = streams.find(|one| one.stream == stream);
        found.filter(|_| Arc::ptr_eq(beside, &compared.now))
    }

    /// The picture that this is.
    pub(super) fn shown(&self) -> Shown {
        Shown {
            stream: self.question.stream,
            snapshot: Arc::clone(&self.snapshot),
            measures: Arc::clone(&self.measures),
        }
    }

    /// The days ahead, where something can be said of them.
    pub fn outlook(&self) -> Option<&Outlook> {
        self.asides.outlook.as_ref()?.as_deref().ok()
    }
}

/// Takes in the time in stage by week.
pub(super) fn stage_weeks(state: &mut State, of: &Shown, weeks: Arc<StageWeeks>) {
    if let Some(data) = state.data.as_mut().filter(|data| data.shown() == *of) {
        data.asides.stage_weeks = Some(weeks);
    }
}

/// Takes in the time in each stage.
pub(super) fn stage_times(state: &mut State, of: &Shown, times: Arc<StageTimes>) {
    if let Some(data) = state.data.as_mut().filter(|data| data.shown() == *of) {
        data.asides.stage_times = Aside::Known(times);
    }
}

/// Takes in what is different now.
pub(super) fn compared(
    state: &mut State,
    (of, question): (&Shown, Question),
    compared: Arc<Compared>,
) {
    if let Some(data) = state.data.as_mut().filter(|data| data.shown() == *of) {
        data.asides.compared = Some(Held {
            compared,
            question,
            version: data.snapshot.version(),
            fresh: true,
        });
    }
}

/// Takes in all streams.
pub(super) fn portfolio(state: &mut State, of: &Shown, portfolio: Arc<Portfolio>) {
    let Some(data) = &mut state.data else {
        return;
    };
    if data.shown() == *of {
        data.asides.portfolio = Some((portfolio, true));
        return;
    }
    let asked = data.asides.now_asked.as_ref();
    if asked.is_some_and(|now| Arc::ptr_eq(now, &of.measures)) {
        data.asides.streams_now = Some((portfolio, Arc::clone(&of.measures)));
    }
}

/// Takes in the days ahead, if they are what was asked for last.
pub(super) fn outlook(
    state: &mut State,
    (of, asked): (&Shown, OutlookAsk),
    outlook: Result<Arc<Outlook>, TooLittle>,
) {
    let data = state.data.as_mut().filter(|data| data.shown() == *of);
    if let Some(data) = data.filter(|data| data.asides.outlook_asked == Some(asked)) {
        data.asides.outlook = Some(outlook);
    }
}

#[cfg(test)]
mod tests;
