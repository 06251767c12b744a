//! What comes from outside.

use super::*;

#[test]
fn an_older_answer_never_replaces_a_newer_picture() {
    let mut state = world((120, 40));
    let old = state.asked.question.clone();
    let effects = act(&mut state, Action::Window);
    let [Effect::Measure(question)] = effects.as_slice() else {
        panic!("{effects:?}");
    };
    assert_eq!(question.window, WindowSpec::LastDays(180));
    assert!(state.asked.computing);
    let data = state.data.clone().unwrap();
    let late = Msg::Measured {
        question: old.clone(),
        snapshot: data.snapshot,
        measures: Some(data.measures),
    };
    update(&mut state, late);
    assert!(state.asked.computing);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(!state.asked.computing);
    assert_ne!(state.data.unwrap().question, old);
}

#[test]
fn what_an_opened_item_has_left_is_asked_once_a_picture() {
    let mut state = world((120, 40));
    let asked = act(&mut state, Action::Open);
    assert!(
        matches!(asked.as_slice(), [Effect::Remaining { stream: 0, .. }]),
        "{asked:?}"
    );
    let item = state.item_at_hand().unwrap();
    let left = |state: &State| state.data.as_ref().unwrap().days_left(item);
    assert_eq!(left(&state), None);
    reckoned(&mut state, &asked);
    assert!(left(&state).is_some_and(|left| left.n > 0));
    act(&mut state, Action::Back);
    assert_eq!(act(&mut state, Action::Open), [], "it is known by now");
    let snapshot = state.data.as_ref().unwrap().snapshot.clone();
    let mut late = state.clone();
    act(&mut late, Action::Clock);
    answered(&mut late, &snapshot);
    assert!(left(&late).is_some(), "a new picture asks anew");
    late.data.as_mut().unwrap().remaining = None;
    reckoned(&mut late, &[]);
    let [Effect::Remaining { stream, header }] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let remaining = state.data.as_ref().unwrap().remaining.clone().unwrap();
    let (version, stream, header) = (snapshot.version(), *stream, *header);
    let old = Msg::Remaining {
        version,
        stream,
        header,
        remaining,
    };
    update(&mut late, old);
    assert_eq!(left(&late), None, "what another clock says is not taken");
}

#[test]
fn news_keep_the_item_selected_and_opened() {
    let mut state = world((120, 40));
    update(&mut state, Msg::Click(Click::Row(4)));
    let item = state.item_at_hand();
    assert_eq!(update(&mut state, Msg::News).len(), 1);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert_eq!(state.item_at_hand(), item);
    act(&mut state, Action::Open);
    update(&mut state, Msg::News);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(matches!(&state.screen, Screen::Item(view) if Some(view.story.item) == item));
}

#[test]
fn time_that_passes_asks_again_only_when_live_and_far_behind() {
    let mut state = world((120, 40));
    assert!(update(&mut state, Msg::Now(NOW.plus_secs(60))).is_empty());
    assert_eq!(update(&mut state, Msg::Now(NOW.plus_secs(600))).len(), 1);
    let mut file = world((120, 40));
    file.travel.seen.live = Live::EndOfEvents;
    assert!(update(&mut file, Msg::Now(NOW.plus_secs(600))).is_empty());
}

#[test]
fn a_stream_that_is_gone_leads_back_to_the_first() {
    let mut state = world((120, 40));
    state.asked.question.stream = 7;
    let question = state.asked.question.clone();
    let snapshot = Arc::clone(&state.data.as_ref().unwrap().snapshot);
    let effects = update(
        &mut state,
        Msg::Measured {
            question,
            snapshot,
            measures: None,
        },
    );
    assert!(matches!(effects.as_slice(), [Effect::Measure(question)] if question.stream == 0));
}

#[test]
fn a_list_keeps_its_item_when_news_come() {
    let mut state = world((120, 40));
    act(&mut state, Action::Throughput);
    act(&mut state, Action::Left);
    act(&mut state, Action::Open);
    act(&mut state, Action::Down);
    let item = state.item_at_hand();
    act(&mut state, Action::Open);
    answered(&mut state, &snapshot_of(vec![stream()]));
    assert!(matches!(state.screen, Screen::Item(_)));
    act(&mut state, Action::Right);
    assert_ne!(state.item_at_hand(), item, "the next of the list");
    act(&mut state, Action::Back);
    assert!(matches!(state.screen, Screen::Items(_)));
    act(&mut state, Action::Back);
    assert_eq!(state.screen, Screen::Throughput);
}
