//! The keys of all sections but `[[sources]]` and `[[streams]]`.

use super::Key;
use super::Shape::{
    Flag, Keys, List, Number, Own, Secret, Table, Tables, Text, Texts, Whole, Word,
};
use super::words::{clocks, glyphs, severities, terminals, themes};

/// Each with its shape and what it says.
pub(super) const KEYS: &[Key] = &[
    ("display", Table, "How things are shown"),
    (
        "display.time_zone",
        Text,
        "IANA name; day borders and dates. Default: the machine's zone",
    ),
    ("display.theme", Word(themes), "auto: as the terminal is"),
    (
        "display.glyphs",
        Word(glyphs),
        "Marks: blocks in every font, ascii in 7-bit characters alone",
    ),
    ("display.animations", Flag, "Whether pictures move"),
    ("display.mouse", Flag, "Whether clicks and the wheel work"),
    (
        "display.tour",
        Flag,
        "Whether hints are shown on the first run",
    ),
    (
        "display.links",
        Flag,
        "Whether keys of items are links to the tracker",
    ),
    (
        "display.window",
        Text,
        "What measures are taken over at first: 90d, 12w, 2026-01-01..2026-03-31",
    ),
    (
        "keys",
        Keys,
        "Keys of actions, in place of the default ones",
    ),
    ("theme", Own, "Colours of roles, over those of the theme"),
    ("history", Table, "Where events are kept"),
    (
        "history.url",
        Text,
        "sqlite:PATH or postgres://user@host/database. Default: a file of this config's own",
    ),
    (
        "history.password",
        Secret,
        "Where the password of the history's server is found",
    ),
    (
        "history.ca_file",
        Text,
        "A certificate authority of that server, PEM",
    ),
    (
        "history.retain",
        Text,
        "Finished items older than this are dropped whole: 3y, or forever",
    ),
    ("calendar", Table, "Working time"),
    (
        "calendar.workdays",
        List,
        "mon, tue, wed, thu, fri, sat, sun",
    ),
    ("calendar.hours", Text, "09:00-17:00"),
    ("calendar.holidays", List, "Dates such as 2026-12-25"),
    ("changes", Tables, "Dated changes of how work is done"),
    ("changes.date", Text, "2026-06-01"),
    ("changes.name", Text, "What changed"),
    ("changes.streams", Texts, "Default: all streams"),
    ("views", Tables, "Saved views"),
    ("views.name", Text, "Unique"),
    ("views.filter", Text, "Default: all items"),
    ("views.stream", Text, "Default: the stream that is set"),
    ("views.screen", Text, "Default: the screen that is shown"),
    ("views.window", Text, "Default: the window that is set"),
    (
        "views.clock",
        Word(clocks),
        "Default: the clock that is set",
    ),
    (
        "policies",
        Tables,
        "What the streams are held to by weir check",
    ),
    ("policies.name", Text, "Unique"),
    (
        "policies.measure",
        Text,
        "As the JSON report names it: flow.time.p85_days, stages.Review.load",
    ),
    (
        "policies.at_most",
        Number,
        "The bound, in the measure's unit",
    ),
    (
        "policies.at_least",
        Number,
        "The bound, in the measure's unit",
    ),
    ("policies.stream", Text, "Default: each stream"),
    ("policies.filter", Text, "Default: all items"),
    ("policies.window", Text, "Default: the window that is set"),
    (
        "policies.severity",
        Word(severities),
        "error: the check fails; warning: it is only said",
    ),
    (
        "notices",
        Table,
        "Who is told when a policy breaks or a signal appears",
    ),
    (
        "notices.terminal",
        Word(terminals),
        "How a terminal is asked to show a notice",
    ),
    (
        "notices.webhook",
        Secret,
        "Where the address is found that notices are posted to",
    ),
    ("notices.about", List, "policies, signals; default: both"),
    ("notices.quiet", Text, "When nothing is told: 20:00-08:00"),
    ("outcomes", Tables, "What the work is for"),
    ("outcomes.name", Text, "Unique"),
    ("outcomes.target", Number, "The value hoped for"),
    ("outcomes.unit", Text, "What is counted, for people"),
    ("outcomes.streams", Texts, "Default: all streams"),
    ("outcomes.items", Text, "Default: all items"),
    ("outcomes.actual", Number, "The value reached"),
    ("outcomes.released", Text, "The day of release"),
    (
        "outcomes.measured",
        Text,
        "The day a movement was first measured",
    ),
    ("forecast", Table, "How forecasts are made"),
    ("forecast.trials", Whole, "Futures drawn"),
    ("forecast.seed", Whole, "The same seed draws the same ones"),
    (
        "forecast.split_rate",
        Number,
        "New items that a finished item brings with it, on average",
    ),
    (
        "forecast.window",
        Text,
        "The past to draw from; default: the window that is set",
    ),
];
