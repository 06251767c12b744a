//! What each clock rule makes of one item's life: stretches of time, which rules count each, and the
//! moves that decide it. METRICS "The clock".

use crate::model::stage::{Class, ClockRule};
use crate::model::time::{Ruler, Sec, days};
use crate::model::timeline::{Position, Timeline, Visit};

use super::clocked::{Clocked, class_of};

/// An item's life from its first event to its finish, or to as-of while it is in progress, as the
/// clock rules see it. Each rule's flow time or age is the sum of the stretches that it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// In order, without gaps. None if no rule says anything: the item has ended otherwise, waits in
    /// the backlog, or was created in done.
    pub stretches: Vec<Stretch>,
    /// `s` of each rule that says anything, in the order of [`ClockRule::ALL`].
    starts: [Option<Sec>; 4],
}

/// A time in which the same rules count for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The move that began it.
    pub begun_by: Move,
    /// When it ended.
    pub to: Sec,
    /// How long it was, by the ruler of the account.
    length: i64,
    /// Why not all rules count it; `None` if all do.
    pub cause: Option<Cause>,
    /// Whether each rule counts it, in the order of [`ClockRule::ALL`].
    counted: [bool; 4],
}

/// A move from one position to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// When.
    pub at: Sec,
    /// From where; `None` when the item came to be.
    pub from: Option<Position>,
    /// To where.
    pub to: Position,
}

/// Why two rules differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Before the first start.
    BeforeCommitment,
    /// In committed stages, before it went back and was begun anew or closed.
    EarlierWork,
    /// Back in the backlog.
    BackInBacklog,
    /// In done, before it was reopened.
    InDone,
    /// Cancelled or out of the stream for a while.
    SetAside,
    /// The rule has no start: the item was closed from the backlog after it had gone back there.
    ClosedWithoutWork,
    /// The rule has no start: the item was never in a committed stage.
    NeverCommitted,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 7] = [
        Self::BeforeCommitment,
        Self::EarlierWork,
        Self::BackInBacklog,
        Self::InDone,
        Self::SetAside,
        Self::ClosedWithoutWork,
        Self::NeverCommitted,
    ];

    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeCommitment => "before_commitment",
            Self::EarlierWork => "earlier_work",
            Self::BackInBacklog => "back_in_backlog",
            Self::InDone => "in_done",
            Self::SetAside => "set_aside",
            Self::ClosedWithoutWork => "closed_without_work",
            Self::NeverCommitted => "never_committed",
        }
    }

    /// In words, as an answer to "which time?".
    pub fn words(self) -> &'static str {
        match self {
            Self::BeforeCommitment => "before it was committed",
            Self::EarlierWork => "of earlier work, before it went back",
            Self::BackInBacklog => "back in the backlog",
            Self::InDone => "in done, before it was reopened",
            Self::SetAside => "cancelled or out of the stream",
            Self::ClosedWithoutWork => "of an item closed from the backlog",
            Self::NeverCommitted => "of an item that was never committed",
        }
    }
}

impl Stretch {
    /// Seconds, or parts of working days.
    pub fn length(&self) -> i64 {
        self.length
    }

    /// The rules that count it.
    pub fn counted_by(&self) -> impl Iterator<Item = ClockRule> {
        let rules = ClockRule::ALL.into_iter().zip(self.counted);
        rules.filter_map(|(rule, counts)| counts.then_some(rule))
    }

    fn is_counted(&self, rule: ClockRule) -> bool {
        self.counted[rule as usize]
    }

    /// In words: how long, which time, begun by which move, counts for which rules. `place` and
    /// `day` name a position and an instant.
    pub fn told(&self, place: impl Fn(Position) -> String, day: impl Fn(Sec) -> String) -> String {
        let length = days(self.length());
        let words = self.cause.map_or("", Cause::words);
        let Move { at, from, to } = self.begun_by;
        let begun = match from {
            Some(from) => format!("{} → {}", place(from), place(to)),
            None => format!("created in {}", place(to)),
        };
        let (at, whom) = (day(at), self.for_whom());
        format!("{length:.1} d {words} ({at}, {begun}) count {whom}")
    }

    fn for_whom(&self) -> String {
        let names = |counts: bool| {
            let rules = ClockRule::ALL.into_iter().zip(self.counted);
            let rules = rules.filter(|(_, counted)| *counted == counts);
            rules.map(|(rule, _)| rule.name()).collect::<Vec<_>>()
        };
        match (names(true).as_slice(), names(false).as_slice()) {
            (_, []) => "for all".to_owned(),
            (_, [one]) => format!("for all but {one}"),
            ([one], _) => format!("only for {one}"),
            (some, _) => format!("for {}", some.join(" and ")),
        }
    }
}

