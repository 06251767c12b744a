//! Changing what statuses mean: stages, their order, class and phase.

use crate::model::rule::{Field, Op, Rule, Test, Value};
use crate::model::stage::{Class, Phase};
use crate::model::stream::{BlockedRule, NamedClock, Stage, StatusPattern, Stream};

/// What the statuses of a group mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A stage of this class.
    Class(Class),
    /// They end an item without value.
    Cancelled,
    /// They block an item where it stands.
    Blocked,
    /// Nothing: the item stays where it was.
    Unused,
}

impl Role {
    const ALL: [Self; 7] = [
        Self::Class(Class::Backlog),
        Self::Class(Class::Queue),
        Self::Class(Class::Active),
        Self::Class(Class::Done),
        Self::Cancelled,
        Self::Blocked,
        Self::Unused,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Class(class) => class.name(),
            Self::Cancelled => "cancelled",
            Self::Blocked => "blocked",
            Self::Unused => "unused",
        }
    }

    fn next(self) -> Self {
        let at = Self::ALL.iter().position(|role| *role == self);
        Self::ALL[at.map_or(0, |at| (at + 1) % Self::ALL.len())]
    }
}

/// Statuses that mean one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The stage it is or would be.
    pub stage: Stage,
    /// What it means.
    pub role: Role,
}

/// A line of the editor: a group, or a status in it.
type Line = (usize, Option<usize>);

/// A stream being changed.
#[derive(Clone, Debug, PartialEq)]
pub struct StageEditor {
    /// Position of the stream in the snapshot.
    pub at: usize,
    /// What its statuses mean, left to right.
    pub groups: Vec<Group>,
    /// The selected line, counting groups and their statuses.
    pub line: usize,
    base: Stream,
}

impl StageEditor {
    /// Opens a stream; `unmapped` are statuses that no stage names.
    pub fn new(at: usize, stream: &Stream, unmapped: Vec<StatusPattern>) -> Self {
        let mut base = stream.clone();
        let mut groups: Vec<Group> = stream
            .stages
            .iter()
            .map(|stage| Group {
                role: Role::Class(stage.class),
                stage: stage.clone(),
            })
            .collect();
        let mut blocked = Vec::new();
        base.blocked.retain(|rule| match statuses_of(rule) {
            Some(statuses) => {
                blocked.extend(statuses);
                false
            }
            None => true,
        });
        let extra = [
            ("Blocked", Role::Blocked, blocked),
            (
                "Cancelled",
                Role::Cancelled,
                std::mem::take(&mut base.cancelled),
            ),
            ("Unused", Role::Unused, unmapped),
        ];
        let filled = extra
            .into_iter()
            .filter(|(.., statuses)| !statuses.is_empty());
        groups.extend(filled.map(|(name, role, statuses)| Group::named(name, role, statuses)));
        Self {
            at,
            groups,
            line: 0,
            base,
        }
    }

    /// All lines, top to bottom.
    pub fn lines(&self) -> Vec<Line> {
        let of = |(at, group): (usize, &Group)| {
            let statuses = 0..group.stage.statuses.len();
            std::iter::once((at, None)).chain(statuses.map(move |status| (at, Some(status))))
        };
        self.groups.iter().enumerate().flat_map(of).collect()
    }

    fn selected(&self) -> Option<Line> {
        self.lines().get(self.line).copied()
    }

    fn select(&mut self, wanted: Line) {
        let at = self.lines().iter().position(|line| *line == wanted);
        self.line = at.unwrap_or(self.line);
    }

    /// Moves the selected group or status one group earlier or later.
    pub fn shift(&mut self, later: bool) {
        let Some((group, status)) = self.selected() else {
            return;
        };
        let Some(target) = neighbour(group, later, self.groups.len()) else {
            return;
        };
        let Some(status) = status else {
            self.groups.swap(group, target);
            self.select((target, None));
            return;
        };
        let moved = self.groups[group].stage.statuses.remove(status);
        let statuses = &mut self.groups[target].stage.statuses;
        let place = if later { 0 } else { statuses.len() };
        statuses.insert(place, moved);
        self.select((target, Some(place)));
    }

    /// Gives the selected group its next class.
    pub fn cycle_class(&mut self) {
        if let Some(group) = self.selected().and_then(|(at, _)| self.groups.get_mut(at)) {
            group.role = group.role.next();
        }
    }

    /// Gives the selected group its next phase.
    pub fn cycle_phase(&mut self) {
        if let Some(group) = self.selected().and_then(|(at, _)| self.groups.get_mut(at)) {
            let next = (group.stage.phase as usize + 1) % Phase::ALL.len();
            group.stage.phase = Phase::ALL[next];
        }
    }

    /// Makes the selected status a group of its own, after the one it was in.
    pub fn split(&mut self) {
        let Some((at, Some(status))) = self.selected() else {
            return;
        };
        let group = &mut self.groups[at];
        let moved = group.stage.statuses.remove(status);
        let role = match group.role {
            Role::Class(class) => Role::Class(class),
            _ => Role::Class(Class::Queue),
        };
        let stage = Stage {
            phase: group.stage.phase,
            ..Group::named("", role, vec![]).stage
        };
        let name = self.free_name(&moved.name);
        let stage = Stage {
            name,
            statuses: vec![moved],
            ..stage
        };
        self.groups.insert(at + 1, Group { stage, role });
        self.select((at + 1, None));
    }

    fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.groups.iter().any(|group| group.stage.name == name);
        let numbered = (2..).map(|number| format!("{wanted} {number}"));
        std::iter::once(wanted.to_owned())
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// The stream as it is now meant. Groups without a status fall away.
    pub fn stream(&self) -> Stream {
        let with = |role: Role| {
            let groups = self.groups.iter().filter(move |group| group.role == role);
            groups.flat_map(|group| group.stage.statuses.iter())
        };
        let mut blocked = self.base.blocked.clone();
        blocked.extend(with(Role::Blocked).map(blocking));
        let stages: Vec<Stage> = self.groups.iter().filter_map(Group::as_stage).collect();
        Stream {
            cancelled: with(Role::Cancelled).cloned().collect(),
            clocks: self
                .base
                .clocks
                .iter()
                .filter_map(|c| self.moved_clock(c, &stages))
                .collect(),
            blocked,
            stages,
            ..self.base.clone()
        }
    }

    /// The clock between the same stages at their new positions; `None` if one is gone.
    fn moved_clock(&self, clock: &NamedClock, stages: &[Stage]) -> Option<NamedClock> {
        let moved = |at: crate::model::id::StageIx| {
            let name = &self.base.stages.get(at.index())?.name;
            let at = stages.iter().position(|stage| stage.name == *name)?;
            u8::try_from(at).ok().map(crate::model::id::StageIx)
        };
        Some(NamedClock {
            name: clock.name.clone(),
            from: moved(clock.from)?,
            to: moved(clock.to)?,
        })
    }
}

impl Group {
    fn named(name: &str, role: Role, statuses: Vec<StatusPattern>) -> Self {
        let class = match role {
            Role::Class(class) => class,
            _ => Class::Queue,
        };
        let stage = Stage {
            name: name.to_owned(),
            phase: Phase::Create,
            class,
            statuses,
            owner: None,
            limit: None,
            sle: None,
            stale_after: None,
        };
        Self { stage, role }
    }

    fn as_stage(&self) -> Option<Stage> {
        match self.role {
            Role::Class(class) if !self.stage.statuses.is_empty() => Some(Stage {
                class,
                ..self.stage.clone()
            }),
            _ => None,
        }
    }
}

fn neighbour(at: usize, later: bool, count: usize) -> Option<usize> {
    let target = if later {
        Some(at + 1)
    } else {
        at.checked_sub(1)
    };
    target.filter(|target| *target < count)
}

/// The statuses that a rule blocks, if it asks for nothing but statuses.
fn statuses_of(rule: &BlockedRule) -> Option<Vec<StatusPattern>> {
    match (&rule.when, &rule.reason) {
        (
            Rule::Test(Test {
                field: Field::Status,
                op: Op::Is,
                values,
            }),
            None,
        ) => values
            .iter()
            .map(|value| match value {
                Value::Text(name) => Some(StatusPattern::any_source(name)),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

fn blocking(status: &StatusPattern) -> BlockedRule {
    let is = |field: Field, text: &str| {
        Rule::Test(Test {
            field,
            op: Op::Is,
            values: vec![Value::Text(text.to_owned())],
        })
    };
    let named = is(Field::Status, &status.name);
    let when = match &status.source {
        Some(source) => Rule::All(vec![is(Field::Source, source), named]),
        None => named,
    };
    BlockedRule { when, reason: None }
}

#[cfg(test)]
mod tests {
    use super::{Role, StageEditor};
    use crate::app::fixture;
    use crate::model::stage::{Class, Phase};
    use crate::model::stream::{Place, StatusPattern, Stream};

    fn stream() -> Stream {
        fixture::stream()
    }

    #[test]
    fn an_untouched_stream_comes_out_as_it_went_in() {
        let stream = stream();
        assert_eq!(StageEditor::new(0, &stream, Vec::new()).stream(), stream);
    }

    #[test]
    fn a_status_moves_to_the_next_stage() {
        let mut editor = StageEditor::new(0, &stream(), Vec::new());
        editor.line = 1;
        editor.shift(true);
        let changed = editor.stream();
        assert_eq!(changed.stages.len(), stream().stages.len() - 1);
        assert_eq!(changed.stages[0].statuses.len(), 2);
        assert_eq!(editor.lines()[editor.line], (1, Some(0)));
    }

    #[test]
    fn an_unused_status_becomes_a_stage_and_classes_go_round() {
        let unmapped = vec![StatusPattern::any_source("Parked")];
        let mut editor = StageEditor::new(0, &stream(), unmapped);
        editor.line = editor.lines().len() - 1;
        editor.split();
        editor.cycle_phase();
        let place = editor.stream().place_of("tracker", "Parked");
        let Some(Place::Stage(at)) = place else {
            panic!("{place:?}");
        };
        assert_eq!(editor.stream().stage(at).class, Class::Queue);
        assert_eq!(editor.stream().stage(at).phase, Phase::Release);
        for _ in 0..3 {
            editor.cycle_class();
        }
        assert_eq!(
            editor.groups.last().map(|group| group.role),
            Some(Role::Cancelled)
        );
        assert_eq!(
            editor.stream().place_of("tracker", "Parked"),
            Some(Place::Cancelled)
        );
        editor.cycle_class();
        assert_eq!(editor.stream().blocked.len(), stream().blocked.len() + 1);
        assert_eq!(editor.stream().place_of("tracker", "Parked"), None);
    }
}
