//! Where the rows of a file go: a log in memory, or batches for the history.

use super::plan::{FactColumn, Plan, TextKind};
use super::returning::Returning;
use super::scan::Moves;
use crate::connectors::Fault;
use crate::model::event::{FactName, fact};
use crate::model::id::{FactIx, ItemIx, SourceIx, SourceName, StatusIx, Symbol};
use crate::model::log::{LogBuilder, MarkKind, Moved, TooMany};
use crate::model::time::Millis;

/// More different values than this make a fact useless for filters and heavy in memory.
const VALUES: usize = 50_000;

/// No more room than this is made beforehand, however large the file.
const MOST_EXPECTED: usize = 4_000_000;

/// Takes rows. What is said of an item and its facts holds for all rows until it is said anew.
pub(super) trait Receiver {
    /// A value of a fact.
    type Value: Clone;

    /// The rows from now on are about this item.
    fn item(&mut self, id: &str) -> Result<(), Fault>;

    /// The number of a status, the same for the same name.
    fn status(&mut self, name: &str) -> Result<u16, Fault>;

    /// The value that a text stands for in the plan's fact of this number.
    fn value(&mut self, fact: usize, text: &str) -> Self::Value;

    /// The rows from now on have this value of the plan's fact of this number.
    fn fact(&mut self, fact: usize, value: Self::Value) -> Result<(), Fault>;

    /// The item is called so.
    fn text(&mut self, kind: TextKind, text: &str);

    /// Whether rows were seen to return to an item after those of a later one; digests then help.
    fn returning(&self) -> bool {
        false
    }

    /// The rows to come will be asked for by these digests, in their order.
    fn look_ahead(&mut self, _digests: &[u128]) {}

    /// Whether an item was last told of with this digest of everything; the rows from now on are then
    /// about it, and nothing more need be said of it.
    fn again(&mut self, _digest: u128) -> bool {
        false
    }

    /// What was said of the item and its facts since the last move is everything, with this digest.
    fn all_of(&mut self, _digest: u128) {}

    /// The item entered a status. With `changed` its facts may differ from those of the row before.
    fn moved(&mut self, at: Millis, status: u16, changed: bool) -> Result<(), Fault>;

    /// The item moved several times, from row to row; `named` has the numbers of the statuses. With
    /// `changed` its facts may differ from those of the row before the first, and stay so.
    fn moves(&mut self, moves: Moves<'_>, named: &[u16], changed: bool) -> Result<(), Fault> {
        let mut changed = changed;
        for (at, status) in moves.instants().zip(moves.status) {
            let status = named[usize::from(*status)];
            self.moved(at, status, std::mem::take(&mut changed))?;
        }
        Ok(())
    }

    /// Work on the item stopped, or went on.
    fn stopped(&mut self, at: Millis, stopped: bool) -> Result<(), Fault>;

    /// Items so far that were new.
    fn items(&self) -> u64;

    /// About so many items will come.
    fn expect(&mut self, _items: u64) {}

    /// All rows of the file are told.
    fn end(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    /// Sentences about what was left out.
    fn notes(&self) -> Vec<String>;
}

/// Puts rows straight into a log.
pub(super) struct IntoLog<'a> {
    builder: &'a mut LogBuilder,
    source: SourceIx,
    items_before: usize,
    item: ItemIx,
    facts: Vec<Fact>,
    /// Whether the item's rows differ in any fact, so that each row must be told.
    varies: bool,
    is_new: bool,
    newest_first: bool,
    returning: Returning,
    /// The items that the digests to come seemed to be of, those of the next ones last.
    ahead: Vec<Option<ItemIx>>,
    /// The digest of all that is said of the item of now, until its next move.
    all_of: Option<u128>,
}

struct Fact {
    name: FactName,
    column: Option<FactIx>,
    value: Symbol,
    last_new: Symbol,
    different: usize,
    is_label: bool,
}

impl<'a> IntoLog<'a> {
    pub(super) fn new(
        builder: &'a mut LogBuilder,
        source: &SourceName,
        plan: &Plan,
    ) -> Result<Self, Fault> {
        let source = builder.source(source).map_err(full)?;
        let facts = plan.facts.iter().map(|fact| Fact::new(builder, fact));
        let facts = facts.collect::<Result<_, TooMany>>().map_err(full)?;
        Ok(Self {
            items_before: builder.item_count(),
            builder,
            source,
            item: ItemIx(0),
            facts,
            varies: false,
            is_new: false,
            newest_first: plan.newest_first,
            returning: Returning::default(),
            ahead: Vec::new(),
            all_of: None,
        })
    }
}

impl Fact {
    fn new(builder: &mut LogBuilder, plan: &FactColumn) -> Result<Self, TooMany> {
        Ok(Self {
            column: Some(builder.fact(plan.name.clone())?),
            name: plan.name.clone(),
            value: Symbol::NONE,
            last_new: Symbol::NONE,
            different: 0,
            is_label: plan.name == fact::LABEL,
        })
    }
}

impl IntoLog<'_> {
    /// Says that the item's facts had their values of now at an instant.
    fn observe(&mut self, at: Millis) {
        self.varies = false;
        for fact in &self.facts {
            if let Some(column) = fact.column {
                self.varies |= self.builder.observe(self.item, at, column, fact.value);
            }
        }
    }
}

