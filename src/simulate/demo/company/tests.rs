use super::Company;
use crate::model::batch::ItemHistory;
use crate::model::event::{Change, fact};
use crate::model::id::SourceName;
use crate::model::stage::{Class, Phase};
use crate::model::stream::{Place, Stream};
use crate::model::time::{Millis, days};

const NOW: &str = "2026-11-23T14:02:00Z";

fn now() -> Millis {
    Millis::parse(NOW).unwrap()
}

/// One item replayed: its stays as (stage, from, to), the last one open; `None` is dropped.
struct Life {
    stays: Vec<(Option<usize>, i64, i64)>,
    reason: Option<String>,
    blocked_since: i64,
    title: String,
    priority: String,
}

impl Life {
    fn at(&self) -> Option<usize> {
        self.stays.last().and_then(|stay| stay.0)
    }
}

fn lives(items: &[ItemHistory], stream: &Stream, until: Millis) -> Vec<Life> {
    items.iter().map(|item| life(item, stream, until)).collect()
}

fn life(item: &ItemHistory, stream: &Stream, until: Millis) -> Life {
    let mut life = Life {
        stays: Vec::new(),
        reason: None,
        blocked_since: 0,
        title: String::new(),
        priority: String::new(),
    };
    for event in &item.events {
        let at = event.at.0 / 1000;
        match &event.change {
            Change::Created { status } => go(&mut life, stream, status.as_deref().unwrap(), at),
            Change::Moved { to } => go(&mut life, stream, to, at),
            Change::Blocked { reason } => {
                life.reason.clone_from(reason);
                life.blocked_since = at;
            }
            Change::Unblocked => life.reason = None,
            Change::Set { fact, new, .. } if fact == fact::TITLE => {
                life.title = new.clone().unwrap();
            }
            Change::Set { fact, new, .. } if fact == fact::PRIORITY => {
                life.priority = new.clone().unwrap();
            }
            _ => {}
        }
    }
    life.stays.last_mut().unwrap().2 = until.0 / 1000;
    life
}

fn go(life: &mut Life, stream: &Stream, status: &str, at: i64) {
    if let Some(last) = life.stays.last_mut() {
        last.2 = at;
    }
    let stage = match stream.place_of("demo", status).unwrap() {
        Place::Stage(stage) => Some(stage.index()),
        Place::Cancelled => None,
    };
    life.stays.push((stage, at, at));
}

fn company(seed: u64, items: u32) -> (Company, Stream, Vec<ItemHistory>) {
    let mut company = Company::new(seed, items, now());
    let items = company.history().flatten().collect();
    let stream = company.stream(&SourceName::new("demo"));
    (company, stream, items)
}

fn loads(lives: &[Life], stream: &Stream) -> Vec<usize> {
    let here = |stage| lives.iter().filter(|one| one.at() == Some(stage)).count();
    (0..stream.stages.len()).map(here).collect()
}

fn finished_within<'a>(lives: &'a [Life], stream: &Stream, days: i64) -> Vec<&'a Life> {
    finished_within_at(lives, stream, days, now())
}
fn finished_within_at<'a>(lives: &'a [Life], stream: &Stream, days: i64, now: Millis) -> Vec<&'a Life> {
    let live = stream.stages.len() - 1;
    let since = now.0 / 1000 - days * 86_400;
    let ended = |one: &&Life| one.at() == Some(live) && one.stays.last().unwrap().1 >= since;
    lives.iter().filter(ended).collect()
}

/// METRICS "phase share": ideate, create, release, in per cent.
fn phase_share(lives: &[Life], stream: &Stream) -> [f64; 3] {
    phase_share_at(lives, stream, now())
}
fn phase_share_at(lives: &[Life], stream: &Stream, now: Millis) -> [f64; 3] {
    let mut seconds = [0_i64; 4];
    for one in finished_within_at(lives, stream, 90, now) {
        for (stage, from, to) in &one.stays {
            let stage = &stream.stages[stage.unwrap()];
            if stage.class != Class::Done {
                seconds[stage.phase as usize] += to - from;
            }
        }
    }
    assert_eq!(seconds[Phase::Operate as usize], 0);
    let all = days(seconds.iter().sum());
    [0, 1, 2].map(|phase| 100.0 * days(seconds[phase]) / all)
}

