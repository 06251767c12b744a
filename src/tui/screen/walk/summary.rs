//! What came of the walk.

use super::agenda::mark;
use crate::app::{Said, Walk};
use crate::metrics::Called;
use crate::tui::paint::Paint;
use crate::tui::screen::item::{Line, draw_lines, heading};
use crate::tui::text::wrap;
use crate::tui::theme::Role;

/// Draws the summary.
pub(super) fn draw(walk: &Walk, paint: &mut Paint<'_>) {
    let room = paint.width().saturating_sub(2);
    let told = wrap(&walk.told(), room);
    let mut lines: Vec<Line> = told.iter().map(|line| heading(line)).collect();
    let items = walk.standup.items.iter().zip(&walk.said);
    let noted: Vec<(&Called, &Said)> = items.filter(|(_, said)| said.has_words()).collect();
    lines.push(Vec::new());
    if noted.is_empty() {
        let nothing = "Nothing was parked, noted or assigned.".to_owned();
        lines.push(vec![(nothing, Role::Muted)]);
    }
    for (called, said) in noted {
        lines.extend(item(walk, called, said));
    }
    lines.push(Vec::new());
    let keys = "y copies the summary as Markdown, w saves it to a file";
    let keys = wrap(keys, room).into_iter();
    lines.extend(keys.map(|line| vec![(line, Role::Muted)]));
    draw_lines(&lines, walk.scroll, paint);
}

fn item(walk: &Walk, called: &Called, said: &Said) -> Vec<Line> {
    let log = walk.data.snapshot.log();
    let mut lines = vec![vec![
        (format!("{} ", mark(said.outcome)), Role::Good),
        (format!("{}  ", log.key(called.open.item)), Role::Accent),
        (log.title(called.open.item).to_owned(), Role::Text),
    ]];
    let terms = [
        ("owner", &said.owner),
        ("next", &said.step),
        ("note", &said.note),
    ];
    let told = terms.into_iter().filter(|(_, text)| !text.is_empty());
    lines.extend(told.map(|(name, text)| {
        vec![
            (format!("    {name:<6}"), Role::Muted),
            (text.clone(), Role::Strong),
        ]
    }));
    lines
}
