use std::fmt::Write as _;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::keymap::Keymap;
use super::theme::{Depth, Role, Theme, ThemeName};
use super::{Look, Marks, draw, hit, input};
use crate::app::fixture::{self, world_of};
use crate::app::fixture::{
    answered, awkward, blank, empty, joined, office, reckoned, reopened, sources, world,
};
use crate::app::{
    Action, Click, Edit, Effect, Inference, Input, Msg, Notice, Order, Screen, State, update,
};
use crate::model::health::SyncPhase;
use crate::model::id::SourceName;
use crate::model::stream::Stream;

fn look(depth: Depth) -> Look {
    Look {
        theme: Theme::new(ThemeName::Dark, depth),
        keymap: Keymap::default(),
        tour: false,
        marks: Marks::default(),
    }
}

fn frame(state: &State, look: &Look) -> Buffer {
    let (width, height) = state.terminal.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    draw(state, look, buffer.area, &mut buffer);
    buffer
}

/// What is written, row by row.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in buffer.content().chunks(buffer.area.width.into()) {
        let mut skip = 0;
        let mut line = String::new();
        for cell in row {
            if skip == 0 {
                line += cell.symbol();
                skip = super::text::width(cell.symbol());
            }
            skip = skip.saturating_sub(1);
        }
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

/// What each cell means: the letter of its role, large where the role is the ground, `~` on the
/// way between two roles, so that a change of palette changes nothing here.
fn roles(state: &State) -> String {
    let look = Look {
        theme: Theme::of_roles(),
        keymap: Keymap::default(),
        tour: false,
        marks: Marks::default(),
    };
    let buffer = frame(state, &look);
    let letter = |color: Color| {
        let place = Role::ALL
            .into_iter()
            .position(|role| look.theme.between(role, role, 0.0) == color);
        place.map_or('~', |at| char::from(b'a' + u8::try_from(at).unwrap()))
    };
    let mut text = String::new();
    for row in buffer.content().chunks(buffer.area.width.into()) {
        let line: String = row
            .iter()
            .map(|cell| match (cell.bg, cell.fg, cell.symbol()) {
                (Color::Reset, _, " ") | (Color::Reset, Color::Reset, _) => ' ',
                (Color::Reset, fg, _) => letter(fg),
                (bg, ..) => letter(bg).to_ascii_uppercase(),
            })
            .collect();
        writeln!(text, "{}", line.trim_end()).unwrap();
    }
    text
}

fn act(state: &mut State, actions: &[Action]) {
    for action in actions {
        let effects = update(state, Msg::Do(*action));
        reckoned(state, &effects);
        let snapshot = state.data.as_ref().map(|data| data.snapshot.clone());
        if let (false, Some(snapshot)) = (effects.is_empty(), snapshot) {
            answered(state, &snapshot);
        }
    }
}

fn shown(size: (u16, u16), actions: &[Action]) -> State {
    let mut state = world(size);
    act(&mut state, actions);
    state
}

fn down(size: (u16, u16)) -> State {
    let mut state = world(size);
    update(&mut state, Msg::Health(sources(true)));
    state
}

fn opened_file(size: (u16, u16)) -> State {
    let mut state = shown(size, &[Action::Sources]);
    let inference = Inference {
        source: SourceName::new("tracker"),
        columns: vec!["item from \"case\": the same value on many rows".to_owned()],
        stages: vec!["Funding is a queue: items stay long, nobody is assigned".to_owned()],
    };
    update(&mut state, Msg::Inferred(vec![inference]));
    state
}

mod marks;
mod matrix;
mod scenes;

const TERMINAL: (u16, u16) = (80, 24);

#[test]
fn stream_in_its_states() {
    insta::assert_snapshot!("stream", text(&frame(&world(TERMINAL), &look(Depth::True))));
    insta::assert_snapshot!("stream_roles", roles(&world(TERMINAL)));
    insta::assert_snapshot!(
        "stream_plain",
        text(&frame(&world(TERMINAL), &look(Depth::None)))
    );
    insta::assert_snapshot!(
        "stream_down",
        text(&frame(&down(TERMINAL), &look(Depth::True)))
    );
    insta::assert_snapshot!(
        "stream_empty",
        text(&frame(&empty(TERMINAL), &look(Depth::True)))
    );
    let done = shown(TERMINAL, &[Action::Right; 9]);
    insta::assert_snapshot!("stream_done_stage", text(&frame(&done, &look(Depth::True))));
}

