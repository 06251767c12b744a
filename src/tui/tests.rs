use std::fmt::Write as _;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::keymap::Keymap;
use super::theme::{Depth, Role, Theme, ThemeName};
use super::{Look, Marks, draw, hit, input, recalled};
use crate::app::fixture::{self, world_of};
use crate::app::fixture::{
    answered, awkward, blank, empty, joined, office, reckoned, reopened, sources, world,
};
use crate::app::{
    Action, Animation, Click, Edit, Effect, Inference, Input, Msg, Notice, Order, Screen, State,
    update,
};
use crate::model::health::SyncPhase;
use crate::model::id::SourceName;
use crate::model::stream::Stream;

fn look(depth: Depth) -> Look {
    Look {
        theme: Theme::new(ThemeName::Dark, depth),
        keymap: Keymap::default(),
        tour: false,
        animation: Animation::Off,
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
        animation: Animation::Off,
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

mod bounds;
mod marks;
mod matrix;
mod mouse;
mod scenes;
mod words;

use bounds::keeps_inside;
use mouse::{click, find};

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
    for (size, place) in [
        (TERMINAL, ""),
        ((120, 40), "_120x40"),
        ((200, 60), "_200x60"),
    ] {
        let state = shown(size, &[Action::Times, Action::ByStage]);
        let drawn = text(&frame(&state, &look(Depth::True)));
        insta::assert_snapshot!(format!("times_by_stage{place}"), drawn);
    }
    let by_stage = shown(TERMINAL, &[Action::Times, Action::ByStage]);
    insta::assert_snapshot!("times_by_stage_roles", roles(&by_stage));
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
fn what_was_known_last_is_told_as_such_until_now_is_known() {
    let known = recalled(world(TERMINAL).data.as_ref().unwrap());
    for size in [(40, 10), TERMINAL, (120, 40), (200, 60)] {
        let mut state = blank(size);
        update(&mut state, Msg::Health(sources(false)));
        state.shelf.recalled = Some(known.clone());
        let name = format!("recalled_{}x{}", size.0, size.1);
        insta::assert_snapshot!(name, text(&frame(&state, &look(Depth::True))));
    }
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
