//! The state of the dashboard.

use crate::metrics::{AsOf, Question};
use crate::model::health::SourceHealth;
use crate::model::id::ItemIx;
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::model::time::{Millis, Sec, TimeRule, WindowSpec};

use super::{
    Context, Cursor, Data, Inference, Motion, Notice, Overlay, ParseFilter, Screen, Shelf, TimesBy,
    Travel, Walk,
};

/// The windows that one key goes through, in days.
pub const WINDOWS: [u32; 5] = [7, 30, 90, 180, 365];

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct State {
    /// What is asked; [`Data::question`] says what has been answered.
    pub asked: Asked,
    /// From when it is seen, and how one travels through time.
    pub travel: Travel,
    /// The last finished picture; `None` until the first.
    pub data: Option<Data>,
    /// Where the data comes from.
    pub sources: Sources,
    /// What is in view.
    pub screen: Screen,
    /// The screens it was opened from, the first first.
    pub trail: Vec<Screen>,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// Where one looks.
    pub cursor: Cursor,
    /// The walk of the board; kept while one looks elsewhere.
    pub walk: Option<Box<Walk>>,
    /// The last word to the user.
    pub notice: Option<Notice>,
    /// Saved views, and what was typed and chosen before.
    pub shelf: Shelf,
    /// What the terminal is like.
    pub terminal: Terminal,
}

/// What is asked of the data.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// Its filter, as typed.
    pub filter: String,
    /// Whether its answer is being made.
    pub computing: bool,
}

/// Where the data comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// How the sources are, in the order of the config.
    pub health: Vec<SourceHealth>,
    /// How files were read.
    pub inference: Vec<Inference>,
}

/// From when the stream is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The instant it is.
    pub now: Millis,
    /// What "now" means for this data.
    pub live: Live,
    /// The instant chosen in the time machine.
    pub past: Option<Sec>,
}

/// What "now" means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live {
    /// The instant it is: trackers that move on.
    Now,
    /// Just after the last event: files.
    EndOfEvents,
}

impl Seen {
    pub(super) fn as_of(self) -> AsOf {
        match (self.past, self.live) {
            (Some(past), _) => AsOf::At(past),
            (None, Live::Now) => AsOf::At(self.now.floor_clamped()),
            (None, Live::EndOfEvents) => AsOf::EndOfEvents,
        }
    }
}

/// What the terminal is like.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Columns and rows.
    pub size: (u16, u16),
    /// Whether mouse events are taken.
    pub mouse: bool,
    /// Whether pictures move.
    pub animation: Animation,
    /// Reads what is typed as a filter.
    pub parse: ParseFilter,
}

/// Whether pictures move, where moving explains what changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Animation {
    /// Levels settle; time plays in small steps.
    On,
    /// Everything stands still until it is another: what is far away, slow or unseen.
    #[default]
    Off,
}

impl State {
    /// Before anything is known.
    pub fn new(seen: Seen, terminal: Terminal) -> Self {
        let question = Question {
            stream: 0,
            as_of: seen.as_of(),
            window: WindowSpec::default(),
            clock: ClockRule::default(),
            time: TimeRule::default(),
            filter: Rule::Always,
        };
        Self {
            asked: Asked {
                question,
                filter: String::new(),
                computing: false,
            },
            travel: Travel::from(seen),
            data: None,
            sources: Sources::default(),
            screen: Screen::Stream,
            trail: Vec::new(),
            overlay: None,
            cursor: Cursor::default(),
            walk: None,
            notice: None,
            shelf: Shelf::default(),
            terminal,
        }
    }

    /// Where keys are looked up.
    pub fn context(&self) -> Context {
        match &self.overlay {
            None => self.screen.context(),
            Some(Overlay::Time) => Context::Time,
            Some(Overlay::Stages(_)) => Context::Stages,
            Some(
                Overlay::Help { .. }
                | Overlay::Filter { .. }
                | Overlay::Palette(_)
                | Overlay::ViewName { .. }
                | Overlay::Say { .. }
                | Overlay::Number { .. }
                | Overlay::Export { .. }
                | Overlay::Definition { .. }
                | Overlay::Date { .. }
                | Overlay::Streams { .. },
            ) => Context::Prompt,
        }
    }

    /// Asks the question anew, as of the instant that is seen.
    pub(super) fn ask(&mut self) -> Question {
        self.asked.question.as_of = self.travel.seen.as_of();
        self.asked.computing = true;
        self.asked.question.clone()
    }

    /// What keys act upon: the chosen artefact of the item opened, or the selected row.
    pub fn item_at_hand(&self) -> Option<ItemIx> {
        match &self.screen {
            Screen::Item(view) => Some(view.chosen()),
            Screen::Items(view) => view.selected(),
            Screen::Stream | Screen::Ageing => {
                let queue = self.data.as_ref()?.queue(self.cursor.selected.stage);
                queue.item(self.cursor.selected.row)
            }
            Screen::Times if self.cursor.times == TimesBy::Stage => None,
            Screen::Times => {
                let data = self.data.as_ref()?;
                data.point_at(self.cursor.spot).map(|point| point.item)
            }
            Screen::Walk => self.walk.as_ref()?.item_in(self.data.as_ref()?),
            Screen::Flow
            | Screen::Throughput
            | Screen::Bottleneck
            | Screen::Forecast
            | Screen::Portfolio
            | Screen::Sources => None,
        }
    }

    /// Whether the board is being walked: the walk or what was opened from it is in view.
    pub fn is_walking(&self) -> bool {
        *self.trail.first().unwrap_or(&self.screen) == Screen::Walk
    }

    /// The position of the day looked at among those ahead: that of 85 % where no other was chosen.
    pub fn day_ahead(&self) -> Option<usize> {
        let outlook = self.data.as_ref()?.outlook()?;
        let last = outlook.days.last()?.day;
        let day = self.cursor.ahead.day.or(outlook.when.days[2]);
        Some(outlook.position(day.unwrap_or(last)))
    }

    /// Whether time passes by itself.
    pub fn is_playing(&self) -> bool {
        self.travel.motion == Motion::Playing
    }

    /// Names of the streams that fit what is typed, with their positions.
    pub fn streams_like(&self, typed: &str) -> Vec<(usize, String)> {
        let Some(data) = &self.data else {
            return Vec::new();
        };
        let typed = typed.to_lowercase();
        let streams = data.snapshot.streams().iter().enumerate();
        streams
            .map(|(at, bound)| (at, bound.stream().name.clone()))
            .filter(|(_, name)| name.to_lowercase().contains(&typed))
            .collect()
    }

    /// How many sources cannot be read now.
    pub fn sources_in_trouble(&self) -> usize {
        self.sources
            .health
            .iter()
            .filter(|source| source.trouble.is_some())
            .count()
    }
}
