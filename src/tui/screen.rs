//! The screens.

mod ageing;
mod axis;
mod beside;
mod bottleneck;
mod figures;
mod flow;
mod forecast;
mod item;
mod items;
mod kinds;
mod portfolio;
mod recalled;
mod rows;
mod sources;
mod stream;
mod throughput;
mod times;
mod waiting;
mod walk;

use ratatui::layout::Rect;

use super::Look;
use super::hints;
use super::paint::Paint;
use crate::app::{Click, Screen, State};
pub(super) use recalled::recalled;

/// Draws the screen in view and the bottom row.
pub(super) fn draw(state: &State, paint: &mut Paint<'_>) {
    let (columns, rows) = (paint.width(), paint.height());
    let body = Rect::new(0, 0, columns, rows - 1);
    match (&state.screen, &state.data) {
        (Screen::Sources, _) => sources::draw(state, &mut paint.part(body)),
        (_, None) => waiting::draw(state, &mut paint.part(body)),
        (Screen::Stream, Some(data)) => stream::draw((state, data), &mut paint.part(body)),
        (Screen::Ageing, Some(data)) => ageing::draw((state, data), &mut paint.part(body)),
        (Screen::Times, Some(data)) => times::draw((state, data), &mut paint.part(body)),
        (Screen::Throughput, Some(data)) => {
            throughput::draw((state, data), &mut paint.part(body));
        }
        (Screen::Flow, Some(data)) => flow::draw((state, data), &mut paint.part(body)),
        (Screen::Walk, Some(data)) => walk::draw((state, data), &mut paint.part(body)),
        (Screen::Bottleneck, Some(data)) => {
            bottleneck::draw((state, data), &mut paint.part(body));
        }
        (Screen::Forecast, Some(data)) => forecast::draw((state, data), &mut paint.part(body)),
        (Screen::Portfolio, Some(data)) => portfolio::draw((state, data), &mut paint.part(body)),
        (Screen::Items(view), Some(data)) => {
            items::draw((state, data), view, &mut paint.part(body));
        }
        (Screen::Item(view), Some(data)) => {
            item::draw((state, data), view, &mut paint.part(body));
        }
    }
    hints::draw(state, paint, rows - 1);
}

/// What lies at a cell.
pub(super) fn hit(state: &State, look: &Look, area: Rect, at: (u16, u16)) -> Option<Click> {
    let body = Rect {
        height: area.height - 1,
        ..area
    };
    if at.1 == body.height {
        return hints::hit(state, look, area, at.0).map(Click::Action);
    }
    match (&state.screen, &state.data) {
        (Screen::Sources, _) => sources::hit(state, body, at),
        (Screen::Stream, Some(data)) => stream::hit((state, data), body, at),
        (Screen::Ageing, Some(data)) => ageing::hit((state, data), body, at),
        (Screen::Times, Some(data)) => times::hit((state, data), body, at),
        (Screen::Throughput, Some(data)) => throughput::hit((state, data), body, at),
        (Screen::Flow, Some(data)) => flow::hit((state, data), body, at),
        (Screen::Walk, Some(_)) => walk::hit(state, body, at),
        (Screen::Bottleneck, Some(data)) => bottleneck::hit((state, data), body, at),
        (Screen::Forecast, Some(data)) => forecast::hit((state, data), body, at),
        (Screen::Portfolio, Some(data)) => portfolio::hit((state, data), body, at),
        (Screen::Items(view), Some(_)) => items::hit(view, body, at),
        _ => None,
    }
}

/// The first of `count` rows to show in `room` rows, so that the selected one is in view.
pub(super) fn first_row(selected: usize, count: usize, room: usize) -> usize {
    selected
        .saturating_sub(room / 2)
        .min(count.saturating_sub(room))
}
