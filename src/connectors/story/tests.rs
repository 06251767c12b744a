use std::borrow::Cow;

use super::{FIRST_SEQ, Moment, Story, Tale, Turn, joined};
use crate::model::event::{Change, Event, fact};
use crate::model::time::Millis;

const BORN: Millis = Millis(1_000);

fn turn(number: u64, old: Option<&str>, new: Option<&str>) -> Turn {
    Turn {
        moment: Moment::part(
            number.to_string(),
            Millis(1_000 * (2 + number.cast_signed())),
            number,
            0,
        ),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    }
}

fn tell(tell: impl FnOnce(&mut Tale)) -> Story {
    let mut tale = Tale::new("7", "issue", BORN);
    tell(&mut tale);
    tale.end(None, None)
}

fn events(story: &Story) -> &[Event] {
    &story.history.as_ref().unwrap().events
}

/// What happened, with its instant in seconds.
fn moves(story: &Story) -> Vec<(i64, String)> {
    let told = |event: &Event| match &event.change {
        Change::Created { status } => format!("in {}", status.clone().unwrap_or_default()),
        Change::Moved { to } => format!("to {to}"),
        Change::Set { old, new, .. } => format!("{old:?} -> {new:?}"),
        other => format!("{other:?}"),
    };
    let all = events(story).iter();
    all.map(|event| (event.at.0 / 1_000, told(event))).collect()
}

#[test]
fn the_first_status_is_the_old_value_of_the_first_move() {
    let turns = [turn(0, Some("1"), Some("2")), turn(3, Some("9"), Some("5"))];
    let story = tell(|tale| tale.statuses(Some("5"), &turns, Millis(9_000)));
    let expected = [(1, "in 1"), (2, "to 2"), (5, "to 5")];
    assert_eq!(
        moves(&story),
        expected.map(|(at, what)| (at, what.to_owned()))
    );
    assert!(story.oddities.is_empty());
}

#[test]
fn without_moves_it_is_where_it_is_now() {
    let story = tell(|tale| tale.statuses(Some("5"), &[], Millis(9_000)));
    assert_eq!(moves(&story), [(1, "in 5".to_owned())]);
    let story = tell(|tale| tale.statuses(None, &[], Millis(9_000)));
    assert_eq!(moves(&story), [(1, "in ".to_owned())]);
    assert_eq!(story.oddities[0].place, "issue 7");
}

#[test]
fn a_move_that_left_no_trace_is_set_at_the_last_update() {
    let turns = [turn(0, Some("1"), Some("2"))];
    let story = tell(|tale| tale.statuses(Some("4"), &turns, Millis(9_000)));
    let last = events(&story).last().unwrap();
    assert_eq!((last.at, last.approximate), (Millis(9_000), true));
    assert_eq!(last.change, Change::Moved { to: "4".to_owned() });
    let again = tell(|tale| tale.statuses(Some("4"), &turns, Millis(10_000)));
    assert_eq!(events(&again).last().unwrap().id, last.id);
    // The artefact moved on while it was read.
    let raced = tell(|tale| tale.statuses(Some("1"), &turns, Millis(1_500)));
    assert_eq!(events(&raced).len(), 2);
}

#[test]
fn a_value_of_the_start_is_what_the_first_change_replaced() {
    let fact = Cow::Borrowed(fact::TEAM);
    let turns = [turn(0, Some(""), Some("a")), turn(1, Some("a"), None)];
    let story = tell(|tale| tale.course("team", &fact, Some("x".to_owned()), &turns));
    let expected = [(2, "None -> Some(\"a\")"), (3, "Some(\"a\") -> None")];
    assert_eq!(
        moves(&story),
        expected.map(|(at, what)| (at, what.to_owned()))
    );
    let story = tell(|tale| tale.course("team", &fact, Some("x".to_owned()), &[]));
    assert_eq!(moves(&story), [(1, "None -> Some(\"x\")".to_owned())]);
    assert_eq!(events(&story)[0].id, "created.team");
}

#[test]
fn what_belongs_to_the_creation_comes_before_what_happened_then() {
    let story = tell(|tale| {
        tale.create(None);
        tale.at_birth("key", Cow::Borrowed(fact::KEY), "A-7".to_owned());
        tale.tied("blocks", "8");
    });
    let seqs: Vec<u64> = events(&story).iter().map(|event| event.seq).collect();
    assert_eq!(seqs, [0, 1, 2]);
    assert!(events(&story)[2].approximate);
    assert!(Moment::part("x", BORN, 0, 0).seq >= FIRST_SEQ);
    let before = Moment::part("x", BORN, 4, u64::MAX).seq;
    assert!(before < Moment::part("x", BORN, 5, 0).seq);
    assert!(i64::try_from(Moment::part("x", BORN, u64::MAX, 9).seq).is_ok());
}

#[test]
fn several_values_are_one_text_whatever_their_order() {
    let of = |values: &[&str]| joined(values.iter().map(|&value| value.to_owned()).collect());
    assert_eq!(of(&["b", "a", "b"]), of(&["a", "b"]));
    assert_eq!(of(&[]), None);
}
