//! The tools: what each is called and is for.

use std::sync::Arc;

use rmcp::handler::server::common::schema_for_type;
use serde_json::{Map, Value};

use super::asked::{
    DefinitionAsked, ForecastAsked, ItemAsked, ItemsAsked, MeasuresAsked, Scope, SinceAsked,
};

/// Something that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// What there is.
    Streams,
    /// What the last walk has not seen, and what to speak of.
    Standup,
    /// What happened to items.
    Changes,
    /// Every stage.
    Stages,
    /// What holds a stream back.
    Bottleneck,
    /// Lists of items.
    Items,
    /// One item.
    Item,
    /// Any section of the report.
    Measures,
    /// The days ahead.
    Forecast,
    /// Whether a stream is stable.
    Signals,
    /// What a number means.
    Definitions,
}

impl Tool {
    /// All tools, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Streams,
        Self::Standup,
        Self::Changes,
        Self::Stages,
        Self::Bottleneck,
        Self::Items,
        Self::Item,
        Self::Measures,
        Self::Forecast,
        Self::Signals,
        Self::Definitions,
    ];

    /// What it is called by.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Streams => "streams",
            Self::Standup => "standup",
            Self::Changes => "changes",
            Self::Stages => "stages",
            Self::Bottleneck => "bottleneck",
            Self::Items => "items",
            Self::Item => "item",
            Self::Measures => "measures",
            Self::Forecast => "forecast",
            Self::Signals => "signals",
            Self::Definitions => "definitions",
        }
    }

    /// The tool of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// What people read of it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Streams => "Streams and their stages",
            Self::Standup => "Agenda of a stand-up",
            Self::Changes => "What changed",
            Self::Stages => "Stages in numbers",
            Self::Bottleneck => "The constraint and why",
            Self::Items => "Items",
            Self::Item => "History of an item",
            Self::Measures => "Flow measures",
            Self::Forecast => "Forecast",
            Self::Signals => "Signals and stability",
            Self::Definitions => "What a number means",
        }
    }

    /// What an assistant reads of it.
    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Streams => {
                "What there is: every value stream with its stages in order (phase, class, limit), how many items \
                 are in which state, its constraint, and how fresh its sources are. Ask this first."
            }
            Self::Standup => {
                "The agenda of a stand-up: the items in progress, those first for which another day costs most \
                 (blocked and for how long, over their pace band, stale, expedited), each with age, assignee and \
                 days left, and what changed since the last walk."
            }
            Self::Changes => {
                "What happened to items since the last walk of the board, a day ago or a moment of your choice: \
                 finished, blocked, unblocked, moved, new, left."
            }
            Self::Stages => {
                "Every stage in numbers: load now against its limit, oldest item, arrivals and departures, blocked \
                 and stale items, items past their pace band, share of all waiting, time in stage (p50, p85) and \
                 pace bands."
            }
            Self::Bottleneck => {
                "Which stage holds the stream back and why, in one sentence, with the evidence for every stage \
                 (waiting, growth, ageing, starving) and the numbers of the constraint."
            }
            Self::Items => {
                "A list of items with stage, state, condition, age, flow time, waiting and blocked days, pace and \
                 days left. Those in progress for which another day costs most come first, then what is finished, \
                 the newest first, then the rest. Narrow it with filter, e.g. 'blocked', 'state:in_progress \
                 age>10d', 'finished>2026-03-01'."
            }
            Self::Item => {
                "One item's whole history: every stay in a stage, every block with its reason, and what each clock \
                 rule makes of it, next to its row in `items`."
            }
            Self::Measures => {
                "Any section of weir's report: flow time (p50, p70, p85, p95), velocity, load, efficiency, \
                 distribution, arrivals and finishes by week, cumulative flow, ageing, hand-offs, phases, waste, \
                 limits, expectations, data quality and more. Same numbers as `weir report --format json`."
            }
            Self::Forecast => {
                "How many items will be finished by some dates and when some numbers of items will be finished, \
                 each with 50, 70, 85 and 95 % confidence, and how well such forecasts did before (backtest: \
                 `coverage` should come near each confidence). Give items or weeks to ask your own question."
            }
            Self::Signals => {
                "Is the system stable? Weeks unlike those before them (process behaviour chart), Little's law and \
                 whether its assumptions hold, flow debt, and what came of dated changes."
            }
            Self::Definitions => {
                "What a number means: its question, formula, unit and odd cases. Without a name it lists all \
                 definitions. Ask before explaining a number."
            }
        }
    }

    /// The JSON schema of its arguments.
    pub(super) fn schema(self) -> Arc<Map<String, Value>> {
        match self {
            Self::Streams | Self::Stages | Self::Bottleneck | Self::Signals => {
                schema_for_type::<Scope>()
            }
            Self::Standup | Self::Changes => schema_for_type::<SinceAsked>(),
            Self::Items => schema_for_type::<ItemsAsked>(),
            Self::Item => schema_for_type::<ItemAsked>(),
            Self::Measures => schema_for_type::<MeasuresAsked>(),
            Self::Forecast => schema_for_type::<ForecastAsked>(),
            Self::Definitions => schema_for_type::<DefinitionAsked>(),
        }
    }

    /// The names of its arguments.
    pub(super) fn arguments(self) -> Vec<String> {
        let schema = self.schema();
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.map_or_else(Vec::new, |all| all.keys().cloned().collect())
    }
}
