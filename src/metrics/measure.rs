//! Every measure of one question: gathered in one pass, settled here.

use std::sync::Arc;

use crate::model::id::{ItemIx, StageIx};
use crate::model::log::Log;
use crate::model::rule::Rule;
use crate::model::snapshot::Snapshot;
use crate::model::stage::{ClockRule, State};
use crate::model::time::{Ruler, Sec, TimeRule, Window};

use super::ageing::{OpenBlock, OpenItem, Thresholds, order};
use super::behaviour::Behaviour;
use super::bottleneck::{Bottleneck, Input};
use super::cumulative_flow::CumulativeFlow;
use super::distribution::Distribution;
use super::filter::{Filter, with_outcomes};
use super::flow::{Flow, seconds};
use super::handoffs::Handoffs;
use super::littles_law::LittlesLaw;
use super::loads::{Lasting, Stretch};
use super::named_clock::{NamedClockTimes, NamedTimes};
use super::net_flow::NetFlow;
use super::pace::PaceBands;
use super::pass::{Pass, Subject};
use super::phases::PhaseShare;
use super::quality::Quality;
use super::question::Question;
use super::quiet::Scene;
use super::sle::Expectations;
use super::stages::{StageMeasures, StageSum};
use super::table::{ItemTable, Row};
use super::threads::{both, each};
use super::throughput::WeekCount;
use super::whole::Whole;
use crate::model::timeline::Block;

/// Every measure of one question. Spans are seconds, or by the ruler's parts of a working day.
#[derive(Debug)]
pub struct Measures {
    /// The stream's name.
    pub stream: String,
    /// What was asked, worked out.
    pub header: Header,
    /// What measured the spans.
    pub ruler: Ruler,
    /// Of which items.
    pub filter: Rule,
    /// Items by state.
    pub items: ItemCounts,
    /// Flow time, velocity, load, efficiency over the window.
    pub flow: Flow,
    /// The same over the time of equal length before the window, with the load at its start.
    pub before: Flow,
    /// The load at the start of the window; `None` under a filter that asks how items stand now,
    /// as those that stood so then are others.
    pub load_before: Option<u64>,
    /// Items by kind.
    pub distribution: Distribution,
    /// Time by phase.
    pub phases: Vec<PhaseShare>,
    /// Left to right.
    pub stages: Vec<StageMeasures>,
    /// What holds the stream back.
    pub bottleneck: Bottleneck,
    /// By ISO week.
    pub throughput: Vec<WeekCount>,
    /// By day.
    pub cumulative_flow: CumulativeFlow,
    /// Moves and changes of hands.
    pub handoffs: Handoffs,
    /// Work that came back, was closed without any, passed over stages.
    pub behaviour: Behaviour,
    /// What came into the committed stages and what left them.
    pub net_flow: NetFlow,
    /// Averages that belong together, and whether they do.
    pub littles_law: LittlesLaw,
    /// What the data does not say or says oddly.
    pub quality: Quality,
    /// One a named clock of the stream.
    pub named_clocks: Vec<NamedClockTimes>,
    /// Bands of all stages.
    pub pace: PaceBands,
    /// What may be expected of flow time and of the time in each stage, and how it is kept.
    pub expectations: Expectations,
    /// Items in backlog and in progress: stage by stage, oldest first.
    pub open: Vec<OpenItem>,
    /// Items finished in the window, newest first.
    pub finished: Vec<ItemIx>,
    /// One row an item.
    pub table: Arc<ItemTable>,
    whole: Arc<Whole>,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Seen from when.
    pub as_of: Sec,
    /// Over which time.
    pub window: Window,
    /// By which clock.
    pub clock: ClockRule,
    /// In which time.
    pub time: TimeRule,
}

impl Header {
    /// What measures spans, from the first event on and to the last, whether it is seen or not: what is
    /// kept for other questions is measured too. In working time that costs a look at every item's
    /// first event.
    pub(super) fn ruler(&self, snapshot: &Snapshot) -> Ruler {
        if self.time == TimeRule::Elapsed {
            return Ruler::elapsed();
        }
        let reach = Window {
            from: self.read_from(snapshot.log()),
            to: self.as_of.max(self.window.to).max(snapshot.end_of_events()),
        };
        Ruler::working(&snapshot.settings().calendar, snapshot.zone(), reach)
    }

    /// From when on spans are measured: readings of working time are rounded from there.
    pub(super) fn read_from(&self, log: &Log) -> Sec {
        if self.time == TimeRule::Elapsed {
            return Sec(0);
        }
        let first = log.items().map(|item| log.first_event(item)).min();
        first.unwrap_or(self.window.from).min(self.window.from)
    }
}

/// Items by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts {
    /// All of them.
    pub total: u64,
    /// In a backlog stage.
    pub backlog: u64,
    /// In a queue or active stage.
    pub in_progress: u64,
    /// In a done stage.
    pub done: u64,
    /// Ended without value.
    pub cancelled: u64,
    /// Deleted, or moved out of the stream.
    pub deleted: u64,
    /// Never in a mapped status.
    pub unmapped: u64,
}

