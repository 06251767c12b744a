//! The one table of actions: it feeds the keymap, the help, the hints and the config.

/// Where an action can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Everywhere but in a prompt.
    Global,
    /// The home screen.
    Stream,
    /// The ageing board.
    Ageing,
    /// The cumulative flow.
    Flow,
    /// Flow times.
    Times,
    /// Throughput by week.
    Throughput,
    /// What holds the stream back.
    Bottleneck,
    /// The days ahead.
    Forecast,
    /// All streams.
    Portfolio,
    /// The items behind a number.
    Items,
    /// One item.
    Item,
    /// The walk of the board in a stand-up.
    Walk,
    /// The sources.
    Sources,
    /// The time machine.
    Time,
    /// The stage editor.
    Stages,
    /// Wherever text is typed: filter, help, the list of streams.
    Prompt,
}

impl Context {
    /// All contexts.
    pub const ALL: [Self; 16] = [
        Self::Global,
        Self::Stream,
        Self::Ageing,
        Self::Flow,
        Self::Times,
        Self::Throughput,
        Self::Bottleneck,
        Self::Forecast,
        Self::Portfolio,
        Self::Items,
        Self::Item,
        Self::Walk,
        Self::Sources,
        Self::Time,
        Self::Stages,
        Self::Prompt,
    ];

    /// The name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Stream => "stream",
            Self::Ageing => "ageing",
            Self::Flow => "flow",
            Self::Times => "times",
            Self::Throughput => "throughput",
            Self::Bottleneck => "bottleneck",
            Self::Forecast => "forecast",
            Self::Portfolio => "portfolio",
            Self::Items => "items",
            Self::Item => "item",
            Self::Walk => "walk",
            Self::Sources => "sources",
            Self::Time => "time",
            Self::Stages => "stages",
            Self::Prompt => "prompt",
        }
    }

    /// The context with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }
}

/// An action with its name, its purpose, and the keys it has unless the user says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionInfo {
    /// Which action.
    pub action: Action,
    /// The name in the config.
    pub name: &'static str,
    /// What it does, for people.
    pub doc: &'static str,
    /// Where it can be called.
    pub contexts: &'static [Context],
    /// Default keys, as the config writes them.
    pub keys: &'static [&'static str],
}

macro_rules! actions {
    ($($action:ident $name:literal [$($context:ident),+] [$($key:literal),*] $doc:literal;)+) => {
        /// Something a user can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $doc] $action,)+
        }

        /// Every action, in the order of the help.
        pub const ACTIONS: &[ActionInfo] = &[
            $(ActionInfo {
                action: Action::$action,
                name: $name,
                doc: $doc,
                contexts: &[$(Context::$context),+],
                keys: &[$($key),*],
            },)+
        ];
    };
}