impl Account {
    /// Of one item; `classes` are those of the stream's stages.
    pub(super) fn of(timeline: &Timeline, classes: &[Class], ruler: &Ruler) -> Self {
        let mut account = Self::default();
        account.retell(timeline, classes, ruler);
        account
    }

    /// Becomes that of another item.
    pub(super) fn retell(&mut self, timeline: &Timeline, classes: &[Class], ruler: &Ruler) {
        let (starts, finished) = Clocked::starts(timeline, classes);
        self.stretches.clear();
        self.starts = starts;
        let [last, first, _, created] = starts;
        let Some(from) = created else {
            return;
        };
        let to = finished.unwrap_or(timeline.as_of);
        let mut before = None;
        for visit in &timeline.visits {
            if (from..to).contains(&visit.from) {
                self.add(
                    Stretch::of(visit, before, (first, last), classes),
                    visit.to.min(to),
                    ruler,
                );
            }
            before = Some(visit.position);
        }
    }

    /// A stay goes on with the stretch before if it means the same.
    fn add(&mut self, stretch: Stretch, to: Sec, ruler: &Ruler) {
        let same =
            |last: &&mut Stretch| (last.cause, last.counted) == (stretch.cause, stretch.counted);
        if let Some(last) = self.stretches.last_mut().filter(same) {
            last.end(to, ruler);
        } else {
            let mut stretch = stretch;
            stretch.end(to, ruler);
            self.stretches.push(stretch);
        }
    }

    /// What a rule says: flow time, or age while the item is in progress, seconds.
    pub fn elapsed(&self, rule: ClockRule) -> Option<i64> {
        self.starts[rule as usize]?;
        let counted = self.stretches.iter().filter(|one| one.is_counted(rule));
        Some(counted.map(Stretch::length).sum())
    }

    /// By how much the answers of these rules lie apart, seconds.
    pub fn spread(&self, rules: &[ClockRule]) -> i64 {
        let told = || rules.iter().filter_map(|rule| self.elapsed(*rule));
        told().max().unwrap_or(0) - told().min().unwrap_or(0)
    }

    /// The longest times that not all rules count, in order, and how many shorter ones there are.
    pub fn apart(&self, most: usize) -> (Vec<&Stretch>, usize) {
        let apart = self.stretches.iter().filter(|one| one.cause.is_some());
        let mut apart: Vec<&Stretch> = apart.collect();
        apart.sort_by_key(|one| -one.length());
        let more = apart.len().saturating_sub(most);
        apart.truncate(most);
        apart.sort_by_key(|one| one.begun_by.at);
        (apart, more)
    }

    /// Tells `each` why `one` says something else than `other`: causes with the seconds that `one`
    /// counts more. If only one of them says anything, all of it has the one cause.
    pub(super) fn differ(
        &self,
        (one, other): (ClockRule, ClockRule),
        mut each: impl FnMut(Cause, i64),
    ) {
        match (self.elapsed(one), self.elapsed(other)) {
            (Some(_), Some(_)) => self.by_cause((one, other), each),
            (Some(told), None) => each(self.why_silent(), told),
            (None, Some(told)) => each(self.why_silent(), -told),
            (None, None) => {}
        }
    }

    fn by_cause(&self, (one, other): (ClockRule, ClockRule), mut each: impl FnMut(Cause, i64)) {
        for stretch in &self.stretches {
            let sign = i64::from(stretch.is_counted(one)) - i64::from(stretch.is_counted(other));
            let more = sign * stretch.length();
            if let Some(cause) = stretch.cause.filter(|_| more != 0) {
                each(cause, more);
            }
        }
    }

    fn why_silent(&self) -> Cause {
        let [_, first, ..] = self.starts;
        first.map_or(Cause::NeverCommitted, |_| Cause::ClosedWithoutWork)
    }
}

impl Stretch {
    fn end(&mut self, to: Sec, ruler: &Ruler) {
        self.to = to;
        self.length = ruler.between(self.begun_by.at, to);
    }

