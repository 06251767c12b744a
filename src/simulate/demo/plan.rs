//! How work flows at the demo company: the model behind its history.

use std::sync::Arc;

use super::people;
use crate::model::event::fact;
use crate::model::time::{Calendar, Day, Millis, Weekday, Zone};
use crate::simulate::random::Spread;
use crate::simulate::stream::{
    Arrivals, Gate, Opening, Passes, Reopening, Rework, Rhythm, Shift, Shifted, Spacing, Special,
    StageModel, Step, StreamModel, Timetable, Trouble,
};

/// The stages by position.
pub(super) const IDEAS: usize = 0;
pub(super) const FUNDING: usize = 2;
pub(super) const READY: usize = 3;
pub(super) const BUILD: usize = 4;
pub(super) const APPROVAL: usize = 9;

const PRODUCT: usize = 0;
const DEVELOPERS: usize = 1;
const TESTERS: usize = 2;
const OPERATORS: usize = 3;

/// The kinds of work by position among the arrivals; what is not named here are defects.
pub(super) const FEATURE: usize = 0;
pub(super) const DEBT: usize = 2;
pub(super) const RISK: usize = 3;
const EXPEDITE: usize = 4;

/// Items a week at the start, when the company has its usual size.
const PER_WEEK: f64 = 11.1;
const DAY_HOURS: (i64, i64) = (8 * 3_600, 18 * 3_600);
const WEEK_MILLIS: i64 = 7 * 86_400_000;

/// Weeks before the Monday of `now`: when the coding assistant came, and when the board got slower.
pub(super) const ASSISTANT_WEEKS: i32 = 26;
pub(super) const SLOWER_BOARD_WEEKS: i32 = 9;

/// The company as of the Monday `monday`, with `share` of its usual work.
pub(super) fn company(monday: Millis, share: f64) -> StreamModel {
    StreamModel {
        stages: [ideate(), create(), release()].concat(),
        arrivals: arrivals(share),
        specials: vec![stuck_refund(monday)],
        teams: people::teams(),
        crews: people::crews(),
        calendar: calendar(monday),
        zone: Zone::utc(),
        shifts: shifts(monday),
        dropped: super::view::DROPPED.to_owned(),
    }
}

/// Working days as working seconds.
#[expect(clippy::cast_possible_truncation, reason = "a few working days")]
fn workdays(days: f64) -> i64 {
    (days * 36_000.0) as i64
}

fn lognormal(median_days: f64, sigma: f64) -> Spread {
    Spread::LogNormal {
        median: workdays(median_days),
        sigma,
    }
}

fn ideate() -> Vec<StageModel> {
    let mut ideas = StageModel::new("Ideas", Step::Delay(lognormal(11.9, 0.7)));
    ideas.drop = 0.05;
    let mut shape = StageModel::work("Shape", PRODUCT, lognormal(0.8, 0.6));
    shape.drop = 0.03;
    shape.trouble = Some(trouble(0.04, 0.3, 4.0, &["product: pricing not decided"]));
    let mut funding = gate("Funding", &[Weekday::Tue], (1, 0), 10);
    funding.trouble = Some(trouble(0.06, 1.0, 6.0, FUNDING_REASONS));
    funding.drop = 0.03;
    let mut ready = gate("Ready", &[Weekday::Mon], (1, 0), 9);
    waves_through(&mut ready, 1);
    vec![ideas, shape, funding, ready]
}

fn create() -> Vec<StageModel> {
    let mut build = StageModel::work("Build", DEVELOPERS, lognormal(1.65, 0.65));
    build.limit = Some(10);
    build.trouble = Some(trouble(0.07, 0.6, 2.5, BUILD_REASONS));
    let mut review = StageModel::work("Review", DEVELOPERS, lognormal(0.25, 0.6));
    review.rework = Some(back_to_build(0.14));
    let mut test = StageModel::work("Test", TESTERS, lognormal(0.45, 0.6));
    test.limit = Some(6);
    test.rework = Some(back_to_build(0.06));
    test.trouble = Some(trouble(0.04, 0.2, 2.0, &["environment: test data expired"]));
    vec![
        build,
        StageModel::new("To review", Step::Delay(lognormal(0.3, 0.7))),
        review,
        StageModel::queue("To test"),
        test,
    ]
}

fn release() -> Vec<StageModel> {
    let mut approval = gate("Approval", &[Weekday::Wed], (1, 0), 14);
    approval.trouble = Some(trouble(0.13, 1.5, 6.0, APPROVAL_REASONS));
    approval.rework = Some(back_to_build(0.04));
    if let Step::Gate(board) = &mut approval.step {
        board.passes = Passes::Each(0.43);
    }
    let mut window = gate("Window", &[Weekday::Tue], (1, 0), 15);
    waves_through(&mut window, 0);
    window.trouble = Some(trouble(0.04, 1.0, 4.0, WINDOW_REASONS));
    let reopening = Reopening {
        chance: 0.025,
        after: lognormal(4.0, 0.6),
        to: BUILD,
        effort: 0.6,
    };
    vec![
        approval,
        window,
        StageModel::work("Deploy", OPERATORS, lognormal(0.3, 0.5)),
        StageModel::new("Live", Step::Done(Some(reopening))),
    ]
}

