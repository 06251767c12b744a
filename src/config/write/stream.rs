//! One stream with its stages.

use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, Value};

use super::is_called;
use super::toml_text::{braces, lines, list, set};
use crate::model::id::SourceName;
use crate::model::rule::Rule;
use crate::model::stage::ClockRule;
use crate::model::stream::{NamedClock, Sle, Stage, StatusPattern, Stream};
use crate::model::time::{DAY_SECS, span_text};
use crate::query::{parse_recorded, to_text};

const STAGES: &str = "
# The stages in order. phase: ideate, create, release or operate. class: backlog (not committed),
# queue (waiting), active (worked on) or done. statuses: the tracker's own, exact or with *.
";

pub(super) fn write(table: &mut Table, stream: &Stream, reasons: &[(String, String)]) {
    if table.len() <= 1 {
        comment_rules(table, stream, reasons);
    }
    let sources = list(stream.sources.iter().map(SourceName::as_str));
    set(table, "sources", (!sources.is_empty()).then_some(sources));
    set_rule(table, "items", &stream.items);
    set_rule(table, "where", &stream.membership);
    let clock = (stream.clock != ClockRule::default()).then(|| stream.clock.name());
    set(table, "clock", clock);
    set(table, "cancelled", statuses(&stream.cancelled));
    set(table, "kinds", lines(kinds(stream)));
    set(table, "blocked", lines(blocked(stream)));
    write_stages(table, &stream.stages, reasons);
    set(table, "clocks", lines(clocks(stream)));
}

/// Above a new stream: why what is no status of a stage is as it is.
fn comment_rules(table: &mut Table, stream: &Stream, reasons: &[(String, String)]) {
    let of_stage = |what: &str| {
        let statuses = stream.stages.iter().flat_map(|stage| &stage.statuses);
        statuses.into_iter().any(|status| status.name == what)
    };
    let told = reasons.iter().filter(|(what, _)| !of_stage(what));
    let lines: String = told.map(|(_, why)| comment(why)).collect();
    table.decor_mut().set_prefix(format!("\n{lines}"));
}

/// A sentence as a line of a comment, whatever is in it.
fn comment(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    format!("# {}\n", text.chars().map(plain).collect::<String>())
}

/// Writes a rule unless the key says the same already in other words.
fn set_rule(table: &mut Table, key: &str, rule: &Rule) {
    let written = table.get(key).and_then(Item::as_str);
    if written.is_some_and(|text| parse_recorded(text).as_ref() == Ok(rule)) {
        return;
    }
    set(table, key, (*rule != Rule::Always).then(|| to_text(rule)));
}

fn kinds(stream: &Stream) -> Vec<InlineTable> {
    let each = stream.kinds.iter().map(|rule| {
        braces([
            ("kind", Some(rule.kind.as_str().into())),
            ("when", Some(to_text(&rule.when).into())),
        ])
    });
    each.collect()
}

fn blocked(stream: &Stream) -> Vec<InlineTable> {
    let each = stream.blocked.iter().map(|rule| {
        braces([
            ("when", Some(to_text(&rule.when).into())),
            ("reason", rule.reason.as_deref().map(Value::from)),
        ])
    });
    each.collect()
}

fn clocks(stream: &Stream) -> Vec<InlineTable> {
    let each = stream.clocks.iter().map(|clock: &NamedClock| {
        braces([
            ("name", Some(clock.name.as_str().into())),
            ("from", Some(stream.stage(clock.from).name.as_str().into())),
            ("to", Some(stream.stage(clock.to).name.as_str().into())),
        ])
    });
    each.collect()
}

fn statuses(patterns: &[StatusPattern]) -> Option<Array> {
    let text = |pattern: &StatusPattern| match &pattern.source {
        Some(source) => format!("{source}:{}", pattern.name),
        None => pattern.name.clone(),
    };
    let texts: Vec<String> = patterns.iter().map(text).collect();
    (!texts.is_empty()).then(|| list(texts.iter().map(String::as_str)))
}

/// Writes the stages in their order; a stage that was there keeps its comments, a new one gets the
/// reasons of its statuses.
fn write_stages(table: &mut Table, stages: &[Stage], reasons: &[(String, String)]) {
    let old = table
        .remove("stages")
        .and_then(|old| old.into_array_of_tables().ok())
        .unwrap_or_default();
    if stages.is_empty() {
        return;
    }
    let mut tables = ArrayOfTables::new();
    for (at, stage) in stages.iter().enumerate() {
        let known = old.iter().find(|table| is_called(table, &stage.name));
        let mut stage_table = known.cloned().unwrap_or_else(|| {
            let mut table = Table::new();
            let is_first = at == 0 && old.is_empty();
            let whys = whys(stage, reasons);
            let prefix = match (is_first, whys.is_empty()) {
                (true, true) => STAGES.to_owned(),
                (true, false) => format!("{STAGES}\n{whys}"),
                (false, _) => format!("\n{whys}"),
            };
            table.decor_mut().set_prefix(prefix);
            table
        });
        // Without a position of its own a table is written where the list has it.
        stage_table.set_position(None);
        write_stage(&mut stage_table, stage);
        tables.push(stage_table);
    }
    table.insert("stages", Item::ArrayOfTables(tables));
}

/// The reasons of a stage's statuses as comments.
fn whys(stage: &Stage, reasons: &[(String, String)]) -> String {
    let of_stage = |what: &str| stage.statuses.iter().any(|status| status.name == what);
    let told = reasons.iter().filter(|(what, _)| of_stage(what));
    told.map(|(_, why)| comment(why)).collect()
}

fn write_stage(table: &mut Table, stage: &Stage) {
    set(table, "name", Some(stage.name.as_str()));
    set(table, "phase", Some(stage.phase.name()));
    set(table, "class", Some(stage.class.name()));
    let own_name = [StatusPattern::any_source(&stage.name)];
    let written =
        (stage.statuses != own_name).then(|| statuses(&stage.statuses).unwrap_or_default());
    set(table, "statuses", written);
    set(table, "owner", stage.owner.as_deref());
    set(table, "limit", stage.limit.map(i64::from));
    set(table, "sle", stage.sle.map(sle));
    set(table, "stale_after", stage.stale_after.map(span_text));
}

fn sle(sle: Sle) -> InlineTable {
    let whole = sle.seconds % DAY_SECS == 0;
    let days = if whole {
        Value::from(sle.seconds / DAY_SECS)
    } else {
        Value::from(crate::model::time::days(sle.seconds))
    };
    braces([
        ("percent", Some(i64::from(sle.percent).into())),
        ("days", Some(days)),
    ])
}
