//! The sources: how they are, what they could not say, what no stage names.

use ratatui::layout::Rect;

use super::waiting::{doing, progress};
use crate::app::{Click, Data, State};
use crate::model::health::{SourceHealth, SyncPhase};
use crate::tui::format::{ago, count};
use crate::tui::paint::{Paint, Run};
use crate::tui::text::{cut, harmless, wrap};
use crate::tui::theme::Role;

/// Rows above the list of sources.
const TOP: u16 = 2;

/// Draws the sources: the list, then the selected one and the quality of all data.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    paint.put(1, 0, "Sources", Role::Strong);
    if state.sources.health.is_empty() {
        paint.put(
            1,
            TOP,
            "No source is configured: add [[sources]] to the config, or try",
            Role::Text,
        );
        paint.put(
            1,
            TOP + 1,
            "weir demo, or weir open history.csv",
            Role::Accent,
        );
        return;
    }
    let listed = listed(state, paint.height());
    let first = super::first_row(
        state.cursor.selected.source,
        state.sources.health.len(),
        listed,
    );
    let shown = state
        .sources
        .health
        .iter()
        .enumerate()
        .skip(first)
        .take(listed);
    for (y, (at, source)) in (TOP..).zip(shown) {
        let selected = at == state.cursor.selected.source;
        draw_source((state, source), &mut paint.row(y, selected), y);
    }
    let top = TOP + u16::try_from(listed).unwrap_or(TOP) + 1;
    let below = Rect::new(0, top, paint.width(), paint.height().saturating_sub(top));
    draw_details(state, &mut paint.part(below));
}

/// How many sources are listed at once.
fn listed(state: &State, height: u16) -> usize {
    state
        .sources
        .health
        .len()
        .min(usize::from(height / 3).max(1))
}

/// The source at a cell.
pub(super) fn hit(state: &State, area: Rect, (_, y): (u16, u16)) -> Option<Click> {
    let listed = listed(state, area.height);
    let first = super::first_row(
        state.cursor.selected.source,
        state.sources.health.len(),
        listed,
    );
    let row = usize::from(y.checked_sub(TOP)?);
    let at = first + row;
    (row < listed && at < state.sources.health.len()).then_some(Click::Row(at))
}

fn draw_source((state, source): (&State, &SourceHealth), paint: &mut Paint<'_>, y: u16) {
    let now = state.travel.seen.now;
    let (sign, role) = match (&source.trouble, &source.phase) {
        (Some(_), _) => ("▲", Role::Bad),
        (None, SyncPhase::Syncing(_)) => ("◌", Role::Accent),
        (None, SyncPhase::Idle { .. } | SyncPhase::Followed { by: Some(_) }) => ("●", Role::Good),
        (None, SyncPhase::Followed { by: None }) => ("○", Role::Warn),
    };
    paint.put(1, y, sign, role);
    let name = cut(&harmless(source.source.as_str()), 16).into_owned();
    paint.put(3, y, &name, Role::Strong);
    let state_words = match &source.trouble {
        Some(trouble) => format!("cannot be read since {}", ago(now, trouble.since)),
        None => doing(source),
    };
    let mut x = paint.put(20, y, &state_words, role).max(38) + 2;
    if let Some(last) = source.last_success {
        x = paint.put(
            x,
            y,
            &format!("last read {} ago", ago(now, last)),
            Role::Text,
        ) + 2;
    }
    let next = match (&source.trouble, &source.phase) {
        (Some(trouble), _) => trouble.next_try,
        (None, SyncPhase::Idle { next }) => *next,
        (None, SyncPhase::Syncing(_) | SyncPhase::Followed { .. }) => None,
    };
    if let Some(next) = next {
        x = paint.put(x, y, &format!("next in {}", ago(next, now)), Role::Muted) + 2;
    }
    if source.requests > 0 {
        let requests = count(source.requests, "request", "requests");
        x = paint.put(x, y, &requests, Role::Muted) + 2;
    }
    progress(source, paint, x, y);
}

type Line = Vec<Run>;

/// The selected source and the quality of all data, side by side where there is room.
fn draw_details(state: &State, paint: &mut Paint<'_>) {
    let columns = paint.width();
    let Some(source) = state.sources.health.get(state.cursor.selected.source) else {
        return;
    };
    let wide = columns >= 100;
    let half = if wide { columns * 3 / 5 } else { columns };
    let mut own = trouble(state, source, half);
    own.extend(oddities(source));
    own.extend(inference(state, source, half));
    let all = state.data.as_ref().map(quality).unwrap_or_default();
    paint.rule(0, 0, columns, Role::Faint);
    paint.put(1, 0, &format!(" {} ", source.source), Role::Strong);
    let rows = paint.height().saturating_sub(1);
    if wide {
        paint.put(half, 0, " Quality of all data ", Role::Strong);
        put_lines(
            &all,
            0,
            &mut paint.part(Rect::new(half, 1, columns - half, rows)),
        );
    } else {
        own.extend([
            Vec::new(),
            vec![("Quality of all data".to_owned(), Role::Strong)],
        ]);
        own.extend(all);
    }
    let scroll = state.cursor.selected.detail;
    put_lines(&own, scroll, &mut paint.part(Rect::new(0, 1, half, rows)));
}

