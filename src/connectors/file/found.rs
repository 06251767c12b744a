//! What was found out about a file, as the settings that say it.

use super::plan::{Layout, Plan, TextKind};
use super::sample::Sample;
use super::times::TimeReader;
use crate::connectors::settings::{Columns, FileSettings};
use crate::model::event::fact;
use crate::model::time::{TimePattern, Zone};

/// How dates of numbers are written, the year last or first.
const DATES: [&str; 6] = [
    "%d.%m.%Y", "%m.%d.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
];
/// What may follow a date.
const CLOCKS: [&str; 5] = ["", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p"];

/// The settings by which a file is read again as it was now. Columns of dates that are steps are
/// found again by themselves: no setting names them.
pub(super) fn settings(sample: &Sample, plan: &Plan, given: &FileSettings) -> FileSettings {
    let name = |at: usize| sample.columns[at].name.clone();
    let mut columns = Columns {
        item: Some(name(plan.item)),
        ..Columns::default()
    };
    if let Layout::Moves { status, time, .. } = &plan.layout {
        columns.status = status.iter().map(|at| name(*at)).collect();
        columns.time = Some(name(*time));
    }
    // Columns that `fields` renames are said there.
    let renamed = |at: usize| {
        given
            .fields
            .keys()
            .any(|field| sample.find(field) == Some(at))
    };
    for one in plan.facts.iter().filter(|one| !renamed(one.column)) {
        let place = match one.name.as_ref() {
            fact::TYPE => &mut columns.kind,
            fact::TEAM => &mut columns.team,
            fact::ASSIGNEE => &mut columns.assignee,
            _ => continue,
        };
        *place = Some(name(one.column));
    }
    for one in plan.texts.iter().filter(|one| !renamed(one.column)) {
        let place = match one.kind {
            TextKind::Title => &mut columns.title,
            TextKind::Key => &mut columns.key,
            TextKind::Url => &mut columns.url,
        };
        *place = Some(name(one.column));
    }
    FileSettings {
        columns,
        ..given.clone()
    }
}

/// The pattern that reads every time of the sample as `reader` does, if there is one.
pub(super) fn pattern(sample: &Sample, plan: &Plan, reader: &TimeReader) -> Option<String> {
    let columns = plan.times();
    let texts: Vec<&str> = columns
        .iter()
        .flat_map(|at| sample.columns[*at].texts.iter().skip(1))
        .map(String::as_str)
        .collect();
    let patterns = DATES
        .iter()
        .flat_map(|date| CLOCKS.iter().map(move |clock| format!("{date}{clock}")));
    patterns
        .into_iter()
        .find(|pattern| agrees(pattern, &texts, reader))
}

fn agrees(pattern: &str, texts: &[&str], reader: &TimeReader) -> bool {
    let Ok(read) = TimePattern::new(pattern) else {
        return false;
    };
    let mut usual = reader.clone();
    let mut by_pattern = reader.with_pattern(read);
    texts.iter().all(|text| {
        let at = usual.read(text.as_bytes());
        at == by_pattern.read(text.as_bytes())
    })
}

/// The zone to write down for times without an offset.
pub(super) fn zone(given: &FileSettings) -> Zone {
    given.time_zone.clone().unwrap_or_else(Zone::utc)
}
