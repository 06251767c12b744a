use std::collections::{BTreeMap, BTreeSet};

use super::{Company, Size};
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, fact};
use crate::model::id::SourceName;
use crate::model::log::{Disorder, LogBuilder};
use crate::model::stage::Class;
use crate::model::stream::{Place, Stream};
use crate::model::time::{DAY_SECS, Day, Millis, Zone, days};
use crate::simulate::demo::{Pace, plan};

const APPROVAL: usize = plan::APPROVAL;

fn now() -> Millis {
    Millis::parse("2026-11-23T14:02:00Z").unwrap()
}

/// One item replayed: its stays as (stage, from, to), the last one open; `None` is dropped.
struct Life {
    stays: Vec<(Option<usize>, i64, i64)>,
    /// Why and since when it is blocked.
    blocked: Option<(String, i64)>,
    facts: BTreeMap<String, String>,
}

/// A company at an instant, replayed.
struct Seen {
    stream: Stream,
    lives: Vec<Life>,
    now: i64,
}

impl Life {
    fn of(item: &ItemHistory, stream: &Stream, now: i64) -> Self {
        let mut life = Self {
            stays: Vec::new(),
            blocked: None,
            facts: BTreeMap::new(),
        };
        for event in &item.events {
            let at = event.at.0 / 1000;
            match &event.change {
                Change::Created { status } => life.go(stream, status.as_deref().unwrap(), at),
                Change::Moved { to } => life.go(stream, to, at),
                Change::Blocked { reason } => life.blocked = Some((reason.clone().unwrap(), at)),
                Change::Unblocked => life.blocked = None,
                Change::Set { fact, new, .. } => {
                    life.facts.insert(fact.to_string(), new.clone().unwrap());
                }
                other => panic!("the company knows no {other:?}"),
            }
        }
        life.stays.last_mut().unwrap().2 = now;
        life
    }

    fn go(&mut self, stream: &Stream, status: &str, at: i64) {
        if let Some(last) = self.stays.last_mut() {
            last.2 = at;
        }
        let stage = match stream.place_of("tracker", status).unwrap() {
            Place::Stage(stage) => Some(stage.index()),
            Place::Cancelled => None,
        };
        self.stays.push((stage, at, at));
    }

    fn stage(&self) -> Option<usize> {
        self.stays.last().unwrap().0
    }
}

impl Seen {
    fn new(seed: u64, items: u32, now: Millis) -> Self {
        let mut company = Company::new(seed, items, now);
        let stream = company.stream(&SourceName::new("tracker"));
        let now = now.0 / 1000;
        let lives = company.history().flatten();
        let lives = lives.map(|item| Life::of(&item, &stream, now)).collect();
        Self { stream, lives, now }
    }

    fn loads(&self) -> Vec<usize> {
        let here = |stage| {
            self.lives
                .iter()
                .filter(|one| one.stage() == Some(stage))
                .count()
        };
        (0..self.stream.stages.len()).map(here).collect()
    }

    fn in_progress(&self) -> usize {
        let committed = self
            .stream
            .stages
            .iter()
            .map(|stage| stage.class.is_committed());
        self.loads()
            .iter()
            .zip(committed)
            .filter(|(_, yes)| *yes)
            .map(|(load, _)| load)
            .sum()
    }

    fn finished_in_90_days(&self) -> impl Iterator<Item = &Life> {
        let live = self.stream.stages.len() - 1;
        let since = self.now - 90 * DAY_SECS;
        let ended = move |one: &&Life| {
            one.stage() == Some(live) && one.stays.last().is_some_and(|stay| stay.1 >= since)
        };
        self.lives.iter().filter(ended)
    }

    /// METRICS "phase share": ideate, create, release, in per cent.
    fn phase_share(&self) -> [f64; 3] {
        let mut seconds = [0_i64; 4];
        for (stage, from, to) in self.finished_in_90_days().flat_map(|one| &one.stays) {
            let stage = &self.stream.stages[stage.unwrap()];
            if stage.class != Class::Done {
                seconds[stage.phase as usize] += to - from;
            }
        }
        let all = days(seconds.iter().sum());
        [0, 1, 2].map(|phase| 100.0 * days(seconds[phase]) / all)
    }

    /// Seconds that committed items spent in each stage within 90 days.
    fn waiting(&self) -> Vec<i64> {
        let since = self.now - 90 * DAY_SECS;
        let mut seconds = vec![0; self.stream.stages.len()];
        for (stage, from, to) in self.lives.iter().flat_map(|one| &one.stays) {
            if let Some(stage) = stage {
                seconds[*stage] += (to - from.max(&since)).max(0);
            }
        }
        seconds
    }
}

/// Days of two weeks, so that every turn of the boards is seen.
fn fortnight() -> impl Iterator<Item = Millis> {
    (0..14)
        .step_by(3)
        .map(|day| now().plus_secs(day * DAY_SECS))
}