    /// A stay; `starts` are the first and the last start. Its end is set when it is added.
    fn of(
        visit: &Visit,
        before: Option<Position>,
        (first, last): (Option<Sec>, Option<Sec>),
        classes: &[Class],
    ) -> Self {
        let since = |start: Option<Sec>| start.is_some_and(|start| visit.from >= start);
        let class = class_of(visit.position, classes);
        let committed = class.is_some_and(Class::is_committed);
        let cause = match class {
            _ if !since(first) => Some(Cause::BeforeCommitment),
            _ if committed => (!since(last)).then_some(Cause::EarlierWork),
            Some(Class::Backlog) => Some(Cause::BackInBacklog),
            Some(_) => Some(Cause::InDone),
            None => Some(Cause::SetAside),
        };
        Self {
            begun_by: Move {
                at: visit.from,
                from: before,
                to: visit.position,
            },
            to: visit.from,
            length: 0,
            cause,
            counted: [since(last), since(first), since(first) && committed, true],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, Cause};
    use crate::metrics::fixture;
    use crate::metrics::story;
    use crate::model::id::ItemIx;
    use crate::model::stage::ClockRule;
    use crate::model::time::{DAY_SECS, Sec};

    /// As of day 30, with days in place of seconds.
    fn account(moves: &[(i64, &str)]) -> Account {
        let snapshot = fixture::snapshot(fixture::stream(), &[("A", "Story", moves)]);
        let as_of = Sec(u32::try_from(30 * DAY_SECS).unwrap());
        story(&snapshot, 0, ItemIx(0), as_of).unwrap().account
    }

    fn told(account: &Account) -> Vec<(u32, i64, Option<Cause>, usize)> {
        let stretches = account.stretches.iter();
        let told = stretches.map(|one| {
            let days = one.length() / DAY_SECS;
            (
                one.begun_by.at.0 / 86_400,
                days,
                one.cause,
                one.counted_by().count(),
            )
        });
        told.collect()
    }

    fn elapsed(account: &Account) -> [Option<i64>; 4] {
        ClockRule::ALL.map(|rule| account.elapsed(rule).map(|seconds| seconds / DAY_SECS))
    }

    fn difference(account: &Account, rules: (ClockRule, ClockRule)) -> Vec<(Cause, i64)> {
        let mut days = Vec::new();
        account.differ(rules, |cause, more| days.push((cause, more / DAY_SECS)));
        days
    }

    #[test]
    fn the_reference_history_has_four_reasons_to_differ() {
        let account = account(&[
            (1, "Backlog"),
            (2, "Build"),
            (5, "Ready"),
            (8, "Build"),
            (10, "Backlog"),
            (20, "Build"),
            (22, "Ready"),
            (24, "Done"),
            (25, "Build"),
            (27, "Done"),
        ]);
        let wanted = [
            (1, 1, Some(Cause::BeforeCommitment), 1),
            (2, 8, Some(Cause::EarlierWork), 3),
            (10, 10, Some(Cause::BackInBacklog), 2),
            (20, 4, None, 4),
            (24, 1, Some(Cause::InDone), 3),
            (25, 2, None, 4),
        ];
        assert_eq!(told(&account), wanted);
        assert_eq!(elapsed(&account), [Some(7), Some(25), Some(14), Some(26)]);
        let more = difference(
            &account,
            (ClockRule::LastCrossing, ClockRule::SumInProgress),
        );
        let wanted = [(Cause::EarlierWork, -8), (Cause::InDone, 1)];
        assert_eq!(more, wanted);
        assert_eq!(account.spread(&ClockRule::ALL), 19 * DAY_SECS);
    }

    #[test]
    fn a_rule_without_a_start_says_why() {
        let moves = [(1, "Backlog"), (2, "Build"), (4, "Backlog"), (9, "Done")];
        let closed = account(&moves);
        assert_eq!(elapsed(&closed), [None, Some(7), Some(2), Some(8)]);
        let why = |account, one| difference(account, (ClockRule::LastCrossing, one));
        let wanted = vec![(Cause::ClosedWithoutWork, -7)];
        assert_eq!(why(&closed, ClockRule::FirstStart), wanted);
        let never = account(&[(1, "Backlog"), (9, "Done")]);
        assert_eq!(elapsed(&never), [None, None, None, Some(8)]);
        let wanted = vec![(Cause::NeverCommitted, -8)];
        assert_eq!(why(&never, ClockRule::CreatedToDone), wanted);
        assert_eq!(why(&never, ClockRule::FirstStart), []);
    }

    #[test]
    fn where_no_clock_runs_there_is_nothing_to_tell() {
        for moves in [
            &[(1, "Backlog")][..],
            &[(1, "Done")],
            &[(1, "Backlog"), (2, "Build"), (4, "Backlog")],
            &[(1, "Build"), (4, "Cancelled")],
        ] {
            let account = account(moves);
            assert_eq!((told(&account), elapsed(&account)), (vec![], [None; 4]));
        }
    }
}
