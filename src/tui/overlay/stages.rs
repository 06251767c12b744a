//! The stage editor: what each status means.

use ratatui::layout::Rect;

use super::super::format::count;
use super::super::paint::Paint;
use super::super::screen::first_row;
use super::super::text::cut;
use super::super::theme::Role;
use super::{centred, inside};
use crate::app::{Click, Group, Role as Meaning, StageEditor, State};
use crate::model::stage::Class;

/// Rows above the list.
const TOP: u16 = 3;

/// Where the editor stands.
pub(super) fn area(whole: Rect) -> Rect {
    centred(whole, 86, 44)
}

/// The line of the editor at a cell.
pub(super) fn hit(editor: &StageEditor, whole: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let area = inside(area(whole));
    if !area.contains((x, y).into()) {
        return None;
    }
    let count = editor.lines().len();
    let room = usize::from(area.height.saturating_sub(TOP));
    let row = usize::from((y - area.y).checked_sub(TOP)?);
    let at = first_row(editor.line, count, room) + row;
    (at < count).then_some(Click::Row(at))
}

/// Draws the editor.
pub(super) fn draw(state: &State, editor: &StageEditor, paint: &mut Paint<'_>) {
    let paint = &mut paint.framed();
    let stream = state
        .data
        .as_ref()
        .map_or("", |data| data.measures.stream.as_str());
    let x = paint.put(1, 0, "Stages of ", Role::Muted);
    paint.put(x, 0, stream, Role::Strong);
    let head = format!(
        "    {:<25}{:<12}{:<10}",
        "stage, its statuses", "class", "phase"
    );
    paint.put(0, 1, &head, Role::Muted);
    let columns = paint.width();
    paint.rule(0, 2, columns, Role::Faint);
    let lines = editor.lines();
    let room = usize::from(paint.height().saturating_sub(TOP));
    let first = first_row(editor.line, lines.len(), room);
    for (y, (at, line)) in (TOP..).zip(lines.iter().enumerate().skip(first).take(room)) {
        let row = &mut paint.row(y, at == editor.line);
        let end = draw_line(editor, *line, row, y);
        draw_count(state, editor, *line, row, (end, y));
    }
}

/// Draws a line of an editor; gives the column after a status.
pub(in super::super) fn draw_line(
    editor: &StageEditor,
    (at, status): (usize, Option<usize>),
    paint: &mut Paint<'_>,
    y: u16,
) -> u16 {
    let group = &editor.groups[at];
    let Some(status) = status else {
        draw_group(at, group, paint, y);
        return 0;
    };
    let status = &group.stage.statuses[status];
    let source = status
        .source
        .as_ref()
        .map(|source| format!("{source}:"))
        .unwrap_or_default();
    paint.put(6, y, &format!("{source}{}", status.name), Role::Text)
}

/// How many items were in a status that no stage names.
fn draw_count(
    state: &State,
    editor: &StageEditor,
    (at, status): (usize, Option<usize>),
    paint: &mut Paint<'_>,
    (x, y): (u16, u16),
) {
    let statuses = &editor.groups[at].stage.statuses;
    let status = status.and_then(|status| statuses.get(status));
    let data = state.data.as_ref().zip(status);
    let items = data.and_then(|(data, status)| {
        let unmapped = &data.measures.quality.unmapped_statuses;
        unmapped.get(&status.name)
    });
    if let Some(items) = items {
        paint.put(x + 2, y, &count(*items, "item", "items"), Role::Muted);
    }
}

fn draw_group(at: usize, group: &Group, paint: &mut Paint<'_>, y: u16) {
    let (role, phase) = match group.role {
        Meaning::Class(Class::Backlog) => (Role::Backlog, true),
        Meaning::Class(Class::Queue) => (Role::Queue, true),
        Meaning::Class(Class::Active) => (Role::Active, true),
        Meaning::Class(Class::Done) => (Role::Done, true),
        Meaning::Blocked => (Role::Blocked, false),
        Meaning::Cancelled => (Role::Muted, false),
        Meaning::Unused => (Role::Warn, false),
    };
    let number = if phase {
        format!("{:>2}", at + 1)
    } else {
        " ·".to_owned()
    };
    paint.put(1, y, &number, Role::Muted);
    paint.put(4, y, &cut(&group.stage.name, 22), Role::Strong);
    let x = paint.put(27, y, "■ ", role);
    paint.put(x, y, group.role.name(), Role::Text);
    if phase {
        paint.put(41, y, group.stage.phase.name(), Role::Text);
    }
}
