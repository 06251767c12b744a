use crate::app::fixture::{answered, blank, empty, reckoned, world};
use crate::app::update::update;
use crate::app::{
    Action, BUDGET_SECS, Click, Edit, Effect, Extent, Msg, Notice, Outcome, Overlay, Screen, State,
    Stop, Walk,
};
use crate::metrics::Concern;
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::time::DAY_SECS;

fn act(state: &mut State, action: Action) -> Vec<Effect> {
    let effects = update(state, Msg::Do(action));
    reckoned(state, &effects);
    effects
}

fn walking() -> State {
    let mut state = world((120, 40));
    assert_eq!(act(&mut state, Action::Standup), [Effect::Standup]);
    assert_eq!(state.screen, Screen::Walk);
    state
}

fn walk(state: &State) -> &Walk {
    state.walk.as_deref().unwrap()
}

fn type_in(state: &mut State, text: &str) {
    update(state, Msg::Type(Edit::Insert(text.to_owned())));
}

#[test]
fn asked_for_before_anything_is_known_it_begins_with_the_first_picture() {
    let mut state = blank((120, 40));
    assert_eq!(act(&mut state, Action::Standup), []);
    state.asked.question = world((120, 40)).asked.question;
    let snapshot = world((120, 40)).data.unwrap().snapshot;
    answered(&mut state, &snapshot);
    assert_eq!(state.screen, Screen::Walk);
    assert_eq!(walk(&state).stop(), Stop::Changes);
}

#[test]
fn one_key_starts_and_one_key_an_item_walks() {
    let mut state = walking();
    assert_eq!(walk(&state).stop(), Stop::Changes);
    let count = walk(&state).count();
    assert!(count > 5);
    for at in 0..count {
        assert_eq!(act(&mut state, Action::NextItem), []);
        assert_eq!(walk(&state).stop(), Stop::Item(at));
        let called = walk(&state).called().unwrap();
        assert_ne!(called.concern, Concern::Fine);
        assert_eq!(walk(&state).story().unwrap().item, called.open.item);
    }
    let as_of = walk(&state).standup.as_of;
    let kept = Effect::KeepWalk {
        stream: "payments".to_owned(),
        at: as_of,
    };
    assert_eq!(act(&mut state, Action::NextItem), [kept]);
    assert_eq!(walk(&state).stop(), Stop::Summary);
    assert_eq!(walk(&state).ahead(), 0);
    assert_eq!(act(&mut state, Action::NextItem), [], "kept once");
}

#[test]
fn items_are_left_in_four_ways() {
    let mut state = walking();
    for action in [
        Action::NextItem,
        Action::NextItem,
        Action::Skip,
        Action::Park,
        Action::PreviousItem,
        Action::PreviousItem,
        Action::NextItem,
    ] {
        act(&mut state, action);
    }
    let outcomes: Vec<Outcome> = walk(&state).said.iter().map(|one| one.outcome).collect();
    let expected = [
        Outcome::Spoken,
        Outcome::Skipped,
        Outcome::Parked,
        Outcome::Open,
    ];
    assert_eq!(outcomes[..4], expected, "what was skipped stays skipped");
    assert_eq!(walk(&state).stop(), Stop::Item(2));
}

#[test]
fn a_line_takes_down_the_owner_then_the_next_step() {
    let mut state = walking();
    act(&mut state, Action::Assign);
    assert_eq!(state.overlay, None, "there is no item yet");
    act(&mut state, Action::NextItem);
    act(&mut state, Action::Assign);
    type_in(&mut state, " Ann ");
    act(&mut state, Action::Open);
    assert!(matches!(state.overlay, Some(Overlay::Say { .. })));
    type_in(&mut state, "call legal");
    act(&mut state, Action::Open);
    assert_eq!(state.overlay, None);
    act(&mut state, Action::Note);
    type_in(&mut state, "asked twice");
    act(&mut state, Action::Open);
    let said = walk(&state).said_here().unwrap();
    let told = (said.owner.as_str(), said.step.as_str(), said.note.as_str());
    assert_eq!(told, ("Ann", "call legal", "asked twice"));
    act(&mut state, Action::Note);
    type_in(&mut state, " in vain");
    act(&mut state, Action::Back);
    assert_eq!(walk(&state).said_here().unwrap().note, "asked twice");
    assert_eq!(state.screen, Screen::Walk);
}