impl Receiver for IntoLog<'_> {
    type Value = Symbol;

    fn item(&mut self, id: &str) -> Result<(), Fault> {
        let before = self.builder.item_count();
        self.item = self.builder.item(self.source, id).map_err(full)?;
        self.is_new = self.builder.item_count() > before;
        self.returning.forget(self.item);
        Ok(())
    }

    fn status(&mut self, name: &str) -> Result<u16, Fault> {
        let status = self.builder.status(self.source, name, name);
        status.map(|status| status.0).map_err(full)
    }

    fn value(&mut self, fact: usize, text: &str) -> Symbol {
        let fact = &self.facts[fact];
        if fact.column.is_none() {
            return Symbol::NONE;
        }
        if fact.is_label {
            self.builder.symbol(&labels(text))
        } else {
            self.builder.symbol(text)
        }
    }

    fn fact(&mut self, fact: usize, value: Symbol) -> Result<(), Fault> {
        let fact = &mut self.facts[fact];
        let Some(column) = fact.column else {
            return Ok(());
        };
        fact.value = value;
        self.returning.forget(self.item);
        if fact.value > fact.last_new {
            fact.last_new = fact.value;
            fact.different += 1;
        }
        if fact.different > VALUES {
            self.builder.forget_fact(column);
            fact.column = None;
        }
        Ok(())
    }

    fn text(&mut self, kind: TextKind, text: &str) {
        self.returning.forget(self.item);
        if self.newest_first && !self.is_new {
            return;
        }
        match kind {
            TextKind::Title => self.builder.title(self.item, text),
            TextKind::Key => self.builder.key(self.item, text),
            TextKind::Url => self.builder.url(self.item, text),
        }
    }

    fn returning(&self) -> bool {
        self.builder.is_scattered()
    }

    fn look_ahead(&mut self, digests: &[u128]) {
        self.returning.find_all(digests, &mut self.ahead);
        self.ahead.reverse();
    }

    fn again(&mut self, digest: u128) -> bool {
        let seemed = self.ahead.pop().flatten();
        // Something else may have been said of it since, or the same of another for the first time.
        let item = seemed.filter(|item| self.returning.is(*item, digest));
        let Some(item) = item.or_else(|| self.returning.find(digest)) else {
            return false;
        };
        self.item = item;
        (self.is_new, self.varies, self.all_of) = (false, false, None);
        true
    }

    fn all_of(&mut self, digest: u128) {
        self.all_of = Some(digest);
    }

    #[inline]
    fn moved(&mut self, at: Millis, status: u16, changed: bool) -> Result<(), Fault> {
        self.builder.moved(self.item, at, StatusIx(status));
        if changed || self.varies {
            self.observe(at);
        }
        Ok(())
    }

    fn moves(&mut self, moves: Moves<'_>, named: &[u16], changed: bool) -> Result<(), Fault> {
        let to = moves.status.iter();
        let to = to.map(|status| StatusIx(named[usize::from(*status)]));
        let moved = Moved {
            at: moves.at,
            ms: moves.ms,
        };
        self.builder.moves(self.item, moved, to);
        let mut changed = changed;
        for at in moves.instants() {
            if !changed && !self.varies {
                break;
            }
            changed = false;
            self.observe(at);
        }
        if let Some(digest) = self.all_of.take()
            && !self.varies
        {
            self.returning.remember(self.item, digest);
        }
        Ok(())
    }

    fn stopped(&mut self, at: Millis, stopped: bool) -> Result<(), Fault> {
        let kind = if stopped {
            MarkKind::Blocked(self.builder.symbol(SUSPENDED))
        } else {
            MarkKind::Unblocked
        };
        self.builder.mark(self.item, at, kind);
        Ok(())
    }

    fn expect(&mut self, items: u64) {
        let room = usize::try_from(items).unwrap_or(0);
        self.builder.expect_items(room.min(MOST_EXPECTED));
    }

    fn items(&self) -> u64 {
        (self.builder.item_count() - self.items_before) as u64
    }

    fn notes(&self) -> Vec<String> {
        let dropped = self.facts.iter().filter(|fact| fact.column.is_none());
        dropped
            .map(|fact| {
                format!(
                    "the column \"{}\" has more than {VALUES} different values and was left out",
                    fact.name
                )
            })
            .collect()
    }
}

/// The reason given for a suspended activity.
pub(super) const SUSPENDED: &str = "suspended";

/// Labels as the model holds them, from a cell that lists them with commas or semicolons, or that
/// holds them so already.
pub(super) fn labels(cell: &str) -> String {
    let between = [fact::SEPARATOR, ';'];
    let between = between.into_iter().find(|one| cell.contains(*one));
    let between = between.unwrap_or(',');
    let labels = cell.split(between).map(str::trim);
    let labels: Vec<&str> = labels.filter(|label| !label.is_empty()).collect();
    labels.join(&fact::SEPARATOR.to_string())
}

pub(super) fn full(error: TooMany) -> Fault {
    Fault::Unusable {
        what: error.to_string(),
        hint: "read fewer files at once, or leave columns out".to_owned(),
    }
}