const FUNDING_REASONS: &[&str] = &[
    "finance: budget holder away",
    "dependency: needs the ledger roadmap",
];
const BUILD_REASONS: &[&str] = &[
    "dependency: waits for ledger API",
    "vendor: card scheme sandbox down",
    "person: only Kofi knows the module",
];
const APPROVAL_REASONS: &[&str] = &[
    "legal: terms under review",
    "security: test report missing",
    "vendor: certificate not issued",
    "dependency: partner bank sign-off",
];
const WINDOW_REASONS: &[&str] = &[
    "dependency: partner bank freezes changes",
    "release window: change freeze",
];

fn trouble(chance: f64, after: f64, lasts: f64, reasons: &[&str]) -> Trouble {
    Trouble {
        chance,
        after: Spread::Exponential {
            mean: workdays(after),
        },
        lasts: lognormal(lasts, 0.6),
        reasons: reasons.iter().map(|why| (Arc::from(*why), 1.0)).collect(),
    }
}

fn back_to_build(chance: f64) -> Rework {
    Rework {
        chance,
        to: BUILD,
        effort: 0.4,
    }
}

/// A stage that opens on a day of every so many weeks, at a full hour, for all that wait.
fn gate(status: &str, days: &[Weekday], (every_weeks, week): (u32, u32), hour: i64) -> StageModel {
    let times = Timetable {
        days: days.to_vec(),
        every_weeks,
        week,
        time_of_day: hour * 3_600,
    };
    let gate = Gate {
        opens: Opening::Meets(times),
        passes: Passes::All,
        waves_through: None,
    };
    StageModel::new(status, Step::Gate(gate))
}

fn waves_through(stage: &mut StageModel, rank: u8) {
    if let Step::Gate(gate) = &mut stage.step {
        gate.waves_through = Some(rank);
    }
}

fn arrivals(share: f64) -> Vec<Arrivals> {
    let of = |part: f64| part * share * PER_WEEK;
    vec![
        kind(("Story", "Normal", None), of(0.62), (IDEAS, 2)),
        kind(("Bug", "High", None), of(0.19), (READY, 1)),
        kind(("Task", "Normal", Some("tech-debt")), of(0.10), (IDEAS, 2)),
        kind(("Task", "High", Some("compliance")), of(0.07), (FUNDING, 2)),
        kind(("Bug", "Expedite", None), of(0.02), (READY, 0)),
    ]
}

type Marks<'a> = (&'a str, &'a str, Option<&'a str>);

fn kind(
    (tracker_type, priority, label): Marks<'_>,
    per_week: f64,
    (enter, rank): (usize, u8),
) -> Arrivals {
    let mut facts = vec![
        (fact::TYPE.into(), tracker_type.to_owned()),
        (fact::PRIORITY.into(), priority.to_owned()),
    ];
    facts.extend(label.map(|label| (fact::LABEL.into(), label.to_owned())));
    Arrivals {
        facts,
        per_week,
        spacing: Spacing::Random,
        rhythm: Rhythm {
            days: [1.25, 1.1, 1.0, 0.95, 0.7, 1.0, 1.0],
            months: [
                1.05, 1.05, 1.0, 1.0, 1.0, 1.0, 0.85, 0.8, 1.1, 1.1, 1.05, 0.8,
            ],
            growth: 0.1,
        },
        enter,
        rank,
        avoids: Vec::new(),
    }
}

/// The one item everybody talks about: the fast lane took it to the board in days, and there it is.
fn stuck_refund(monday: Millis) -> Special {
    let trouble = Trouble {
        chance: 1.0,
        after: Spread::Fixed(0),
        lasts: Spread::Fixed(workdays(60.0)),
        reasons: vec![("legal: new refund terms not signed".into(), 1.0)],
    };
    Special {
        at: Millis(monday.0 - 17 * 86_400_000 + 10 * 3_600_000),
        arrivals: EXPEDITE,
        facts: vec![(
            fact::TITLE.into(),
            "Refund to another card fails silently".to_owned(),
        )],
        team: 0,
        effort: 0.3,
        trouble: Some((APPROVAL, trouble)),
    }
}

fn shifts(monday: Millis) -> Vec<Shift> {
    let weeks_before = |weeks: i32| Millis(monday.0 - i64::from(weeks) * WEEK_MILLIS);
    vec![
        Shift {
            at: weeks_before(ASSISTANT_WEEKS),
            what: Shifted::Duration {
                stage: BUILD,
                factor: 0.7,
            },
        },
        Shift {
            at: weeks_before(SLOWER_BOARD_WEEKS),
            what: Shifted::Passes {
                stage: APPROVAL,
                passes: Passes::Each(0.39),
            },
        },
    ]
}

/// Monday to Friday from eight to six, closed around Christmas and on New Year's Day.
pub(super) fn calendar(monday: Millis) -> Calendar {
    let year = Zone::utc().day_of(monday.floor_clamped()).ymd().0;
    let closed = [(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)];
    let holidays = (year - 4..=year + 4)
        .flat_map(|year| closed.map(|(month, day)| Day::from_ymd(year, month, day)));
    Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: DAY_HOURS,
        holidays: holidays.flatten().collect(),
    }
}