#[test]
fn charts_in_their_states() {
    let screens = [
        (Action::Ageing, "ageing"),
        (Action::Flow, "flow"),
        (Action::Times, "times"),
        (Action::Throughput, "throughput"),
        (Action::Bottleneck, "bottleneck"),
        (Action::Forecast, "forecast"),
    ];
    let plain = |state: &State| text(&frame(state, &look(Depth::None)));
    for (screen, name) in screens {
        for (size, place) in [
            (TERMINAL, ""),
            ((120, 40), "_120x40"),
            ((200, 60), "_200x60"),
            ((40, 10), "_40x10"),
        ] {
            let state = shown(size, &[screen, Action::Left]);
            let drawn = text(&frame(&state, &look(Depth::True)));
            insta::assert_snapshot!(format!("{name}{place}"), drawn);
        }
        let state = shown(TERMINAL, &[screen, Action::Left]);
        insta::assert_snapshot!(format!("{name}_plain"), plain(&state));
        insta::assert_snapshot!(format!("{name}_roles"), roles(&state));
        let mut nothing = empty(TERMINAL);
        act(&mut nothing, &[screen]);
        insta::assert_snapshot!(format!("{name}_empty"), plain(&nothing));
    }
    let items = shown(TERMINAL, &[Action::Throughput, Action::Left, Action::Open]);
    insta::assert_snapshot!("items", plain(&items));
}

/// The company as three streams, beside one another.
fn among(size: (u16, u16)) -> State {
    let of_team = |team: &str| Stream {
        name: team.to_owned(),
        membership: crate::query::parse(&format!("team = {team}")).unwrap(),
        ..fixture::stream()
    };
    let streams = vec![fixture::stream(), of_team("cards"), of_team("ledger")];
    let mut state = world_of(streams, size);
    let effects = update(&mut state, Msg::Do(Action::Portfolio));
    reckoned(&mut state, &effects);
    state
}

#[test]
fn all_streams_in_their_states() {
    for (size, place) in [
        (TERMINAL, ""),
        ((120, 40), "_120x40"),
        ((200, 60), "_200x60"),
        ((40, 10), "_40x10"),
    ] {
        let drawn = text(&frame(&among(size), &look(Depth::True)));
        insta::assert_snapshot!(format!("portfolio{place}"), drawn);
    }
    let drawn = |state: &State| text(&frame(state, &look(Depth::None)));
    insta::assert_snapshot!("portfolio_plain", drawn(&among(TERMINAL)));
    insta::assert_snapshot!("portfolio_roles", roles(&among(TERMINAL)));
    let mut down = among(TERMINAL);
    update(&mut down, Msg::Health(sources(true)));
    insta::assert_snapshot!("portfolio_down", drawn(&down));
    let one = shown((120, 40), &[Action::Portfolio]);
    insta::assert_snapshot!("portfolio_of_one", drawn(&one));
    let mut nothing = empty(TERMINAL);
    act(&mut nothing, &[Action::Portfolio]);
    insta::assert_snapshot!("portfolio_empty", drawn(&nothing));
    let mut unmeasured = world(TERMINAL);
    update(&mut unmeasured, Msg::Do(Action::Portfolio));
    insta::assert_snapshot!("portfolio_loading", drawn(&unmeasured));
}

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
        assert_eq!(state.seen.past, Some(first));
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
fn a_walk_in_its_states() {
    let stops: [(&[Action], &str); 3] = [
        (&[Action::Standup], "changes"),
        (
            &[Action::Standup, Action::NextItem, Action::NextItem],
            "item",
        ),
        (
            &[
                Action::Standup,
                Action::NextItem,
                Action::Park,
                Action::Standup,
            ],
            "summary",
        ),
    ];
    for (actions, name) in stops {
        for (size, place) in [
            (TERMINAL, ""),
            ((120, 40), "_120x40"),
            ((200, 60), "_200x60"),
            ((40, 10), "_40x10"),
        ] {
            let drawn = text(&frame(&shown(size, actions), &look(Depth::True)));
            insta::assert_snapshot!(format!("walk_{name}{place}"), drawn);
        }
        let state = shown((120, 40), actions);
        insta::assert_snapshot!(
            format!("walk_{name}_plain"),
            text(&frame(&state, &look(Depth::None)))
        );
    }
    let item = shown(TERMINAL, stops[1].0);
    insta::assert_snapshot!("walk_roles", roles(&item));
    let mut nothing = empty(TERMINAL);
    let effects = update(&mut nothing, Msg::Do(Action::Standup));
    reckoned(&mut nothing, &effects);
    insta::assert_snapshot!("walk_empty", text(&frame(&nothing, &look(Depth::True))));
    let mut asked = item;
    update(&mut asked, Msg::Do(Action::Assign));
    update(&mut asked, Msg::Type(Edit::Insert("Ann".to_owned())));
    insta::assert_snapshot!("walk_asks", text(&frame(&asked, &look(Depth::True))));
}

