//! Every clock's answer, and why they differ.

use super::{Line, heading};
use crate::app::{Data, ItemView, why_clocks_differ};
use crate::metrics::ClockAnswer;
use crate::model::time::{Sec, Zone};
use crate::tui::format::{day, span};
use crate::tui::text::wrap;
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
    lines.extend(answers.map(|answer| line(answer, (data, zone), wide)));
    lines.push(Vec::new());
    let why = why_clocks_differ(&view.story, zone);
    let wrapped = wrap(&why, columns.saturating_sub(3).min(90)).into_iter();
    lines.extend(wrapped.map(|text| vec![(text, Role::Text)]));
    lines
}

fn line(answer: &ClockAnswer, (data, zone): (&Data, &Zone), wide: bool) -> Line {
    let chosen = answer.rule == data.question.clock;
    let seen = data.as_of();
    let day = |at: Option<Sec>| at.map_or_else(|| "–".to_owned(), |at| day(at, seen, zone));
    let role = if chosen { Role::Strong } else { Role::Text };
    let elapsed = answer.elapsed.map_or_else(|| "–".to_owned(), span);
    let mut line = vec![
        (if chosen { "▶ " } else { "  " }.to_owned(), Role::Accent),
        (format!("{:<15}", answer.rule.name()), role),
        (
            format!("{:>9}{:>10}", day(answer.started), day(answer.finished)),
            Role::Text,
        ),
        (format!("{elapsed:>9}"), role),
    ];
    if wide {
        line.push((format!("{:>8}", span(answer.spent.active)), Role::Text));
        line.push((format!("{:>8}", span(answer.spent.waiting)), Role::Text));
    }
    line
}
