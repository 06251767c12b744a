//! Nothing is drawn where it must not be.

use super::*;

/// Draws inside a margin and sees that the margin stays as it was.
pub(super) fn keeps_inside(state: &State, look: &Look, size: (u16, u16)) {
    let area = Rect::new(3, 2, size.0, size.1);
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.0 + 6, size.1 + 4));
    for cell in &mut buffer.content {
        cell.set_symbol("#");
    }
    draw(state, look, area, &mut buffer);
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let control = cell.symbol().chars().any(char::is_control);
            assert!(!control, "{size:?} {x},{y} {:?}", cell.symbol());
            let outside = !area.contains((x, y).into());
            assert!(
                !outside || cell.symbol() == "#",
                "{size:?} {x},{y} {:?}",
                cell.symbol()
            );
        }
    }
}

#[test]
fn no_size_and_no_text_breaks_a_screen() {
    let ascii = Look {
        marks: Marks::Ascii,
        ..look(Depth::True)
    };
    let looks = [look(Depth::True), look(Depth::None), ascii];
    for (_, actions) in scenes::ALL {
        for stages in [1, 5, 25] {
            let mut state = awkward(stages, (80, 24));
            act(&mut state, actions);
            if actions.contains(&Action::Filter) {
                let long = "colour:red ".repeat(40);
                update(&mut state, Msg::Type(Edit::Insert(long)));
            }
            for (width, height) in sizes() {
                state.terminal.size = (width, height);
                keeps_inside(&state, &looks[usize::from(width % 3)], (width, height));
            }
        }
    }
}

fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let heights = [5, 9, 10, 13, 16, 20, 24, 34, 60, 100];
    let widths = [
        0, 1, 20, 33, 39, 40, 41, 60, 72, 80, 100, 120, 131, 200, 300,
    ];
    widths
        .into_iter()
        .flat_map(move |width| heights.map(|height| (width, height)))
}

#[test]
fn without_colours_none_is_used() {
    for (_, actions) in scenes::ALL {
        let buffer = frame(&shown((120, 40), actions), &look(Depth::None));
        let colours = buffer
            .content()
            .iter()
            .filter(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
        assert_eq!(colours.count(), 0);
    }
    let buffer = frame(&world((120, 40)), &look(Depth::None));
    let selected = buffer
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert!(
        selected.count() > 100,
        "the selected row can be told without colours"
    );
}

#[test]
fn a_long_line_shows_its_cursor() {
    let mut state = shown((60, 16), &[Action::Filter]);
    update(&mut state, Msg::Type(Edit::Insert("支払".repeat(60))));
    let shown = text(&frame(&state, &look(Depth::True)));
    assert!(shown.lines().count() == 16);
    assert_eq!(Input::new("abc").before_cursor(), "abc");
    let reversed = frame(&state, &look(Depth::True));
    let cursor = reversed
        .content()
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert_eq!(cursor.count(), 1);
}

#[test]
fn no_word_is_drawn_over_another_or_over_a_mark() {
    let mut found = Vec::new();
    for (name, actions) in scenes::ALL {
        let mut state = world((80, 24));
        act(&mut state, actions);
        for (width, height) in [
            (40, 10),
            (41, 13),
            (60, 16),
            (72, 20),
            (80, 24),
            (100, 30),
            (120, 40),
            (131, 34),
            (160, 45),
            (200, 60),
            (300, 100),
        ] {
            state.terminal.size = (width, height);
            for depth in [Depth::True, Depth::None] {
                let look = look(depth);
                let overlaps = crate::tui::paint::trace::overlaps(|| drop(frame(&state, &look)));
                found.extend(
                    overlaps
                        .into_iter()
                        .take(3)
                        .map(|one| format!("{name} {width}x{height}: {one}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
