//! The load lines of all stages side by side.

use super::Input;
use crate::metrics::stages::{LoadLine, StageMeasures, StageSum};
use crate::model::time::{Sec, Window};

/// How many items are in each committed stage, and how many of them are blocked.
#[derive(Clone, Debug, Default)]
pub(super) struct Moment {
    load: Vec<i64>,
    blocked: Vec<i64>,
}

impl Moment {
    pub(super) fn load(&self, stage: usize) -> i64 {
        self.load[stage]
    }

    /// Items in a stage that nothing keeps from going on.
    pub(super) fn free(&self, stage: usize) -> i64 {
        self.load[stage] - self.blocked[stage]
    }

    pub(super) fn blocked(&self, stage: usize) -> i64 {
        self.blocked[stage]
    }

    /// Whether any stage holds an item.
    pub(super) fn has_work(&self) -> bool {
        self.load.iter().any(|load| *load > 0)
    }

    fn take(&mut self, step: &Step) {
        let line = match step.line {
            Line::Load(_) => &mut self.load,
            Line::Blocked(_) => &mut self.blocked,
        };
        let (Line::Load(stage) | Line::Blocked(stage)) = step.line;
        line[usize::from(stage)] += i64::from(step.by);
    }
}

#[derive(Clone, Copy, Debug)]
enum Line {
    Load(u8),
    Blocked(u8),
}

#[derive(Clone, Copy, Debug)]
struct Step {
    at: Sec,
    line: Line,
    by: i8,
}

/// The steps of all committed stages in the window, in order.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    start: Moment,
    steps: Vec<Step>,
    window: Window,
}

impl Steps {
    pub(super) fn of(input: Input<'_>) -> Self {
        let start = |line: fn(&StageSum) -> &LoadLine| {
            let stages = input.stages.iter().zip(input.sums);
            let at_start = |(stage, sum): (&StageMeasures, &StageSum)| {
                let committed = stage.class.is_committed();
                if committed { line(sum).at_start() } else { 0 }
            };
            stages.map(at_start).collect()
        };
        Self {
            start: Moment {
                load: start(|sum| &sum.loads),
                blocked: start(|sum| &sum.blocked),
            },
            steps: merged(input),
            window: input.window,
        }
    }

    /// Calls `each` with every span of the window in which nothing changes, and its length in
    /// seconds.
    pub(super) fn walk(&self, mut each: impl FnMut(&Moment, i64)) {
        let mut moment = self.start.clone();
        let mut from = self.window.from;
        for step in &self.steps {
            if step.at > from {
                each(&moment, step.at.since(from));
                from = step.at;
            }
            moment.take(step);
        }
        if self.window.to > from {
            each(&moment, self.window.to.since(from));
        }
    }
}

/// The steps of all lines as one. There are only a few lines: the next step is looked for in each.
fn merged(input: Input<'_>) -> Vec<Step> {
    let mut rest = lines(input);
    let mut steps = Vec::with_capacity(rest.iter().map(|(_, steps)| steps.len()).sum());
    while let Some(at) = rest.iter().map(|(_, steps)| steps[0].0).min() {
        for (line, left) in &mut rest {
            while let Some(((_, by), tail)) = left.split_first().filter(|(first, _)| first.0 == at)
            {
                let (line, by) = (*line, *by);
                steps.push(Step { at, line, by });
                *left = tail;
            }
        }
        rest.retain(|(_, left)| !left.is_empty());
    }
    steps
}

fn lines(input: Input<'_>) -> Vec<(Line, &[(Sec, i8)])> {
    let stages = (0..=u8::MAX).zip(input.stages).zip(input.sums);
    let committed = stages.filter(|((_, stage), _)| stage.class.is_committed());
    committed
        .flat_map(|((at, _), sum)| {
            [
                (Line::Load(at), sum.loads.steps()),
                (Line::Blocked(at), sum.blocked.steps()),
            ]
        })
        .filter(|(_, steps)| !steps.is_empty())
        .collect()
}
