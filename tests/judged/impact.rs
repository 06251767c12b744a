//! Whether a change is seen where there was one, and none where there was none.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::thread;

use weir::metrics::{AsOf, Question, measure};
use weir::model::batch::ItemHistory;
use weir::model::event::Event;
use weir::model::id::SourceName;
use weir::model::log::{Log, LogBuilder};
use weir::model::snapshot::{Setting, Snapshot};
use weir::model::stage::Class;
use weir::model::stream::Stream;
use weir::model::time::{Calendar, Millis, Weekday};
use weir::simulate::impact::{Impact, Terms, Verdict, impact};
use weir::simulate::random::{Dice, Spread};
use weir::simulate::stream::{
    Arrivals, Crew, Gate, Opening, Passes, Rework, Rhythm, Shift, Shifted, Simulation, Spacing,
    StageModel, Step, StreamModel, Timetable, Trouble,
};

use super::planted::{DAY, Item, change, changed_at, secs, stage, stream, told};

/// A planted stream, and when it is looked at.
struct Planted {
    snapshot: Snapshot,
    as_of: i64,
}

impl Planted {
    fn new(builder: LogBuilder, stream: Arc<Stream>, as_of: i64) -> Self {
        let log: Arc<Log> = Arc::new(builder.finish());
        Self {
            snapshot: Snapshot::new(log, &[stream], Setting::default(), 1),
            as_of,
        }
    }

    fn impact(&self, seed: u64) -> Impact {
        let as_of = AsOf::At(Millis(self.as_of * 1000).floor().unwrap());
        let question = Question::about(&self.snapshot, 0, as_of);
        let measures = measure(&self.snapshot, &question).unwrap();
        let change = change(&measures.stream);
        impact(&self.snapshot, &measures, &change, Terms::with_seed(seed))
    }
}

/// Items that know nothing of one another: flow times lognormal, begun at random instants; those
/// begun from the change on take `factor` times as long.
struct Independent {
    sigma: f64,
    factor: f64,
    /// Counted items a side, about; exactly so many after.
    items: u32,
    /// Days that as many take to come.
    days: f64,
    /// Median, days.
    median: f64,
}

impl Independent {
    fn varied(seed: u64, sigma: f64, factor: f64, items: u32) -> Self {
        let mut dice = Dice::new(seed, 7);
        Self {
            sigma,
            factor,
            items,
            days: 60.0 + 240.0 * dice.unit(),
            median: 1.0 + 6.0 * dice.unit(),
        }
    }

    fn plant(&self, seed: u64) -> Planted {
        let mut dice = Dice::new(seed, 8);
        let p85 = self.median * (1.0364 * self.sigma).exp();
        let rate = f64::from(self.items) / self.days;
        let mut items = Vec::new();
        // The record begins twice the lag before the baseline, or a year before the change.
        let mut begun = -(self.days + 2.0 * p85).min(365.0);
        while begun < 2.0 * self.days + 20.0 * p85 {
            begun += dice.exponential() / rate;
            let slower = if begun >= 0.0 { self.factor } else { 1.0 };
            let flow = self.median * (self.sigma * dice.normal()).exp() * slower;
            items.push(Item {
                begun,
                finished: begun + flow,
                kind: "task",
            });
        }
        let mut after: Vec<f64> = items.iter().map(|item| item.finished).collect();
        after.retain(|finished| *finished > p85);
        after.sort_by(f64::total_cmp);
        let end = after[self.items as usize - 1] + 0.001;
        let mut builder = LogBuilder::new();
        let stream = told(&mut builder, "planted", &items);
        Planted::new(builder, stream, changed_at() + secs(end))
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn real(count: usize) -> f64 {
    count as f64
}

/// What may make a stream harder to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Feature {
    /// A release board every second Wednesday.
    Board,
    /// Some items go back.
    Rework,
    /// Some items are blocked for days.
    Trouble,
    /// Limits of work in progress.
    Limit,
    /// Work in office hours only.
    Office,
}

const FEATURES: [Feature; 5] = [
    Feature::Board,
    Feature::Rework,
    Feature::Trouble,
    Feature::Limit,
    Feature::Office,
];

/// A stream with queues: work takes its time, people are few.
#[derive(Debug)]
struct Queued {
    load: f64,
    people: usize,
    steps: usize,
    per_week: f64,
    sigma: f64,
    features: Vec<Feature>,
    before: i64,
    after: i64,
    /// Times as long as before that work takes from the change on.
    factor: f64,
}

impl Queued {
    /// Every seed another stream.
    fn varied(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 9);
        let loads = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
        let befores = [91, 140, 182, 273, 365, 500];
        let afters = [42, 63, 91, 140, 182, 300];
        let features = FEATURES.into_iter();
        Self {
            load: loads[dice.below(loads.len())],
            people: 1 + dice.below(6),
            steps: 1 + dice.below(3),
            per_week: 3.0 + 22.0 * dice.unit(),
            sigma: 0.2 + dice.unit(),
            features: features.filter(|_| dice.happens(0.3)).collect(),
            before: befores[dice.below(befores.len())],
            after: afters[dice.below(afters.len())],
            factor: 1.0,
        }
    }

    fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// Median seconds of one item's work in a step; the first step is the busiest.
    fn median(&self, step: usize) -> i64 {
        let hours = if self.has(Feature::Office) {
            40.0
        } else {
            168.0
        };
        let again = if self.has(Feature::Rework) { 0.95 } else { 1.0 };
        let busy = if step == 0 { 1.0 } else { 0.7 };
        let days = busy * self.load * real(self.people) * hours / 24.0 / self.per_week;
        secs(days * again * (-self.sigma * self.sigma / 2.0).exp())
    }

    fn work(&self, step: usize) -> StageModel {
        let service = Spread::LogNormal {
            median: self.median(step),
            sigma: self.sigma,
        };
        let mut work = StageModel::work(&format!("Work {step}"), step, service);
        if self.has(Feature::Limit) {
            work.limit = u32::try_from(2 * self.people + 1).ok();
        }
        if self.has(Feature::Rework) && step + 1 == self.steps {
            work.rework = Some(Rework {
                chance: 0.05,
                to: 1,
                effort: 1.0,
            });
        }
        if self.has(Feature::Trouble) {
            work.trouble = Some(Trouble {
                chance: 0.1,
                after: Spread::Fixed(3_600),
                lasts: Spread::Exponential { mean: DAY },
                reasons: vec![("waiting".into(), 1.0)],
            });
        }
        work
    }

    fn stages(&self) -> Vec<StageModel> {
        let mut stages = vec![StageModel::queue("To do")];
        stages.extend((0..self.steps).map(|step| self.work(step)));
        if self.has(Feature::Board) {
            stages.push(StageModel::new("Board", Step::Gate(board())));
        }
        stages.push(StageModel::new("Done", Step::Done(None)));
        stages
    }

    fn model(&self) -> StreamModel {
        let shift = |stage| Shift {
            at: Millis(changed_at() * 1000),
            what: Shifted::Duration {
                stage,
                factor: self.factor,
            },
        };
        let crew = |step| Crew::shared(&format!("crew {step} worker"), self.people);
        StreamModel {
            stages: self.stages(),
            arrivals: vec![Arrivals {
                facts: vec![],
                per_week: self.per_week,
                spacing: Spacing::Random,
                rhythm: Rhythm::default(),
                enter: 0,
                rank: 0,
                avoids: Vec::new(),
            }],
            crews: (0..self.steps).map(crew).collect(),
            calendar: if self.has(Feature::Office) {
                office()
            } else {
                Calendar::default()
            },
            shifts: (1..=self.steps).map(shift).collect(),
            ..StreamModel::default()
        }
    }

    fn plant(&self, seed: u64) -> Planted {
        let model = self.model();
        // A year for the queues to become what they are. The record has no item created before.
        let record = changed_at() - self.before * DAY;
        let start = record - 365 * DAY;
        let end = changed_at() + (self.after + 30) * DAY;
        let mut builder = LogBuilder::new();
        let stream = simulated(&mut builder, model, seed, [start, record, end]);
        Planted::new(builder, stream, end)
    }
}

