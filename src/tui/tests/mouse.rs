//! What can be pointed at.

use super::*;

#[test]
fn the_bar_of_time_can_be_clicked_and_dragged() {
    let point = |state: &State, kind, column, row| {
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        input::message(&Event::Mouse(event), state, &look(Depth::True))
    };
    for size in [TERMINAL, (120, 40), (200, 60), (40, 10)] {
        let mut state = shown(size, &[Action::Time]);
        let row = size.1 - 2;
        let middle = size.0 * 3 / 4;
        let down = point(&state, MouseEventKind::Down(MouseButton::Left), middle, row);
        let Some(msg @ Msg::Click(Click::Instant(first))) = down else {
            panic!("{size:?}: {down:?}")
        };
        update(&mut state, msg);
        assert_eq!(state.travel.seen.past, Some(first));
        let drag = MouseEventKind::Drag(MouseButton::Left);
        let Some(Msg::Click(Click::Instant(second))) = point(&state, drag, middle - 3, row) else {
            panic!("{size:?}")
        };
        assert!(second < first);
        assert!(
            point(&state, drag, middle, 3).is_none(),
            "only the bar is dragged"
        );
        let (x, y) = find(&state, "play");
        assert!(matches!(
            click(&state, x, y),
            Some(Msg::Click(Click::Action(Action::Play)))
        ));
        let end = point(
            &state,
            MouseEventKind::Down(MouseButton::Left),
            size.0 - 2,
            row,
        );
        assert!(
            matches!(end, Some(Msg::Click(Click::Instant(at))) if at == fixture::NOW.floor_clamped())
        );
    }
    let home = world(TERMINAL);
    let drag = MouseEventKind::Drag(MouseButton::Left);
    assert!(point(&home, drag, 40, 22).is_none());
}

#[test]
fn the_columns_of_the_portfolio_can_be_clicked() {
    for size in [TERMINAL, (120, 40), (200, 60)] {
        let mut state = among(size);
        let press = |state: &mut State, wanted: &str| {
            let (x, y) = find(state, wanted);
            let msg = click(state, x, y).unwrap_or_else(|| panic!("{wanted} at {size:?}"));
            update(state, msg)
        };
        press(&mut state, "velocity");
        assert_eq!(state.cursor.among.order, Order::Velocity, "{size:?}");
        press(&mut state, "load");
        assert_eq!(state.cursor.among.order, Order::Load);
        press(&mut state, "ledger ");
        assert_eq!(state.stream_at_hand().unwrap().1.name, "ledger");
        let effects = press(&mut state, "ledger ");
        assert!(matches!(effects.as_slice(), [Effect::Measure(asked)] if asked.stream == 2));
    }
}

#[test]
fn a_row_of_the_palette_can_be_clicked() {
    let state = finding(TERMINAL, "last");
    let (x, y) = find(&state, "last 7 days");
    let Some(Msg::Click(Click::Row(row))) = click(&state, x, y) else {
        panic!()
    };
    let Some(crate::app::Overlay::Palette(palette)) = &state.overlay else {
        panic!()
    };
    assert_eq!(palette.found[row].entry.label, "last 7 days");
}

pub(super) fn click(state: &State, column: u16, row: u16) -> Option<Msg> {
    let event = MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    input::message(&Event::Mouse(event), state, &look(Depth::True))
}

/// Where a text first stands in a frame.
pub(super) fn find(state: &State, wanted: &str) -> (u16, u16) {
    let text = text(&frame(state, &look(Depth::True)));
    let found = text.lines().enumerate().find_map(|(row, line)| {
        let before = line.split_once(wanted)?.0;
        Some((crate::tui::text::width(before), u16::try_from(row).unwrap()))
    });
    found.unwrap_or_else(|| panic!("no {wanted} in\n{text}"))
}

#[test]
fn what_is_drawn_can_be_clicked() {
    for size in [TERMINAL, (120, 40), (200, 60)] {
        let mut state = world(size);
        let (x, y) = find(&state, "Review");
        assert!(
            matches!(click(&state, x, y), Some(Msg::Click(Click::Stage(6)))),
            "{size:?}"
        );
        let second = state.data.as_ref().unwrap();
        let item = second.queue(state.cursor.selected.stage).item(1).unwrap();
        let key = second.snapshot.log().key(item).to_owned();
        let (x, y) = find(&state, &key);
        let Some(msg @ Msg::Click(Click::Row(1))) = click(&state, x, y) else {
            panic!("{key}")
        };
        update(&mut state, msg.clone());
        update(&mut state, msg);
        assert!(matches!(state.screen, Screen::Item(_)));
        if size == TERMINAL {
            act(&mut state, &[Action::Sources]);
        } else {
            let (x, y) = find(&state, "Sources");
            let msg = click(&state, x, y).unwrap();
            update(&mut state, msg);
        }
        assert_eq!(state.screen, Screen::Sources);
        let (x, y) = find(&state, "deploys");
        assert!(matches!(
            click(&state, x, y),
            Some(Msg::Click(Click::Row(1)))
        ));
    }
}

