//! Forecasts that were made are kept as they were.

use super::{Place, append, page};
use crate::model::promise::{Promise, PromiseRule, Promised};
use crate::model::stage::ClockRule;
use crate::model::time::{Day, Sec, WindowSpec};

fn promise(from: i32, promised: Promised) -> Promise {
    Promise {
        stream: "cards".to_owned(),
        made: Sec(86_400 * from.unsigned_abs() - 1),
        rule: PromiseRule {
            clock: ClockRule::FirstStart,
            filter: "kind:defect".to_owned(),
            window: WindowSpec::LastDays(90),
            split_rate: 0.25,
            seed: u64::MAX,
        },
        from: Day(from),
        promised,
        likely: [0.5, 0.75, 0.875, 1.0],
    }
}

pub(in crate::history) fn how_many(from: i32, within: i32) -> Promise {
    let promised = Promised::HowMany {
        within: within.unsigned_abs(),
        by: Day(from + within - 1),
        items: [9, 7, 5, 0],
    };
    promise(from, promised)
}

pub(in crate::history) fn when(from: i32, by: [i32; 4]) -> Promise {
    let by = by.map(Day);
    promise(from, Promised::When { items: 10, by })
}

pub(super) fn a_forecast_comes_back_as_it_was_made(place: &dyn Place) {
    let mut history = place.open();
    let dates = Promise {
        rule: PromiseRule {
            window: WindowSpec::Dates(Day(5), Day(9)),
            ..how_many(20, 7).rule
        },
        ..how_many(20, 7)
    };
    let made = [how_many(20, 7), dates, when(20, [22, 25, 30, 41])];
    assert_eq!(history.promise(&made), Ok(3));
    let mut kept = history.promises("cards").unwrap();
    kept.sort_by_key(|one| made.iter().position(|other| other == one));
    assert_eq!(kept, made);
    assert_eq!(history.promises("loans"), Ok(Vec::new()));
}

pub(super) fn no_two_of_a_kind_look_at_the_same_day(place: &dyn Place) {
    let mut history = place.open();
    let mut keep = |one: Promise| history.promise(&[one]).unwrap();
    // Days 20 to 26 are looked at; the next may begin with day 27.
    assert_eq!(keep(how_many(20, 7)), 1);
    assert_eq!(keep(how_many(20, 7)), 0, "the same again");
    assert_eq!(keep(how_many(26, 7)), 0);
    assert_eq!(keep(how_many(27, 7)), 1);
    assert_eq!(keep(how_many(15, 7)), 0, "a clock that went back");
    assert_eq!(keep(how_many(20, 14)), 1, "another question");
    assert_eq!(keep(when(20, [21, 22, 23, 26])), 1);
    assert_eq!(keep(when(26, [27, 28, 29, 30])), 0);
    assert_eq!(keep(when(27, [27, 28, 29, 30])), 1);
    let mut other = how_many(20, 7);
    other.rule.filter.clear();
    assert_eq!(keep(other), 1, "other items");
    let luck = how_many(20, 7);
    let rule = PromiseRule {
        seed: 7,
        ..luck.rule.clone()
    };
    assert_eq!(keep(Promise { rule, ..luck }), 0, "other luck");
}

pub(super) fn events_and_forecasts_leave_each_other_alone(place: &dyn Place) {
    let mut history = place.open();
    let position = append(&mut *history, &page(1, 2));
    history.promise(&[how_many(20, 7)]).unwrap();
    assert_eq!(history.position(), Ok(position));
    let later = crate::model::time::Millis(i64::MAX);
    assert_eq!(history.drop_items(later, &|_, _| true), Ok(2));
    assert_eq!(history.promises("cards").map(|kept| kept.len()), Ok(1));
}