impl ItemCounts {
    pub(super) fn merge(&mut self, other: &Self) {
        self.total += other.total;
        self.backlog += other.backlog;
        self.in_progress += other.in_progress;
        self.done += other.done;
        self.cancelled += other.cancelled;
        self.deleted += other.deleted;
        self.unmapped += other.unmapped;
    }

    pub(super) fn add(&mut self, state: State) {
        self.total += 1;
        *match state {
            State::Backlog => &mut self.backlog,
            State::InProgress => &mut self.in_progress,
            State::Done => &mut self.done,
            State::Cancelled => &mut self.cancelled,
            State::Deleted => &mut self.deleted,
            State::Unmapped => &mut self.unmapped,
        } += 1;
    }
}

/// Answers a question. `None` if the snapshot has no such stream.
pub fn measure(snapshot: &Snapshot, question: &Question) -> Option<Measures> {
    answer(snapshot, question, None)
}

/// As [`measure`], the quicker the more the answer to the question `before` has in common with it.
/// Keeps what was over, so that the next answer can begin with it.
pub fn measure_after(
    snapshot: &Snapshot,
    question: &Question,
    before: Option<&Measures>,
) -> Option<Measures> {
    let nothing = Arc::default();
    let before = before.map_or(&nothing, |before| &before.whole);
    answer(snapshot, question, Some(before))
}

/// Keeps nothing for the next question if there is nothing before.
fn answer(
    snapshot: &Snapshot,
    question: &Question,
    before: Option<&Arc<Whole>>,
) -> Option<Measures> {
    let bound = snapshot.streams().get(question.stream)?;
    let (as_of, window) = question.resolve(snapshot);
    let header = Header {
        as_of,
        window,
        clock: question.clock,
        time: question.time,
    };
    let ruler = header.ruler(snapshot);
    let subject = Subject {
        snapshot,
        stream: question.stream,
        bound,
        header,
        ruler: &ruler,
    };
    if question.filter == Rule::Always {
        let (pass, whole) = Whole::gather(subject, before);
        let table = Arc::clone(&whole.table);
        return Some(Measures {
            table,
            ..settle(pass, Arc::new(whole))
        });
    }
    let known = before.filter(|whole| whole.is_of(subject));
    let anew = || Arc::new(Whole::gather(subject, before).1);
    let whole = known.map_or_else(anew, Arc::clone);
    Some(among(subject, &question.filter, whole))
}

/// The answer about those items of the whole that a filter accepts.
fn among(subject: Subject<'_>, filter: &Rule, whole: Arc<Whole>) -> Measures {
    let Subject {
        snapshot, bound, ..
    } = subject;
    let outcomes = &snapshot.settings().outcomes;
    let rule = with_outcomes(filter, outcomes, &bound.stream().name);
    let tied = (snapshot.log(), bound);
    let accepted = Filter::new(&rule, tied, snapshot.zone(), subject.header.as_of)
        .with_thresholds(whole.thresholds.clone());
    let pass = Pass::among(subject, (&whole.table, &accepted));
    let measures = settle(pass, whole);
    Measures {
        filter: filter.clone(),
        load_before: measures.load_before.filter(|_| rule.is_lasting()),
        ..measures
    }
}

fn settle(mut pass: Pass<'_>, whole: Arc<Whole>) -> Measures {
    let thresholds = &whole.thresholds;
    let (stream, header, bound) = (pass.stream(), pass.header, pass.bound);
    let lines = pass.gathered.stages.take_loads().settle(pass.ruler);
    let stretches = lines.stretches();
    let lasting = Lasting::of(&stretches);
    let stages = stages(&mut pass, (thresholds, &lasting));
    let finishes = std::mem::take(&mut pass.gathered.finishes);
    let (mut bottleneck, (open, finished)) = both(
        lines.len(),
        || bottleneck(&pass, &stages, (&stretches, &lasting)),
        || (open_items(&pass, thresholds), newest_first(finishes)),
    );
    let expectations = held_expectations(&pass, thresholds);
    let table = Arc::new(ItemTable::new(pass.take_rows()));
    let (previous, gathered) = (pass.previous, pass.gathered);
    let (knows_waiting, load) = (stream.knows_waiting(), gathered.items.in_progress);
    let quality = gathered
        .quality
        .settle(pass.log, pass.bound, pass.header.as_of);
    let scene = Scene {
        items: &gathered.items,
        quality: &quality,
        stages: &stages,
        last_move: gathered.last_entry,
        zone: pass.zone,
    };
    scene.explain(&mut bottleneck);
    let net_flow = gathered.net_flow.flow;
    let (kinds, open_kinds) = (&gathered.finished_kinds, &gathered.open_kinds);
    let named_clocks = gathered.named_clocks.into_iter();
    let flow = gathered.finished.settle(header.window, load, knows_waiting);
    Measures {
        stream: stream.name.clone(),
        header,
        ruler: pass.ruler.clone(),
        filter: Rule::Always,
        items: gathered.items,
        littles_law: gathered.littles_law.settle(&net_flow, &flow),
        flow,
        load_before: Some(net_flow.load_before),
        before: gathered
            .before
            .settle(previous, net_flow.load_before, knows_waiting),
        distribution: Distribution::of(kinds, open_kinds, bound.kinds()),
        phases: gathered.phases.settle(),
        bottleneck,
        stages,
        throughput: gathered.weeks.settle(),
        cumulative_flow: gathered.steps.settle(),
        handoffs: gathered.handoffs.settle(),
        behaviour: gathered.behaviour,
        net_flow,
        quality,
        named_clocks: named_clocks.map(NamedTimes::settle).collect(),
        pace: thresholds.pace.clone(),
        expectations,
        open,
        finished,
        table,
        whole,
    }
}