#[test]
fn the_constraint_and_the_days_ahead_by_mouse_alone() {
    let press = |state: &mut State, wanted: &str| {
        let (x, y) = find(state, wanted);
        let msg = click(state, x, y).unwrap_or_else(|| panic!("{wanted} cannot be clicked"));
        let effects = update(state, msg);
        reckoned(state, &effects);
    };
    for size in [TERMINAL, (120, 40), (200, 60)] {
        let mut state = world(size);
        let tab = if size.0 < 130 {
            "6 Jam"
        } else {
            "6 Bottleneck"
        };
        press(&mut state, tab);
        assert_eq!(state.screen, Screen::Bottleneck);
        press(&mut state, "For review");
        assert_eq!(
            state.data.as_ref().unwrap().measures.stages[state.cursor.selected.stage].name,
            "For review"
        );
        let data = state.data.as_ref().unwrap();
        let board = data.measures.bottleneck.constraint.unwrap().index();
        press(&mut state, "Release board");
        assert!(state.cursor.selected.stage == board || state.screen != Screen::Bottleneck);
        let data = state.data.as_ref().unwrap();
        let waits = data.waiting_at(state.cursor.selected.stage)[1].item;
        let key = data.snapshot.log().key(waits).to_owned();
        press(&mut state, &key);
        assert!(matches!(state.screen, Screen::Items(_)));
        assert_eq!(state.item_at_hand(), Some(waits));
        let tab = if size.0 < 130 { "7 When" } else { "7 Forecast" };
        press(&mut state, tab);
        assert_eq!(state.screen, Screen::Forecast);
        let before = state.day_ahead();
        press(&mut state, ">95");
        assert!(state.day_ahead() != before && state.cursor.ahead.day.is_some());
        let items = |state: &State| state.data.as_ref().unwrap().outlook().unwrap().items();
        let asked = items(&state);
        press(&mut state, "+ in progress");
        assert_eq!(items(&state), asked + 1);
        press(&mut state, "- ");
        assert_eq!(items(&state), asked);
    }
}

#[test]
fn the_numbers_of_the_home_screen_open_what_stands_behind_them() {
    for size in [TERMINAL, (120, 40), (100, 20)] {
        for (number, opens) in [
            ("Flow time P85", Action::Times),
            ("Velocity", Action::Throughput),
            ("Load", Action::InProgress),
            ("Efficiency", Action::Finished),
        ] {
            let mut state = world(size);
            let (x, y) = find(&state, number);
            let clicked = click(&state, x, y);
            let Some(Msg::Click(Click::Action(action))) = clicked else {
                panic!("{number} at {size:?}: {clicked:?}")
            };
            assert_eq!(action, opens, "{number} at {size:?}");
            act(&mut state, &[action]);
            let load = state.data.as_ref().unwrap().measures.flow.load;
            if let (Action::InProgress, Screen::Items(view)) = (action, &state.screen) {
                assert_eq!(view.entries.len() as u64, load);
            }
            assert_ne!(state.screen, Screen::Stream);
        }
    }
}

#[test]
fn overlays_can_be_clicked() {
    let help = shown(TERMINAL, &[Action::Help]);
    let (x, y) = find(&help, "next window");
    let Some(Msg::Click(Click::Row(row))) = click(&help, x, y) else {
        panic!()
    };
    assert_eq!(
        crate::app::matching("", crate::app::Context::Stream)[row].action,
        Action::Window
    );
    let stages = shown(TERMINAL, &[Action::EditStages]);
    let (x, y) = find(&stages, "Shaping");
    assert!(matches!(
        click(&stages, x, y),
        Some(Msg::Click(Click::Row(2)))
    ));
}

#[test]
fn nothing_is_hit_outside_or_where_too_small() {
    let state = world((30, 8));
    assert_eq!(
        hit(&state, &look(Depth::True), Rect::new(0, 0, 30, 8), 5, 5),
        None
    );
    let state = world(TERMINAL);
    assert_eq!(
        hit(&state, &look(Depth::True), Rect::new(0, 0, 80, 24), 90, 5),
        None
    );
}
