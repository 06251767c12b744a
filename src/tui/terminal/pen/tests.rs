//! Whatever was and is to be drawn: the terminal shows what ratatui's own backend draws on an empty one.

use std::num::NonZero;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier, Style};

use super::{Link, draw, plain};

const AREA: Rect = Rect::new(0, 0, 24, 6);

fn styles() -> impl Strategy<Value = Style> {
    let colour = || {
        select(vec![
            Color::Reset,
            Color::Rgb(145, 155, 169),
            Color::Red,
            Color::Gray,
            Color::LightBlue,
            Color::Indexed(200),
        ])
    };
    let modifier = select(vec![
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::BOLD | Modifier::ITALIC,
        Modifier::REVERSED,
        Modifier::UNDERLINED,
    ]);
    (colour(), colour(), modifier)
        .prop_map(|(fg, bg, modifier)| Style::new().fg(fg).bg(bg).add_modifier(modifier))
}

/// Texts with marks of one and of two columns, and gaps of all lengths.
fn texts() -> impl Strategy<Value = String> {
    let piece = select(vec![
        " ",
        "  ",
        "          ",
        "a",
        "bc",
        "▆▆▆",
        "─│",
        "…",
        "日本",
        "é",
        "e\u{301}",
        "🦀",
        "->",
    ]);
    vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

/// What is put into a frame after what was there: texts, and areas in one style.
fn strokes() -> impl Strategy<Value = Vec<(u16, u16, String, Style, bool)>> {
    let place = (0..AREA.width, 0..AREA.height);
    let stroke = (place, texts(), styles(), proptest::bool::weighted(0.2))
        .prop_map(|((x, y), text, style, area)| (x, y, text, style, area));
    vec(stroke, 0..8)
}

fn frame(before: &Buffer, strokes: &[(u16, u16, String, Style, bool)]) -> Buffer {
    let mut frame = before.clone();
    for (x, y, text, style, area) in strokes {
        if *area {
            let rest = Rect::new(*x, *y, AREA.width - x, 2).intersection(AREA);
            frame.set_style(rest, *style);
        } else {
            frame.set_stringn(*x, *y, text, usize::from(AREA.width - x), *style);
        }
    }
    // Of a mark that is both, terminals show one or the other.
    let both = Modifier::BOLD | Modifier::DIM;
    for cell in frame
        .content
        .iter_mut()
        .filter(|cell| cell.modifier.contains(both))
    {
        cell.modifier.remove(Modifier::DIM);
    }
    frame
}

/// What one sees: marks with all of their style, blanks with what shows on them.
fn seen(terminal: &vt100::Parser) -> Vec<String> {
    let screen = terminal.screen();
    let cell = |y, x| {
        let cell = screen.cell(y, x).unwrap();
        let lined = (cell.underline(), cell.inverse());
        if cell.contents().trim().is_empty() && lined == (false, false) {
            return format!("{y} {x}: {:?}", cell.bgcolor());
        }
        let style = (cell.bold(), cell.dim(), cell.italic(), lined);
        let colours = (cell.fgcolor(), cell.bgcolor());
        let contents = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        format!("{y} {x}: {contents:?} {colours:?} {style:?}")
    };
    let all = (0..AREA.height).flat_map(|y| (0..AREA.width).map(move |x| (y, x)));
    all.map(|(y, x)| cell(y, x)).collect()
}

fn terminal() -> vt100::Parser {
    let length = |cells| NonZero::new(cells).unwrap();
    vt100::Parser::new(length(AREA.height), length(AREA.width), 0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_picture_is_that_of_ratatuis_own_backend(
        frames in vec((any::<bool>(), strokes()), 1..5),
    ) {
        crossterm::style::force_color_output(true);
        let mut ours = terminal();
        let (mut before, mut shown) = (Buffer::empty(AREA), Buffer::empty(AREA));
        for (anew, strokes) in frames {
            let ground = if anew { Buffer::empty(AREA) } else { before.clone() };
            let next = frame(&ground, &strokes);
            let mut written = Vec::new();
            let mut backend = CrosstermBackend::new(&mut written);
            backend.draw(Buffer::empty(AREA).diff_iter(&next)).unwrap();
            let mut theirs = terminal();
            theirs.process(&written);

            let mut plainly = next.clone();
            plain(&mut plainly);
            let mut written = Vec::new();
            draw(&mut written, (&mut shown, &plainly), &[]).unwrap();
            ours.process(&written);

            prop_assert_eq!(seen(&ours), seen(&theirs), "{:?}", String::from_utf8_lossy(&written));
            (before, shown) = (next, plainly);
        }
    }
}

/// What is written where the first frame becomes the second.
fn written(first: &[&str], second: &[&str], links: &[Link]) -> String {
    let (mut first, second) = (lines(first), lines(second));
    let mut written = Vec::new();
    draw(&mut written, (&mut first, &second), links).unwrap();
    String::from_utf8(written).unwrap()
}

fn lines(lines: &[&str]) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 3));
    for (y, line) in (0..).zip(lines) {
        buffer.set_string(0, y, line, Style::new());
    }
    buffer
}

