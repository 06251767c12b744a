//! Scenario files: what happened to a few items, and the numbers that follow from it.
//! `tests/scenarios/README.md` explains the format.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weir::metrics::{AsOf, Clocked, Measures, Question, measure, story_by};
use weir::model::batch::ItemHistory;
use weir::model::event::{Change, Event, FactName, fact};
use weir::model::id::{ItemIx, SourceName, StageIx};
use weir::model::link::{KeyPattern, LinkRule};
use weir::model::log::LogBuilder;
use weir::model::promise::{Promise, PromiseRule, Promised};
use weir::model::rule::Rule;
use weir::model::snapshot::{DatedChange, Setting, Snapshot};
use weir::model::stage::ClockRule;
use weir::model::stream::{BlockedRule, KindRule, NamedClock, Sle, Stage, StatusPattern, Stream};
use weir::model::time::{
    Calendar, DAY_SECS, Day, Millis, Sec, TimeRule, WindowSpec, Zone, days, parse_span,
};
use weir::model::timeline::{Position, Replay, Timeline};
use weir::query;
use weir::report::{Answer, Section, item_rows, items_json, stream_json};

/// Monday 2024-01-01 00:00 UTC, in milliseconds: the beginning of day 1.
const DAY_ONE: i64 = 1_704_067_200_000;

/// A whole scenario file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// One line: what it shows.
    pub(crate) title: String,
    #[serde(default = "utc")]
    time_zone: String,
    #[serde(default)]
    calendar: Option<CalendarText>,
    /// The first is the one of items whose name has no `source/` before it.
    #[serde(default = "one_source")]
    sources: Vec<String>,
    #[serde(default)]
    stream: StreamText,
    #[serde(default)]
    changes: Vec<ChangeText>,
    items: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    promises: Option<Vec<PromiseText>>,
    expect: Vec<Expect>,
}

/// A forecast made live: `many` of a number `within` days, or `items` by some days. By confidence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseText {
    made: String,
    within: Option<u32>,
    #[serde(default)]
    many: [u32; 4],
    #[serde(default)]
    items: u32,
    #[serde(default)]
    by: [String; 4],
    likely: [f64; 4],
}

/// Working time in the words of a config.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarText {
    workdays: Vec<String>,
    hours: String,
    #[serde(default)]
    holidays: Vec<String>,
}

