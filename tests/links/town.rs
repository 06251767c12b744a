//! A small company with three trackers, described plainly.

use weir::model::batch::{ItemHistory, StatusName};
use weir::model::event::{Change, Event, fact};
use weir::model::id::SourceName;
use weir::model::link::{KeyPattern, LinkRule};
use weir::model::log::{Log, LogBuilder};
use weir::model::rule::Rule;
use weir::model::stage::{Class, ClockRule, Phase};
use weir::model::stream::{Stage, StatusPattern, Stream};
use weir::model::time::Millis;
use weir::query;

pub(crate) const SOURCES: usize = 3;
/// Ideas, Doing, Review, Done, cancelled, and one that no stage names.
pub(crate) const STATUSES: usize = 6;
/// How many link rules a town may have.
pub(crate) const RULES: usize = 5;

/// What happens to a thing. Others are named by their numbers.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Moved(usize),
    /// Its branch names these from now on.
    Branch(Vec<usize>),
    Linked(usize),
    Unlinked(usize),
    Parent(Option<usize>),
    /// Whether it is of the team.
    Team(bool),
    Blocked,
    Unblocked,
    Deleted,
    Back,
}

#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) source: usize,
    /// Whether it is a pull request.
    pub(crate) request: bool,
    /// When it came to be, in which status.
    pub(crate) born: (u32, Option<usize>),
    /// In order.
    pub(crate) deeds: Vec<(u32, Deed)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Town {
    pub(crate) things: Vec<Thing>,
    /// Which link rules there are.
    pub(crate) rules: Vec<bool>,
    /// Else those of the last source are none.
    pub(crate) all_are_items: bool,
    /// Whether only things of the team belong to the stream.
    pub(crate) only_members: bool,
}

pub(crate) fn source(number: usize) -> SourceName {
    SourceName::new(["ideas", "tracker", "code"][number])
}

fn id(number: usize) -> String {
    format!("id{number}")
}

/// The number behind an id.
pub(crate) fn number(id: &str) -> usize {
    id.trim_start_matches("id").parse().unwrap()
}

fn key(number: usize) -> String {
    format!("K-{number}")
}

fn set(name: &'static str, value: Option<String>) -> Change {
    Change::Set {
        fact: name.into(),
        old: None,
        new: value,
    }
}

impl Town {
    /// The log of all events before `until`.
    pub(crate) fn log(&self, until: u32) -> Log {
        let mut builder = LogBuilder::new();
        self.fill(&mut builder, until, &|_| true);
        builder.finish()
    }

    pub(crate) fn fill(
        &self,
        builder: &mut LogBuilder,
        until: u32,
        wanted: &dyn Fn(usize) -> bool,
    ) {
        for number in 0..SOURCES {
            let source = builder.source(&source(number)).unwrap();
            let names: Vec<StatusName> = (0..STATUSES).map(status).collect();
            builder.statuses(source, &names).unwrap();
        }
        for (number, thing) in self.things.iter().enumerate() {
            if thing.born.0 < until && wanted(number) {
                let source = builder.source(&source(thing.source)).unwrap();
                builder
                    .history(source, self.history(number, until))
                    .unwrap();
            }
        }
    }

    pub(crate) fn history(&self, number: usize, until: u32) -> ItemHistory {
        let thing = &self.things[number];
        let (born, first) = thing.born;
        let kind = if thing.request {
            "pull request"
        } else {
            "Story"
        };
        let status = first.map(|status| status.to_string());
        let mut changes = vec![
            (born, Change::Created { status }),
            (born, set(fact::KEY, Some(key(number)))),
            (born, set(fact::TYPE, Some(kind.to_owned()))),
        ];
        let told = |(at, deed): &(u32, Deed)| (*at, self.change(number, deed));
        changes.extend(thing.deeds.iter().filter(|(at, _)| *at < until).map(told));
        let event = |(seq, (at, change)): (u64, (u32, Change))| Event {
            id: seq.to_string(),
            at: Millis(i64::from(at) * 1000),
            seq,
            approximate: false,
            change,
        };
        ItemHistory {
            item: id(number),
            replace: false,
            events: (0..).zip(changes).map(event).collect(),
        }
    }

    fn change(&self, own: usize, deed: &Deed) -> Change {
        let kind = "closes".to_owned();
        // Within a source others are told by id, else by key, here in small letters.
        let name = |other: usize| {
            if self.things[own].source == self.things[other].source {
                id(other)
            } else {
                key(other).to_lowercase()
            }
        };
        match deed {
            Deed::Moved(to) => Change::Moved { to: to.to_string() },
            Deed::Branch(named) => {
                let named: Vec<String> = named.iter().map(|one| format!("fix/k-{one}")).collect();
                set(fact::BRANCH, (!named.is_empty()).then(|| named.join("+")))
            }
            Deed::Linked(other) => Change::Linked {
                kind,
                to: name(*other),
            },
            Deed::Unlinked(other) => Change::Unlinked {
                kind,
                to: name(*other),
            },
            Deed::Parent(parent) => set(fact::PARENT, parent.map(id)),
            Deed::Team(own) => set(fact::TEAM, own.then(|| "own".to_owned())),
            Deed::Blocked => Change::Blocked {
                reason: Some(format!("blocked {own}")),
            },
            Deed::Unblocked => Change::Unblocked,
            Deed::Deleted => Change::Deleted,
            Deed::Back => Change::Created { status: None },
        }
    }

    /// Tracker to ideas by branch, code to tracker by branch, code to ideas as told, parents within
    /// the tracker, closings within code.
    fn links(&self) -> Vec<LinkRule> {
        let told = |from, to| LinkRule::told(&source(from), &source(to));
        let pattern = || Some(KeyPattern::new(r"k-\d+").unwrap());
        let by_branch = |from, to| LinkRule {
            key: pattern(),
            kinds: vec!["none".to_owned()],
            ..told(from, to)
        };
        let parents = LinkRule {
            parents: true,
            kinds: vec!["none".to_owned()],
            ..told(1, 1)
        };
        let closings = LinkRule {
            kinds: vec!["Closes".to_owned()],
            ..told(2, 2)
        };
        let all = [
            by_branch(1, 0),
            by_branch(2, 1),
            told(2, 0),
            parents,
            closings,
        ];
        let there = all.into_iter().zip(&self.rules);
        there
            .filter(|(_, there)| **there)
            .map(|(rule, _)| rule)
            .collect()
    }

    pub(crate) fn stream(&self) -> Stream {
        let classes = [Class::Backlog, Class::Active, Class::Queue, Class::Done];
        let stage = |(at, class): (usize, Class)| Stage {
            name: format!("stage {at}"),
            phase: Phase::Create,
            class,
            statuses: vec![StatusPattern::any_source(&status(at).name)],
            owner: None,
            limit: None,
            sle: None,
            stale_after: None,
        };
        let rule = |given: bool, text: &str| {
            if given {
                query::parse(text).unwrap()
            } else {
                Rule::Always
            }
        };
        Stream {
            items: rule(!self.all_are_items, "source in (ideas, tracker)"),
            membership: rule(self.only_members, "team = own"),
            clock: ClockRule::default(),
            cancelled: vec![StatusPattern::any_source(&status(4).name)],
            stages: classes.into_iter().enumerate().map(stage).collect(),
            links: self.links(),
            ..Stream::bare("town")
        }
    }
}

fn status(number: usize) -> StatusName {
    StatusName {
        id: number.to_string(),
        name: format!("status {number}"),
    }
}
