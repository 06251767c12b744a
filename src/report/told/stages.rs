//! The stages, what holds the stream back, and the items that have been on their way longest.

use super::super::document::{Block, shortened};
use super::super::table::Table;
use super::super::{Answer, reason};
use super::{SHOWN, day, or_unknown, percent};
use crate::metrics::{DaysLeft, Measures, OpenBlock, OpenItem, Remaining, StageMeasures};
use crate::model::stage::State;
use crate::model::time::days;

pub(super) fn stages(stages: &[StageMeasures]) -> Block {
    let header = [
        "stage", "class", "load", "limit", "oldest d", "in", "out", "blocked", "stale", "waits",
        "P50 d", "P85 d", "n",
    ];
    let mut table = Table::new(header)
        .unknown(3, reason::NO_LIMIT)
        .unknown(4, reason::EMPTY_STAGE)
        .unknown(9, reason::NOTHING_WAITED)
        .unknown(10, reason::NOTHING_LEFT);
    for stage in stages {
        table.row([
            stage.name.clone(),
            stage.class.to_string(),
            stage.load.to_string(),
            or_unknown(stage.limit, |limit| limit.to_string()),
            day(stage.oldest),
            stage.arrivals.to_string(),
            stage.departures.to_string(),
            stage.blocked.to_string(),
            stage.stale.to_string(),
            or_unknown(stage.wait_share, percent),
            day(stage.time.map(|time| time.p50())),
            day(stage.time.map(|time| time.p85())),
            stage.time.map_or(0, |time| time.n).to_string(),
        ]);
    }
    Block::Table(table)
}

/// The sentence, and the evidence for those that come first.
pub(super) fn bottleneck(measures: &Measures) -> Vec<Block> {
    const RANKED: usize = 5;
    let bottleneck = &measures.bottleneck;
    let header = [
        "stage", "score", "waiting", "pressure", "growth", "ageing", "starving",
    ];
    let mut table = Table::new(header);
    for ranked in bottleneck.ranking.iter().take(RANKED) {
        let evidence = ranked.evidence;
        let shares = [
            ranked.score,
            evidence.waiting,
            evidence.pressure,
            evidence.growth,
            evidence.ageing,
            evidence.starving,
        ];
        let name = measures.stages[ranked.stage.index()].name.clone();
        let shares = shares.map(|share| format!("{share:.2}"));
        table.row(std::iter::once(name).chain(shares));
    }
    let mut blocks = vec![Block::line(&bottleneck.why)];
    if !bottleneck.ranking.is_empty() {
        blocks.push(Block::Table(table));
    }
    blocks
}

pub(super) fn ageing(answer: Answer<'_>) -> Vec<Block> {
    let measures = answer.measures;
    let open = measures.open.iter();
    let mut open: Vec<&OpenItem> = open.filter(|one| one.state == State::InProgress).collect();
    open.sort_by_key(|one| (-one.age.unwrap_or(0), one.item));
    let (shown, rest) = shortened(&open, SHOWN);
    if shown.is_empty() {
        return vec![Block::line(reason::NOTHING_IN_PROGRESS)];
    }
    let remaining = Remaining::of(answer.snapshot, answer.stream, measures.header);
    let header = [
        "item",
        "stage",
        "age d",
        "in stage d",
        "pace",
        "P85 left d",
        "condition",
        "title",
    ];
    let mut table = Table::new(header).unknown(4, reason::NO_PACE).unknown(
        5,
        "under 10 items like it to go by, or too many of them not finished either",
    );
    for one in shown {
        let left = remaining.left(one.stage, one.age.unwrap_or(0));
        table.row(ageing_item(one, left, answer));
    }
    let table = Block::Table(table);
    std::iter::once(table).chain(rest).collect()
}

fn ageing_item(one: &OpenItem, left: DaysLeft, answer: Answer<'_>) -> [String; 8] {
    let (measures, log) = (answer.measures, answer.snapshot.log());
    let condition = || {
        one.condition
            .map_or_else(String::new, |one| one.to_string())
    };
    let blocked = one.block.as_ref().map(|block| blocked(block, measures));
    [
        log.key(one.item).to_owned(),
        measures.stages[one.stage.index()].name.clone(),
        day(one.age),
        day(Some(one.in_stage)),
        or_unknown(one.pace, |pace| format!("P{:.0}", pace * 100.0)),
        day(left.p85),
        blocked.unwrap_or_else(condition),
        log.title(one.item).to_owned(),
    ]
}

fn blocked(block: &OpenBlock, measures: &Measures) -> String {
    let since = days(measures.ruler.between(block.since, measures.header.as_of));
    format!("blocked {since:.0} d: {}", block.reason)
        .trim_end_matches(": ")
        .to_owned()
}
