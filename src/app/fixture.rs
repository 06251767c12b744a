//! A small company, made by hand, for the tests of `app` and `tui`: thirteen stages, some eighty
//! open items, a release board that holds everything back.

mod joined;

pub(crate) use joined::joined;

use std::sync::Arc;

use crate::metrics::{
    AsOf, Compared, Portfolio, Pulse, Question, Remaining, StageWeeks, Standup, measure,
};
use crate::model::event::fact;
use crate::model::health::{Oddity, Progress, SourceHealth, SyncPhase, Trouble};
use crate::model::id::{ItemIx, SourceName};
use crate::model::log::{Log, LogBuilder, MarkKind};
use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::snapshot::{Setting, Snapshot};
use crate::model::stage::{Class, ClockRule, Phase};
use crate::model::stream::{BlockedRule, Stage, StatusPattern, Stream};
use crate::model::time::{Calendar, DAY_SECS, Millis, Zone};
use crate::simulate::forecast::outlook;

use super::{Effect, Live, Msg, Seen, State, Terminal, no_filters, search_items, tally, update};

type Row = (&'static str, Phase, Class, f64, Option<u32>);

/// Name, phase, class, usual days, limit.
const STAGES: [Row; 13] = [
    ("Ideas", Phase::Ideate, Class::Backlog, 12.0, None),
    ("Shaping", Phase::Ideate, Class::Active, 2.0, Some(6)),
    ("Funding", Phase::Ideate, Class::Queue, 4.0, None),
    ("Ready", Phase::Ideate, Class::Queue, 3.5, Some(12)),
    ("Build", Phase::Create, Class::Active, 3.0, Some(8)),
    ("For review", Phase::Create, Class::Queue, 1.2, None),
    ("Review", Phase::Create, Class::Active, 0.8, Some(6)),
    ("Test", Phase::Create, Class::Active, 1.2, Some(4)),
    (
        "Release board",
        Phase::Release,
        Class::Queue,
        12.0,
        Some(14),
    ),
    ("Sign-off", Phase::Release, Class::Active, 0.7, None),
    ("Window", Phase::Release, Class::Queue, 2.0, Some(9)),
    ("Deploy", Phase::Release, Class::Active, 0.3, Some(2)),
    ("Live", Phase::Operate, Class::Done, 0.0, None),
];

const TITLES: [&str; 12] = [
    "Refund to another card",
    "Card reader firmware",
    "Pay by invoice for business customers",
    "Receipt shows the wrong tax",
    "Retry failed direct debits",
    "Retire the old settlement job",
    "Overseas cards are declined",
    "Übersicht der Mandate für die Buchhaltung",
    "支払い履歴の検索",
    "Fraud score before authorisation",
    "Split a payment between two cards",
    "Close accounts within a day",
];

const KINDS: [&str; 4] = ["feature", "defect", "debt", "risk"];
const TEAMS: [&str; 4] = ["cards", "ledger", "reader", "web"];

/// The instant it is: Monday 23 November 2026, 14:02 in Berlin.
pub(crate) const NOW: Millis = Millis(1_795_438_920_000);

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = (0..from.len())
            .rev()
            .find(|at| self.0.is_multiple_of(*at as u64 + 2));
        self.roll();
        from[at.unwrap_or(0)]
    }

    /// Around `mean`, mostly shorter, sometimes much longer.
    fn stay(&mut self, mean: f64) -> f64 {
        mean * (0.25 - 0.75 * (1.0 - self.roll()).ln())
    }
}

/// The stream of the company.
pub(crate) fn stream() -> Stream {
    let flagged = Test {
        field: Field::Fact(fact::FLAGGED.into()),
        op: Op::Is,
        values: vec![Value::Text("true".to_owned())],
    };
    Stream {
        name: "payments".to_owned(),
        sources: vec![SourceName::new("tracker")],
        items: Rule::Always,
        membership: Rule::Always,
        clock: ClockRule::LastCrossing,
        clocks: Vec::new(),
        cancelled: vec![StatusPattern::any_source("Won't do")],
        kinds: Vec::new(),
        blocked: vec![BlockedRule {
            when: Rule::Test(flagged),
            reason: Some("flagged".to_owned()),
        }],
        stages: STAGES.iter().map(stage).collect(),
        links: vec![],
    }
}

fn stage((name, phase, class, _, limit): &Row) -> Stage {
    Stage {
        name: (*name).to_owned(),
        phase: *phase,
        class: *class,
        statuses: vec![StatusPattern::any_source(name)],
        owner: None,
        limit: *limit,
        sle: None,
        stale_after: None,
    }
}