fn board() -> Gate {
    Gate {
        opens: Opening::Meets(Timetable {
            days: vec![Weekday::Wed],
            every_weeks: 2,
            week: 0,
            time_of_day: 10 * 3_600,
        }),
        passes: Passes::All,
        waves_through: None,
    }
}

fn office() -> Calendar {
    Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: (9 * 3_600, 17 * 3_600),
        holidays: vec![],
    }
}

fn simulated(
    builder: &mut LogBuilder,
    model: StreamModel,
    seed: u64,
    [start, record, end]: [i64; 3],
) -> Arc<Stream> {
    let stages = model.stages.iter().map(|one| {
        let class = match one.step {
            Step::Queue | Step::Gate(_) | Step::Delay(_) => Class::Queue,
            Step::Work { .. } => Class::Active,
            Step::Done(_) => Class::Done,
        };
        stage(&one.status, class)
    });
    let told = stream("planted", stages.collect());
    let mut simulation = Simulation::new(model, seed, Millis(start * 1000)).unwrap();
    let source = builder.source(&SourceName::new("planted")).unwrap();
    let mut items: Vec<Vec<Event>> = Vec::new();
    for (item, event) in simulation.advance(Millis(end * 1000)) {
        let item = usize::try_from(item).unwrap();
        if items.len() <= item {
            items.resize(item + 1, Vec::new());
        }
        items[item].push(event);
    }
    let known = |events: &Vec<Event>| events.first().is_some_and(|one| one.at.0 >= record * 1000);
    for (nth, events) in items.into_iter().filter(known).enumerate() {
        let history = ItemHistory {
            item: nth.to_string(),
            replace: false,
            events,
        };
        builder.history(source, history).unwrap();
    }
    told
}

/// What was said of many streams.
#[derive(Clone, Debug, Default)]
struct Tally {
    improved: usize,
    worsened: usize,
    no_change: usize,
    cannot: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Improved => self.improved += 1,
            Verdict::Worsened => self.worsened += 1,
            Verdict::Changed => unreachable!("flow time has a better direction"),
            Verdict::NoChangeSeen => self.no_change += 1,
            Verdict::CannotTell(doubt) => {
                let name = format!("{doubt:?}");
                let name = name.split([' ', '{']).next().unwrap().to_owned();
                *self.cannot.entry(name).or_default() += 1;
            }
        }
    }

    fn all(&self) -> usize {
        let cannot: usize = self.cannot.values().sum();
        self.improved + self.worsened + self.no_change + cannot
    }

    fn called(&self) -> f64 {
        real(self.improved + self.worsened) / real(self.all())
    }

    fn improved(&self) -> f64 {
        real(self.improved) / real(self.all())
    }

    fn line(&self, name: &str) -> String {
        let all = real(self.all()) / 100.0;
        let doubts: Vec<String> = self
            .cannot
            .iter()
            .map(|(name, n)| format!("{name} {:.1}", real(*n) / all))
            .collect();
        format!(
            "{name:<34} {:>6} {:>8.1} {:>8.1} {:>9.1}   {}",
            self.all(),
            real(self.improved) / all,
            real(self.worsened) / all,
            real(self.no_change) / all,
            doubts.join(", ")
        )
    }
}

const HEAD: &str =
    "stream                              seeds improved worsened no change   cannot tell, per cent";

/// Asks about every seed, on both cores.
fn asked(seeds: Range<u64>, plant: impl Fn(u64) -> Planted + Sync) -> Vec<(u64, Verdict)> {
    let one = |seed| (seed, plant(seed).impact(seed).verdict);
    let half = seeds.start + (seeds.end - seeds.start) / 2;
    thread::scope(|scope| {
        let first = scope.spawn(|| (seeds.start..half).map(one).collect::<Vec<_>>());
        let mut second: Vec<_> = (half..seeds.end).map(one).collect();
        let mut all = first.join().unwrap();
        all.append(&mut second);
        all
    })
}