#[test]
fn seconds_count_for_the_walk_and_for_the_item_while_it_is_in_view() {
    let mut state = walking();
    let seconds = |state: &mut State, number: usize| {
        for _ in 0..number {
            update(state, Msg::Second);
        }
    };
    seconds(&mut state, 5);
    act(&mut state, Action::NextItem);
    seconds(&mut state, 7);
    act(&mut state, Action::Open);
    assert!(matches!(state.screen, Screen::Item(_)));
    seconds(&mut state, 3);
    act(&mut state, Action::Back);
    assert_eq!(walk(&state).said_here().unwrap().seconds, 10);
    assert_eq!(walk(&state).seconds, 15);
    act(&mut state, Action::Flow);
    seconds(&mut state, 100);
    assert_eq!(walk(&state).seconds, 15, "nobody walks");
    act(&mut state, Action::Standup);
    assert_eq!(
        walk(&state).stop(),
        Stop::Item(0),
        "goes on where it was left"
    );
    act(&mut state, Action::Standup);
    seconds(&mut state, 100);
    assert_eq!(
        (walk(&state).stop(), walk(&state).seconds),
        (Stop::Summary, 15)
    );
}

#[test]
fn the_pace_shares_what_is_left_of_ten_minutes() {
    let mut state = walking();
    act(&mut state, Action::Rest);
    let items = u32::try_from(walk(&state).count()).unwrap();
    assert_eq!(walk(&state).seconds_each(), Some(600 / items));
    for _ in 0..60 {
        update(&mut state, Msg::Second);
    }
    act(&mut state, Action::NextItem);
    assert_eq!(walk(&state).seconds_each(), Some(540 / items));
    update(&mut state, Msg::Second);
    assert_eq!(
        walk(&state).seconds_each(),
        Some(540 / items),
        "the item's own time is not taken from it"
    );
    act(&mut state, Action::NextItem);
    assert_eq!(walk(&state).seconds_each(), Some(539 / (items - 1)));
    for _ in 0..BUDGET_SECS {
        update(&mut state, Msg::Second);
    }
    act(&mut state, Action::NextItem);
    assert_eq!(walk(&state).seconds_each(), Some(0));
}

#[test]
fn the_rest_is_walked_on_demand() {
    let mut state = walking();
    let (calling, all) = (walk(&state).count(), walk(&state).standup.items.len());
    assert!(calling < all);
    act(&mut state, Action::Last);
    assert_eq!(walk(&state).stop(), Stop::Summary);
    act(&mut state, Action::Rest);
    assert_eq!(
        walk(&state).stop(),
        Stop::Item(calling),
        "the first of the rest"
    );
    assert_eq!(
        (walk(&state).extent, walk(&state).count()),
        (Extent::All, all)
    );
    act(&mut state, Action::Rest);
    assert_eq!(
        (walk(&state).stop(), walk(&state).count()),
        (Stop::Summary, calling)
    );
}

#[test]
fn after_the_summary_the_board_is_walked_anew_and_no_words_are_lost() {
    let mut state = walking();
    act(&mut state, Action::NextItem);
    act(&mut state, Action::Park);
    assert_eq!(act(&mut state, Action::Flow), []);
    assert_eq!(act(&mut state, Action::Standup), []);
    act(&mut state, Action::Standup);
    assert_eq!(walk(&state).stop(), Stop::Summary);
    assert_eq!(act(&mut state, Action::Flow), []);
    assert_eq!(
        act(&mut state, Action::Standup),
        [],
        "its words are not saved"
    );
    assert_eq!(walk(&state).stop(), Stop::Summary);
    assert_eq!(act(&mut state, Action::Standup), []);
    assert!(matches!(&state.notice, Some(Notice::Failed(said)) if said.contains("again")));
    assert_eq!(act(&mut state, Action::Standup), [Effect::Standup]);
    assert_eq!(walk(&state).stop(), Stop::Changes);
    let mut said = walk(&state).said.iter();
    assert!(said.all(|one| one.outcome == Outcome::Open));
}

#[test]
fn words_that_were_saved_give_way_to_a_new_walk() {
    let mut state = walking();
    act(&mut state, Action::NextItem);
    act(&mut state, Action::Park);
    act(&mut state, Action::Last);
    act(&mut state, Action::SaveWalk);
    assert_eq!(act(&mut state, Action::Standup), [Effect::Standup]);
}