/// Writes lines, the first ones scrolled away as far as there are more than fit.
fn put_lines(lines: &[Line], scroll: usize, paint: &mut Paint<'_>) {
    let first = scroll.min(lines.len().saturating_sub(paint.height().into()));
    if first + usize::from(paint.height()) < lines.len() && paint.height() > 0 {
        let (x, y) = (paint.width().saturating_sub(1), paint.height() - 1);
        paint.put(x, y, "▾", Role::Accent);
    }
    for (y, line) in (0..paint.height()).zip(lines.iter().skip(first)) {
        paint.put_all(1, y, line);
    }
}

fn trouble(state: &State, source: &SourceHealth, columns: u16) -> Vec<Line> {
    let Some(trouble) = &source.trouble else {
        return Vec::new();
    };
    let room = columns.saturating_sub(3);
    let said = [(&trouble.what, Role::Bad), (&trouble.hint, Role::Text)];
    let mut lines: Vec<Line> = said
        .into_iter()
        .flat_map(|(text, role)| {
            wrap(text, room)
                .into_iter()
                .map(move |line| vec![(line, role)])
        })
        .collect();
    let next = match (trouble.next_try, &source.phase) {
        (_, SyncPhase::Followed { by: Some(_) }) => {
            "It is tried again where it is polled.".to_owned()
        }
        (Some(next), _) => format!(
            "Next try in {}; r tries now.",
            ago(next, state.travel.seen.now)
        ),
        (None, _) => "weir does not try again by itself; r tries now.".to_owned(),
    };
    lines.push(vec![(next, Role::Muted)]);
    lines.push(Vec::new());
    lines
}

fn oddities(source: &SourceHealth) -> Vec<Line> {
    if source.oddity_count == 0 && source.last_success.is_none() {
        return Vec::new();
    }
    if source.oddity_count == 0 {
        return vec![vec![
            ("✓ ".to_owned(), Role::Good),
            ("every record could be read".to_owned(), Role::Text),
        ]];
    }
    let head = format!(
        "{} in what was read",
        count(source.oddity_count, "oddity", "oddities")
    );
    let mut lines = vec![vec![(head, Role::Warn)]];
    lines.extend(source.oddities.iter().rev().take(50).map(|oddity| {
        vec![
            (format!("  {}  ", oddity.place), Role::Accent),
            (oddity.what.clone(), Role::Text),
        ]
    }));
    lines
}

fn inference(state: &State, source: &SourceHealth, columns: u16) -> Vec<Line> {
    let Some(found) = state
        .sources
        .inference
        .iter()
        .find(|one| one.source == source.source)
    else {
        return Vec::new();
    };
    let part = |title: &str, sentences: &[String]| {
        let mut lines = vec![Vec::new(), vec![(title.to_owned(), Role::Strong)]];
        let wrapped = sentences
            .iter()
            .flat_map(|one| wrap(one, columns.saturating_sub(5)));
        lines.extend(wrapped.map(|one| vec![(format!("  {one}"), Role::Text)]));
        lines
    };
    let mut lines = part("How the columns were read", &found.columns);
    lines.extend(part(
        "Why each status became its stage (E changes it)",
        &found.stages,
    ));
    lines
}

/// What the data does not say or says oddly.
fn quality(data: &Data) -> Vec<Line> {
    let quality = &data.measures.quality;
    let items = &data.measures.items;
    let mut lines = vec![number(items.total, "items known")];
    if !quality.unmapped_statuses.is_empty() {
        lines.push(vec![
            ("      ! ".to_owned(), Role::Bad),
            ("statuses no stage names (E):".to_owned(), Role::Text),
        ]);
        lines.extend(quality.unmapped_statuses.iter().map(|(name, count)| {
            let name = cut(&harmless(name), 30).into_owned();
            vec![
                (format!("{count:>7} "), Role::Strong),
                (format!("  {name}"), Role::Warn),
            ]
        }));
    }
    let counts = [
        (items.unmapped, "items never in a mapped status"),
        (quality.skipped_stages, "stages passed over"),
        (
            quality.closed_without_work,
            "finished straight from the backlog",
        ),
        (quality.disorder.out_of_order, "moves out of order"),
        (
            quality.disorder.before_creation,
            "moves before the item was created",
        ),
        (quality.disorder.approximate, "moves known only to the poll"),
    ];
    lines.extend(counts.map(|(count, what)| number(count, what)));
    lines.extend(links(data));
    lines
}

/// What each link rule joined, and what belongs to nothing.
fn links(data: &Data) -> Vec<Line> {
    let quality = &data.measures.quality;
    if quality.links.is_empty() {
        return Vec::new();
    }
    let log = data.snapshot.log();
    let mut lines = vec![number(quality.unlinked, "artefacts of no item (unlinked)")];
    for link in &quality.links {
        let (from, to) = (harmless(link.from.as_str()), harmless(link.to.as_str()));
        let joined = format!("of {} of {from} joined to {to}", link.artefacts);
        lines.push(number(link.joined, &joined));
        if let Some(apart) = link.apart_example {
            let example = format!("          not joined: {}", harmless(log.key(apart)));
            lines.push(vec![(example, Role::Muted)]);
        }
    }
    lines
}

fn number(count: u64, what: &str) -> Line {
    let role = if count == 0 {
        Role::Muted
    } else {
        Role::Strong
    };
    vec![
        (format!("{count:>7} "), role),
        (what.to_owned(), Role::Text),
    ]
}