#[test]
fn near_cells_are_reached_over_those_between_and_far_ones_by_a_jump() {
    assert_eq!(written(&["abcdef"], &["Xbcdef"], &[]), "\u{1b}[1HX");
    assert_eq!(written(&["abcdef"], &["XbcdeY"], &[]), "\u{1b}[1HXbcdeY");
    assert_eq!(
        written(&["abcdefgh"], &["XbcdefgY"], &[]),
        "\u{1b}[1HX\u{1b}[6CY"
    );
    assert_eq!(written(&["a", "b"], &["X", "Y"], &[]), "\u{1b}[1HX\r\nY");
    assert_eq!(written(&[], &["", "", "   c"], &[]), "\u{1b}[3;4Hc");
}

#[test]
fn a_row_that_loses_much_is_erased() {
    let before = ["one two three four five six"];
    assert_eq!(written(&before, &[""], &[]), "\u{1b}[1H\u{1b}[K");
    assert_eq!(written(&before, &["one two"], &[]), "\u{1b}[1;9H\u{1b}[K");
    let kept = written(&before, &["one       three four five six"], &[]);
    assert_eq!(kept, "\u{1b}[1;5H      three four five six");
    let wide = written(&["日本 two three four five six"], &["日本"], &[]);
    assert!(!wide.contains("\u{1b}[K"), "{wide:?}");
}

#[test]
fn of_a_style_only_what_changes_is_written_and_of_a_blank_what_is_seen() {
    let colour = |red| Style::new().fg(Color::Rgb(red, 0, 0));
    let mut next = Buffer::empty(Rect::new(0, 0, 9, 1));
    next.set_string(0, 0, "a", colour(1).bold());
    next.set_string(1, 0, " ", colour(2));
    next.set_string(2, 0, "b", colour(1));
    next.set_string(3, 0, "c", Style::new());
    plain(&mut next);
    let mut shown = Buffer::empty(next.area);
    let mut written = Vec::new();
    draw(&mut written, (&mut shown, &next), &[]).unwrap();
    let written = String::from_utf8(written).unwrap();
    let expected = "\u{1b}[1H\u{1b}[1;38;2;1;0;0ma \u{1b}[22mb\u{1b}[mc";
    assert_eq!(written, expected);
}

#[test]
fn the_cells_of_a_link_stand_between_its_ends() {
    let link = Link {
        from: Position::new(2, 0),
        columns: 5,
        url: "https://example.org/PAY-1".to_owned(),
    };
    let told = written(&[], &["a PAY-1 b"], &[link]);
    let expected =
        "\u{1b}[1Ha \u{1b}]8;;https://example.org/PAY-1\u{1b}\\PAY-1\u{1b}]8;;\u{1b}\\ b";
    assert_eq!(told, expected);
}

/// Marks of two colours that take turns, in two rows.
fn two_colours(marks: [&str; 2]) -> String {
    let mut next = Buffer::empty(Rect::new(0, 0, 20, 2));
    for (y, mark) in (0..).zip(marks) {
        for x in (0..18).step_by(3) {
            let red = u8::try_from(x % 2).unwrap();
            next.set_string(x, y, mark, Style::new().fg(Color::Rgb(red, 0, 0)));
        }
    }
    plain(&mut next);
    let mut written = Vec::new();
    draw(&mut written, (&mut Buffer::empty(next.area), &next), &[]).unwrap();
    String::from_utf8(written).unwrap()
}

#[test]
fn a_colour_is_named_once_where_colours_take_turns() {
    let named = |written: &str, colour| written.matches(colour).count();
    let narrow = two_colours(["a", "a"]);
    let colours = ["38;2;0;0;0", "38;2;1;0;0"];
    assert_eq!(colours.map(|one| named(&narrow, one)), [1, 1], "{narrow:?}");
    // Where a mark is wide its row is written from left to right.
    let wide = two_colours(["日", "a"]);
    let (first, second) = wide.split_once("\u{1b}[2").unwrap();
    assert_eq!(colours.map(|one| named(first, one)), [3, 3], "{wide:?}");
    assert!(
        colours.iter().all(|one| named(second, one) <= 1),
        "{wide:?}"
    );
}