#[test]
fn working_time_is_named_and_told_in_days() {
    let (mut state, snapshot) = office((120, 40));
    act(&mut state, &[Action::TimeRule]);
    answered(&mut state, &snapshot);
    let stream = text(&frame(&state, &look(Depth::True)));
    let first = stream.lines().next().unwrap();
    assert!(first.contains("working time"), "{first}");
    act(&mut state, &[Action::Down, Action::Open]);
    let item = text(&frame(&state, &look(Depth::True)));
    for shown in [stream, item] {
        let hours = shown
            .split_whitespace()
            .zip(shown.split_whitespace().skip(1));
        let number = |text: &str| text.trim_start_matches('<').parse::<f64>().is_ok();
        let mut hours =
            hours.filter(|(value, unit)| number(value) && ["h", "min", "s"].contains(unit));
        assert_eq!(hours.next(), None, "no hours of working days:\n{shown}");
    }
}

#[test]
fn stream_at_its_sizes() {
    for size in [(40, 10), (60, 16), (120, 40), (200, 60)] {
        let name = format!("stream_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, text(&frame(&world(size), &look(Depth::True))));
    }
}

#[test]
fn before_anything_is_known() {
    let mut state = blank(TERMINAL);
    insta::assert_snapshot!("loading", text(&frame(&state, &look(Depth::True))));
    update(&mut state, Msg::Health(sources(true)));
    insta::assert_snapshot!("loading_sources", text(&frame(&state, &look(Depth::True))));
    act(&mut state, &[Action::Sources]);
    insta::assert_snapshot!("sources_loading", text(&frame(&state, &look(Depth::True))));
}

#[test]
fn an_item_made_of_several_artefacts() {
    let shown = |size, actions: &[Action]| {
        let mut state = joined(size);
        act(&mut state, actions);
        text(&frame(&state, &look(Depth::True)))
    };
    let second = [Action::Open, Action::NextArtefact];
    insta::assert_snapshot!("joined", shown(TERMINAL, &second));
    insta::assert_snapshot!("joined_120x40", shown((120, 40), &second));
    insta::assert_snapshot!("joined_sources", shown((120, 40), &[Action::Sources]));
    let mut state = joined(TERMINAL);
    act(&mut state, &second);
    insta::assert_snapshot!("joined_plain", text(&frame(&state, &look(Depth::None))));
}

#[test]
fn item_in_its_states() {
    let open = [Action::Down, Action::Down, Action::Open];
    insta::assert_snapshot!(
        "item",
        text(&frame(&shown(TERMINAL, &open), &look(Depth::True)))
    );
    insta::assert_snapshot!("item_roles", roles(&shown(TERMINAL, &open)));
    insta::assert_snapshot!(
        "item_plain",
        text(&frame(&shown(TERMINAL, &open), &look(Depth::None)))
    );
    insta::assert_snapshot!(
        "item_40x10",
        text(&frame(&shown((40, 10), &open), &look(Depth::True)))
    );
    insta::assert_snapshot!(
        "item_120x40",
        text(&frame(&shown((120, 40), &open), &look(Depth::True)))
    );
}

#[test]
fn dates_of_another_year_name_it() {
    let mut state = reopened((120, 40));
    let live = state.data.as_ref().unwrap().measures.stages.len() - 1;
    for _ in 0..=live {
        act(&mut state, &[Action::Right]);
    }
    let home = text(&frame(&state, &look(Depth::True)));
    assert!(home.contains("1 item finished in the window"), "{home}");
    act(&mut state, &[Action::Open]);
    insta::assert_snapshot!("item_of_years", text(&frame(&state, &look(Depth::True))));
}

#[test]
fn a_source_that_was_never_read_is_not_said_to_be_readable() {
    let mut state = down(TERMINAL);
    act(&mut state, &[Action::Sources]);
    let mut never = sources(true);
    never[0].oddity_count = 0;
    never[0].oddities.clear();
    let said = "every record could be read";
    update(&mut state, Msg::Health(never.clone()));
    assert!(text(&frame(&state, &look(Depth::True))).contains(said));
    never[0].last_success = None;
    update(&mut state, Msg::Health(never));
    assert!(!text(&frame(&state, &look(Depth::True))).contains(said));
}

#[test]
fn who_polls_a_source_is_said_to_those_that_follow() {
    let mut state = down(TERMINAL);
    act(&mut state, &[Action::Sources]);
    let followed = |by: Option<&str>, trouble| {
        let mut all = sources(trouble);
        all[0].phase = SyncPhase::Followed {
            by: by.map(str::to_owned),
        };
        all
    };
    let mut shown = |health| {
        update(&mut state, Msg::Health(health));
        text(&frame(&state, &look(Depth::True)))
    };
    let by = Some("build (process 7)");
    let polled = shown(followed(by, false));
    assert!(
        polled.contains("● tracker          polled by build (process 7)"),
        "{polled}"
    );
    let nobody = shown(followed(None, false));
    assert!(
        nobody.contains("○ tracker          nobody polls it"),
        "{nobody}"
    );
    let down = shown(followed(by, true));
    assert!(
        down.contains("It is tried again where it is polled."),
        "{down}"
    );
    assert!(!down.contains("Next try"), "{down}");
}

#[test]
fn sources_in_their_states() {
    let mut troubled = down(TERMINAL);
    act(&mut troubled, &[Action::Sources]);
    insta::assert_snapshot!("sources_down", text(&frame(&troubled, &look(Depth::True))));
    insta::assert_snapshot!(
        "sources_inferred",
        text(&frame(&opened_file((120, 40)), &look(Depth::True)))
    );
    insta::assert_snapshot!(
        "sources_plain",
        text(&frame(&opened_file(TERMINAL), &look(Depth::None)))
    );
    insta::assert_snapshot!(
        "sources_40x10",
        text(&frame(&opened_file((40, 10)), &look(Depth::True)))
    );
    let mut none = blank(TERMINAL);
    act(&mut none, &[Action::Sources]);
    insta::assert_snapshot!("sources_none", text(&frame(&none, &look(Depth::True))));
}

#[test]
fn what_lies_over_the_screens() {
    let mut help = shown(TERMINAL, &[Action::Help]);
    update(&mut help, Msg::Type(Edit::Insert("stage".to_owned())));
    insta::assert_snapshot!("help", text(&frame(&help, &look(Depth::True))));
    let stages = shown(
        TERMINAL,
        &[Action::EditStages, Action::Down, Action::MoveOn],
    );
    insta::assert_snapshot!("stages", text(&frame(&stages, &look(Depth::True))));
    let time = shown(TERMINAL, &[Action::Time, Action::EarlierWeek]);
    insta::assert_snapshot!("time", text(&frame(&time, &look(Depth::True))));
    let beside = [Action::Time, Action::EarlierMonth, Action::Compare];
    for (size, place) in [
        (TERMINAL, ""),
        ((120, 40), "_120x40"),
        ((200, 60), "_200x60"),
        ((40, 10), "_40x10"),
    ] {
        let state = shown(size, &beside);
        let drawn = text(&frame(&state, &look(Depth::True)));
        insta::assert_snapshot!(format!("time_beside{place}"), drawn);
    }
    let drawn = |state: &State| text(&frame(state, &look(Depth::None)));
    insta::assert_snapshot!("time_beside_plain", drawn(&shown(TERMINAL, &beside)));
    insta::assert_snapshot!("time_beside_roles", roles(&shown(TERMINAL, &beside)));
    let mut date = shown(TERMINAL, &[Action::Time, Action::TypeDate]);
    update(&mut date, Msg::Type(Edit::Insert("soon".to_owned())));
    act(&mut date, &[Action::Open]);
    insta::assert_snapshot!("time_date_wrong", drawn(&date));
    let mut filter = shown(TERMINAL, &[Action::Filter]);
    update(
        &mut filter,
        Msg::Type(Edit::Insert("colour:red".to_owned())),
    );
    insta::assert_snapshot!("filter_wrong", text(&frame(&filter, &look(Depth::True))));
    let streams = shown(TERMINAL, &[Action::Streams]);
    insta::assert_snapshot!("streams", text(&frame(&streams, &look(Depth::True))));
    let mut notice = shown(TERMINAL, &[]);
    update(
        &mut notice,
        Msg::Notice(Notice::Done("copied PAY-554".to_owned())),
    );
    insta::assert_snapshot!("notice", text(&frame(&notice, &look(Depth::True))));
}

#[test]
fn hints_of_the_first_tour() {
    for (size, place) in [(TERMINAL, ""), ((120, 40), "_120x40"), ((40, 10), "_40x10")] {
        let mut state = world(size);
        for at in 0..5 {
            state.shelf.tour = Some(at);
            keeps_inside(&state, &look(Depth::True), size);
        }
        state.shelf.tour = Some(1);
        let drawn = text(&frame(&state, &look(Depth::True)));
        insta::assert_snapshot!(format!("tour{place}"), drawn);
    }
}

#[test]
fn what_went_well_goes_by_itself_and_what_did_not_stays() {
    let mut state = world(TERMINAL);
    update(&mut state, Msg::Notice(Notice::Done("copied".to_owned())));
    update(&mut state, Msg::Faded);
    assert_eq!(state.notice, None);
    let failed = Notice::Failed("no browser".to_owned());
    update(&mut state, Msg::Notice(failed.clone()));
    update(&mut state, Msg::Faded);
    assert_eq!(state.notice, Some(failed));
    act(&mut state, &[Action::Down]);
    assert_eq!(state.notice, None);
}

/// The filter line in which this is typed.
fn filtering(size: (u16, u16), typed: &str) -> State {
    let mut state = shown(size, &[Action::Filter]);
    state.terminal.parse = |text| {
        crate::query::parse(text).map_err(|error| crate::app::FilterError {
            what: error.to_string(),
            span: error.span,
        })
    };
    let effects = update(&mut state, Msg::Type(Edit::Insert(typed.to_owned())));
    reckoned(&mut state, &effects);
    state
}

#[test]
fn the_filter_in_its_sizes() {
    for (size, place) in [(TERMINAL, ""), ((120, 40), "_120x40"), ((40, 10), "_40x10")] {
        let values = filtering(size, "age>5d stage:");
        let drawn = text(&frame(&values, &look(Depth::True)));
        insta::assert_snapshot!(format!("filter_values{place}"), drawn);
    }
    let names = text(&frame(&filtering(TERMINAL, "s"), &look(Depth::None)));
    insta::assert_snapshot!("filter_names_plain", names);
    let state = filtering(TERMINAL, "state:");
    let (x, y) = find(&state, "done");
    assert!(matches!(
        click(&state, x, y),
        Some(Msg::Click(Click::Row(0)))
    ));
}

/// The palette in which this is typed.
fn finding(size: (u16, u16), typed: &str) -> State {
    let mut state = shown(size, &[Action::Palette]);
    let effects = update(&mut state, Msg::Type(Edit::Insert(typed.to_owned())));
    reckoned(&mut state, &effects);
    state
}

#[test]
fn the_palette_in_its_sizes() {
    for (size, place) in [(TERMINAL, ""), ((120, 40), "_120x40"), ((40, 10), "_40x10")] {
        let empty = shown(size, &[Action::Palette]);
        let drawn = text(&frame(&empty, &look(Depth::True)));
        insta::assert_snapshot!(format!("palette{place}"), drawn);
        let typed = text(&frame(&finding(size, "re"), &look(Depth::True)));
        insta::assert_snapshot!(format!("palette_typed{place}"), typed);
    }
    let plain = text(&frame(&finding(TERMINAL, "last"), &look(Depth::None)));
    insta::assert_snapshot!("palette_plain", plain);
    insta::assert_snapshot!("palette_roles", roles(&finding(TERMINAL, "firmware")));
    let nothing = text(&frame(&finding(TERMINAL, "xqzj"), &look(Depth::True)));
    insta::assert_snapshot!("palette_nothing", nothing);
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

/// Draws inside a margin and sees that the margin stays as it was.
fn keeps_inside(state: &State, look: &Look, size: (u16, u16)) {
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

fn press(state: &State, code: KeyCode, held: KeyModifiers) -> Option<Msg> {
    input::message(
        &Event::Key(KeyEvent::new(code, held)),
        state,
        &look(Depth::True),
    )
}

#[test]
fn keys_mean_actions_and_in_prompts_text() {
    let mut state = world(TERMINAL);
    let none = KeyModifiers::NONE;
    assert!(matches!(
        press(&state, KeyCode::Char('q'), none),
        Some(Msg::Do(Action::Quit))
    ));
    assert!(press(&state, KeyCode::Char('x'), none).is_none());
    act(&mut state, &[Action::Help]);
    assert!(
        matches!(press(&state, KeyCode::Char('q'), none), Some(Msg::Type(Edit::Insert(text))) if text == "q")
    );
    assert!(matches!(
        press(&state, KeyCode::Char('u'), KeyModifiers::CONTROL),
        Some(Msg::Type(Edit::Clear))
    ));
    assert!(matches!(
        press(&state, KeyCode::Char('c'), KeyModifiers::CONTROL),
        Some(Msg::Do(Action::Interrupt))
    ));
    assert!(matches!(
        press(&state, KeyCode::Esc, none),
        Some(Msg::Do(Action::Back))
    ));
    let paste = input::message(
        &Event::Paste("age>5d".to_owned()),
        &state,
        &look(Depth::True),
    );
    assert!(matches!(paste, Some(Msg::Type(_))));
}

fn click(state: &State, column: u16, row: u16) -> Option<Msg> {
    let event = MouseEvent {
        kind: MouseEventKind::Down(MouseButton::Left),
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    input::message(&Event::Mouse(event), state, &look(Depth::True))
}

/// Where a text first stands in a frame.
fn find(state: &State, wanted: &str) -> (u16, u16) {
    let text = text(&frame(state, &look(Depth::True)));
    let found = text.lines().enumerate().find_map(|(row, line)| {
        let before = line.split_once(wanted)?.0;
        Some((super::text::width(before), u16::try_from(row).unwrap()))
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
        let item = second.queue(state.selected.stage).item(1).unwrap();
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
            state.data.as_ref().unwrap().measures.stages[state.selected.stage].name,
            "For review"
        );
        let data = state.data.as_ref().unwrap();
        let board = data.measures.bottleneck.constraint.unwrap().index();
        press(&mut state, "Release board");
        assert!(state.selected.stage == board || state.screen != Screen::Bottleneck);
        let data = state.data.as_ref().unwrap();
        let waits = data.waiting_at(state.selected.stage)[1].item;
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
