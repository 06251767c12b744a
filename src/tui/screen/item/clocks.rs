//! Every clock's answer, why they differ, and what the item has left.

use super::{Line, heading, place};
use crate::app::{Data, ItemView, days_left_told, why_clocks_differ};
use crate::metrics::{ClockAnswer, NamedAnswer};
use crate::model::time::Sec;
use crate::tui::format::{day, span_in};
use crate::tui::text::{cut, harmless, wrap};
use crate::tui::theme::Role;

/// The clocks as lines of at most `columns` cells.
pub(super) fn lines(data: &Data, view: &ItemView, columns: u16) -> Vec<Line> {
    let zone = data.snapshot.zone();
    let wide = columns >= 62;
    let spent = if wide { "  active waiting" } else { "" };
    let head = format!(
        "  {:<15}{:>9}{:>10}{:>9}{spent}",
        "clock", "started", "finished", "elapsed"
    );
    let mut lines = vec![heading("The clocks"), vec![(head, Role::Muted)]];
    let answers = view.story.clocks.iter();
    lines.extend(answers.map(|answer| line(answer, data, wide)));
    lines.extend(
        view.story
            .named_clocks
            .iter()
            .map(|answer| named(answer, data)),
    );
    lines.push(Vec::new());
    let why = why_clocks_differ(&view.story, |at| place(data, at), zone);
    let left = data.days_left(view.story.item).map(days_left_told);
    for said in [Some(why), left].into_iter().flatten() {
        let wrapped = wrap(&said, columns.saturating_sub(3).min(90)).into_iter();
        lines.extend(wrapped.map(|text| vec![(text, Role::Text)]));
    }
    lines
}

/// The days of start and finish, in two columns.
fn dates(data: &Data, started: Option<Sec>, finished: Option<Sec>) -> String {
    let (zone, seen) = (data.snapshot.zone(), data.as_of());
    let day = |at: Option<Sec>| at.map_or_else(|| "–".to_owned(), |at| day(at, seen, zone));
    format!("{:>9}{:>10}", day(started), day(finished))
}

fn named(answer: &NamedAnswer, data: &Data) -> Line {
    let span = |seconds| span_in(data.question.time, seconds);
    let elapsed = answer.elapsed.map_or_else(|| "–".to_owned(), span);
    let days = dates(data, answer.started, answer.finished);
    vec![
        (
            format!("  {:<15}", cut(&harmless(&answer.name), 15)),
            Role::Text,
        ),
        (format!("{days}{elapsed:>9}"), Role::Text),
    ]
}

fn line(answer: &ClockAnswer, data: &Data, wide: bool) -> Line {
    let chosen = answer.rule == data.question.clock;
    let role = if chosen { Role::Strong } else { Role::Text };
    let span = |seconds| span_in(data.question.time, seconds);
    let elapsed = answer.elapsed.map_or_else(|| "–".to_owned(), span);
    let mut line = vec![
        (if chosen { "▶ " } else { "  " }.to_owned(), Role::Accent),
        (format!("{:<15}", answer.rule.name()), role),
        (dates(data, answer.started, answer.finished), Role::Text),
        (format!("{elapsed:>9}"), role),
    ];
    if wide {
        line.push((format!("{:>8}", span(answer.spent.active)), Role::Text));
        line.push((format!("{:>8}", span(answer.spent.waiting)), Role::Text));
    }
    line
}
