use secrecy::ExposeSecret;

use super::{
    Answers, KeepOffer, KindOffer, PlaceOffer, Setup, SetupEffect, SetupMsg, Sort, StageKey, Step,
    Trouble, Way,
};
use crate::app::{Edit, fixture};
use crate::model::infer::Reason;

fn kind(name: &'static str, usual: Option<&str>, takes_user: bool) -> KindOffer {
    KindOffer {
        name,
        title: name,
        usual_url: usual.map(str::to_owned),
        takes_user,
        sort: if name == "csv" {
            Sort::File
        } else {
            Sort::Tracker
        },
        tokens: "in your account",
    }
}

fn setup() -> Setup {
    let kinds = vec![
        kind("jira", None, true),
        kind("github", Some("https://github.com"), false),
        kind("csv", None, false),
    ];
    Setup::new(kinds, Answers::default(), "weir.toml".to_owned())
}

fn keep(way: Way) -> KeepOffer {
    KeepOffer {
        way,
        title: String::new(),
        usual: String::new(),
    }
}

fn place(name: &str) -> PlaceOffer {
    PlaceOffer {
        name: name.to_owned(),
        what: "project",
        query: format!("project:{name}"),
        marked: false,
    }
}

fn text(text: &str) -> SetupMsg {
    SetupMsg::Type(Edit::Insert(text.to_owned()))
}

/// Up to the list of places.
fn let_in(setup: &mut Setup) {
    setup.take(SetupMsg::Down);
    setup.take(SetupMsg::Enter);
    assert_eq!(setup.line.text(), "https://github.com");
    assert!(matches!(
        setup.take(SetupMsg::Enter),
        Some(SetupEffect::Keeps)
    ));
    setup.take(SetupMsg::Keeps(vec![keep(Way::Tool), keep(Way::Keyring)]));
    let knock = setup.take(SetupMsg::Enter);
    assert!(matches!(knock, Some(SetupEffect::Knock { typed: None })));
    setup.take(SetupMsg::LetIn {
        said: vec!["it is ann's".to_owned()],
        places: vec![place("pay"), place("shop")],
    });
    assert_eq!(setup.step, Step::Place);
}

fn read(setup: &mut Setup) {
    assert!(matches!(
        setup.take(SetupMsg::Enter),
        Some(SetupEffect::Read)
    ));
    setup.take(SetupMsg::Read {
        stream: Box::new(fixture::stream()),
        reasons: vec![Reason {
            status: fixture::stream().stages[0].statuses[0].name.clone(),
            place: "backlog, ideate".to_owned(),
            why: "it is so".to_owned(),
        }],
        items: 7,
    });
    assert_eq!(setup.step, Step::Stages);
}

#[test]
fn enter_all_the_way_writes_what_was_proposed() {
    let mut setup = setup();
    let_in(&mut setup);
    read(&mut setup);
    assert_eq!(setup.why().len(), 1);
    let Some(SetupEffect::Draw(stream)) = setup.take(SetupMsg::Enter) else {
        panic!("it is drawn");
    };
    assert_eq!(*stream, fixture::stream());
    setup.take(SetupMsg::Drawn(Box::new(fixture::blank((80, 24)))));
    let Some(SetupEffect::Write(stream)) = setup.take(SetupMsg::Enter) else {
        panic!("it is written");
    };
    assert_eq!(*stream, fixture::stream());
    setup.take(SetupMsg::Written);
    assert!(matches!(
        setup.take(SetupMsg::Enter),
        Some(SetupEffect::Open)
    ));
    assert!(setup.take(SetupMsg::Back).is_none());
    assert_eq!(setup.step, Step::Written);
}

#[test]
fn a_typed_token_goes_on_once_and_is_gone_from_the_line() {
    let mut setup = setup();
    setup.take(SetupMsg::Enter);
    assert_eq!(setup.step, Step::Address);
    setup.take(SetupMsg::Enter);
    assert!(setup.state.trouble.is_some());
    setup.take(text("acme.example"));
    setup.take(SetupMsg::Enter);
    assert_eq!(setup.step, Step::User);
    setup.take(SetupMsg::NoAddress(Trouble {
        what: "no address".to_owned(),
        hint: "another".to_owned(),
    }));
    assert_eq!(
        (setup.step, setup.line.text()),
        (Step::Address, "acme.example")
    );
    setup.take(SetupMsg::Enter);
    setup.take(SetupMsg::Enter);
    setup.take(SetupMsg::Keeps(vec![keep(Way::Keyring)]));
    setup.take(SetupMsg::Enter);
    assert!(setup.is_secret());
    setup.take(text("s3cret"));
    let Some(SetupEffect::Knock { typed: Some(typed) }) = setup.take(SetupMsg::Enter) else {
        panic!("it is asked");
    };
    assert_eq!(typed.expose_secret(), "s3cret");
    setup.take(SetupMsg::Failed(Trouble {
        what: "refused".to_owned(),
        hint: "try again".to_owned(),
    }));
    assert_eq!(setup.step, Step::Token);
    setup.take(SetupMsg::Back);
    assert_eq!((setup.step, setup.line.text()), (Step::Keep, ""));
}

#[test]
fn esc_goes_back_step_by_step_and_stops_what_is_waited_for() {
    let mut setup = setup();
    let_in(&mut setup);
    setup.take(text("sho"));
    assert_eq!(setup.fitting(), [&place("shop")]);
    assert!(matches!(
        setup.take(SetupMsg::Enter),
        Some(SetupEffect::Read)
    ));
    assert_eq!(setup.answers.places, [place("shop")]);
    setup.take(text("ignored while waiting"));
    assert!(matches!(
        setup.take(SetupMsg::Back),
        Some(SetupEffect::Stop)
    ));
    assert_eq!((setup.step, setup.line.text()), (Step::Place, "sho"));
    // An answer that comes after all is passed over.
    setup.take(SetupMsg::Drawn(Box::new(fixture::blank((80, 24)))));
    assert_eq!(setup.step, Step::Place);
    for step in [Step::Keep, Step::Address, Step::Kind, Step::Kind] {
        assert!(setup.take(SetupMsg::Back).is_none());
        assert_eq!(setup.step, step);
    }
}

#[test]
fn several_places_are_marked_and_read_together() {
    let mut setup = setup();
    let_in(&mut setup);
    for _ in 0..2 {
        setup.take(SetupMsg::Mark);
    }
    // A mark is kept while the list is narrowed, and taken back by a second one.
    setup.take(text("pay"));
    setup.take(SetupMsg::Mark);
    setup.take(SetupMsg::Mark);
    assert!(matches!(
        setup.take(SetupMsg::Enter),
        Some(SetupEffect::Read)
    ));
    let chosen = setup.answers.places.iter().map(|place| place.name.as_str());
    assert_eq!(chosen.collect::<Vec<_>>(), ["pay", "shop"]);
}

#[test]
fn stages_can_be_changed_before_they_are_written() {
    let mut setup = setup();
    let_in(&mut setup);
    read(&mut setup);
    setup.take(SetupMsg::Stage(StageKey::Phase));
    let Some(SetupEffect::Draw(stream)) = setup.take(SetupMsg::Enter) else {
        panic!("it is drawn");
    };
    assert_ne!(stream.stages[0].phase, fixture::stream().stages[0].phase);
}