#[test]
fn a_walk_of_another_day_is_not_gone_on_with() {
    let mut state = walking();
    act(&mut state, Action::NextItem);
    act(&mut state, Action::Flow);
    let snapshot = walk(&state).data.snapshot.clone();
    let tomorrow = state.travel.seen.now.plus_secs(DAY_SECS);
    update(&mut state, Msg::Now(tomorrow));
    answered(&mut state, &snapshot);
    assert_eq!(act(&mut state, Action::Standup), [Effect::Standup]);
    assert_eq!(walk(&state).stop(), Stop::Changes);
}

#[test]
fn a_filter_makes_the_agenda_anew_and_keeps_what_was_said() {
    let mut state = walking();
    act(&mut state, Action::NextItem);
    act(&mut state, Action::Park);
    let parked = walk(&state).standup.items[0].open.item;
    update(&mut state, Msg::Second);
    let stage = walk(&state).standup.items[0].open.stage;
    let name = &walk(&state).data.measures.stages[stage.index()].name;
    state.asked.question.filter = Rule::Test(Test {
        field: Field::Stage,
        op: Op::Is,
        values: vec![Value::Text(name.clone())],
    });
    let snapshot = walk(&state).data.snapshot.clone();
    let before = walk(&state).standup.items.len();
    answered(&mut state, &snapshot);
    let walk = walk(&state);
    assert!(walk.standup.items.len() < before);
    assert!(walk.standup.items.iter().all(|one| one.open.stage == stage));
    let items = walk.standup.items.iter().zip(&walk.said);
    let parked_now: Vec<_> = items
        .filter(|(_, said)| said.outcome == Outcome::Parked)
        .map(|(one, _)| one.open.item)
        .collect();
    assert_eq!((parked_now, walk.seconds), (vec![parked], 1));
}

#[test]
fn a_newer_picture_leaves_the_walk_as_it_is() {
    let mut state = walking();
    act(&mut state, Action::NextItem);
    let snapshot = walk(&state).data.snapshot.clone();
    let as_of = walk(&state).standup.as_of;
    let later = state.travel.seen.now.plus_secs(3_600);
    let effects = update(&mut state, Msg::Now(later));
    assert!(matches!(effects.as_slice(), [Effect::Measure(_)]));
    answered(&mut state, &snapshot);
    assert!(state.data.as_ref().unwrap().as_of() > as_of);
    assert_eq!(
        (walk(&state).stop(), walk(&state).standup.as_of),
        (Stop::Item(0), as_of)
    );
}

#[test]
fn a_walk_through_the_past_is_not_kept() {
    let mut state = world((120, 40));
    state.travel.seen.past = Some(
        state
            .travel
            .seen
            .now
            .plus_secs(-20 * DAY_SECS)
            .floor_clamped(),
    );
    let snapshot = state.data.as_ref().unwrap().snapshot.clone();
    act(&mut state, Action::EarlierDay);
    answered(&mut state, &snapshot);
    act(&mut state, Action::Standup);
    assert_eq!(act(&mut state, Action::Last), []);
    assert_eq!(walk(&state).stop(), Stop::Summary);
}

#[test]
fn with_the_mouse_stops_are_chosen_and_items_opened() {
    let mut state = walking();
    update(&mut state, Msg::Click(Click::Row(2)));
    assert_eq!(walk(&state).stop(), Stop::Item(1));
    let item = walk(&state).called().unwrap().open.item;
    let effects = update(&mut state, Msg::Click(Click::Row(2)));
    reckoned(&mut state, &effects);
    assert!(matches!(&state.screen, Screen::Item(view) if view.story.item == item));
    update(&mut state, Msg::Click(Click::Action(Action::Back)));
    update(&mut state, Msg::Click(Click::Action(Action::NextItem)));
    assert_eq!(walk(&state).stop(), Stop::Item(2));
}

#[test]
fn nothing_in_progress_is_a_short_walk() {
    let mut state = empty((80, 24));
    act(&mut state, Action::Standup);
    assert_eq!(walk(&state).stop(), Stop::Changes);
    assert_eq!(
        (walk(&state).count(), walk(&state).seconds_each()),
        (0, None)
    );
    act(&mut state, Action::Rest);
    act(&mut state, Action::NextItem);
    assert_eq!(walk(&state).stop(), Stop::Summary);
    let told = "0 of 0 items walked in 0:00: 0 spoken of";
    assert_eq!(walk(&state).told(), told);
}

#[test]
fn the_summary_is_copied_and_saved() {
    let mut state = walking();
    assert_eq!(act(&mut state, Action::CopyWalk), [Effect::CopyWalk]);
    act(&mut state, Action::Last);
    assert_eq!(act(&mut state, Action::SaveWalk), [Effect::SaveWalk]);
}