fn tally(seeds: Range<u64>, plant: impl Fn(u64) -> Planted + Sync) -> Tally {
    let mut tally = Tally::default();
    for (_, verdict) in asked(seeds, plant) {
        tally.add(&verdict);
    }
    tally
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

fn seeds() -> Range<u64> {
    let first = number("WEIR_JUDGE_SEED", 1_000_000);
    first..first + number("WEIR_JUDGE_SEEDS", 1_000)
}

const SIGMAS: [f64; 3] = [0.3, 0.5, 0.7];

#[test]
fn impact_is_right_on_a_few_streams() {
    let none = tally(0..20, |seed| {
        Independent::varied(seed, 0.5, 1.0, 60).plant(seed)
    });
    assert!(none.improved + none.worsened <= 3, "{none:?}");
    let queued = tally(0..12, |seed| Queued::varied(seed).plant(seed));
    assert!(queued.improved + queued.worsened <= 3, "{queued:?}");
    let cut = tally(0..10, |seed| {
        Independent::varied(seed, 0.5, 0.7, 100).plant(seed)
    });
    assert!(cut.improved >= 8, "{cut:?}");
}

#[test]
#[ignore = "thousands of streams, for a release build"]
fn impact_calls_no_change_where_none_is_planted() {
    println!("\nno effect planted\n{HEAD}");
    let mut wrong = Vec::new();
    let mut check = |name: &str, tally: Tally| {
        println!("{}", tally.line(name));
        if tally.called() > 0.06 {
            wrong.push(format!("{name}: {:.1} % called", 100.0 * tally.called()));
        }
    };
    let verdicts = asked(seeds(), |seed| Queued::varied(seed).plant(seed));
    let mut of = |name: &str, chosen: &dyn Fn(&Queued) -> bool| {
        let mut tally = Tally::default();
        for (seed, verdict) in &verdicts {
            if chosen(&Queued::varied(*seed)) {
                tally.add(verdict);
            }
        }
        if name == "simulated queues, all" {
            check(name, tally);
        } else if tally.all() > 0 {
            println!("{}", tally.line(name));
        }
    };
    of("simulated queues, all", &|_| true);
    of("  load 0.5 to 0.7", &|one| one.load < 0.72);
    of("  load 0.75 to 0.85", &|one| {
        (0.72..0.87).contains(&one.load)
    });
    of("  load 0.9 and 0.95", &|one| one.load > 0.87);
    of("  with a board", &|one| one.has(Feature::Board));
    of("  at most 9 weeks after", &|one| one.after <= 63);
    for sigma in SIGMAS {
        let plant = |seed| Independent::varied(seed, sigma, 1.0, 100).plant(seed);
        check(
            &format!("independent, log sigma {sigma}"),
            tally(seeds(), plant),
        );
    }
    let plant = |seed| Independent::varied(seed, 1.0, 1.0, 30).plant(seed);
    check("independent, 30 items, sigma 1", tally(seeds(), plant));
    assert!(wrong.is_empty(), "over 6 %: {wrong:?}");
}

#[test]
#[ignore = "thousands of streams, for a release build"]
fn impact_finds_a_cut_by_thirty_per_cent() {
    println!("\na cut by 30 % planted\n{HEAD}");
    let mut wrong = Vec::new();
    for sigma in SIGMAS {
        let plant = |seed| Independent::varied(seed, sigma, 0.7, 100).plant(seed);
        let tally = tally(seeds(), plant);
        println!("{}", tally.line(&format!("independent, log sigma {sigma}")));
        if tally.improved() < 0.8 {
            wrong.push(format!("sigma {sigma}: {:.1} %", 100.0 * tally.improved()));
        }
    }
    let faster = |seed| {
        let mut queued = Queued::varied(seed);
        queued.factor = 0.7;
        queued.plant(seed)
    };
    println!(
        "{}",
        tally(seeds(), faster).line("simulated queues, work 30 % faster")
    );
    assert!(wrong.is_empty(), "under 80 %: {wrong:?}");
}
