//! The clocks: those by name, and the rules side by side.

use super::super::document::{Block, more};
use super::super::table::Table;
use super::super::{Answer, place, reason};
use super::{day, or_unknown};
use crate::metrics::{FlowTime, Lens, LensItem, Measures};
use crate::model::stage::ClockRule;
use crate::model::time::{Sec, days};

pub(super) fn clocks(measures: &Measures) -> Block {
    if measures.named_clocks.is_empty() {
        return Block::line("no clock of its own name is configured");
    }
    let header = ["clock", "P50 d", "P70 d", "P85 d", "P95 d", "n"];
    let mut table = Table::new(header).unknown(1, reason::CLOCK_DID_NOT_STOP);
    for clock in &measures.named_clocks {
        let times = (0..4).map(|at| day(clock.time.map(|time| time.values[at])));
        let n = clock.time.map_or(0, |time| time.n).to_string();
        table.row(std::iter::once(clock.name.clone()).chain(times).chain([n]));
    }
    Block::Table(table)
}

/// So many items are told with their moves.
const ITEMS: usize = 5;
/// So many times of an item are told one by one.
const MOVES: usize = 4;

pub(super) fn lens(answer: Answer<'_>) -> Vec<Block> {
    let lens = Lens::of(answer.snapshot, answer.stream, answer.measures);
    let shown = &lens.items[..lens.items.len().min(ITEMS)];
    let told = shown.iter().map(|one| item(one, answer));
    let mut blocks = vec![Block::Table(rules(&lens, answer.measures))];
    blocks.push(if lens.items.is_empty() {
        Block::line("all rules say the same of every item")
    } else {
        Block::Table(causes(&lens))
    });
    blocks.push(Block::List(told.collect()));
    blocks.extend(more(lens.differing - shown.len()));
    blocks
}

fn rules(lens: &Lens, measures: &Measures) -> Table {
    let header = [
        "clock", "P50 d", "P85 d", "mean d", "n", "finished", "a week",
    ];
    let mut table = Table::new(header).unknown(1, reason::RULE_SAYS_NOTHING);
    let velocity = measures.flow.velocity;
    for (rule, time) in lens.rules() {
        let of = |of: fn(&FlowTime) -> i64| day(time.map(of));
        table.row([
            rule.name().to_owned(),
            of(|time| time.percentiles.p50()),
            of(|time| time.percentiles.p85()),
            or_unknown(time, |time| format!("{:.1}", time.mean / 86_400.0)),
            time.map_or(0, |time| time.percentiles.n).to_string(),
            velocity.finished.to_string(),
            or_unknown(velocity.per_week, |rate| format!("{rate:.1}")),
        ]);
    }
    table
}

fn causes(lens: &Lens) -> Table {
    let header = [
        "one",
        "other",
        "they differ by time",
        "items",
        "the one counts more d",
    ];
    let mut table = Table::new(header);
    for pair in &lens.pairs {
        for sum in &pair.causes {
            table.row([
                pair.one.name().to_owned(),
                pair.other.name().to_owned(),
                sum.cause.words().to_owned(),
                sum.items.to_string(),
                format!("{:+.1}", days(sum.more)),
            ]);
        }
    }
    table
}

/// What each rule says of an item, and the moves that make the difference.
fn item(one: &LensItem, answer: Answer<'_>) -> String {
    let answers = ClockRule::ALL.into_iter().map(|rule| {
        let told = one.account.elapsed(rule).map(days);
        told.map_or_else(
            || format!("{rule} nothing"),
            |days| format!("{rule} {days:.1} d"),
        )
    });
    let zone = answer.snapshot.zone();
    let (apart, more) = one.account.apart(MOVES);
    let moves = apart.into_iter().map(|stretch| {
        let place = |at| place(answer.measures, at).to_owned();
        stretch.told(place, |at: Sec| zone.day_of(at).to_string())
    });
    let key = answer.snapshot.log().key(one.item);
    let (answers, moves): (Vec<_>, Vec<_>) = (answers.collect(), moves.collect());
    let more = (more > 0).then(|| format!("; {more} shorter times"));
    let more = more.unwrap_or_default();
    format!("{key}: {}. {}{more}", answers.join(", "), moves.join("; "))
}