fn bottleneck(
    pass: &Pass<'_>,
    stages: &[StageMeasures],
    (stretches, lasting): (&[Stretch<'_>], &Lasting),
) -> Bottleneck {
    let input = Input {
        stages,
        moves: &pass.gathered.stages.moves,
        stretches,
        lasting,
        window: pass.header.window,
        ruler: pass.ruler,
    };
    input.rank()
}

fn held_expectations(pass: &Pass<'_>, known: &Thresholds) -> Expectations {
    let gathered = &pass.gathered;
    let finished = (&*gathered.finished.flow_times, &*gathered.stages.sums);
    let expected = known.expectations.clone();
    let open = gathered.open.iter().map(|(row, _)| row);
    expected.hold_against(finished, open, (pass.header.as_of, pass.ruler))
}

fn newest_first(mut finishes: Vec<(Sec, ItemIx)>) -> Vec<ItemIx> {
    finishes.sort_unstable_by_key(|(at, item)| (std::cmp::Reverse(*at), *item));
    finishes.into_iter().map(|(_, item)| item).collect()
}

fn open_items(pass: &Pass<'_>, known: &Thresholds) -> Vec<OpenItem> {
    let told = |block: &Block| OpenBlock {
        reason: pass.bound.reason_text(pass.log, block.reason).to_owned(),
        since: block.from,
    };
    let open = pass.gathered.open.iter().filter_map(|(row, block)| {
        let block = block.as_ref().map(told);
        open_item(row, known, pass.header.as_of).map(|one| OpenItem { block, ..one })
    });
    let mut open: Vec<OpenItem> = open.collect();
    order(&mut open);
    open
}

/// The stages, with how the items in them are doing.
fn stages(
    pass: &mut Pass<'_>,
    (thresholds, lasting): (&Thresholds, &Lasting),
) -> Vec<StageMeasures> {
    let mut stages = stage_measures(pass, (&thresholds.pace, lasting));
    for (row, _) in &pass.gathered.open {
        count_conditions(&mut stages, row, thresholds, pass.header.as_of);
    }
    stages
}

fn stage_measures(
    pass: &mut Pass<'_>,
    (pace, lasting): (&PaceBands, &Lasting),
) -> Vec<StageMeasures> {
    let stream = pass.stream();
    let sums = &mut pass.gathered.stages;
    each(&mut sums.sums, |sum| sum.times.len(), StageSum::settle);
    let waiting: i64 = sums.sums.iter().map(|sum| sum.waiting).sum();
    let stages = stream.stages().zip(&sums.sums);
    stages
        .map(|((at, stage), sum)| StageMeasures {
            stage: at,
            name: stage.name.clone(),
            phase: stage.phase,
            class: stage.class,
            load: sum.load,
            limit: stage.limit,
            oldest: sum.oldest,
            arrivals: sums.moves.entries_to(at),
            departures: sums.moves.exits_from(at),
            blocked: 0,
            stale: 0,
            past_p85: 0,
            wait_share: (waiting > 0).then(|| seconds(sum.waiting) / seconds(waiting)),
            waiting: sum.waiting,
            time: sum.percentiles,
            pace: pace.bands.get(at.index()).copied().flatten(),
            pace_n: pace.n(at),
            visits: sum.visits,
            total: sum.total,
            usual_load: u64::try_from(lasting.usual(at)).unwrap_or(0),
        })
        .collect()
}

fn count_conditions(stages: &mut [StageMeasures], row: &Row, known: &Thresholds, as_of: Sec) {
    let Some(StageIx(stage)) = row.stage else {
        return;
    };
    let stage = &mut stages[usize::from(stage)];
    stage.blocked += u64::from(row.blocked);
    stage.stale += u64::from(known.is_stale(row, as_of));
    stage.past_p85 += u64::from(known.is_ageing(row));
}

fn open_item(row: &Row, known: &Thresholds, as_of: Sec) -> Option<OpenItem> {
    let stage = row
        .stage
        .filter(|_| matches!(row.state, State::Backlog | State::InProgress))?;
    Some(OpenItem {
        item: row.item,
        stage,
        state: row.state,
        kind: row.kind,
        in_stage: known.ruler.between(row.entered, as_of),
        age: row.age(),
        pace: known.pace_of(row),
        condition: known.condition(row, as_of),
        block: None,
    })
}
