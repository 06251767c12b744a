//! The visits of one item as a ribbon of time.

use crate::metrics::{Story, StoryBlock, StoryVisit};
use crate::model::time::Sec;

/// What one cell of the ribbon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RibbonCell {
    /// Which visit covers most of it.
    pub visit: usize,
    /// Whether work was stopped for at least half of it.
    pub blocked: bool,
}

/// `width` cells from the first visit's begin to the last one's end. Empty without visits or time.
pub fn ribbon(story: &Story, width: u16) -> Vec<RibbonCell> {
    let (Some(first), Some(last)) = (story.visits.first(), story.visits.last()) else {
        return Vec::new();
    };
    let length = last.to.since(first.from);
    if length <= 0 {
        return Vec::new();
    }
    let border = |cell: u16| first.from.plus(length * i64::from(cell) / i64::from(width));
    (0..width)
        .filter_map(|cell| cell_between(story, border(cell), border(cell + 1)))
        .collect()
}

fn cell_between(story: &Story, from: Sec, to: Sec) -> Option<RibbonCell> {
    let to = to.max(from.plus(1));
    let shares = |visit: &StoryVisit| visit.to.min(to).since(visit.from.max(from));
    let (visit, _) = story
        .visits
        .iter()
        .enumerate()
        .max_by_key(|(_, visit)| shares(visit))?;
    let stopped = |block: &StoryBlock| {
        let until = block.to.unwrap_or(story.as_of);
        until.min(to).since(block.from.max(from)).max(0)
    };
    let stopped: i64 = story.blocks.iter().map(stopped).sum();
    Some(RibbonCell {
        visit,
        blocked: 2 * stopped >= to.since(from),
    })
}

#[cfg(test)]
mod tests {
    use super::ribbon;
    use crate::metrics::{Story, StoryBlock, StoryVisit};
    use crate::model::id::{ItemIx, StageIx};
    use crate::model::stage::{Class, State};
    use crate::model::time::Sec;
    use crate::model::timeline::Position;

    fn visit(stage: u8, from: u32, to: u32) -> StoryVisit {
        StoryVisit {
            position: Position::Stage(StageIx(stage)),
            class: Some(Class::Active),
            from: Sec(from),
            to: Sec(to),
            length: i64::from(to - from),
            blocked: 0,
            backward: false,
            artefact: ItemIx(0),
        }
    }

    #[test]
    fn cells_show_the_longest_visit_and_its_blocks() {
        let mut story = Story {
            item: ItemIx(0),
            as_of: Sec(100),
            state: State::InProgress,
            kind: None,
            status: None,
            visits: vec![visit(0, 0, 50), visit(1, 50, 100)],
            blocks: vec![StoryBlock {
                reason: String::new(),
                from: Sec(75),
                to: None,
                length: 25,
            }],
            clocks: Vec::new(),
            named_clocks: Vec::new(),
            artefacts: Vec::new(),
            account: crate::metrics::Account::default(),
        };
        let cells = ribbon(&story, 4);
        let visits: Vec<usize> = cells.iter().map(|cell| cell.visit).collect();
        let blocked: Vec<bool> = cells.iter().map(|cell| cell.blocked).collect();
        assert_eq!(visits, [0, 0, 1, 1]);
        assert_eq!(blocked, [false, false, false, true]);
        assert!(ribbon(&story, 0).is_empty());
        story.visits.clear();
        assert!(ribbon(&story, 9).is_empty());
    }
}
