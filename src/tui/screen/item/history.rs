//! What happened to the item, newest first: visits, blocks, ties.

use super::{Line, heading, letter, made_of, place};
use crate::app::{Data, ItemView};
use crate::charts::bar;
use crate::metrics::{StoryBlock, StoryVisit};
use crate::model::id::ItemIx;
use crate::model::log::{Mark, MarkKind};
use crate::model::stage::Class;
use crate::model::time::days;
use crate::tui::format::{day, moment, span_in};
use crate::tui::paint::GROWING;
use crate::tui::screen::stream::fresh;
use crate::tui::text::{cut, harmless, width};
use crate::tui::theme::Role;

/// Cells for the artefact that a visit came from.
const ORIGIN: u16 = 18;

/// The history as lines for so many columns.
pub(super) fn lines(data: &Data, view: &ItemView, columns: u16) -> Vec<Line> {
    let mut lines = visits(data, view, columns);
    lines.extend(made_of::lines(data, view, columns));
    let blocks = view.story.blocks.iter().rev();
    let blocks: Vec<Line> = blocks.map(|block| block_line(data, block)).collect();
    let marks = marks(data, view);
    let marks = marks.iter().rev().filter_map(|mark| {
        let own = view.story.artefacts.is_empty();
        mark_line(data, mark, (!own).then_some(mark.item))
    });
    let marks: Vec<Line> = marks.collect();
    for (title, part) in [("Blocked", blocks), ("Links and deployments", marks)] {
        if !part.is_empty() {
            lines.extend([Vec::new(), heading(title)]);
            lines.extend(part);
        }
    }
    lines
}

/// What happened to all artefacts beside moves, seen by as-of.
fn marks(data: &Data, view: &ItemView) -> Vec<Mark> {
    let log = data.snapshot.log();
    let further = view.story.artefacts.iter().skip(1);
    let artefacts = std::iter::once(view.story.item).chain(further.map(|one| one.item));
    let mut marks: Vec<Mark> = artefacts
        .flat_map(|item| log.marks(item))
        .filter(|mark| mark.at < view.story.as_of)
        .copied()
        .collect();
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn visits(data: &Data, view: &ItemView, columns: u16) -> Vec<Line> {
    let visits = &view.story.visits;
    let from = if columns < 60 { 21 } else { 26 };
    let whence = if view.story.artefacts.is_empty() {
        ""
    } else {
        "  came by"
    };
    let head = format!("{:>from$}{:>7}{whence}", "from", "stayed");
    let mut lines = vec![vec![
        ("Visits".to_owned(), Role::Strong),
        (head, Role::Muted),
    ]];
    let stays = visits
        .iter()
        .filter(|visit| visit.class != Some(Class::Done));
    let longest = stays.map(|visit| visit.length).max().unwrap_or(0);
    let visits = visits.iter().rev();
    lines.extend(visits.map(|visit| visit_line((data, view), visit, (columns, longest))));
    lines
}

fn visit_line(
    (data, view): (&Data, &ItemView),
    visit: &StoryVisit,
    (columns, longest): (u16, i64),
) -> Line {
    let (zone, seen) = (data.snapshot.zone(), data.as_of());
    let from = if columns < 60 {
        day(visit.from, seen, zone)
    } else {
        format!("{:>13}", moment(visit.from, seen, zone))
    };
    let role = visit.class.map_or(Role::Muted, fresh);
    let place = place(data, visit.position);
    let name = cut(&harmless(&place), 15).into_owned();
    let pad = " ".repeat(16_usize.saturating_sub(width(&name).into()));
    let ended = visit.class == Some(Class::Done);
    let length = if ended {
        String::new()
    } else {
        span_in(data.question.time, visit.length)
    };
    let mut line = vec![
        ("▌".to_owned(), role),
        (format!("{} ", letter(visit.class)), Role::Muted),
        (name, Role::Text),
        (format!("{pad}{from:>8}"), Role::Muted),
        (format!("{length:>7}"), Role::Strong),
    ];
    let mut room = columns;
    if !view.story.artefacts.is_empty() {
        room = columns.saturating_sub(ORIGIN + 2);
        let role = if visit.artefact == view.chosen() {
            Role::Strong
        } else {
            Role::Muted
        };
        let origin = made_of::origin(data, visit.artefact, ORIGIN);
        line.push((format!("  {origin}"), role));
    }
    let bar = stay_bar(visit, room, longest);
    if view.story.artefacts.is_empty() || !bar.trim().is_empty() {
        line.push((bar, role));
    }
    line.extend(remarks(data, visit));
    line
}

fn remarks(data: &Data, visit: &StoryVisit) -> Line {
    let blocked = (visit.blocked > 0).then(|| {
        let long = span_in(data.question.time, visit.blocked);
        (format!("■ {long} "), Role::Blocked)
    });
    let back = visit
        .backward
        .then(|| ("↩ came back".to_owned(), Role::Warn));
    blocked.into_iter().chain(back).collect()
}

/// The stay as a bar beside its length; as wide as there is room.
fn stay_bar(visit: &StoryVisit, columns: u16, longest: i64) -> String {
    let others = if columns < 60 { 46 } else { 52 };
    let room = columns.saturating_sub(others).min(40);
    if room < 6 {
        return "  ".to_owned();
    }
    let shown = if visit.class == Some(Class::Done) {
        0
    } else {
        visit.length
    };
    let length = bar(days(shown), days(longest), room);
    let part = GROWING[usize::from(length.eighths)].trim();
    let full = "█".repeat(length.full.into()) + part;
    let room = usize::from(room);
    format!("  {full:<room$} ")
}

fn block_line(data: &Data, block: &StoryBlock) -> Line {
    let long = span_in(data.question.time, block.length);
    let reason = if block.reason.is_empty() {
        "no reason given"
    } else {
        &block.reason
    };
    let mut line = vec![
        ("■ ".to_owned(), Role::Blocked),
        (
            format!(
                "{:>13}",
                moment(block.from, data.as_of(), data.snapshot.zone())
            ),
            Role::Muted,
        ),
        (format!("{long:>9}  "), Role::Strong),
        (reason.to_owned(), Role::Text),
    ];
    if block.to.is_none() {
        line.push((" · still blocked".to_owned(), Role::Bad));
    }
    line
}

/// Marks beside blocks, which have lines of their own.
fn mark_line(data: &Data, mark: &Mark, of: Option<ItemIx>) -> Option<Line> {
    let text = |symbol| data.snapshot.log().text(symbol).to_owned();
    let words = match mark.kind {
        MarkKind::Linked(kind, to) => format!("{} {}", text(kind), text(to)),
        MarkKind::Unlinked(kind, to) => format!("no longer {} {}", text(kind), text(to)),
        MarkKind::Deployed(environment) => format!("deployed to {}", text(environment)),
        MarkKind::IncidentOpened => "incident opened".to_owned(),
        MarkKind::IncidentResolved => "incident resolved".to_owned(),
        MarkKind::Deleted => "deleted".to_owned(),
        _ => return None,
    };
    let at = moment(mark.at, data.as_of(), data.snapshot.zone());
    let of = of.map_or_else(String::new, |item| made_of::origin(data, item, ORIGIN));
    Some(vec![
        (format!("{at:>15}  {of}"), Role::Muted),
        (words, Role::Text),
    ])
}
