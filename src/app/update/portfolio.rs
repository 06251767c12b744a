//! Looking around among the streams, and opening one.

use super::super::{Effect, Order, Screen, State};
use super::{act, clamp};

/// Looks at the stream of a row.
pub(super) fn go_to(state: &mut State, row: usize) {
    let order = state.cursor.among.order;
    let Some(data) = &state.data else { return };
    let streams = data.streams_by(order);
    let found = streams.get(clamp(row, streams.len()));
    state.cursor.among.stream = found.map(|one| one.stream);
}

/// How many streams are listed.
pub(super) fn rows(state: &State) -> usize {
    let order = state.cursor.among.order;
    let data = state.data.as_ref();
    data.map_or(0, |data| data.streams_by(order).len())
}

/// Orders the streams by the column to the right or to the left; the one looked at stays so once
/// it has been chosen.
pub(super) fn sideways(state: &mut State, right: bool) {
    order_by(state, state.cursor.among.order.next(right));
}

/// Orders the streams.
pub(super) fn order_by(state: &mut State, order: Order) {
    state.cursor.among.order = order;
}

/// Opens the stream looked at, by the clock that it is shown by.
pub(super) fn open(state: &mut State) -> Vec<Effect> {
    let Some((_, chosen)) = state.stream_at_hand() else {
        return Vec::new();
    };
    let (stream, clock) = (chosen.stream, chosen.header.clock);
    state.cursor.among.stream = Some(stream);
    act::open_on_top(state, Screen::Stream);
    if (state.asked.question.stream, state.asked.question.clock) == (stream, clock) {
        return Vec::new();
    }
    state.asked.question.stream = stream;
    state.asked.question.clock = clock;
    vec![Effect::Measure(state.ask())]
}
