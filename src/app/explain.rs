//! Why the four clocks give different answers, and what an item has left, in words.

use crate::metrics::{DaysLeft, Story};
use crate::model::stage::{ClockRule, State};
use crate::model::time::{Sec, Zone, days};
use crate::model::timeline::Position;

/// So many times are told one by one.
const TOLD: usize = 4;

/// One sentence on why the clock rules agree or differ for an item: which time they count otherwise,
/// and which move began it. `place` names a position.
pub fn why_clocks_differ(story: &Story, place: impl Fn(Position) -> String, zone: &Zone) -> String {
    let account = &story.account;
    let told = ClockRule::ALL.map(|rule| account.elapsed(rule));
    if told == [None; 4] {
        return no_clock(story).to_owned();
    }
    let (apart, more) = account.apart(TOLD);
    let mut reasons: Vec<String> = apart
        .into_iter()
        .map(|one| one.told(&place, |at| day(at, story, zone)))
        .collect();
    if more > 0 {
        reasons.push(format!("{more} shorter times beside them"));
    }
    reasons.extend(silent(told).map(str::to_owned));
    if reasons.is_empty() {
        return "All clocks agree: committed once, never left the committed stages.".to_owned();
    }
    format!("They differ: {}.", reasons.join("; "))
}

fn no_clock(story: &Story) -> &'static str {
    let begun = story
        .clocks
        .iter()
        .any(|one| one.rule == ClockRule::FirstStart && one.started.is_some());
    match story.state {
        State::Cancelled => "No clock has an answer: the item was cancelled.",
        State::Deleted => "No clock has an answer: the item is out of the stream.",
        State::Done => "No clock has an answer: the item was created in done.",
        _ if begun => "No clock runs: the item went back to the backlog.",
        _ => "No clock runs: the item has not been committed.",
    }
}

/// The day, with its year where that is not the one it is seen from.
fn day(at: Sec, story: &Story, zone: &Zone) -> String {
    let (day, seen) = (zone.day_of(at), zone.day_of(story.as_of));
    if day.same_year(seen) {
        day.short()
    } else {
        day.with_year()
    }
}

/// Why some rules say nothing while others do.
fn silent([last, first, ..]: [Option<i64>; 4]) -> Option<&'static str> {
    match (last, first) {
        (None, None) => Some("the others say nothing, as it was never committed"),
        (None, Some(_)) => Some(
            "last-crossing says nothing, as it was closed from the backlog without being begun anew",
        ),
        _ => None,
    }
}

/// One sentence on how long an item in progress may still take.
pub fn days_left_told(left: DaysLeft) -> String {
    let told = |value: Option<i64>| value.map(rounded);
    match (told(left.p50), told(left.p85)) {
        (Some(p50), Some(p85)) => format!(
            "Left, going by {} items that came here as young and grew older: {p50} d in half of \
             the cases, at most {p85} d in 85 %.",
            left.n
        ),
        (Some(p50), None) => format!(
            "Left, going by {} items that came here as young and grew older: {p50} d in half of \
             the cases; for 85 % {}.",
            left.n,
            left.reason()
        ),
        (None, _) => format!("Left: not known, {} (n {}).", left.reason(), left.n),
    }
}

fn rounded(seconds: i64) -> String {
    format!("{:.1}", days(seconds))
}

#[cfg(test)]
mod tests {
    use super::{days_left_told, why_clocks_differ};
    use crate::metrics::{DaysLeft, story};
    use crate::model::id::ItemIx;
    use crate::model::time::{DAY_SECS, Sec, Zone};
    use crate::model::timeline::Position;

    /// The stages are Backlog, Ready, Build and Done; day 0 is 1970-01-01.
    fn why(moves: &[(i64, &str)], as_of: i64) -> String {
        let snapshot = crate::metrics::board(moves);
        let as_of = Sec(u32::try_from(as_of * DAY_SECS).unwrap());
        let story = story(&snapshot, 0, ItemIx(0), as_of).unwrap();
        let stream = snapshot.streams()[0].stream();
        let place = |at: Position| match at {
            Position::Stage(stage) => stream.stage(stage).name.clone(),
            other => format!("{other:?}").to_lowercase(),
        };
        why_clocks_differ(&story, place, &Zone::utc())
    }

    #[test]
    fn the_sentence_names_each_time_and_the_move_that_began_it() {
        let moves = [
            (1, "Backlog"),
            (2, "Build"),
            (5, "Ready"),
            (10, "Backlog"),
            (20, "Build"),
            (24, "Done"),
            (25, "Build"),
            (27, "Done"),
        ];
        assert_eq!(
            why(&moves, 30),
            "They differ: 1.0 d before it was committed (2 Jan, created in Backlog) count only for \
             created-to-done; 8.0 d of earlier work, before it went back (3 Jan, Backlog → Build) \
             count for all but last-crossing; 10.0 d back in the backlog (11 Jan, Ready → Backlog) \
             count for first-start and created-to-done; 1.0 d in done, before it was reopened \
             (25 Jan, Build → Done) count for all but sum-in-progress."
        );
        assert!(why(&moves, 400).contains("(2 Jan 1970, created"));
    }

    #[test]
    fn where_all_agree_or_none_runs_it_is_said() {
        let same = why(&[(2, "Build"), (5, "Ready"), (9, "Done")], 30);
        assert!(same.starts_with("All clocks agree"), "{same}");
        let none = [
            (&[(1, "Backlog")][..], "has not been committed"),
            (&[(1, "Done")], "created in done"),
            (&[(1, "Build"), (4, "Cancelled")], "was cancelled"),
            (&[(1, "Build"), (4, "Backlog")], "went back to the backlog"),
        ];
        for (moves, said) in none {
            let why = why(moves, 30);
            assert!(why.starts_with("No clock") && why.contains(said), "{why}");
        }
    }

    #[test]
    fn a_clock_without_an_answer_says_why() {
        let closed = why(&[(1, "Build"), (4, "Backlog"), (9, "Done")], 30);
        assert!(
            closed.contains("; last-crossing says nothing, as it was closed from"),
            "{closed}"
        );
        let never = why(&[(1, "Backlog"), (9, "Done")], 30);
        assert!(never.contains("; the others say nothing"), "{never}");
    }

    #[test]
    fn many_times_are_told_by_the_longest() {
        let to = |day: i64| (day, if day % 2 == 0 { "Build" } else { "Done" });
        let moves: Vec<(i64, &str)> = (0..15).map(to).collect();
        let why = why(&moves, 30);
        assert!(why.ends_with("; 3 shorter times beside them."), "{why}");
    }

    #[test]
    fn what_is_left_is_told_with_its_ground_or_why_not() {
        let told = |n, p50: Option<i64>, p85: Option<i64>| {
            let [p50, p85] = [p50, p85].map(|days| days.map(|days| days * 86_400));
            days_left_told(DaysLeft { n, p50, p85 })
        };
        let known = told(34, Some(3), Some(9));
        assert!(known.contains("34 items") && known.contains("3.0 d in half"));
        assert!(known.ends_with("at most 9.0 d in 85 %."), "{known}");
        assert!(told(12, Some(3), None).contains("for 85 % too many"));
        assert!(told(9, None, None).contains("not known, fewer than 10"));
    }
}
