//! What of a stream is hardly chance, in words.

use crate::metrics::{Counted, Pattern, StandOut, StreamSummary};
use crate::tui::paint::Run;
use crate::tui::pieces::Piece;
use crate::tui::theme::Role;

/// What stands out of a stream, and what holds it back.
pub(super) fn said(summary: &StreamSummary) -> Vec<Piece<()>> {
    if summary.items == 0 {
        let text = "No item yet, or none that passes the filter: s shows its sources";
        return vec![piece(0, vec![(text.to_owned(), Role::Muted)])];
    }
    let mut pieces = match &summary.stands_out {
        Some(found) => signal(found),
        None => vec![piece(0, vec![(unremarkable(summary), Role::Muted)])],
    };
    if let Some(stage) = &summary.constraint {
        let sign = ("▶ ".to_owned(), Role::Constraint);
        let told = (format!("{stage} holds it back"), Role::Text);
        pieces.push(piece(1, vec![sign, told]));
    }
    pieces
}

fn piece(rank: u8, runs: Vec<Run>) -> Piece<()> {
    Piece {
        runs,
        rank,
        means: (),
    }
}

fn unremarkable(summary: &StreamSummary) -> String {
    let whole = summary.weeks.iter().filter(|week| !week.counts.partial);
    if whole.count() < 11 {
        return "Too few whole weeks to tell a signal from chance".to_owned();
    }
    "No signal: the ups and downs may be chance".to_owned()
}

/// Whether a pattern is good news; what arrives is neither.
pub(super) fn role(found: &StandOut) -> Role {
    match (found.counted, found.above) {
        (Counted::Finished, true) => Role::Good,
        (Counted::Finished, false) => Role::Bad,
        (Counted::Arrived, _) => Role::Warn,
    }
}

/// A pattern in words: which count, how it was lately, how it was before, until when.
fn signal(found: &StandOut) -> Vec<Piece<()>> {
    let (sign, side) = if found.above {
        ("▲", "above")
    } else {
        ("▼", "below")
    };
    let counted = match found.counted {
        Counted::Finished => "finished",
        Counted::Arrived => "arrived",
    };
    let (far, stretch) = match found.pattern {
        Pattern::Outside => ("far ", "one week"),
        Pattern::TwoOfThree => ("far ", "2 of 3 weeks"),
        Pattern::FourOfFive => ("", "4 of 5 weeks"),
        Pattern::EightInARow => ("", "8 weeks in a row"),
    };
    let (lately, usual) = (number(found.lately), number(found.usual));
    let text = format!("{sign} {lately} {counted} a week, {far}{side} the {usual} before");
    let sunday = found.week.monday().map(|monday| monday.plus(6).short());
    let until = sunday.map_or_else(String::new, |sunday| format!("{stretch}, to {sunday}"));
    vec![
        piece(0, vec![(text, role(found))]),
        piece(2, vec![(until, Role::Muted)]),
    ]
}

fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.trim_end_matches(".0").to_owned()
}

#[cfg(test)]
mod tests {
    use super::signal;
    use crate::metrics::{Counted, Pattern, StandOut};
    use crate::model::time::Day;

    #[test]
    fn a_signal_says_what_when_and_against_what() {
        let found = StandOut {
            counted: Counted::Finished,
            week: Day::parse("2026-11-09").unwrap().week(),
            pattern: Pattern::EightInARow,
            above: false,
            lately: 7.125,
            usual: 9.0,
            strength: 4.0,
        };
        let pieces = signal(&found);
        let said: Vec<&str> = pieces.iter().map(|one| one.runs[0].0.as_str()).collect();
        let wanted = [
            "▼ 7.1 finished a week, below the 9 before",
            "8 weeks in a row, to 15 Nov",
        ];
        assert_eq!(said, wanted);
    }
}
