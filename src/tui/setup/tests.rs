use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw_setup;
use crate::app::{
    Animation, Answers, Edit, KeepOffer, KindOffer, PlaceOffer, Setup, SetupMsg, Sort, Way, fixture,
};
use crate::model::infer::Reason;
use crate::tui::keymap::Keymap;
use crate::tui::theme::{Depth, Theme, ThemeName};
use crate::tui::{Look, Marks, text};

fn look() -> Look {
    Look {
        theme: Theme::new(ThemeName::Dark, Depth::None),
        keymap: Keymap::with_user(&[]).unwrap(),
        tour: false,
        animation: Animation::Off,
        marks: Marks::Unicode,
    }
}

fn seen(setup: &Setup, (columns, rows): (u16, u16)) -> String {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    draw_setup(setup, &look(), area, &mut buffer);
    let lines = buffer.content().chunks(usize::from(columns));
    lines.map(text::line).collect()
}

fn setup() -> Setup {
    let kinds = vec![KindOffer {
        name: "redmine",
        title: "Redmine",
        usual_url: None,
        takes_user: false,
        sort: Sort::Tracker,
        tokens: "The API key is on the page My account.",
    }];
    let answers = Answers {
        address: "https://redmine.example.org".to_owned(),
        ..Answers::default()
    };
    Setup::new(
        kinds,
        answers,
        "/home/ann/.config/weir/weir.toml".to_owned(),
    )
}

fn at_token(setup: &mut Setup) {
    setup.take(SetupMsg::Enter);
    setup.take(SetupMsg::Enter);
    setup.take(SetupMsg::Keeps(vec![KeepOffer {
        way: Way::Keyring,
        title: "in the system's keyring".to_owned(),
        usual: String::new(),
    }]));
    setup.take(SetupMsg::Enter);
}

#[test]
fn a_token_is_never_on_the_screen() {
    let mut setup = setup();
    at_token(&mut setup);
    setup.take(SetupMsg::Type(Edit::Insert("s3cret".to_owned())));
    let seen = seen(&setup, (80, 12));
    assert!(
        seen.contains("••••••") && !seen.contains("s3cret"),
        "{seen}"
    );
    insta::assert_snapshot!(seen);
}

fn place(name: &str, key: &str) -> PlaceOffer {
    PlaceOffer {
        name: name.to_owned(),
        what: "project",
        query: format!("project_id={key}"),
        marked: false,
    }
}

#[test]
fn stages_stand_with_their_reasons_at_any_size() {
    let mut setup = setup();
    at_token(&mut setup);
    setup.take(SetupMsg::Type(Edit::Insert("s3cret".to_owned())));
    setup.take(SetupMsg::Enter);
    setup.take(SetupMsg::LetIn {
        said: vec!["redmine.example.org lets ann in".to_owned()],
        places: vec![place("Payments", "pay"), place("Shop", "shop")],
    });
    setup.take(SetupMsg::Mark);
    insta::assert_snapshot!("places", seen(&setup, (80, 14)));
    setup.take(SetupMsg::Enter);
    let stream = fixture::stream();
    let status = stream.stages[0].statuses[0].name.clone();
    setup.take(SetupMsg::Read {
        stream: Box::new(stream),
        reasons: vec![
            Reason {
                status,
                place: "backlog, ideate".to_owned(),
                why: "its name means that nobody has committed to it yet".to_owned(),
            },
            Reason {
                status: "type Bug".to_owned(),
                place: "defect".to_owned(),
                why: "its name says so".to_owned(),
            },
        ],
        items: 40,
    });
    insta::assert_snapshot!("stages", seen(&setup, (90, 24)));
    for size in [(1, 1), (40, 10), (200, 60)] {
        seen(&setup, size);
    }
}