impl CalendarText {
    fn read(&self) -> Result<Calendar, String> {
        let mut workdays = [false; 7];
        for name in &self.workdays {
            let day = Calendar::parse_weekday(name).map_err(|error| error.to_string())?;
            workdays[day.num_days_from_monday() as usize] = true;
        }
        let day = |text: &String| Day::parse(text).ok_or(format!("\"{text}\" is no day"));
        Ok(Calendar {
            workdays,
            hours: Calendar::parse_hours(&self.hours).map_err(|error| error.to_string())?,
            holidays: self.holidays.iter().map(day).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeText {
    date: String,
    name: String,
}

/// The stream in the words of a config.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StreamText {
    items: String,
    #[serde(rename = "where")]
    membership: String,
    cancelled: Vec<String>,
    kinds: Vec<KindText>,
    blocked: Vec<BlockedText>,
    clocks: Vec<ClockText>,
    stages: Vec<StageText>,
    links: Vec<LinkText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkText {
    from: String,
    to: String,
    key: Option<String>,
    facts: Option<Vec<String>>,
    equals: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    parents: bool,
}

impl LinkText {
    fn read(&self) -> Result<LinkRule, String> {
        let key = self.key.as_deref().map(KeyPattern::new).transpose();
        let (from, to) = (SourceName::new(&self.from), SourceName::new(&self.to));
        let usual = LinkRule::told(&from, &to);
        let facts = self.facts.clone();
        Ok(LinkRule {
            key: key.map_err(|error| error.to_string())?,
            facts: facts.map_or(usual.facts, |all| {
                all.into_iter().map(FactName::from).collect()
            }),
            equals: self.equals.clone().map_or(usual.equals, FactName::from),
            kinds: self.kinds.clone(),
            parents: self.parents,
            from,
            to,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindText {
    kind: String,
    when: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockedText {
    when: String,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockText {
    name: String,
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StageText {
    name: String,
    phase: String,
    class: String,
    statuses: Option<Vec<String>>,
    owner: Option<String>,
    limit: Option<u32>,
    stale_after: Option<String>,
    sle: Option<SleText>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct SleText {
    percent: u8,
    days: u32,
}

/// A question and parts of its answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    as_of: Option<String>,
    #[serde(default = "ninety_days")]
    window: String,
    #[serde(default = "default_clock")]
    clock: String,
    #[serde(default = "elapsed")]
    time: String,
    #[serde(default)]
    filter: String,
    #[serde(default)]
    items: Map<String, Value>,
    #[serde(default)]
    report: Map<String, Value>,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn one_source() -> Vec<String> {
    vec!["tracker".to_owned()]
}

fn elapsed() -> String {
    TimeRule::Elapsed.name().to_owned()
}

fn ninety_days() -> String {
    "90d".to_owned()
}

fn default_clock() -> String {
    ClockRule::default().name().to_owned()
}

impl Default for StreamText {
    /// The plain board that a scenario has unless it describes another.
    fn default() -> Self {
        let stage = |name: &str, phase: &str, class: &str| StageText {
            name: name.to_owned(),
            phase: phase.to_owned(),
            class: class.to_owned(),
            statuses: None,
            owner: None,
            limit: None,
            sle: None,
            stale_after: None,
        };
        Self {
            items: String::new(),
            membership: String::new(),
            cancelled: vec!["Cancelled".to_owned()],
            kinds: vec![],
            blocked: vec![],
            clocks: vec![],
            stages: vec![
                stage("Backlog", "ideate", "backlog"),
                stage("Doing", "create", "active"),
                stage("Review", "create", "queue"),
                stage("Done", "operate", "done"),
            ],
            links: vec![],
        }
    }
}

impl Scenario {
    /// Reads a file.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        let says = |one: &Expect| !one.items.is_empty() || !one.report.is_empty();
        if scenario.expect.is_empty() || !scenario.expect.iter().all(says) {
            return Err("an [[expect]] without numbers cannot fail".to_owned());
        }
        Ok(scenario)
    }

    /// Everything that is not as expected.
    pub(crate) fn differences(&self) -> Result<Vec<String>, String> {
        let mut wrong = Vec::new();
        for (at, expect) in self.expect.iter().enumerate() {
            let clock: ClockRule = expect.clock.parse().map_err(|e| format!("{e}"))?;
            let snapshot = self.snapshot(clock)?;
            let question = expect.question(clock)?;
            let measures = measure(&snapshot, &question).ok_or("no such stream")?;
            let promises = self.promises.as_ref().map(|all| {
                let read = |one: &PromiseText| one.read(&question, snapshot.zone());
                all.iter().map(read).collect::<Result<Vec<_>, _>>()
            });
            let promises = promises.transpose()?;
            let answer = Answer {
                snapshot: &snapshot,
                stream: 0,
                measures: &measures,
                promises: promises.as_deref(),
            };
            let report = stream_json(answer, &Section::ALL);
            let items = items(&self.items, answer);
            let place = format!("expect {}", at + 1);
            for (name, wanted) in &expect.items {
                let wanted = instants(wanted.clone())?;
                compare(
                    &format!("{place}: items.{name}"),
                    &wanted,
                    items.get(name),
                    &mut wrong,
                );
            }
            for (name, wanted) in &expect.report {
                compare(
                    &format!("{place}: report.{name}"),
                    wanted,
                    report.get(name),
                    &mut wrong,
                );
            }
        }
        Ok(wrong)
    }

    fn snapshot(&self, clock: ClockRule) -> Result<Snapshot, String> {
        let mut builder = LogBuilder::new();
        for source in &self.sources {
            builder.source(&SourceName::new(source)).unwrap();
        }
        for (name, events) in &self.items {
            let source = name
                .split_once('/')
                .map_or(&*self.sources[0], |(source, _)| source);
            let source = builder.source(&SourceName::new(source)).unwrap();
            builder.history(source, history(name, events)?).unwrap();
        }
        let setting = Setting {
            zone: Zone::named(&self.time_zone).map_err(|error| error.to_string())?,
            calendar: match &self.calendar {
                Some(calendar) => calendar.read()?,
                None => Calendar::default(),
            },
            changes: self
                .changes
                .iter()
                .map(ChangeText::read)
                .collect::<Result<_, _>>()?,
            ..Setting::default()
        };
        let stream = Arc::new(self.stream.read(clock, &self.sources)?);
        Ok(Snapshot::new(
            Arc::new(builder.finish()),
            &[stream],
            setting,
            1,
        ))
    }
}

impl PromiseText {
    fn read(&self, question: &Question, zone: &Zone) -> Result<Promise, String> {
        let at = |text: &str| when(text)?.floor().ok_or("out of reach".to_owned());
        let made = at(&self.made)?;
        let from = zone.day_of(made);
        let day = |text: &String| Ok::<_, String>(zone.day_of(at(text)?));
        let promised = if let Some(within) = self.within {
            let by = from.plus(within.cast_signed());
            let items = self.many;
            Promised::HowMany { within, by, items }
        } else {
            let by: Vec<Day> = self.by.iter().map(day).collect::<Result<_, _>>()?;
            let (items, by) = (self.items, by.try_into().map_err(|_| "four days")?);
            Promised::When { items, by }
        };
        let rule = PromiseRule {
            clock: question.clock,
            filter: query::to_text(&question.filter),
            window: question.window,
            split_rate: 0.0,
            seed: 1,
        };
        Ok(Promise {
            stream: "scenario".to_owned(),
            made,
            rule,
            from,
            promised,
            likely: self.likely,
        })
    }
}

impl Expect {
    fn question(&self, clock: ClockRule) -> Result<Question, String> {
        let as_of = match &self.as_of {
            Some(text) => AsOf::At(when(text)?.floor().ok_or("as_of is out of reach")?),
            None => AsOf::EndOfEvents,
        };
        Ok(Question {
            stream: 0,
            as_of,
            window: WindowSpec::parse(&self.window)?,
            clock,
            time: self.time.parse().map_err(|error| format!("{error}"))?,
            filter: rule(&self.filter)?,
        })
    }
}

impl ChangeText {
    fn read(&self) -> Result<DatedChange, String> {
        let date = Day::parse(&self.date);
        Ok(DatedChange {
            date: date.ok_or_else(|| format!("\"{}\" is no date", self.date))?,
            name: self.name.clone(),
            streams: vec![],
        })
    }
}

impl StreamText {
    fn clock(&self, clock: &ClockText) -> Result<NamedClock, String> {
        let stage = |name: &str| {
            let at = self.stages.iter().position(|stage| stage.name == name);
            let at = at.and_then(|at| u8::try_from(at).ok());
            at.map(StageIx).ok_or_else(|| format!("no stage {name}"))
        };
        Ok(NamedClock {
            name: clock.name.clone(),
            from: stage(&clock.from)?,
            to: stage(&clock.to)?,
        })
    }

    fn read(&self, clock: ClockRule, sources: &[String]) -> Result<Stream, String> {
        let kinds = self.kinds.iter().map(|one| {
            let (kind, when) = (one.kind.clone(), rule(&one.when)?);
            Ok(KindRule { kind, when })
        });
        let blocked = self.blocked.iter().map(|one| {
            let (when, reason) = (rule(&one.when)?, one.reason.clone());
            Ok(BlockedRule { when, reason })
        });
        Ok(Stream {
            name: "scenario".to_owned(),
            sources: vec![],
            items: rule(&self.items)?,
            membership: rule(&self.membership)?,
            clock,
            links: self
                .links
                .iter()
                .map(LinkText::read)
                .collect::<Result<_, _>>()?,
            clocks: self
                .clocks
                .iter()
                .map(|clock| self.clock(clock))
                .collect::<Result<_, _>>()?,
            cancelled: patterns(&self.cancelled, sources),
            kinds: kinds.collect::<Result<_, String>>()?,
            blocked: blocked.collect::<Result<_, String>>()?,
            stages: self
                .stages
                .iter()
                .map(|stage| stage.read(sources))
                .collect::<Result<_, String>>()?,
        })
    }
}

impl SleText {
    fn read(self) -> Sle {
        Sle {
            percent: self.percent,
            seconds: i64::from(self.days) * DAY_SECS,
        }
    }
}

impl StageText {
    fn read(&self, sources: &[String]) -> Result<Stage, String> {
        let own = vec![self.name.clone()];
        let stale_after = self.stale_after.as_deref();
        Ok(Stage {
            name: self.name.clone(),
            phase: self.phase.parse().map_err(|error| format!("{error}"))?,
            class: self.class.parse().map_err(|error| format!("{error}"))?,
            statuses: patterns(self.statuses.as_ref().unwrap_or(&own), sources),
            owner: self.owner.clone(),
            limit: self.limit,
            sle: self.sle.map(SleText::read),
            stale_after: stale_after
                .map(|text| parse_span(text).ok_or(format!("\"{text}\" is no span")))
                .transpose()?,
        })
    }
}

fn patterns(names: &[String], sources: &[String]) -> Vec<StatusPattern> {
    let pattern = |name: &String| match name.split_once(':') {
        Some((source, rest)) if sources.iter().any(|one| one == source) => StatusPattern {
            source: Some(source.to_owned()),
            name: rest.to_owned(),
        },
        _ => StatusPattern::any_source(name),
    };
    names.iter().map(pattern).collect()
}

fn rule(text: &str) -> Result<Rule, String> {
    query::parse(text).map_err(|error| format!("\"{text}\": {error:?}"))
}

/// `10.5`: noon of day 10; or RFC 3339.
fn when(text: &str) -> Result<Millis, String> {
    let day = text.split_once('.').unwrap_or((text, ""));
    if let Ok(whole) = day.0.parse::<i64>() {
        let part: f64 = format!("0.{}", day.1)
            .parse()
            .map_err(|_| format!("\"{text}\" is no day"))?;
        let seconds = Duration::from_secs_f64(part * 86_400.0).as_secs();
        let seconds = i64::try_from(seconds).unwrap();
        return Ok(Millis(DAY_ONE).plus_secs((whole - 1) * DAY_SECS + seconds));
    }
    Millis::parse(text).ok_or(format!("\"{text}\" is neither a day nor an instant"))
}

fn history(id: &str, lines: &[String]) -> Result<ItemHistory, String> {
    let event = |(seq, line): (usize, &String)| {
        let (at, what) = line
            .split_once(' ')
            .ok_or(format!("\"{line}\" does not say what happens"))?;
        Ok(Event {
            id: seq.to_string(),
            at: when(at)?,
            seq: seq as u64,
            approximate: false,
            change: change(what),
        })
    };
    Ok(ItemHistory {
        item: id.to_owned(),
        replace: false,
        events: lines
            .iter()
            .enumerate()
            .map(event)
            .collect::<Result<_, String>>()?,
    })
}

fn set(name: &str, value: &str) -> Change {
    let several = value.split(", ").collect::<Vec<_>>();
    Change::Set {
        fact: name.to_owned().into(),
        old: None,
        new: (!value.is_empty()).then(|| several.join(&fact::SEPARATOR.to_string())),
    }
}

fn change(what: &str) -> Change {
    let status = |name: &str| name.trim().to_owned();
    if let Some((name, value)) = what.split_once('=') {
        return set(name.trim(), value.trim());
    }
    if let Some(change) = tied(what) {
        return change;
    }
    match what {
        "created" => Change::Created { status: None },
        "deleted" => Change::Deleted,
        "unblocked" => Change::Unblocked,
        "blocked" => Change::Blocked { reason: None },
        _ => match (
            what.strip_prefix("created in "),
            what.strip_prefix("blocked: "),
        ) {
            (Some(first), _) => Change::Created {
                status: Some(status(first)),
            },
            (_, Some(reason)) => Change::Blocked {
                reason: Some(reason.to_owned()),
            },
            _ => Change::Moved { to: status(what) },
        },
    }
}

/// `linked closes to A`, `unlinked closes to A`, `deployed to production`.
fn tied(what: &str) -> Option<Change> {
    if let Some(environment) = what.strip_prefix("deployed to ") {
        let environment = environment.to_owned();
        return Some(Change::Deployed { environment });
    }
    let (verb, rest) = what.split_once(' ')?;
    let (kind, to) = rest.split_once(" to ")?;
    let (kind, to) = (kind.to_owned(), to.to_owned());
    match verb {
        "linked" => Some(Change::Linked { kind, to }),
        "unlinked" => Some(Change::Unlinked { kind, to }),
        _ => None,
    }
}

/// What is known of each item: the columns of `weir items`, and its story. `null`: not of the
/// stream, or not accepted by the filter.
fn items(names: &BTreeMap<String, Vec<String>>, answer: Answer<'_>) -> Map<String, Value> {
    let mut found: Map<String, Value> = names
        .keys()
        .map(|name| (name.clone(), Value::Null))
        .collect();
    let Value::Array(rows) = items_json(&item_rows(answer)) else {
        return found;
    };
    for (mut row, known) in rows.into_iter().zip(answer.measures.table.rows()) {
        let name = row["item"].as_str().unwrap().to_owned();
        let open = answer
            .measures
            .open
            .iter()
            .find(|open| open.item == known.item);
        row["unmapped_status"] = json!(known.unmapped_status);
        row["in_stage_days"] = json!(open.map(|open| days(open.in_stage)));
        row["blocked_by"] = json!(open.and_then(|open| Some(open.block.as_ref()?.reason.as_str())));
        tell(&mut row, answer, known.item);
        found.insert(name, row);
    }
    found
}

fn tell(row: &mut Value, answer: Answer<'_>, item: ItemIx) {
    let Measures {
        header,
        ruler,
        stages,
        ..
    } = answer.measures;
    let story = story_by(answer.snapshot, (0, item), header.as_of, ruler).unwrap();
    let clocks = story.clocks.iter();
    row["clocks"] = clocks
        .map(|one| (one.rule.name().to_owned(), json!(one.elapsed.map(days))))
        .collect();
    let name = |position: Position| match position {
        Position::Stage(stage) => stages[stage.index()].name.clone(),
        other => format!("{other:?}").to_lowercase(),
    };
    let last = story.visits.len() - 1;
    let visits = story.visits.iter().enumerate();
    row["visits"] = visits
        .map(|(at, visit)| {
            stay(
                &name(visit.position),
                visit.from,
                (at < last).then_some(visit.to),
            )
        })
        .collect();
    let log = answer.snapshot.log();
    row["origins"] = story
        .visits
        .iter()
        .map(|visit| Value::from(log.key(visit.artefact)))
        .collect();
    row["made_of"] = story
        .artefacts
        .iter()
        .map(|one| Value::from(log.key(one.item)))
        .collect();
    let blocks = story.blocks.iter();
    row["blocks"] = blocks
        .map(|block| stay(&block.reason, block.from, block.to))
        .collect();
    row["first_finished"] = json!(first_finish(answer, item).map(Sec::rfc3339));
}

fn first_finish(answer: Answer<'_>, item: ItemIx) -> Option<Sec> {
    let bound = &answer.snapshot.streams()[0];
    let mut timeline = Timeline::empty();
    Replay::new(answer.snapshot.log(), bound, answer.measures.header.as_of)
        .run(item, &mut timeline);
    let classes: Vec<_> = bound
        .stream()
        .stages
        .iter()
        .map(|stage| stage.class)
        .collect();
    Clocked::new(&timeline, &classes, ClockRule::LastCrossing).first_finish
}

fn stay(name: &str, from: Sec, to: Option<Sec>) -> Value {
    let to = to.map_or_else(String::new, Sec::rfc3339);
    Value::from(
        format!("{name} {}..{to}", from.rfc3339())
            .trim_start()
            .to_owned(),
    )
}

/// Turns the days in an item's expectation into instants as weir writes them.
fn instants(mut wanted: Value) -> Result<Value, String> {
    let Value::Object(fields) = &mut wanted else {
        return Ok(wanted);
    };
    let instant = |text: &str| Ok::<_, String>(when(text)?.floor_clamped().rfc3339());
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("created" | "started" | "finished" | "first_finished", value) => {
                if let Some(text) = value.as_str().filter(|text| *text != "none") {
                    *value = Value::from(instant(text)?);
                }
            }
            ("visits" | "blocks", Value::Array(stays)) => {
                for stay in stays {
                    let text = stay.as_str().ok_or("a stay is a text")?;
                    let (name, span) = text.rsplit_once(' ').unwrap_or(("", text));
                    let (from, to) = span.split_once("..").ok_or("a stay has a from..to")?;
                    let to = if to.is_empty() {
                        String::new()
                    } else {
                        instant(to)?
                    };
                    *stay = Value::from(
                        format!("{name} {}..{to}", instant(from)?)
                            .trim_start()
                            .to_owned(),
                    );
                }
            }
            _ => {}
        }
    }
    Ok(wanted)
}

/// Holds what is expected against what is there: tables may say a part, lists must say all.
fn compare(place: &str, wanted: &Value, found: Option<&Value>, wrong: &mut Vec<String>) {
    let Some(found) = found else {
        wrong.push(format!("{place}: weir has no such value"));
        return;
    };
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) if !wanted.is_empty() || found.is_empty() => {
            for (name, wanted) in wanted {
                compare(&format!("{place}.{name}"), wanted, found.get(name), wrong);
            }
        }
        (Value::Object(wanted), Value::Array(found)) if !wanted.is_empty() => {
            for (name, wanted) in wanted {
                let same = found.iter().find(|one| identity(one) == Some(name));
                compare(&format!("{place}.{name}"), wanted, same, wrong);
            }
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            for (at, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                compare(&format!("{place}[{at}]"), wanted, Some(found), wrong);
            }
        }
        _ if equal(wanted, found) => {}
        _ => wrong.push(format!(
            "{place}: expected {wanted}, weir says {}",
            short(found)
        )),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// By what the elements of the report's lists are told apart.
fn identity(element: &Value) -> Option<&str> {
    let names = ["name", "item", "week", "date", "phase", "stage", "measure"];
    names
        .iter()
        .find_map(|name| element.get(name))
        .and_then(Value::as_str)
}

/// `"none"` is the absent value; a number may be written as a fraction, `"1/3"`.
fn equal(wanted: &Value, found: &Value) -> bool {
    if let Some(found) = found.as_f64() {
        let wanted = wanted.as_f64().or_else(|| fraction(wanted.as_str()?));
        return wanted.is_some_and(|wanted| (wanted - found).abs() < 1e-6);
    }
    if wanted == "none" {
        return found.is_null();
    }
    wanted == found
}

fn fraction(text: &str) -> Option<f64> {
    let (part, whole) = text.split_once('/')?;
    let (part, whole): (f64, f64) = (part.parse().ok()?, whole.parse().ok()?);
    Some(part / whole)
}
