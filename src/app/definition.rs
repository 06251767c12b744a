//! What the numbers on screen mean: the sections of `docs/metrics.md`, the one place where each is
//! defined, and which of them are about what one looks at.

use std::ops::Range;

use super::{Behind, Data, Screen, State, TimesBy};

/// The page on which every measure is defined.
const METRICS: &str = include_str!("../../docs/metrics.md");

/// A section of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic(&'static str);

/// A paragraph of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What it answers, such as `Formula`, or the first cell of a row; empty if nothing special.
    pub label: String,
    /// What it says, without marks of formatting.
    pub text: String,
    /// How it stands on the page.
    pub form: Form,
}

/// How a paragraph stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By itself.
    Text,
    /// In a list or a table, below the one before.
    Row,
}

const CLOCK: Topic = Topic("The clock");
const LENS: Topic = Topic("The clock rules side by side");
const FLOW_TIME: Topic = Topic("Flow time");
const VELOCITY: Topic = Topic("Flow velocity");
const WEEKS: Topic = Topic("Weeks");
const LOAD: Topic = Topic("Flow load");
const SPENT: Topic = Topic("Active, waiting, outside");
const EFFICIENCY: Topic = Topic("Flow efficiency");
const DISTRIBUTION: Topic = Topic("Flow distribution");
const PHASES: Topic = Topic("Phase share");
const STAGE: Topic = Topic("A stage");
const AGE: Topic = Topic("Age");
const PACE: Topic = Topic("Pace bands, and the pace of an item");
const LEFT: Topic = Topic("Days left");
const CONDITION: Topic = Topic("Condition");
const STANDUP: Topic = Topic("Stand-up");
const CUMULATIVE: Topic = Topic("Cumulative flow");
const BOTTLENECK: Topic = Topic("Bottleneck");
const EXPECTATION: Topic = Topic("Service level expectation");
const NET: Topic = Topic("Net flow");
const SIGNALS: Topic = Topic("Signals");
const FORECAST: Topic = Topic("Forecast");
const QUALITY: Topic = Topic("Data quality");

/// What is about the choice of items, for where some are left out.
const FILTER: &str = "**Filter.**";

impl Topic {
    /// Its name.
    pub fn name(self) -> &'static str {
        self.0
    }

    /// What it says, without its worked example.
    pub fn paragraphs(self) -> Vec<Paragraph> {
        let lines = METRICS.lines();
        let own = lines
            .skip_while(|line| line.strip_prefix("## ") != Some(self.0))
            .skip(1)
            .take_while(|line| !line.starts_with('#') && !line.starts_with("```"));
        let lines: Vec<&str> = own.collect();
        blocks(&lines)
            .into_iter()
            .map(|block| paragraph(&lines[block]))
            .collect()
    }

    /// Of how many items or weeks the number is; `None` where it is of all.
    pub fn count(self, data: &Data) -> Option<u64> {
        let measures = &data.measures;
        Some(match self {
            FLOW_TIME | EXPECTATION => measures.flow.time.as_ref()?.percentiles.n as u64,
            VELOCITY => measures.flow.velocity.finished,
            LOAD | AGE | CONDITION | PACE => measures.flow.load,
            WEEKS | SIGNALS => measures.throughput.len() as u64,
            _ => return None,
        })
    }
}

/// What a filter leaves of a number, in the words of the page.
pub fn filter_told() -> Paragraph {
    let lines: Vec<&str> = METRICS
        .lines()
        .skip_while(|line| !line.starts_with(FILTER))
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph(&lines)
}

/// What is defined of what one looks at: first what the cursor stands on, then the other numbers of
/// the screen.
pub fn topics(state: &State) -> Vec<Topic> {
    match &state.screen {
        Screen::Stream => {
            let here = if is_constraint(state) {
                BOTTLENECK
            } else {
                STAGE
            };
            let beside = [STAGE, FLOW_TIME, VELOCITY, LOAD, EFFICIENCY, DISTRIBUTION];
            let mut all = vec![here];
            all.extend(beside.into_iter().filter(|topic| *topic != here));
            all.extend(
                [PHASES, CONDITION, BOTTLENECK]
                    .into_iter()
                    .filter(|topic| *topic != here),
            );
            all
        }
        Screen::Ageing => vec![PACE, AGE, CONDITION, LEFT],
        Screen::Flow => vec![CUMULATIVE, LOAD, NET],
        Screen::Times if state.cursor.times == TimesBy::Stage => vec![STAGE, EXPECTATION],
        Screen::Times => vec![FLOW_TIME, CLOCK, EXPECTATION],
        Screen::Throughput => vec![WEEKS, VELOCITY, SIGNALS, NET],
        Screen::Bottleneck => vec![BOTTLENECK, STAGE, SPENT],
        Screen::Forecast => vec![FORECAST],
        Screen::Items(view) => vec![behind(view.behind), AGE, CONDITION],
        Screen::Item(_) => vec![CLOCK, LENS, SPENT, AGE, LEFT],
        Screen::Walk => vec![STANDUP, CONDITION, PACE],
        Screen::Portfolio => vec![FLOW_TIME, VELOCITY, LOAD, EFFICIENCY, DISTRIBUTION],
        Screen::Sources => vec![QUALITY],
    }
}

fn is_constraint(state: &State) -> bool {
    let constraint = state
        .data
        .as_ref()
        .and_then(|data| data.measures.bottleneck.constraint);
    constraint.is_some_and(|stage| stage.index() == state.cursor.selected.stage)
}

