//! What a number means: a card above the keys in the help, and the whole of it on a page.

use ratatui::layout::Rect;

use super::super::format::count;
use super::super::paint::{Paint, Run};
use super::super::text::wrap;
use super::super::theme::Role;
use super::centred;
use crate::app::{Data, Form, Paragraph, Screen, State, Topic, filter_told, topics};

/// One line of a definition.
type Line = Vec<Run>;

/// Rows of the page above the text.
const TOP: u16 = 3;

/// The number, and by which rule, over which time and of how many it is here.
fn here(topic: Topic, state: &State, data: &Data) -> String {
    let header = data.measures.header;
    let zone = data.snapshot.zone();
    let day = |at| zone.day_of(at).short();
    let (from, to) = (day(header.window.from), day(header.window.to.plus(-1)));
    let one = state.screen != Screen::Portfolio;
    let n = topic.count(data).filter(|_| one);
    let n = n.map(|n| format!(" · n {n}"));
    format!(
        "here: {from} – {to} · clock {}{}",
        header.clock.name(),
        n.unwrap_or_default()
    )
}

/// What is left out, where a filter leaves something out.
fn excluded(state: &State, data: &Data) -> Option<String> {
    let total = count(data.measures.items.total, "item passes", "items pass");
    (!state.asked.filter.is_empty()).then(|| format!("filter {}: {total}", state.asked.filter))
}

fn lines(paragraphs: &[Paragraph], columns: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in paragraphs {
        let label = match paragraph.label.as_str() {
            "" => String::new(),
            label => format!("{label}: "),
        };
        let wrapped = wrap(&format!("{label}{}", paragraph.text), columns);
        for (at, text) in wrapped.into_iter().enumerate() {
            let cut = text.strip_prefix(label.trim_end());
            lines.push(match cut.filter(|_| at == 0 && !label.is_empty()) {
                Some(rest) => vec![
                    (label.trim_end().to_owned(), Role::Accent),
                    (rest.to_owned(), Role::Text),
                ],
                None => vec![(text, Role::Text)],
            });
        }
    }
    lines
}

/// Rows of the card; 0 where there is nothing to define or no room for it.
pub(super) fn card_rows(state: &State, rows: u16) -> u16 {
    let known = state.data.is_some() && !topics(state).is_empty();
    if known && rows >= 14 {
        (rows / 2 - 1).min(9)
    } else {
        0
    }
}

/// Draws the card: the number, how it is taken here, and as much of what it means as there is room.
pub(super) fn draw_card(state: &State, paint: &mut Paint<'_>) {
    let (Some(data), Some(topic)) = (&state.data, topics(state).first().copied()) else {
        return;
    };
    let columns = paint.width();
    let x = paint.put(1, 0, topic.name(), Role::Strong) + 2;
    paint.put(x, 0, &here(topic, state, data), Role::Muted);
    let told = lines(&topic.paragraphs(), columns.saturating_sub(2));
    let room = paint.height().saturating_sub(2);
    for (y, line) in (1..=room).zip(&told) {
        paint.put_all(1, y, line);
    }
    let rest = paint.height().saturating_sub(1);
    paint.rule(0, rest, columns, Role::Faint);
    let whole = " ? again: the whole definition ";
    paint.put_right(columns.saturating_sub(1), rest, whole, Role::Muted);
}

/// The text of the page: what it means, and what a filter does to it.
fn page(topic: Topic, state: &State, columns: u16) -> Vec<Line> {
    let mut paragraphs = topic.paragraphs();
    paragraphs.push(filter_told());
    let mut text = Vec::new();
    for one in &paragraphs {
        if one.form == Form::Text && !text.is_empty() {
            text.push(Vec::new());
        }
        text.extend(lines(std::slice::from_ref(one), columns));
    }
    if let Some(told) = state.data.as_ref().and_then(|data| excluded(state, data)) {
        text.insert(0, vec![(told, Role::Warn)]);
    }
    text
}

/// Draws the page; `at` is which of the definitions of the screen, `scroll` the lines above.
pub(super) fn draw(state: &State, (at, scroll): (usize, usize), paint: &mut Paint<'_>) {
    let whole = Rect::new(0, 0, paint.width(), paint.height());
    let all = topics(state);
    let (Some(topic), Some(data)) = (all.get(at).copied(), &state.data) else {
        return;
    };
    let mut outer = paint.part(centred(whole, 88, 40));
    let paint = &mut outer.framed();
    let columns = paint.width();
    let x = paint.put(1, 0, topic.name(), Role::Strong) + 2;
    paint.put(
        x,
        0,
        &format!("{} of {}  ← →", at + 1, all.len()),
        Role::Muted,
    );
    paint.put(1, 1, &here(topic, state, data), Role::Muted);
    paint.rule(0, 2, columns, Role::Faint);
    let text = page(topic, state, columns.saturating_sub(2));
    let room = usize::from(paint.height().saturating_sub(TOP));
    let first = scroll.min(text.len().saturating_sub(room));
    for (y, line) in (TOP..).zip(text.iter().skip(first).take(room)) {
        paint.put_all(1, y, line);
    }
    if first + room < text.len() {
        let last = paint.height().saturating_sub(1);
        paint.put_right(columns, last, "▾", Role::Accent);
    }
}
