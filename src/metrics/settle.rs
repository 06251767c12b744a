//! Measures made of what one pass gathered.

use std::sync::Arc;

use super::ageing::{OpenBlock, OpenItem, Thresholds, order};
use super::bottleneck::{Bottleneck, Input};
use super::distribution::Distribution;
use super::flow::{Finish, seconds};
use super::loads::{Lasting, Stretch};
use super::measure::Measures;
use super::named_clock::NamedTimes;
use super::pace::PaceBands;
use super::pass::Pass;
use super::quiet::Scene;
use super::sle::Expectations;
use super::stages::{StageMeasures, StageSum};
use super::table::{ItemTable, Row};
use super::threads::{both, each};
use super::whole::Whole;
use crate::model::id::StageIx;
use crate::model::rule::Rule;
use crate::model::stage::State;
use crate::model::time::Sec;
use crate::model::timeline::Block;

/// All measures of what was gathered; `whole` is known of the whole stream.
pub(super) fn settle(mut pass: Pass<'_>, whole: Arc<Whole>) -> Measures {
    let thresholds = &whole.thresholds;
    let Side {
        stages,
        mut bottleneck,
        open,
        finishes,
    } = side_by_side(&mut pass, thresholds);
    let (stream, header, bound) = (pass.stream(), pass.header, pass.bound);
    let expectations = held_expectations(&pass, thresholds);
    let table = Arc::new(ItemTable::new(pass.take_rows()));
    let (previous, gathered) = (pass.previous, pass.gathered);
    let visited = gathered.stages.visited();
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
        finished: finishes.iter().map(|one| one.item).collect(),
        finishes,
        table,
        visited,
        whole,
    }
}

/// What is worked out side by side.
struct Side {
    stages: Vec<StageMeasures>,
    bottleneck: Bottleneck,
    open: Vec<OpenItem>,
    finishes: Vec<Finish>,
}

fn side_by_side(pass: &mut Pass<'_>, thresholds: &Thresholds) -> Side {
    let lines = pass.gathered.stages.take_loads().settle(pass.ruler);
    let stretches = lines.stretches();
    let lasting = Lasting::of(&stretches);
    let stages = stages(pass, (thresholds, &lasting));
    let finishes = std::mem::take(&mut pass.gathered.finishes);
    let pass = &*pass;
    let (bottleneck, (open, finishes)) = both(
        lines.len(),
        || bottleneck(pass, &stages, (&stretches, &lasting)),
        || (open_items(pass, thresholds), newest_first(finishes)),
    );
    Side {
        stages,
        bottleneck,
        open,
        finishes,
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

fn newest_first(mut finishes: Vec<Finish>) -> Vec<Finish> {
    finishes.sort_unstable_by_key(|one| (std::cmp::Reverse(one.at), one.item));
    finishes
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