/// Some companies on one day, and one on several days.
fn some_companies() -> impl Iterator<Item = Seen> {
    let seeds = (2..=5).map(|seed| Seen::new(seed, 1_200, now()));
    seeds.chain(fortnight().map(|now| Seen::new(1, 1_200, now)))
}

#[test]
fn most_delay_lies_outside_coding() {
    for seen in some_companies() {
        let share = seen.phase_share();
        let off = |phase: usize, wanted: f64| (share[phase] - wanted).abs();
        assert!(off(0, 48.0) < 6.0, "{share:?}");
        assert!(off(1, 8.0) < 3.0, "{share:?}");
        assert!(off(2, 44.0) < 6.0, "{share:?}");
    }
}

#[test]
fn the_board_holds_the_stream_back() {
    for seed in 1..=6 {
        let seen = Seen::new(seed, 1_200, now());
        let waiting = seen.waiting();
        let queues = seen
            .stream
            .stages()
            .filter(|(_, stage)| stage.class == Class::Queue);
        let others = queues
            .map(|(at, _)| at.index())
            .filter(|at| *at != APPROVAL);
        let second = others.map(|at| waiting[at]).max().unwrap();
        assert!(
            waiting[APPROVAL] * 10 > second * 15,
            "seed {seed}: {waiting:?}"
        );
    }
}

#[test]
fn the_picture_fits_a_screen() {
    for seen in some_companies() {
        let loads = seen.loads();
        let (live, before) = loads.split_last().unwrap();
        assert!(before.iter().all(|load| *load <= 45), "{loads:?}");
        assert!((55..=120).contains(&seen.in_progress()), "{loads:?}");
        assert!(*live > 900);
        let items = seen.lives.len();
        assert!((1_100..=1_300).contains(&items), "{items}");
        let blocked = seen.lives.iter().filter(|one| one.blocked.is_some());
        let blocked = blocked.count();
        assert!((3..=12).contains(&blocked), "{blocked} blocked");
    }
}

#[test]
fn the_fast_lane_is_stuck_before_the_board_for_a_telling_reason() {
    for now in fortnight() {
        let seen = Seen::new(1, 1_200, now);
        let stuck = |one: &&Life| one.blocked.is_some() && one.facts[fact::PRIORITY] == "Expedite";
        let stuck: Vec<&Life> = seen.lives.iter().filter(stuck).collect();
        assert_eq!(stuck.len(), 1);
        let (reason, since) = stuck[0].blocked.clone().unwrap();
        assert_eq!(stuck[0].stage(), Some(APPROVAL));
        assert_eq!(reason, "legal: new refund terms not signed");
        assert_eq!(
            stuck[0].facts[fact::TITLE],
            "Refund to another card fails silently"
        );
        assert!((7..=25).contains(&((seen.now - since) / DAY_SECS)));
    }
}

#[test]
fn every_kind_of_story_is_there() {
    let seen = Seen::new(1, 1_200, now());
    let types: BTreeSet<&str> = seen
        .lives
        .iter()
        .map(|one| &*one.facts[fact::TYPE])
        .collect();
    assert_eq!(types, BTreeSet::from(["Bug", "Story", "Task"]));
    let teams: BTreeSet<&str> = seen
        .lives
        .iter()
        .map(|one| &*one.facts[fact::TEAM])
        .collect();
    assert_eq!(teams.len(), 4);
    let backward = |one: &Life| one.stays.windows(2).any(|two| two[1].0 < two[0].0);
    let reworked = seen
        .lives
        .iter()
        .filter(|one| one.stage().is_some() && backward(one))
        .count();
    assert!((150..400).contains(&reworked), "{reworked}");
    let dropped = seen
        .lives
        .iter()
        .filter(|one| one.stage().is_none())
        .count();
    assert!((50..150).contains(&dropped), "{dropped}");
    let mut keys: Vec<&str> = seen
        .lives
        .iter()
        .map(|one| &*one.facts[fact::KEY])
        .collect();
    assert!(keys.contains(&"PAY-381"));
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), seen.lives.len());
    let linked = |one: &Life| one.facts[fact::URL].ends_with(&one.facts[fact::KEY]);
    assert!(seen.lives.iter().all(linked));
}

#[test]
fn the_log_takes_it_without_a_complaint() {
    let mut company = Company::new(1, 1_200, now());
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    builder.statuses(source, &company.statuses()).unwrap();
    let mut count = 0;
    for item in company.history().flatten() {
        builder.history(source, item).unwrap();
        count += 1;
    }
    let log = builder.finish();
    assert_eq!(
        (log.item_count(), log.disorder()),
        (count, Disorder::default())
    );
    assert_eq!(log.statuses().len(), company.statuses().len());
    let stuck = log
        .items()
        .find(|item| log.title(*item).starts_with("Refund to another card fails"));
    assert!(log.key(stuck.unwrap()).starts_with("PAY-"));
    assert!(log.last_event().unwrap() < now().floor_clamped());
}