fn days(days: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "small numbers of a test"
    )]
    let seconds = (days * DAY_SECS as f64) as i64;
    seconds
}

/// Fills the log with one item after another.
struct Company {
    builder: LogBuilder,
    source: crate::model::id::SourceIx,
    dice: Dice,
}

impl Company {
    fn item(&mut self, number: u32, born: Millis) {
        let item = self.builder.item(self.source, &number.to_string()).unwrap();
        self.builder.created(item, born);
        self.builder.key(item, &format!("PAY-{}", 100 + number));
        self.builder.url(
            item,
            &format!("https://tracker.example.org/PAY-{}", 100 + number),
        );
        let title = TITLES[number as usize % TITLES.len()];
        self.builder.title(item, title);
        self.facts(item, born);
        self.life(item, born);
    }

    fn facts(&mut self, item: ItemIx, born: Millis) {
        let values = [
            (fact::TYPE, self.dice.pick(&KINDS)),
            (fact::TEAM, self.dice.pick(&TEAMS)),
            (fact::ASSIGNEE, "m.keller"),
            (fact::LABEL, "q4\u{1f}mobile"),
        ];
        for (name, value) in values {
            let column = self.builder.fact(name.into()).unwrap();
            let value = self.builder.symbol(value);
            self.builder.set(item, born, column, value);
        }
    }

    fn life(&mut self, item: ItemIx, born: Millis) {
        let mut at = born;
        let age = f64::from(u32::try_from((NOW.0 - born.0) / 86_400_000).unwrap());
        for (name, _, class, mean, _) in &STAGES {
            if at >= NOW {
                return;
            }
            let status = self.builder.status(self.source, name, name).unwrap();
            self.builder.moved(item, at, status);
            let crowded = if *name == "Release board" {
                (1.6 - age / 200.0).max(0.4)
            } else {
                1.0
            };
            let next = at.plus_secs(days(self.dice.stay(mean * crowded)) + 60);
            if *class != Class::Done && self.dice.roll() < 0.06 {
                self.block(item, at, next);
            }
            if *name == "Review" && self.dice.roll() < 0.12 {
                self.back_to_build(item, at, next);
            }
            at = next;
        }
    }

    fn block(&mut self, item: ItemIx, from: Millis, to: Millis) {
        let reason = self
            .builder
            .symbol(["legal", "vendor", "test data", ""][item.index() % 4]);
        self.builder.mark(
            item,
            from.plus_secs(3_600)
                .min(NOW.plus_secs(-5 * DAY_SECS))
                .max(from),
            MarkKind::Blocked(reason),
        );
        if to < NOW {
            self.builder.mark(item, to, MarkKind::Unblocked);
        }
    }

    fn back_to_build(&mut self, item: ItemIx, from: Millis, to: Millis) {
        let half = Millis(i64::midpoint(from.0, to.0));
        if half < NOW {
            let build = self.builder.status(self.source, "Build", "Build").unwrap();
            self.builder.moved(item, half, build);
        }
    }
}

fn log() -> Log {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    let mut company = Company {
        builder,
        source,
        dice: Dice(11),
    };
    let mut born = NOW.plus_secs(-300 * DAY_SECS);
    let mut number = 0;
    while born < NOW {
        company.item(number, born);
        number += 1;
        let wait = company.dice.stay(0.55);
        born = born.plus_secs(days(wait));
    }
    let parked = company.builder.status(source, "Parked", "Parked").unwrap();
    company
        .builder
        .moved(ItemIx(3), NOW.plus_secs(-40 * DAY_SECS), parked);
    company.builder.finish()
}

/// What trackers hold that screens must survive.
const AWKWARD: [&str; 9] = [
    "\u{1b}[2J\u{7}bell and escape",
    "\u{202e}turned round\u{2066}",
    "heart ❤\u{fe0f} keycap 1\u{fe0f}\u{20e3} family 👨\u{200d}👩\u{200d}👧",
    "flags 🇩🇪🇯🇵 tone 👍🏽",
    "z\u{35f}\u{36f}\u{363}\u{364}\u{365}algo",
    "支払い履歴の検索と支払い履歴の検索と支払い履歴の検索",
    "שלום עולם مرحبا بالعالم",
    "",
    "two\nlines\tand a tab",
];