fn behind(behind: Behind) -> Topic {
    match behind {
        Behind::Load => LOAD,
        Behind::Condition(_) => CONDITION,
        Behind::Stage(_) | Behind::Through(_) => STAGE,
        Behind::Waiting(_) => BOTTLENECK,
        Behind::StageAt(..) => CUMULATIVE,
        Behind::Finished(_) => VELOCITY,
        Behind::FlowTime(..) => FLOW_TIME,
        Behind::Started(_) => CLOCK,
        Behind::OfKind(_) => DISTRIBUTION,
    }
}

/// Where the paragraphs lie: lines up to an empty one; a row of a table and a point of a list are
/// one each.
fn blocks(lines: &[&str]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut goes_on = false;
    for (at, line) in lines.iter().enumerate() {
        if is_rule(line) {
            // What stands above it is the head of a table.
            blocks.pop();
        }
        if line.is_empty() || is_rule(line) {
            goes_on = false;
            continue;
        }
        let begins = line.starts_with('|') || line.starts_with("- ");
        match blocks.last_mut() {
            Some(last) if goes_on && !begins => last.end = at + 1,
            _ => blocks.push(at..at + 1),
        }
        goes_on = true;
    }
    blocks
}

/// The line under the head of a table.
fn is_rule(line: &str) -> bool {
    line.starts_with('|') && line.chars().all(|one| matches!(one, '|' | '-' | ' ' | ':'))
}

fn paragraph(lines: &[&str]) -> Paragraph {
    let text = lines.join(" ");
    if let Some(row) = text.strip_prefix('|') {
        let mut cells = row.trim_end_matches('|').split('|');
        let label = plain(cells.next().unwrap_or_default().trim());
        let cells: Vec<String> = cells.map(|cell| plain(cell.trim())).collect();
        return Paragraph {
            label,
            text: cells.join("; "),
            form: Form::Row,
        };
    }
    let form = if text.starts_with("- ") {
        Form::Row
    } else {
        Form::Text
    };
    let labelled = text
        .strip_prefix("**")
        .and_then(|text| text.split_once("**"))
        .and_then(|(label, rest)| Some((label.strip_suffix('.')?, rest)));
    let (label, text) = labelled.unwrap_or(("", &text));
    Paragraph {
        label: plain(label),
        text: plain(text.trim()),
        form,
    }
}

/// The text without what Markdown means by it: strong, code, the addresses of links.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`', '[']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let link = from
            .strip_prefix('[')
            .and_then(|link| link.split_once("]("))
            .and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        rest = match link {
            Some((name, after)) => {
                out.push_str(name);
                after
            }
            None if from.starts_with('[') => {
                out.push('[');
                &from[1..]
            }
            None => &from[1..],
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::world;
    use crate::app::{Action, Msg, update};

    fn of(actions: &[Action]) -> Vec<&'static str> {
        let mut state = world((80, 24));
        for action in actions {
            update(&mut state, Msg::Do(*action));
        }
        topics(&state).into_iter().map(Topic::name).collect()
    }

    #[test]
    fn every_topic_is_on_the_page_with_its_question_or_words() {
        let screens: [&[Action]; 12] = [
            &[],
            &[Action::Left],
            &[Action::Ageing],
            &[Action::Flow],
            &[Action::Times],
            &[Action::Throughput],
            &[Action::Bottleneck],
            &[Action::Forecast],
            &[Action::InProgress],
            &[Action::Finished],
            &[Action::Open],
            &[Action::Sources],
        ];
        for actions in screens {
            for name in of(actions) {
                let told = Topic(name).paragraphs();
                assert!(!told.is_empty(), "{name} is not in docs/metrics.md");
                let asked = told.iter().any(|one| one.label == "Question");
                assert!(asked, "{name} says what it answers");
                let marked = told.iter().any(|one| one.text.contains(['*', '`']));
                assert!(!marked, "{name} has marks of formatting left");
            }
        }
    }

    #[test]
    fn what_the_cursor_stands_on_comes_first() {
        assert_eq!(
            of(&[])[0],
            "Bottleneck",
            "the constraint is selected at first"
        );
        assert_eq!(of(&[Action::Left])[0], "A stage");
        assert_eq!(of(&[Action::InProgress])[0], "Flow load");
        assert_eq!(of(&[Action::Times])[0], "Flow time");
        let home = of(&[]);
        let mut once = home.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), home.len(), "none twice");
    }

    #[test]
    fn the_count_is_that_of_the_screen() {
        let state = world((80, 24));
        let data = state.data.as_ref().unwrap();
        assert_eq!(LOAD.count(data), Some(data.measures.flow.load));
        assert_eq!(FLOW_TIME.count(data), Some(data.points.len() as u64));
        assert_eq!(CUMULATIVE.count(data), None);
    }

    #[test]
    fn formatting_is_taken_off_and_nothing_else() {
        assert_eq!(plain("a **b** `c` [d](#e) [f"), "a b c d [f");
        let table = ["| number | is |", "| --- | --- |", "| load | items in it |"];
        let rows = blocks(&table);
        assert_eq!(rows.len(), 1, "the head of a table says nothing");
        assert_eq!(rows[0], 2..3);
        let row = paragraph(&table[2..]);
        let told = (row.label.as_str(), row.text.as_str(), row.form);
        assert_eq!(told, ("load", "items in it", Form::Row));
        let asked = paragraph(&["**Question.** How long", "does it take?"]);
        assert_eq!(
            (asked.label.as_str(), asked.text.as_str()),
            ("Question", "How long does it take?")
        );
        assert_eq!(filter_told().label, "Filter");
        assert!(
            filter_told()
                .text
                .contains("never changes how a single item is doing")
        );
    }
}
