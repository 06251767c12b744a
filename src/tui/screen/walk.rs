//! The walk of the board: how much time is left, the agenda, and what there is to say of the stop.

mod agenda;
mod changes;
mod item;
mod summary;

use ratatui::layout::Rect;

use super::axis;
use super::stream::{Picture, draw_header};
use crate::app::{BUDGET_SECS, Click, Extent, State, Stop, Walk, minutes_text};
use crate::metrics::{Concern, Since};
use crate::tui::format::short_instant;
use crate::tui::paint::Paint;
use crate::tui::text::width;
use crate::tui::theme::Role;

/// From so many columns on the agenda stands beside the stop.
const WIDE: u16 = 100;

/// Columns of the agenda there.
const AGENDA: u16 = 36;

/// Rows of an item where the agenda stands below it.
const ITEM_ROWS: u16 = 14;

/// Where everything is.
struct Plan {
    agenda: Option<Rect>,
    stop: Rect,
}

impl Plan {
    fn new(area: Rect, walk: &Walk) -> Self {
        let above = if area.height >= 16 { 4 } else { 3 };
        let rows = area.height.saturating_sub(above);
        let body = Rect::new(0, above, area.width, rows);
        if area.width >= WIDE {
            return Self {
                agenda: Some(Rect {
                    width: AGENDA,
                    ..body
                }),
                stop: Rect {
                    x: AGENDA + 1,
                    width: area.width - AGENDA - 1,
                    ..body
                },
            };
        }
        let below = rows.saturating_sub(ITEM_ROWS);
        let is_item = matches!(walk.stop(), Stop::Item(_));
        if !is_item || below < 3 {
            return Self {
                agenda: None,
                stop: body,
            };
        }
        Self {
            agenda: Some(Rect {
                y: above + ITEM_ROWS,
                height: below,
                ..body
            }),
            stop: Rect {
                height: ITEM_ROWS,
                ..body
            },
        }
    }
}

/// Draws the screen.
pub(super) fn draw((state, data): Picture<'_>, paint: &mut Paint<'_>) {
    let header = Rect::new(0, 0, paint.width(), 1);
    let Some(walk) = state.walk.as_deref() else {
        draw_header((state, data), &mut paint.part(header));
        axis::draw_title(1, "Stand-up", "", paint);
        paint.put(1, 3, "Making the agenda ...", Role::Muted);
        return;
    };
    draw_header((state, &walk.data), &mut paint.part(header));
    axis::draw_title(1, &title(walk), &scope(walk), paint);
    draw_time(walk, paint);
    let plan = Plan::new(Rect::new(0, 0, paint.width(), paint.height()), walk);
    if let Some(area) = plan.agenda {
        agenda::draw(walk, &mut paint.part(area));
    }
    let mut paint = paint.part(plan.stop);
    match walk.stop() {
        Stop::Changes => changes::draw(walk, &mut paint),
        Stop::Item(_) => item::draw(walk, &mut paint),
        Stop::Summary => summary::draw(walk, &mut paint),
    }
}

/// What lies at a cell: a stop of the agenda.
pub(super) fn hit(state: &State, area: Rect, (x, y): (u16, u16)) -> Option<Click> {
    let walk = state.walk.as_deref()?;
    let agenda = Plan::new(area, walk).agenda?;
    let inside = agenda.contains((x, y).into());
    let row = usize::from(y.checked_sub(agenda.y)?);
    let at = agenda::first(walk, agenda.height) + row;
    (inside && at < walk.count() + 2).then_some(Click::Row(at))
}

fn title(walk: &Walk) -> String {
    match walk.stop() {
        Stop::Changes => format!("Stand-up, {} items to walk", walk.count()),
        Stop::Item(at) => format!("Stand-up, {} of {}", at + 1, walk.count()),
        Stop::Summary => "Stand-up, summary".to_owned(),
    }
}

/// What is walked and what is not.
fn scope(walk: &Walk) -> String {
    let all = walk.standup.items.len();
    match walk.extent {
        Extent::All => format!("all {all} in progress, by what another day costs, right to left"),
        Extent::Calling => {
            let rest = all - walk.count();
            format!("by what another day costs, right to left; {rest} more call for no word")
        }
    }
}

/// Since when changes are told.
fn since(walk: &Walk) -> String {
    let zone = walk.data.snapshot.zone();
    match walk.standup.since {
        Since::LastWalk(at) => format!("since the last walk, {}", short_instant(at, zone)),
        Since::ADay(_) => "in a day (no walk before is known)".to_owned(),
    }
}

/// The time gone and the time there is, of the walk and of the item.
fn draw_time(walk: &Walk, paint: &mut Paint<'_>) {
    let over = walk.seconds > BUDGET_SECS;
    let role = if over { Role::Bad } else { Role::Strong };
    let gone = minutes_text(walk.seconds);
    let x = paint.put(1, 2, &gone, role);
    let x = paint.put(
        x,
        2,
        &format!(" of {} ", minutes_text(BUDGET_SECS)),
        Role::Muted,
    );
    let told = item_time(walk);
    let most = if paint.width() >= WIDE { 40 } else { 16 };
    let told_width: u16 = told.iter().map(|(text, _)| width(text)).sum();
    let room = paint.width().saturating_sub(x + told_width + 3).min(most);
    let full = u32::from(room) * walk.seconds.min(BUDGET_SECS) / BUDGET_SECS;
    let full = usize::try_from(full).unwrap_or(0);
    let bar_role = if over { Role::Bad } else { Role::Accent };
    let x = paint.put(x, 2, &"━".repeat(full), bar_role);
    let x = paint.put(x, 2, &"─".repeat(usize::from(room) - full), Role::Faint);
    paint.put_all(x + 2, 2, &told);
}

/// The time of the item at hand, or of each of those ahead.
fn item_time(walk: &Walk) -> Vec<(String, Role)> {
    let each = walk.seconds_each();
    let told = |each: Option<u32>| each.map_or_else(|| "–".to_owned(), minutes_text);
    let ahead = format!(" · {} ahead", walk.ahead());
    let Some(said) = walk.said_here() else {
        if walk.stop() == Stop::Summary {
            return Vec::new();
        }
        let each = format!("{} each", told(each));
        return vec![(each, Role::Text), (ahead, Role::Muted)];
    };
    let late = each.is_some_and(|each| said.seconds > each);
    let role = if late { Role::Warn } else { Role::Strong };
    vec![
        ("this item ".to_owned(), Role::Muted),
        (minutes_text(said.seconds), role),
        (format!(" of {}{ahead}", told(each)), Role::Muted),
    ]
}

/// One sign a concern, so that it can be told without colour.
fn sign(concern: Concern) -> (&'static str, Role) {
    match concern {
        Concern::Blocked => ("■", Role::Blocked),
        Concern::OverPace => ("▲", Role::Overdue),
        Concern::Stale => ("○", Role::Warn),
        Concern::Expedite => ("!", Role::Bad),
        Concern::Fine => ("●", Role::Muted),
    }
}
