//! Parts of a report by name.

use std::str::FromStr;

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What is to be said, in sentences.
    Findings,
    /// Items by state.
    Items,
    /// The five flow measures.
    Flow,
    /// Time by phase.
    Phases,
    /// Every stage.
    Stages,
    /// What holds the stream back.
    Bottleneck,
    /// Arrivals and finishes by week.
    Throughput,
    /// Cumulative flow by day.
    Cfd,
    /// Items in progress by age.
    Ageing,
    /// Moves and changes of hands.
    Handoffs,
    /// Named clocks.
    Clocks,
    /// The clock rules side by side.
    Lens,
    /// How many by when, when for how many.
    Forecast,
    /// What came of dated changes.
    Impact,
    /// What the data does not say or says oddly.
    Quality,
    /// Total age of the work in progress.
    WipAge,
    /// What may be expected, and how it is kept.
    Sle,
    /// Work that was begun and then cancelled.
    Waste,
    /// Hints for limits of work in progress.
    Limits,
    /// Work that comes back, and net flow.
    Behaviour,
    /// Averages that belong together, and whether they do.
    LittlesLaw,
    /// Whether newer items are finished at the cost of older ones.
    FlowDebt,
    /// Weeks that are unlike those before them.
    Signals,
}

/// A section that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no section \"{given}\"; there are {}, and all", names().join(", "))]
pub struct UnknownSection {
    /// What was asked for.
    pub given: String,
}

fn names() -> Vec<&'static str> {
    Section::ALL.iter().map(|section| section.name()).collect()
}

impl Section {
    /// The sections of a report for which none are named.
    pub const USUAL: [Self; 10] = [
        Self::Items,
        Self::Flow,
        Self::Phases,
        Self::Stages,
        Self::Bottleneck,
        Self::Throughput,
        Self::Cfd,
        Self::Ageing,
        Self::Handoffs,
        Self::Quality,
    ];

    /// All sections in the order of the report.
    pub const ALL: [Self; 23] = [
        Self::Findings,
        Self::Items,
        Self::Flow,
        Self::Phases,
        Self::Stages,
        Self::Bottleneck,
        Self::Throughput,
        Self::Cfd,
        Self::Ageing,
        Self::Handoffs,
        Self::Quality,
        Self::Clocks,
        Self::Lens,
        Self::Forecast,
        Self::Impact,
        Self::WipAge,
        Self::Sle,
        Self::Waste,
        Self::Limits,
        Self::Behaviour,
        Self::LittlesLaw,
        Self::FlowDebt,
        Self::Signals,
    ];

    /// The name in `--section` and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::Items => "items",
            Self::Flow => "flow",
            Self::Phases => "phases",
            Self::Stages => "stages",
            Self::Bottleneck => "bottleneck",
            Self::Throughput => "throughput",
            Self::Cfd => "cfd",
            Self::Ageing => "ageing",
            Self::Handoffs => "handoffs",
            Self::Clocks => "clocks",
            Self::Lens => "lens",
            Self::Forecast => "forecast",
            Self::Impact => "impact",
            Self::Quality => "quality",
            Self::WipAge => "wip_age",
            Self::Sle => "sle",
            Self::Waste => "waste",
            Self::Limits => "limits",
            Self::Behaviour => "behaviour",
            Self::LittlesLaw => "littles_law",
            Self::FlowDebt => "flow_debt",
            Self::Signals => "signals",
        }
    }

    /// Reads `NAME,NAME…` or `all`.
    ///
    /// # Errors
    /// [`UnknownSection`] names the first that does not exist.
    pub fn list(text: &str) -> Result<Vec<Self>, UnknownSection> {
        if text.trim() == "all" {
            return Ok(Self::ALL.to_vec());
        }
        text.split(',').map(str::parse).collect()
    }
}

impl FromStr for Section {
    type Err = UnknownSection;

    fn from_str(text: &str) -> Result<Self, UnknownSection> {
        let given = text.trim();
        let found = Self::ALL
            .into_iter()
            .find(|section| section.name() == given);
        found.ok_or_else(|| UnknownSection {
            given: given.to_owned(),
        })
    }
}
