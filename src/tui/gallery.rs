//! Pictures for people to look at: frames of the small company as ANSI texts.
//! `cargo test gallery -- --ignored` writes them into `target/gallery`.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::keymap::Keymap;
use super::theme::{Depth, Theme, ThemeName};
use super::{Look, Marks, draw};
use crate::app::fixture;
use crate::app::{Action, Animation, Edit, Msg, State, update};

fn sgr(cell: &Cell) -> String {
    let mut codes = String::from("\u{1b}[0");
    let modifiers = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::ITALIC, 3),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    for (modifier, code) in modifiers {
        if cell.modifier.contains(modifier) {
            write!(codes, ";{code}").unwrap();
        }
    }
    for (color, base) in [(cell.fg, 38), (cell.bg, 48)] {
        match color {
            Color::Rgb(r, g, b) => write!(codes, ";{base};2;{r};{g};{b}").unwrap(),
            Color::Indexed(index) => write!(codes, ";{base};5;{index}").unwrap(),
            Color::Reset => {}
            other => panic!("{other:?}"),
        }
    }
    codes + "m"
}

fn ansi(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut skip = 0;
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            if skip > 0 {
                skip -= 1;
                continue;
            }
            skip = super::text::width(cell.symbol()).saturating_sub(1);
            text += &sgr(cell);
            text += cell.symbol();
        }
        text += "\u{1b}[0m\n";
    }
    text
}

fn act(state: &mut State, actions: &[Action]) {
    for action in actions {
        let asks = update(state, Msg::Do(*action));
        if !asks.is_empty() {
            let snapshot = state
                .data
                .as_ref()
                .map(|data| data.snapshot.clone())
                .unwrap();
            fixture::answered(state, &snapshot);
        }
    }
}

fn scenes(size: (u16, u16)) -> Vec<(&'static str, State)> {
    let scene = |actions: &[Action]| {
        let mut state = fixture::world(size);
        act(&mut state, actions);
        state
    };
    let mut down = scene(&[]);
    update(&mut down, Msg::Health(fixture::sources(true)));
    let mut help = scene(&[Action::Help]);
    update(&mut help, Msg::Type(Edit::Insert("stage".to_owned())));
    let mut down_sources = down.clone();
    act(&mut down_sources, &[Action::Sources]);
    vec![
        ("stream", scene(&[])),
        ("item", scene(&[Action::Down, Action::Down, Action::Open])),
        ("sources", down_sources),
        ("down", down),
        ("stages", scene(&[Action::EditStages])),
        ("help", scene(&[Action::Help])),
        (
            "time",
            scene(&[Action::Time, Action::EarlierWeek, Action::EarlierWeek]),
        ),
        (
            "done",
            scene(&[Action::Right, Action::Right, Action::Right, Action::Right]),
        ),
    ]
}

#[test]
#[ignore = "writes pictures for people"]
fn gallery() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    let looks = [
        ("dark", ThemeName::Dark, Depth::True),
        ("light", ThemeName::Light, Depth::True),
        ("plain", ThemeName::Dark, Depth::None),
        ("256", ThemeName::Dark, Depth::Indexed),
    ];
    for (width, height) in [(40, 10), (60, 16), (80, 24), (120, 40), (200, 60)] {
        for (name, state) in scenes((width, height)) {
            for (look, theme, depth) in looks {
                let look_of = Look {
                    theme: Theme::new(theme, depth),
                    keymap: Keymap::default(),
                    tour: false,
                    animation: Animation::Off,
                    marks: Marks::default(),
                };
                let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
                draw(&state, &look_of, buffer.area, &mut buffer);
                let file = folder.join(format!("{name}-{width}x{height}-{look}.ans"));
                std::fs::write(file, ansi(&buffer)).unwrap();
            }
        }
    }
}

#[test]
#[ignore = "measures; run it with --release"]
fn how_long_a_frame_takes() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let look = Look {
            theme: Theme::new(ThemeName::Dark, Depth::True),
            keymap: Keymap::default(),
            tour: false,
            animation: Animation::Off,
            marks: Marks::default(),
        };
        for (name, state) in scenes((width, height)) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
            let start = std::time::Instant::now();
            for _ in 0..200 {
                buffer.reset();
                draw(&state, &look, buffer.area, &mut buffer);
            }
            println!("{name} {width}x{height}: {:?}", start.elapsed() / 200);
        }
    }
}
