//! What the dashboard is doing, without a terminal: a [`State`], the messages that reach it and
//! the effects it asks for. [`update`] is pure: no input or output, no clock, no thread.

mod action;
mod aside;
mod complete;
mod cursor;
mod data;
mod definition;
mod effect;
mod explain;
mod export;
mod filter;
mod input;
mod item_view;
mod items_view;
mod msg;
mod overlay;
mod palette;
mod portfolio;
mod recalled;
mod screen;
mod settle;
mod setup;
mod shelf;
mod stage_editor;
mod state;
mod tally;
mod tour;
mod travel;
mod update;
mod view;
mod walk;

#[cfg(test)]
pub(crate) mod fixture;

pub use crate::metrics::{Form, Paragraph};
pub use action::{ACTIONS, Action, ActionInfo, Context, matching};
pub use aside::{Aside, Asides, Shown};
pub use complete::{Offer, Offers};
pub use cursor::{Ahead, Backlog, Cursor, Selected, TimesBy};
pub use data::{Data, Point, Queue, Spot};
pub use definition::{Topic, filter_told, topics};
pub use effect::{Answer, Effect};
pub use explain::{days_left_told, why_clocks_differ};
pub use export::{ExportAs, rows_on_screen};
pub use filter::{FilterError, FilterLine, ParseFilter, no_filters};
pub use input::{Edit, Input};
pub use item_view::ItemView;
pub use items_view::{Behind, Entry, ItemsView};
pub use msg::{Click, Inference, Msg, Notice};
pub use overlay::Overlay;
pub use palette::{
    Entry as PaletteEntry, Found, ItemHit, ItemName, LEAST_TYPED, Palette, Target, search_items,
};
pub use portfolio::{Among, Order, ordered};
pub use recalled::Recalled;
pub use screen::{Screen, TABS, Tab};
pub use setup::{
    Answers, Busy, KeepOffer, KindOffer, PlaceOffer, Proposed, Setup, SetupEffect, SetupMsg, Sort,
    StageKey, Step, Trouble, Way,
};
pub use shelf::{Memory, Shelf, Themes};
pub use stage_editor::{Group, Role, StageEditor};
pub use state::{Animation, Asked, Live, Seen, Sources, State, Terminal, WINDOWS};
pub use tally::{Tally, tally};
pub use tour::{Hint, TOUR};
pub use travel::{Beside, FRAMES_A_SECOND, Motion, Pace, Travel, instant_of};
pub use update::update;
pub use view::View;
pub use walk::{Ask, BUDGET_SECS, Extent, Outcome, Said, Stop, Walk, minutes_text};