actions! {
    Palette "palette" [Global] [":", "ctrl-p"] "find and do anything: actions, screens, stages, items, views";
    Open "open" [Global, Prompt] ["enter"] "open what is selected; accept";
    Back "back" [Global, Prompt] ["esc"] "one step back";
    Help "help" [Global] ["?"] "what the number at hand means, and the keys, to be searched";
    Filter "filter" [Global] ["/"] "filter the items";
    Time "time-machine" [Global] ["t"] "see the stream as it was on another day";
    Window "next-window" [Global] ["w"] "next window: 7, 30, 90, 180, 365 days";
    ShorterWindow "previous-window" [Global] ["W"] "previous window";
    Clock "next-clock" [Stream, Ageing, Flow, Times, Throughput, Bottleneck, Forecast, Portfolio, Items, Item, Sources] ["c"] "next clock rule";
    TimeRule "working-time" [Stream, Ageing, Flow, Times, Throughput, Bottleneck, Forecast, Portfolio, Items, Item, Sources] ["C"] "all time, or working time by the calendar";
    Stream "stream" [Global] ["1"] "the stream: every queue and what waits there";
    Ageing "ageing" [Global] ["2"] "the ageing board: what is in progress, and how old for where it stands";
    Flow "flow" [Global] ["3"] "the cumulative flow: what came, what stands, what went";
    Times "times" [Global] ["4"] "flow times: how long what is finished took";
    Region "region" [Times] ["space"] "begin a region at this point; again: give it up";
    ByStage "by-stage" [Times] ["b"] "the time in each stage as boxes with whiskers, or flow times item by item";
    Throughput "throughput" [Global] ["5"] "what is finished, arrives and departs by week, and what is no chance";
    Bottleneck "bottleneck" [Global] ["6"] "what holds the stream back, with the evidence stage by stage";
    Forecast "forecast" [Global] ["7"] "the days ahead: how many by a date, and when so many are done";
    Number "how-many" [Forecast] ["n"] "type a number of items: when are they done?";
    MoreItems "more-items" [Forecast] ["+", "="] "one item more";
    FewerItems "fewer-items" [Forecast] ["minus"] "one item less";
    MoreSplits "more-splits" [Forecast] ["x"] "suppose that finished items bring more new ones: a tenth more each";
    FewerSplits "fewer-splits" [Forecast] ["X"] "suppose that finished items bring fewer new ones";
    Farther "farther" [Forecast] [">"] "look farther ahead";
    Nearer "nearer" [Forecast] ["<"] "look less far ahead";
    InProgress "in-progress" [Global] ["i"] "the items in progress, oldest first";
    Finished "finished" [Global] ["I"] "the items finished in the window, newest first";
    StepBack "step-back" [Flow, Times, Forecast] ["H", "shift-left"] "a week to the left";
    StepOn "step-on" [Flow, Times, Forecast] ["L", "shift-right"] "a week to the right";
    Backlog "backlog" [Flow] ["b"] "the backlog in the picture, or not";
    AsOfHere "as-of-here" [Flow, Throughput] ["T"] "see everything as it was then";
    Portfolio "portfolio" [Global] ["P"] "all streams beside one another, what is no chance first";
    Standup "stand-up" [Global] ["S"] "walk the board in a stand-up; in the walk: its summary";
    NextItem "next-item" [Walk] ["space", "n"] "the next item; this one was spoken of";
    PreviousItem "previous-item" [Walk] ["backspace", "b"] "the item before";
    Skip "skip" [Walk] ["x"] "pass over the item";
    Park "park" [Walk] ["p"] "park the item: it is spoken of afterwards";
    Note "note" [Walk] ["i"] "note something on the item";
    Assign "assign" [Walk] ["a"] "say who takes the item, and what is next";
    Rest "rest" [Walk] ["E"] "walk everything in progress, or only what calls for a word";
    CopyWalk "copy-summary" [Walk] ["y"] "copy the summary as Markdown";
    SaveWalk "save-summary" [Walk] ["w", "ctrl-s"] "save the summary as Markdown";
    Sources "sources" [Global] ["s"] "the sources: health, progress, data quality";
    EditStages "edit-stages" [Stream, Ageing, Flow, Times, Throughput, Bottleneck, Forecast, Items, Sources, Item] ["E"] "change stages, their classes and phases";
    NextScreen "next-screen" [Global] ["tab"] "next screen";
    PreviousScreen "previous-screen" [Global] ["shift-tab"] "previous screen";
    Streams "choose-stream" [Global] ["v"] "choose another stream";
    PreviousStream "previous-stream" [Global] ["["] "previous stream";
    NextStream "next-stream" [Global] ["]"] "next stream";
    OpenUrl "open-url" [Stream, Ageing, Times, Items, Item, Walk] ["o"] "open the item in the browser";
    CopyKey "copy-key" [Stream, Ageing, Times, Items, Item] ["y"] "copy the item's key";
    NextArtefact "next-artefact" [Item] ["a"] "choose the next artefact of the item: o, y and Y are about it";
    CopyUrl "copy-url" [Stream, Ageing, Times, Items, Item, Walk] ["Y"] "copy the item's address";
    Refresh "refresh" [Global] ["r"] "read the sources now";
    Left "left" [Global] ["left", "h"] "to the left";
    Right "right" [Global] ["right", "l"] "to the right";
    Complete "complete" [Prompt] ["tab"] "in the filter: take the completion that is marked";
    NextOffer "next-completion" [Prompt] ["shift-tab"] "in the filter: mark the next completion";
    Up "up" [Global, Prompt] ["up", "k"] "up";
    Down "down" [Global, Prompt] ["down", "j"] "down";
    First "first" [Global, Prompt] ["g", "home"] "to the first";
    Last "last" [Global, Prompt] ["G", "end"] "to the last";
    HalfUp "half-page-up" [Global, Prompt] ["ctrl-u"] "half a page up";
    HalfDown "half-page-down" [Global, Prompt] ["ctrl-d"] "half a page down";
    PageUp "page-up" [Global, Prompt] ["pgup", "ctrl-b"] "a page up";
    PageDown "page-down" [Global, Prompt] ["pgdn", "ctrl-f"] "a page down";
    EarlierHour "earlier-hour" [Time] ["<", ","] "an hour earlier";
    LaterHour "later-hour" [Time] [">"] "an hour later";
    EarlierDay "earlier-day" [Time] ["left", "h"] "a day earlier";
    LaterDay "later-day" [Time] ["right", "l"] "a day later";
    EarlierWeek "earlier-week" [Time] ["down", "j", "shift-left", "H"] "a week earlier";
    LaterWeek "later-week" [Time] ["up", "k", "shift-right", "L"] "a week later";
    EarlierMonth "earlier-month" [Time] ["pgup"] "thirty days earlier";
    LaterMonth "later-month" [Time] ["pgdn"] "thirty days later";
    Beginning "beginning" [Time] ["home", "g"] "the day of the first event";
    Play "play" [Time] ["space"] "let time pass, from the begin of the window if it is now; again: stop";
    Faster "faster" [Time] ["+", "="] "let time pass faster";
    Slower "slower" [Time] ["minus"] "let time pass slower";
    Compare "compare-with-now" [Time] ["c"] "mark what is different now; again: not any more";
    TypeDate "type-date" [Time] ["d"] "type a date: 2026-05-04, 3 weeks ago, 10d";
    Live "live" [Global] ["."] "back to now";
    MoveBack "move-earlier" [Stages] ["<", "K", "shift-up"] "move a stage or a status to the left";
    MoveOn "move-later" [Stages] [">", "J", "shift-down"] "move a stage or a status to the right";
    CycleClass "cycle-class" [Stages] ["c"] "next class: backlog, queue, active, done, cancelled, blocked, unused";
    CyclePhase "cycle-phase" [Stages] ["p"] "next phase: ideate, create, release, operate";
    SplitStatus "split-status" [Stages] ["n"] "make the status a stage of its own";
    SaveView "save-view" [Global] [] "save what is looked at as a view, under a name";
    Save "save" [Stream, Sources, Stages] ["ctrl-s"] "save the stream in the config";
    Export "export" [Stream, Portfolio, Ageing, Flow, Times, Throughput, Bottleneck, Forecast, Items, Item, Walk, Sources] ["e"] "write what is on screen to a file: CSV, Markdown, JSON, text";
    Marks "next-marks" [Global] ["M"] "draw with ASCII alone, or with blocks";
    NextTheme "next-theme" [Global] ["ctrl-t"] "next theme";
    Mouse "mouse" [Global] ["m"] "mouse on or off (off: the terminal selects text)";
    Suspend "suspend" [Global, Prompt] ["ctrl-z"] "put weir aside; fg brings it back";
    Quit "quit" [Global] ["q"] "quit";
    Interrupt "quit-at-once" [Global, Prompt] ["ctrl-c"] "quit at once";
}