/// Days from the last crossing into committed to done.
fn flow_days(one: &Life, stream: &Stream) -> f64 {
    let committed =
        |stage: &Option<usize>| stage.is_some_and(|s| stream.stages[s].class.is_committed());
    let start = one.stays.iter().find(|stay| committed(&stay.0)).unwrap().1;
    days(one.stays.last().unwrap().1 - start)
}


#[test]
fn scan() {
    for ahead in 0..14 {
        let now = now().plus_secs(ahead * 86_400 );
        for seed in 1..=5 {
            let mut company = Company::new(seed, 1_200, now);
            let items: Vec<_> = company.history().flatten().collect();
            let stream = company.stream(&SourceName::new("demo"));
            let lives = lives(&items, &stream, now);
            let loads = loads(&lives, &stream);
            let blocked = lives.iter().filter(|o| o.reason.is_some()).count();
            let share = phase_share_at(&lives, &stream, now);
            println!("{ahead} {seed}: {} {loads:?} blocked {blocked} {share:.1?}", items.len());
        }
    }
}
#[test]
fn tell_the_story() {
    for seed in 1..=6 {
        let (_, stream, items) = company(seed, 1_200);
        let lives = lives(&items, &stream, now());
        let events: usize = items.iter().map(|i| i.events.len()).sum();
        let loads = loads(&lives, &stream);
        let in_progress: usize = loads
            .iter()
            .zip(&stream.stages)
            .filter(|(_, s)| s.class.is_committed())
            .map(|(l, _)| l)
            .sum();
        let ended = finished_within(&lives, &stream, 90);
        let mut flow: Vec<f64> = ended.iter().map(|one| flow_days(one, &stream)).collect();
        flow.sort_by(f64::total_cmp);
        let n = flow.len();
        let p = |p: usize| flow[(p * n + 99) / 100 - 1];
        println!(
            "seed {seed}: {} items {events} events, loads {loads:?}, in progress {in_progress}, share {:.1?}, finished 90 d {n}, p50 {:.1} p85 {:.1} p95 {:.1}",
            items.len(),
            phase_share(&lives, &stream),
            p(50),
            p(85),
            p(95)
        );
        for one in lives.iter().filter(|one| one.reason.is_some()) {
            println!(
                "   {} {:5.1} d {:10} {} — {}",
                stream.stages[one.at().unwrap()].name,
                days(now().0 / 1000 - one.blocked_since),
                one.priority,
                one.title,
                one.reason.as_deref().unwrap()
            );
        }
        for (ix, stage) in stream.stages.iter().enumerate() {
            let mut d: Vec<f64> = ended
                .iter()
                .map(|one| {
                    one.stays
                        .iter()
                        .filter(|s| s.0 == Some(ix))
                        .map(|s| days(s.2 - s.1))
                        .sum()
                })
                .filter(|d| *d > 0.0)
                .collect();
            d.sort_by(f64::total_cmp);
            let old = lives
                .iter()
                .filter(|o| o.at() == Some(ix))
                .map(|o| days(o.stays.last().unwrap().2 - o.stays.last().unwrap().1))
                .fold(0.0, f64::max);
            if seed < 3 && ix < 12 {
                println!(
                    "     {:10} mean {:5.1} p50 {:5.1} p85 {:5.1} oldest {:5.1}",
                    stage.name,
                    d.iter().sum::<f64>() / ended.len() as f64,
                    d[d.len() / 2],
                    d[d.len() * 85 / 100],
                    old
                );
            }
        }
    }
}
