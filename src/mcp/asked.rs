//! What an assistant may ask for, typed. The comments are what it reads of each argument.

#![expect(clippy::doc_markdown, reason = "the comments are read as they stand")]

use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Tool;
use crate::query::did_you_mean;

/// A question, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Of `streams`.
    Streams(Scope),
    /// Of `standup`.
    Standup(SinceAsked),
    /// Of `changes`.
    Changes(SinceAsked),
    /// Of `stages`.
    Stages(Scope),
    /// Of `bottleneck`.
    Bottleneck(Scope),
    /// Of `items`.
    Items(ItemsAsked),
    /// Of `item`.
    Item(ItemAsked),
    /// Of `measures`.
    Measures(MeasuresAsked),
    /// Of `forecast`.
    Forecast(ForecastAsked),
    /// Of `signals`.
    Signals(Scope),
    /// Of `definitions`.
    Definitions(DefinitionAsked),
}

impl Asked {
    /// Reads the arguments of a tool. Those that are null count as not given.
    ///
    /// # Errors
    /// A sentence that names what there is no argument of, or what cannot be read.
    pub(super) fn read(tool: Tool, mut arguments: Map<String, Value>) -> Result<Self, String> {
        arguments.retain(|_, value| !value.is_null());
        known(tool, &arguments)?;
        let given = Value::Object(arguments);
        let read = match tool {
            Tool::Streams => typed(given).map(Self::Streams),
            Tool::Standup => typed(given).map(Self::Standup),
            Tool::Changes => typed(given).map(Self::Changes),
            Tool::Stages => typed(given).map(Self::Stages),
            Tool::Bottleneck => typed(given).map(Self::Bottleneck),
            Tool::Items => typed(given).map(Self::Items),
            Tool::Item => typed(given).map(Self::Item),
            Tool::Measures => typed(given).map(Self::Measures),
            Tool::Forecast => typed(given).map(Self::Forecast),
            Tool::Signals => typed(given).map(Self::Signals),
            Tool::Definitions => typed(given).map(Self::Definitions),
        };
        read.map_err(|what| format!("an argument of {} cannot be read: {what}", tool.name()))
    }
}

fn typed<T: DeserializeOwned>(given: Value) -> Result<T, String> {
    serde_json::from_value(given).map_err(|error| error.to_string())
}

fn known(tool: Tool, arguments: &Map<String, Value>) -> Result<(), String> {
    let there = tool.arguments();
    let Some(unknown) = arguments.keys().find(|name| !there.contains(name)) else {
        return Ok(());
    };
    let meant = did_you_mean(unknown, there.iter().map(String::as_str));
    let hint = meant.unwrap_or_else(|| format!("there are {}", there.join(", ")));
    let name = tool.name();
    Err(format!("{name} has no argument \"{unknown}\"; {hint}"))
}

/// Which items of which stream, seen from when, over which time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub struct Scope {
    /// Name of a stream as the tool `streams` lists it; without it every stream is answered for.
    pub stream: Option<String>,
    /// Only items that match, in weir's query language: `stage:Review age>10d kind:defect
    /// -team:infra blocked "a text"`. Fields: stage, phase, class, state (backlog, in_progress,
    /// done, cancelled), status, blocked, stale, condition (blocked, stale, ageing, fine), age,
    /// flow, pace, kind, team, label, assignee, priority, created, started, finished, text.
    /// Operators `:` `=` `!=` `<` `>` `~` (contains) `in (a, b)`, joined by and, or, not,
    /// parentheses. Durations such as 5d or 36h, dates such as 2026-03-01.
    pub filter: Option<String>,
    /// Seen from this instant (2026-03-03T09:00:00Z) or from the end of this day (2026-03-03);
    /// without it now, or for files the end of their events.
    pub as_of: Option<String>,
    /// Over which time things that happened are counted: 7d, 12w, or 2026-01-01..2026-03-31; 90d
    /// without it.
    pub window: Option<String>,
    /// When an item's clock starts and stops: last-crossing, first-start, sum-in-progress or
    /// created-to-done; without it the stream's own.
    pub clock: Option<String>,
    /// Spans in all time (elapsed) or in working time (working); elapsed without it.
    pub time: Option<String>,
}

/// What `items` is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub(super) struct ItemsAsked {
    #[serde(flatten)]
    pub(super) scope: Scope,
    /// At most so many items of each stream, 1 to 200; 25 without it.
    pub(super) limit: Option<u64>,
    /// Leave out so many first: `next_offset` of the answer before.
    pub(super) offset: u64,
}

/// What `item` is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
pub(super) struct ItemAsked {
    /// The item's key, such as PAY-123.
    pub(super) item: String,
    #[serde(flatten)]
    pub(super) scope: Scope,
}

/// What `measures` is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub(super) struct MeasuresAsked {
    #[serde(flatten)]
    pub(super) scope: Scope,
    /// Sections of the report, of: findings, items, flow, phases, stages, bottleneck, throughput,
    /// cfd, ageing, handoffs, quality, clocks, lens, forecast, impact, wip_age, sle, waste, limits,
    /// behaviour, littles_law, flow_debt, signals. Without it findings, items, flow and throughput.
    pub(super) sections: Vec<String>,
}

/// What `forecast` is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub(super) struct ForecastAsked {
    #[serde(flatten)]
    pub(super) scope: Scope,
    /// When will so many items be finished? 1 to 100000.
    pub(super) items: Option<u32>,
    /// How many will be finished within so many weeks? 1 to 52.
    pub(super) weeks: Option<u32>,
}

/// What `standup` and `changes` are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub(super) struct SinceAsked {
    #[serde(flatten)]
    pub(super) scope: Scope,
    /// Tell what changed since this instant (2026-03-03T09:00:00Z) or the beginning of this day
    /// (2026-03-03); without it since the board was last walked, else since a day ago.
    pub(super) since: Option<String>,
}

/// What `definitions` is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(crate = "rmcp::schemars")]
#[serde(default)]
pub(super) struct DefinitionAsked {
    /// Name of a definition, or a word in it, such as "Flow efficiency"; without it all are listed
    /// with the question that each answers.
    pub(super) name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::super::Tool;
    use crate::model::stage::ClockRule;
    use crate::report::Section;

    /// What an assistant reads of an argument, on one line.
    fn about(tool: Tool, argument: &str) -> String {
        let schema = tool.schema();
        let told = schema["properties"][argument]["description"].as_str();
        told.unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn what_can_be_asked_for_is_named_where_it_is_asked() {
        let sections: Vec<&str> = Section::ALL.iter().map(|one| one.name()).collect();
        let told = about(Tool::Measures, "sections");
        assert!(
            told.contains(&format!("of: {}.", sections.join(", "))),
            "{told}"
        );
        let told = about(Tool::Stages, "clock");
        for rule in ClockRule::ALL {
            assert!(told.contains(rule.name()), "{told}");
        }
    }
}