impl Action {
    /// Its row in the table.
    pub fn info(self) -> &'static ActionInfo {
        let at = ACTIONS.iter().position(|info| info.action == self);
        &ACTIONS[at.unwrap_or(0)]
    }

    /// The action with this name.
    pub fn named(name: &str) -> Option<Self> {
        let info = ACTIONS.iter().find(|info| info.name == name)?;
        Some(info.action)
    }
}

impl ActionInfo {
    /// Whether the action can be called here; a context of its own or a global one.
    pub fn is_callable_in(&self, context: Context) -> bool {
        self.contexts.contains(&context)
            || (context != Context::Prompt && self.contexts.contains(&Context::Global))
    }
}

/// The actions callable in a context whose name, purpose or default key fits what was typed, in
/// the order of the table.
pub fn matching(typed: &str, context: Context) -> Vec<&'static ActionInfo> {
    let typed = typed.to_lowercase();
    let words: Vec<&str> = typed.split_whitespace().collect();
    let fits = |info: &&ActionInfo| {
        words.iter().all(|word| {
            info.name.contains(word)
                || info.doc.to_lowercase().contains(word)
                || info.keys.iter().any(|key| key.eq_ignore_ascii_case(word))
        })
    };
    ACTIONS
        .iter()
        .filter(|info| info.is_callable_in(context))
        .filter(fits)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, Action, Context, matching};

    #[test]
    fn names_are_unique_and_found_again() {
        for info in ACTIONS {
            assert_eq!(Action::named(info.name), Some(info.action));
            assert_eq!(info.action.info().name, info.name);
        }
        assert_eq!(Action::named("nonsense"), None);
    }

    #[test]
    fn help_finds_by_word_and_by_key() {
        let names = |typed| -> Vec<&str> {
            let found = matching(typed, Context::Stream);
            found.iter().map(|info| info.name).collect()
        };
        assert_eq!(names("browser"), ["open-url"]);
        assert!(names("ctrl-s").contains(&"save"));
        assert!(!names("").contains(&"cycle-class"));
    }
}
