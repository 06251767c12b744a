//! The home screen: how the stream does, where work waits, which stage holds it back, what waits
//! there.

mod became;
mod header;
mod measures;
mod phases;
mod plan;
mod queue;
mod tank;
mod tanks;

use ratatui::layout::Rect;

use super::super::paint::Paint;
use super::super::text::wrap;
use super::super::theme::Role;
use crate::app::{Click, Data, State};
pub(super) use became::fate_told;
pub(super) use header::{draw as draw_header, draw_banner, window_told};
use plan::Plan;
pub(super) use tank::{ageing, fresh, shade};

/// The state with its picture.
pub(super) type Picture<'a> = (&'a State, &'a Data);

/// Draws the home screen.
pub(super) fn draw(picture: Picture<'_>, paint: &mut Paint<'_>) {
    let (state, data) = picture;
    let plan = Plan::new(paint.width(), paint.height());
    header::draw(picture, &mut paint.part(plan.header));
    if data.measures.items.total == 0 {
        draw_empty(state, paint);
        return;
    }
    if plan.banner_row(state).is_some() {
        draw_banner(state, &mut paint.part(plan.banner()));
    }
    measures::draw(data, &mut paint.part(plan.measures));
    if data.compared().is_some() {
        became::draw(data, &mut paint.part(plan.shares));
    } else {
        phases::draw_shares(data, &mut paint.part(plan.shares));
    }
    tanks::draw(picture, &mut paint.part(plan.strip));
    draw_why(data, &mut paint.part(plan.why));
    queue::draw(picture, &mut paint.part(plan.queue));
}

/// What lies at a cell of the home screen.
pub(super) fn hit((state, data): Picture<'_>, area: Rect, at: (u16, u16)) -> Option<Click> {
    let plan = Plan::new(area.width, area.height);
    if data.measures.items.total == 0 {
        return None;
    }
    if let Some(within) = inside(plan.strip, at) {
        return tanks::hit((state, data), plan.strip, within).map(Click::Stage);
    }
    if let Some(within) = inside(plan.measures, at) {
        return measures::hit(data, plan.measures, within).map(Click::Action);
    }
    let within = inside(plan.queue, at)?;
    queue::hit((state, data), plan.queue, within).map(Click::Row)
}

fn inside(area: Rect, (x, y): (u16, u16)) -> Option<(u16, u16)> {
    area.contains((x, y).into())
        .then(|| (x - area.x, y - area.y))
}

/// The sentence on the constraint.
pub(super) fn draw_why(data: &Data, paint: &mut Paint<'_>) {
    let bottleneck = &data.measures.bottleneck;
    let (sign, role) = match bottleneck.constraint {
        Some(_) => ("▶ ", Role::Constraint),
        None => ("· ", Role::Muted),
    };
    let lines = wrap(&bottleneck.why, paint.width().saturating_sub(4));
    let rows = usize::from(paint.height());
    for (row, line) in (0..paint.height()).zip(&lines) {
        let last = usize::from(row) + 1 == rows && lines.len() > rows;
        let line = if last {
            format!("{line} …")
        } else {
            line.clone()
        };
        let text = if bottleneck.constraint.is_some() {
            Role::Strong
        } else {
            Role::Muted
        };
        if row == 0 {
            paint.put(1, row, sign, role);
        }
        paint.put(3, row, &line, text);
    }
}

fn draw_empty(state: &State, paint: &mut Paint<'_>) {
    let advice = if state.asked.filter.is_empty() {
        "This stream has no items yet. Press s to see how its sources are: whether they can be \
         read, and which statuses no stage names. Press E to change the stages."
    } else {
        "No item passes the filter. Press / to change it, Esc to drop it."
    };
    for (row, line) in (2..).zip(wrap(advice, paint.width().saturating_sub(2).min(72))) {
        paint.put(1, row, &line, Role::Text);
    }
}
