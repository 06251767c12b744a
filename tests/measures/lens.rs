//! The clock rules side by side against a plain reading: every unit of time of every item is asked
//! which rules count it.

use std::collections::{BTreeMap, BTreeSet};

use weir::metrics::{Account, Cause, Lens, Measures, story_by};
use weir::model::id::ItemIx;
use weir::model::stage::{Class, ClockRule, State};
use weir::model::time::{Sec, Window};

use super::oracle::{Oracle, Place, Seen, nearest_rank};
use super::{Asked, UNIT};

/// One item as the oracle sees it by each rule, in the order of the rules.
type ByRule = [Seen; 4];

fn by_rule(asked: &Asked) -> Vec<ByRule> {
    let seen = ClockRule::ALL.map(|rule| {
        let oracle = Oracle {
            rule,
            ..asked.oracle()
        };
        oracle.items()
    });
    let [last, first, sum, created] = seen;
    let others = first.into_iter().zip(sum).zip(created);
    let item = |(last, ((first, sum), created))| [last, first, sum, created];
    last.into_iter().zip(others).map(item).collect()
}

/// Which rules count the unit of time at `at`, and why not all do.
fn unit(oracle: &Oracle<'_>, item: &ByRule, at: u32) -> ([bool; 4], Option<Cause>) {
    let place = oracle.place_at(&item[0], at).unwrap();
    let class = oracle.class(place);
    let committed = class.is_some_and(Class::is_committed);
    let [last, first, ..] = item;
    let since = |one: &Seen| one.started.is_some_and(|started| started <= at);
    let counted = [since(last), since(first), since(first) && committed, true];
    let cause = match place {
        _ if !since(first) => Cause::BeforeCommitment,
        _ if committed => Cause::EarlierWork,
        Place::Stage(_) if class == Some(Class::Backlog) => Cause::BackInBacklog,
        Place::Stage(_) => Cause::InDone,
        _ => Cause::SetAside,
    };
    (counted, (counted != [true; 4]).then_some(cause))
}

/// By cause the seconds that the one rule counts more than the other.
fn causes(oracle: &Oracle<'_>, item: &ByRule, pair: (usize, usize)) -> BTreeMap<Cause, i64> {
    let (one, other) = pair;
    let silent = match item[1].started {
        Some(_) => Cause::ClosedWithoutWork,
        None => Cause::NeverCommitted,
    };
    match (item[one].flow, item[other].flow) {
        (Some(told), None) => return BTreeMap::from([(silent, told)]),
        (None, Some(told)) => return BTreeMap::from([(silent, -told)]),
        (None, None) => return BTreeMap::new(),
        (Some(_), Some(_)) => {}
    }
    let mut sums = BTreeMap::new();
    let life = item[0].steps[0].0..item[0].finished.unwrap();
    for at in life.step_by(UNIT as usize) {
        let (counted, cause) = unit(oracle, item, at);
        let more = i64::from(counted[one]) - i64::from(counted[other]);
        let length = more * oracle.hours.unit(at);
        if length != 0 {
            *sums.entry(cause.unwrap()).or_insert(0) += length;
        }
    }
    sums
}

pub(super) fn lens_agrees(asked: &Asked, measures: &Measures, window: Window) {
    let snapshot = asked.world.snapshot(asked.rule);
    let lens = Lens::of(&snapshot, 0, measures);
    let oracle = asked.oracle();
    let items = by_rule(asked);
    let inside = |item: &&ByRule| item[0].finished.is_some_and(|at| window.contains(Sec(at)));
    let finished: Vec<&ByRule> = items.iter().filter(inside).collect();
    for (at, (rule, time)) in lens.rules().enumerate() {
        let times: Vec<i64> = finished.iter().filter_map(|item| item[at].flow).collect();
        let told = time.map(|time| time.percentiles.p85());
        assert_eq!(told, nearest_rank(&times, 85), "{rule}");
        assert_eq!(time.map_or(0, |time| time.percentiles.n), times.len());
    }
    let at = |rule| ClockRule::ALL.iter().position(|one| *one == rule).unwrap();
    let mut differing = BTreeSet::new();
    assert_eq!(lens.pairs.len(), 6);
    for pair in &lens.pairs {
        let mut wanted: BTreeMap<Cause, (u64, i64)> = BTreeMap::new();
        let mut differ = 0;
        for item in &finished {
            let causes = causes(&oracle, item, (at(pair.one), at(pair.other)));
            differ += u64::from(!causes.is_empty());
            if !causes.is_empty() {
                differing.insert(item[0].item);
            }
            for (cause, more) in causes {
                let sum = wanted.entry(cause).or_default();
                *sum = (sum.0 + 1, sum.1 + more);
            }
        }
        let told = pair
            .causes
            .iter()
            .map(|sum| (sum.cause, (sum.items, sum.more)));
        assert_eq!(
            told.collect::<BTreeMap<_, _>>(),
            wanted,
            "{} {}",
            pair.one,
            pair.other
        );
        assert_eq!(pair.items, differ);
    }
    let told = lens.items.iter().map(|one| one.item.index());
    assert_eq!(told.collect::<BTreeSet<_>>(), differing);
}

/// Every item's own account, also of those that are not finished.
pub(super) fn accounts_agree(asked: &Asked) {
    let snapshot = asked.world.snapshot(asked.rule);
    let ruler = asked.measures().ruler;
    for item in by_rule(asked) {
        let at = ItemIx(item[0].item as u32);
        let account = story_by(&snapshot, (0, at), Sec(asked.as_of), &ruler)
            .unwrap()
            .account;
        for (rule, seen) in ClockRule::ALL.into_iter().zip(&item) {
            let elapsed = seen.flow.or(seen.age);
            assert_eq!(account.elapsed(rule), elapsed, "{rule} of {}", item[0].item);
        }
        moves_agree(&account, &item);
    }
}

/// Stretches follow one another, and each begins with a move that there was.
fn moves_agree(account: &Account, item: &ByRule) {
    let stretches = &account.stretches;
    let joined = |pair: &[weir::metrics::Stretch]| pair[0].to == pair[1].begun_by.at;
    assert!(stretches.windows(2).all(joined));
    let steps = |at: Sec| item[0].steps.iter().any(|step| step.0 == at.0);
    assert!(stretches.iter().all(|one| steps(one.begun_by.at)));
    let ended = matches!(
        item[0].state,
        State::Backlog | State::Cancelled | State::Deleted
    );
    assert!(!ended || stretches.is_empty());
}
