//! What is said, and what keys mean.

use super::*;
use crate::model::time::WindowSpec;

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

#[test]
fn a_walk_is_not_offered_to_begin_before_its_agenda_is_made() {
    let mut state = world(TERMINAL);
    let effects = update(&mut state, Msg::Do(Action::Standup));
    let bottom = |state: &State| {
        let text = text(&frame(state, &look(Depth::True)));
        text.lines().last().unwrap().to_owned()
    };
    assert!(!bottom(&state).contains("begin"), "{}", bottom(&state));
    assert!(bottom(&state).contains("leave"));
    reckoned(&mut state, &effects);
    assert!(bottom(&state).contains("space begin"), "{}", bottom(&state));
}

#[test]
fn a_window_that_has_not_begun_is_said_to_be_so() {
    let mut state = shown((120, 40), &[]);
    let snapshot = state.data.as_ref().unwrap().snapshot.clone();
    let said = |state: &State| {
        let text = text(&frame(state, &look(Depth::True)));
        text.lines().next().unwrap().contains("has not begun")
    };
    assert!(!said(&state));
    state.asked.question.window = WindowSpec::parse("2099-01-01..2099-01-31").unwrap();
    answered(&mut state, &snapshot);
    assert!(said(&state));
}

#[test]
fn titles_say_what_is_different_now_while_the_past_is_held_beside_it() {
    let beside = [
        Action::Time,
        Action::EarlierMonth,
        Action::Compare,
        Action::Open,
    ];
    let title = |screen: &[Action]| {
        let mut state = shown((120, 40), &beside);
        act(&mut state, screen);
        let text = text(&frame(&state, &look(Depth::True)));
        text.lines().nth(1).unwrap().to_owned()
    };
    let data = shown((120, 40), &beside).data.unwrap();
    let (compared, _) = data.compared().unwrap();
    let load = format!(
        "load {} → {}",
        data.measures.flow.load, compared.now.flow.load
    );
    for (screen, said) in [
        (Action::Flow, load.as_str()),
        (Action::Ageing, "still there"),
        (Action::Times, "P85"),
        (Action::Throughput, "a week"),
        (Action::Bottleneck, "held back by"),
        (Action::Forecast, "finished since"),
    ] {
        let title = title(&[screen]);
        assert!(
            title.contains("⇄ 4 wk on:") || title.contains("⇄ 30 d on:"),
            "{title}"
        );
        assert!(title.contains(said), "{title}");
    }
    let by_stage = title(&[Action::Times, Action::ByStage]);
    assert!(by_stage.contains("Release board P50"), "{by_stage}");
}