fn rendered(items: &[ItemHistory]) -> String {
    let mut lines = String::new();
    for item in items {
        for event in &item.events {
            let what = format!("{:?}", event.change);
            let at = event.at.0;
            lines.extend([
                &*item.item,
                " ",
                &event.id,
                " ",
                &at.to_string(),
                " ",
                &what,
                "\n",
            ]);
        }
    }
    lines
}

#[test]
fn the_same_seed_gives_the_same_company_for_ever() {
    let text = |seed| {
        let mut company = Company::new(seed, 1_200, now());
        rendered(&company.history().flatten().collect::<Vec<_>>())
    };
    let first = text(1);
    assert_eq!(first, text(1));
    assert_ne!(first, text(2));
    assert_eq!(
        xxhash_rust::xxh3::xxh3_64(first.as_bytes()),
        11_669_840_848_543_206_571
    );
}

/// Events by item, in order.
fn by_item(parts: impl IntoIterator<Item = ItemHistory>) -> BTreeMap<String, Vec<String>> {
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        let events = part.events.iter().map(|event| format!("{event:?}"));
        items.entry(part.item).or_default().extend(events);
    }
    items
}

#[test]
fn it_lives_on_as_if_it_had_been_opened_later() {
    for items in [300, 2_500] {
        let later = now().plus_secs(3 * DAY_SECS + 7);
        let whole: Vec<_> = Company::new(1, items, later).history().flatten().collect();
        let mut company = Company::new(1, items, now());
        let mut parts: Vec<_> = company.history().flatten().collect();
        let known = parts.len();
        for hours in 1..=72 {
            parts.extend(company.advance(now().plus_secs(hours * 3_600)));
        }
        assert!(parts.len() > known);
        parts.extend(company.advance(later));
        assert!(company.next_at().unwrap() >= later);
        assert_eq!(by_item(whole), by_item(parts));
    }
}

#[test]
fn something_happens_every_few_seconds_of_watching() {
    let mut company = Company::new(1, 1_200, now());
    company.history().for_each(drop);
    let mut pace = Pace::new(now());
    let mut quiet = 0;
    for second in 1..=600 {
        let at = pace.at(now().plus_secs(second));
        quiet += u32::from(company.advance(at).is_empty());
    }
    assert!(
        (60..480).contains(&quiet),
        "{quiet} of 600 seconds are quiet"
    );
}

#[test]
fn any_size_is_met() {
    for (items, within) in [
        (100, 0.3),
        (400, 0.15),
        (1_000, 0.1),
        (1_799, 0.1),
        (3_000, 0.1),
    ] {
        let seen = Seen::new(1, items, now());
        let found = seen.lives.len() as f64 / f64::from(items);
        assert!(
            (found - 1.0).abs() < within,
            "{items}: {}",
            seen.lives.len()
        );
    }
    assert_eq!(Size::of(0), Size::of(100));
    assert_eq!(Size::of(1_000_000).parts, 833);
    assert_eq!(Size::of(u32::MAX), Size::of(10_000_000));
}

#[test]
fn the_plan_and_the_stream_agree() {
    let model = plan::company(now(), 1.0);
    assert_eq!(model.check(), Ok(()));
    let company = Company::new(1, 1_200, now());
    let stream = company.stream(&SourceName::new("tracker"));
    let statuses: Vec<String> = company.statuses().into_iter().map(|one| one.id).collect();
    let planned: Vec<&str> = model.stages.iter().map(|stage| &*stage.status).collect();
    assert_eq!(planned, statuses[..13]);
    assert_eq!(stream.stages.len(), 13);
    assert_eq!(statuses[13], model.dropped);
    assert_eq!(company.changes()[0].day.to_string(), "2026-05-25");
}

#[test]
fn hardly_anything_happens_on_a_day_off() {
    let mut company = Company::new(1, 300, now());
    let calendar = company.calendar();
    assert!(!calendar.is_always());
    let days = company.history().flatten().flat_map(|item| item.events);
    let days = days.map(|event| Zone::utc().day_of(event.at.floor_clamped()));
    let (worked, off): (Vec<Day>, Vec<Day>) = days.partition(|day| calendar.is_workday(*day));
    assert!(
        worked.len() > 50 * off.len().max(1),
        "{} and {}",
        worked.len(),
        off.len()
    );
}

#[test]
fn the_teams_share_the_whole_stream() {
    let company = Company::new(1, 400, Millis(1_795_438_920_000));
    let streams = company.streams(&SourceName::new("demo"));
    let names: Vec<&str> = streams.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(
        names,
        ["payments", "cards", "checkout", "payouts", "terminals"]
    );
    assert!(
        streams[1..]
            .iter()
            .all(|part| part.stages.iter().all(|stage| stage.limit.is_none()))
    );
    assert!(streams[0].stages.iter().any(|stage| stage.limit.is_some()));
}