/// A company of awkward names in so many stages.
pub(crate) fn awkward(stages: u8, size: (u16, u16)) -> State {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("\u{1b}tracker")).unwrap();
    let name = |at: u8| format!("{} {at}", AWKWARD[usize::from(at) % AWKWARD.len()]);
    let team = builder.fact(fact::TEAM.into()).unwrap();
    for number in 0..200_u32 {
        let item = builder.item(source, &number.to_string()).unwrap();
        let text = AWKWARD[number as usize % AWKWARD.len()];
        builder.title(item, text);
        builder.key(
            item,
            if number % 3 == 0 {
                text
            } else {
                "A-VERY-LONG-KEY-INDEED-1"
            },
        );
        let value = builder.symbol(text);
        let mut at = NOW.plus_secs(-i64::from(number + 1) * DAY_SECS);
        builder.set(item, at, team, value);
        for stage in 0..stages.min(u8::try_from(number % 40).unwrap() + 1) {
            let status = builder.status(source, &name(stage), &name(stage)).unwrap();
            builder.moved(item, at, status);
            at = at.plus_secs(7_200);
        }
        if number % 7 == 0 {
            builder.mark(item, at, MarkKind::Blocked(value));
        }
    }
    let mut stream = stream();
    stream.name = AWKWARD[2].to_owned();
    stream.stages = (0..stages)
        .map(|at| {
            let place = STAGES[(usize::from(at) * STAGES.len()) / usize::from(stages)];
            let limit = (at % 4 == 1).then_some(u32::from(at) * 1_000);
            Stage {
                name: name(at),
                statuses: vec![StatusPattern::any_source(&name(at))],
                limit,
                ..stage(&place)
            }
        })
        .collect();
    stream.sources = vec![SourceName::new("\u{1b}tracker")];
    let snapshot = tied(builder.finish(), vec![stream]);
    let mut state = shown(&snapshot, size);
    update(&mut state, Msg::Health(sources(true)));
    state
}

/// The company's log tied to the given streams.
pub(crate) fn snapshot_of(streams: Vec<Stream>) -> Arc<Snapshot> {
    tied(log(), streams)
}

fn tied(log: Log, streams: Vec<Stream>) -> Arc<Snapshot> {
    tied_by(log, streams, Calendar::default())
}

fn tied_by(log: Log, streams: Vec<Stream>, calendar: Calendar) -> Arc<Snapshot> {
    let setting = Setting {
        zone: Zone::named("Europe/Berlin").unwrap(),
        calendar,
        ..Setting::default()
    };
    let streams: Vec<Arc<Stream>> = streams.into_iter().map(Arc::new).collect();
    Arc::new(Snapshot::new(Arc::new(log), &streams, setting, 1))
}

/// The company that works from Monday to Friday, from nine to five.
pub(crate) fn office(size: (u16, u16)) -> (State, Arc<Snapshot>) {
    let calendar = Calendar {
        workdays: [true, true, true, true, true, false, false],
        hours: Calendar::parse_hours("09:00-17:00").unwrap(),
        holidays: Vec::new(),
    };
    let snapshot = tied_by(log(), vec![stream()], calendar);
    (shown(&snapshot, size), snapshot)
}

/// A state that shows a snapshot.
fn shown(snapshot: &Arc<Snapshot>, size: (u16, u16)) -> State {
    let mut state = blank(size);
    state.question = Question::about(snapshot, 0, AsOf::At(NOW.floor_clamped()));
    answered(&mut state, snapshot);
    state
}

/// One item that went live, was reopened years after its start, and went live again.
pub(crate) fn reopened(size: (u16, u16)) -> State {
    let mut builder = LogBuilder::new();
    let source = builder.source(&SourceName::new("tracker")).unwrap();
    let item = builder.item(source, "1").unwrap();
    builder.key(item, "PAY-1");
    for (name, days_ago) in [("Build", 900), ("Live", 30), ("Build", 20), ("Live", 10)] {
        let status = builder.status(source, name, name).unwrap();
        builder.moved(item, NOW.plus_secs(-days_ago * DAY_SECS), status);
    }
    shown(&tied(builder.finish(), vec![stream()]), size)
}

/// A stream without items.
pub(crate) fn empty(size: (u16, u16)) -> State {
    let mut state = shown(&tied(LogBuilder::new().finish(), vec![stream()]), size);
    update(&mut state, Msg::Health(sources(false)));
    state
}

/// A state before anything is known.
pub(crate) fn blank(size: (u16, u16)) -> State {
    let seen = Seen {
        now: NOW,
        live: Live::Now,
        past: None,
    };
    State::new(
        seen,
        Terminal {
            size,
            mouse: true,
            parse: no_filters,
        },
    )
}

