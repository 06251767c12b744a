//! A stream tied to a log: statuses to places, rules to tables, so that replay only looks up.

mod rules;

pub use rules::BoundRule;

use std::sync::Arc;

use super::event::fact;
use super::id::{FactIx, ItemIx, SourceIx, StatusIx, Symbol};
use super::link::{Joins, LinkCount, Links, Part};
use super::log::Log;
use super::stream::{Place, Stream};
use super::time::Sec;

/// Position of a kind in [`BoundStream::kinds`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindIx(pub u16);

/// Which rule blocked an item, or what the tracker said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockReason {
    /// The stream's rule at this position.
    Rule(u8),
    /// The tracker's words; none if it gave no reason.
    Told(Symbol),
}

/// A stream ready to replay items of one log.
#[derive(Debug)]
pub struct BoundStream {
    stream: Arc<Stream>,
    /// By status.
    places: Vec<Option<Place>>,
    /// By source: whether the stream draws from it.
    sources: Vec<bool>,
    membership: BoundRule,
    blocked: Vec<BoundRule>,
    /// By status, the last entry for "no status yet": the first rule that blocks there. `None` if
    /// blocks depend on more than the status.
    blocked_in: Option<Vec<Option<u8>>>,
    kinds: KindTable,
    /// Facts whose changes can block an item or move it in or out of the stream.
    watched: Vec<FactIx>,
    /// Environments that a stage names as statuses.
    environments: Vec<((SourceIx, Symbol), Place)>,
    linked: Option<Linked>,
}

/// What a stream with link rules knows of ties.
#[derive(Debug)]
struct Linked {
    links: Links,
    /// What can be an item.
    items: BoundRule,
}

#[derive(Debug)]
struct KindTable {
    names: Vec<String>,
    rules: Vec<(KindIx, BoundRule)>,
    type_fact: Option<FactIx>,
    /// By symbol of the type.
    by_type: Vec<KindIx>,
}

/// What an item is asked about: its facts at an instant, in a status.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Which item.
    pub item: ItemIx,
    /// Facts are those of this instant.
    pub at: Sec,
    /// The status it is in, if any yet.
    pub status: Option<StatusIx>,
}

impl BoundStream {
    /// Ties `stream` to `log`.
    pub fn new(stream: Arc<Stream>, log: &Log) -> Self {
        let source_name = |at: usize| log.sources().get(at).map_or("", |name| name.as_str());
        let places = log
            .statuses()
            .iter()
            .map(|status| stream.place_of(source_name(status.source.index()), &status.name))
            .collect();
        let drawn = |name| stream.sources.is_empty() || stream.sources.contains(name);
        let membership = BoundRule::all(&[&stream.items, &stream.membership], log);
        let blocked: Vec<BoundRule> = stream
            .blocked
            .iter()
            .map(|rule| BoundRule::new(&rule.when, log))
            .collect();
        let mut watched = membership.facts();
        for rule in &blocked {
            watched.extend(rule.facts());
        }
        watched.sort_unstable();
        watched.dedup();
        watched.retain(|fact| !log.facts()[fact.index()].changes.is_empty());
        Self {
            sources: log.sources().iter().map(drawn).collect(),
            places,
            membership,
            blocked_in: blocked_in(&blocked, log),
            blocked,
            kinds: KindTable::new(&stream, log),
            watched,
            environments: environments(&stream, log),
            linked: (!stream.links.is_empty()).then(|| Linked {
                links: Links::find(&stream.links, log),
                items: BoundRule::all(&[&stream.items], log),
            }),
            stream,
        }
    }

    /// The stream itself.
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Where a status puts an item.
    pub fn place(&self, status: StatusIx) -> Option<Place> {
        self.places[status.index()]
    }

    /// Where reaching an environment puts an item; `None` if no stage names it.
    pub fn environment(&self, source: SourceIx, environment: Symbol) -> Option<Place> {
        let named = self.environments.iter();
        let mut named = named.filter(|(known, _)| *known == (source, environment));
        named.next().map(|(_, place)| *place)
    }

    /// Whether the item comes from a source of the stream.
    pub fn draws_from(&self, log: &Log, item: ItemIx) -> bool {
        self.sources[log.source_of(item).index()]
    }

    /// Whether the item belongs to the stream as it stands.
    pub fn is_member(&self, log: &Log, standing: Standing) -> bool {
        self.membership.holds(log, standing)
    }

    /// Whether membership never changes for lack of rules.
    pub fn takes_all(&self) -> bool {
        self.membership.is_always()
    }

    /// The first rule that blocks the item as it stands.
    pub fn blocked_by(&self, log: &Log, standing: Standing) -> Option<BlockReason> {
        let at = self
            .blocked
            .iter()
            .position(|rule| rule.holds(log, standing))?;
        u8::try_from(at).ok().map(BlockReason::Rule)
    }

    /// By status, the last entry for "no status yet": the first rule that blocks an item there, if
    /// blocks depend on the status alone.
    pub fn blocked_in(&self) -> Option<&[Option<u8>]> {
        self.blocked_in.as_deref()
    }

    /// Whether any rule can block an item.
    pub fn has_block_rules(&self) -> bool {
        !self.blocked.is_empty()
    }

    /// Facts whose changes matter to blocks and membership.
    pub fn watched(&self) -> &[FactIx] {
        &self.watched
    }

    /// The kind of an item as it stands; `None` without a rule that holds and without a type.
    pub fn kind(&self, log: &Log, standing: Standing) -> Option<KindIx> {
        self.kinds.of(log, standing)
    }

    /// Names of all kinds, by [`KindIx`].
    pub fn kinds(&self) -> &[String] {
        &self.kinds.names
    }

    /// A block's reason in words; empty if none is known.
    pub fn reason_text<'a>(&'a self, log: &'a Log, reason: BlockReason) -> &'a str {
        match reason {
            BlockReason::Told(symbol) => log.text(symbol),
            BlockReason::Rule(at) => {
                let rule = self.stream.blocked.get(usize::from(at));
                rule.and_then(|rule| rule.reason.as_deref())
                    .unwrap_or_default()
            }
        }
    }
}

/// Artefacts of several sources as one item.
impl BoundStream {
    /// The ties of the stream's artefacts, if it has link rules.
    pub fn links(&self) -> Option<&Links> {
        self.linked.as_ref().map(|linked| &linked.links)
    }

    /// Which artefacts make one item as of an instant; `None` without link rules.
    pub fn joins(&self, log: &Log, as_of: Sec) -> Option<Joins> {
        let linked = self.linked.as_ref()?;
        let is_item = |item| self.can_be_item(linked, (log, item), as_of);
        Some(Joins::new(&linked.links, log, as_of, is_item))
    }

    /// Whether the stream's `items` rule admits an artefact as of an instant.
    fn can_be_item(&self, linked: &Linked, (log, item): (&Log, ItemIx), as_of: Sec) -> bool {
        let (at, to) = log.moves(item);
        let seen = at.partition_point(|at| *at < as_of);
        let standing = Standing {
            item,
            at: as_of.plus(-1),
            status: seen.checked_sub(1).map(|last| to[last]),
        };
        self.draws_from(log, item) && linked.items.holds(log, standing)
    }

    /// What each link rule did as of an instant, and how many artefacts belong to no item.
    pub fn link_counts(&self, log: &Log, as_of: Sec) -> (Vec<LinkCount>, u64) {
        let (Some(linked), Some(joins)) = (&self.linked, self.joins(log, as_of)) else {
            return (Vec::new(), 0);
        };
        let rules = || (0_u16..).zip(&self.stream.links);
        let counts = rules().map(|rule| LinkCount::of(rule, &linked.links, log, as_of));
        let is_apart = |item: &ItemIx| {
            joins.part(*item) == Part::Alone && !self.can_be_item(linked, (log, *item), as_of)
        };
        let mut apart: Vec<ItemIx> = rules()
            .flat_map(|(number, _)| linked.links.artefacts(log, number, as_of))
            .filter(is_apart)
            .collect();
        apart.sort_unstable();
        apart.dedup();
        (counts.collect(), apart.len() as u64)
    }
}

/// The environments of the log that a stage names as statuses of their source.
fn environments(stream: &Stream, log: &Log) -> Vec<((SourceIx, Symbol), Place)> {
    let place = |(source, environment): (SourceIx, Symbol)| {
        let name = log.sources().get(source.index())?.as_str();
        let place = stream.place_of(name, log.text(environment))?;
        Some(((source, environment), place))
    };
    log.environments().into_iter().filter_map(place).collect()
}

fn blocked_in(rules: &[BoundRule], log: &Log) -> Option<Vec<Option<u8>>> {
    let count = u16::try_from(log.statuses().len()).ok()?;
    let statuses = (0..count).map(|at| Some(StatusIx(at))).chain([None]);
    let first = |status| {
        let mut first = None;
        for (at, rule) in (0..).zip(rules) {
            if rule.in_status(status)? && first.is_none() {
                first = Some(at);
            }
        }
        Some(first)
    };
    statuses.map(first).collect()
}

impl KindTable {
    fn new(stream: &Stream, log: &Log) -> Self {
        let mut table = Self {
            names: Vec::new(),
            rules: Vec::new(),
            type_fact: log.fact(fact::TYPE),
            by_type: Vec::new(),
        };
        for rule in &stream.kinds {
            let kind = table.named(&rule.kind);
            table.rules.push((kind, BoundRule::new(&rule.when, log)));
        }
        if let Some(fact) = table.type_fact {
            let column = &log.facts()[fact.index()];
            let changed = column.changes.iter().map(|change| change.to);
            table.by_type = vec![KindIx::default(); log.symbols().count()];
            let mut seen = vec![false; log.symbols().count()];
            for symbol in column.base.iter().copied().chain(changed) {
                if !std::mem::replace(&mut seen[symbol.index()], true) {
                    table.by_type[symbol.index()] = table.named(log.text(symbol));
                }
            }
        }
        table
    }

    fn named(&mut self, name: &str) -> KindIx {
        let known = self.names.iter().position(|known| known == name);
        let at = known.unwrap_or(self.names.len());
        if known.is_none() {
            self.names.push(name.to_owned());
        }
        KindIx(u16::try_from(at).unwrap_or(u16::MAX))
    }

    fn of(&self, log: &Log, standing: Standing) -> Option<KindIx> {
        let by_rule = self
            .rules
            .iter()
            .find(|(_, rule)| rule.holds(log, standing));
        by_rule.map(|(kind, _)| *kind).or_else(|| {
            let symbol = log.fact_at(self.type_fact?, standing.item, standing.at);
            (!symbol.is_none()).then(|| self.by_type[symbol.index()])
        })
    }
}

#[cfg(test)]
mod tests;