/// Answers the question of the state.
pub(crate) fn answered(state: &mut State, snapshot: &Arc<Snapshot>) {
    let question = state.question.clone();
    let measures = measure(snapshot, &question).map(Arc::new);
    let snapshot = Arc::clone(snapshot);
    let effects = update(
        state,
        Msg::Measured {
            question,
            snapshot,
            measures,
        },
    );
    reckoned(state, &effects);
}

/// Does what the effects ask about what items have left, and makes agendas.
pub(crate) fn reckoned(state: &mut State, effects: &[Effect]) {
    for effect in effects {
        if let (Effect::Standup, Some(data)) = (effect, state.data.clone()) {
            let stream = data.question.stream;
            let standup = Standup::of(&data.snapshot, stream, &data.measures, None);
            let msg = Msg::Standup {
                data: Box::new(data),
                standup: Arc::new(standup),
            };
            update(state, msg);
        }
        if let Some(answer) = beside(effect) {
            update(state, answer);
        }
        let (Effect::Remaining { stream, header }, Some(data)) = (effect, &state.data) else {
            continue;
        };
        let remaining = Msg::Remaining {
            version: data.snapshot.version(),
            stream: *stream,
            header: *header,
            remaining: Arc::new(Remaining::of(&data.snapshot, *stream, *header)),
        };
        update(state, remaining);
    }
}

/// The answer to what a single screen asks for.
fn beside(effect: &Effect) -> Option<Msg> {
    match effect {
        Effect::StageWeeks(of) => Some(Msg::StageWeeks {
            of: of.clone(),
            weeks: Arc::new(StageWeeks::of(&of.snapshot, of.stream, &of.measures)),
        }),
        Effect::Portfolio { of, question } => Some(Msg::Portfolio {
            of: of.clone(),
            portfolio: Arc::new(Portfolio::of(&of.snapshot, question, &of.measures)),
        }),
        Effect::Compare {
            of,
            question,
            known,
        } => {
            let known = known.as_ref().map(|known| Arc::clone(&known.0));
            let compared = Compared::of(&of.snapshot, question, &of.measures, known)?;
            Some(Msg::Compared {
                of: of.clone(),
                question: question.clone(),
                compared: Arc::new(compared),
            })
        }
        Effect::Pulse(of) => Some(Msg::Pulse(Arc::new(Pulse::of(of.snapshot.log())))),
        Effect::Outlook { of, asked, tested } => Some(Msg::Outlook {
            of: of.clone(),
            asked: *asked,
            outlook: outlook(&of.snapshot, &of.measures, *asked, *tested).map(Arc::new),
        }),
        Effect::Tally {
            of,
            question,
            field,
        } => Some(Msg::Tally(tally(of, question, field))),
        Effect::Search { of, typed } => Some(Msg::Found {
            typed: typed.clone(),
            items: search_items(of, typed),
        }),
        _ => None,
    }
}

/// Two sources, one of them in trouble if wanted.
pub(crate) fn sources(trouble: bool) -> Vec<SourceHealth> {
    let mut tracker = SourceHealth::idle(SourceName::new("tracker"));
    tracker.last_success = Some(NOW.plus_secs(-12));
    tracker.phase = SyncPhase::Idle {
        next: Some(NOW.plus_secs(48)),
    };
    tracker.requests = 214;
    tracker.oddities = vec![Oddity {
        place: "PAY-183".to_owned(),
        what: "moved before it was created; kept".to_owned(),
    }];
    tracker.oddity_count = 1;
    let mut deploys = SourceHealth::idle(SourceName::new("deploys"));
    deploys.phase = SyncPhase::Syncing(Progress {
        done: 120,
        total: Some(400),
    });
    deploys.last_success = Some(NOW.plus_secs(-95));
    if trouble {
        tracker.last_success = Some(NOW.plus_secs(-7_200));
        tracker.trouble = Some(Trouble {
            since: NOW.plus_secs(-7_000),
            what: "tracker.example.org answered 503 Service Unavailable".to_owned(),
            hint: "nothing to do: weir tries again; if it lasts, ask who runs the tracker"
                .to_owned(),
            next_try: Some(NOW.plus_secs(240)),
        });
    }
    vec![tracker, deploys]
}

/// The whole company on the home screen.
pub(crate) fn world(size: (u16, u16)) -> State {
    world_of(vec![stream()], size)
}

/// As [`world`], with these streams.
pub(crate) fn world_of(streams: Vec<Stream>, size: (u16, u16)) -> State {
    let mut state = shown(&snapshot_of(streams), size);
    update(&mut state, Msg::Health(sources(false)));
    state
}
