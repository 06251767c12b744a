//! Why the four clocks give different answers, and what an item has left, in words.

use crate::metrics::{ClockAnswer, DaysLeft, Story};
use crate::model::stage::ClockRule;
use crate::model::time::{Zone, days};

/// One sentence on why the clock rules agree or differ for an item.
pub fn why_clocks_differ(story: &Story, zone: &Zone) -> String {
    let answer = |rule: ClockRule| story.clocks.iter().find(|answer| answer.rule == rule);
    let (Some(last), Some(first), Some(sum), Some(created)) = (
        answer(ClockRule::LastCrossing),
        answer(ClockRule::FirstStart),
        answer(ClockRule::SumInProgress),
        answer(ClockRule::CreatedToDone),
    ) else {
        return String::new();
    };
    let mut reasons = Vec::new();
    reasons.extend(went_back(last, first, zone));
    reasons.extend(left_out(first, sum));
    reasons.extend(before_commitment(first, created));
    if !reasons.is_empty() {
        return format!("They differ: {}.", reasons.join("; "));
    }
    match last.started {
        Some(_) => "All clocks agree: committed once, never left the committed stages.".to_owned(),
        None => "No clock runs: the item has not been committed.".to_owned(),
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

fn went_back(last: &ClockAnswer, first: &ClockAnswer, zone: &Zone) -> Option<String> {
    match (last.started, first.started) {
        (Some(again), Some(once)) if again > once => {
            let (once, again) = (zone.day_of(once), zone.day_of(again));
            let (first, second) = if once.same_year(again) {
                (once.short(), again.short())
            } else {
                (once.with_year(), again.with_year())
            };
            Some(format!(
                "after its first start on {first} it went back to the backlog, so {} counts anew \
                 from {second}",
                last.rule,
            ))
        }
        (None, Some(_)) => Some(format!(
            "it went back to the backlog, so for {} it has not started",
            last.rule
        )),
        _ => None,
    }
}

fn left_out(first: &ClockAnswer, sum: &ClockAnswer) -> Option<String> {
    let outside = first.elapsed? - sum.elapsed?;
    (outside > 0).then(|| {
        format!(
            "{} leaves out {} d in which it was in no committed stage",
            sum.rule,
            rounded(outside)
        )
    })
}

fn before_commitment(first: &ClockAnswer, created: &ClockAnswer) -> Option<String> {
    let before = first.started?.since(created.started?);
    (before > 0).then(|| {
        format!(
            "{} also counts the {} d before it was committed",
            created.rule,
            rounded(before)
        )
    })
}

fn rounded(seconds: i64) -> String {
    format!("{:.1}", days(seconds))
}

#[cfg(test)]
mod tests {
    use super::{days_left_told, why_clocks_differ};
    use crate::metrics::{ClockAnswer, DaysLeft, Spent, Story};
    use crate::model::id::ItemIx;
    use crate::model::stage::{ClockRule, State};
    use crate::model::time::{Sec, Zone};

    fn story(answers: [(u32, i64); 4]) -> Story {
        let clock = |(rule, (day, length)): (ClockRule, (u32, i64))| ClockAnswer {
            rule,
            started: Some(Sec(day * 86_400)),
            finished: None,
            elapsed: Some(length * 86_400),
            spent: Spent::default(),
        };
        Story {
            item: ItemIx(0),
            as_of: Sec(0),
            state: State::InProgress,
            kind: None,
            status: None,
            visits: Vec::new(),
            blocks: Vec::new(),
            clocks: ClockRule::ALL.into_iter().zip(answers).map(clock).collect(),
            named_clocks: Vec::new(),
        }
    }

    #[test]
    fn the_sentence_names_each_reason() {
        let zone = Zone::utc();
        let all = why_clocks_differ(&story([(20, 7), (2, 25), (2, 14), (1, 26)]), &zone);
        assert_eq!(
            all,
            "They differ: after its first start on 3 Jan it went back to the backlog, so \
             last-crossing counts anew from 21 Jan; sum-in-progress leaves out 11.0 d in which it \
             was in no committed stage; created-to-done also counts the 1.0 d before it was \
             committed."
        );
        let long = why_clocks_differ(&story([(400, 7), (2, 25), (2, 14), (1, 26)]), &zone);
        assert!(
            long.contains("on 3 Jan 1970 it went back") && long.contains("from 5 Feb 1971;"),
            "{long}"
        );
        let same = why_clocks_differ(&story([(2, 7), (2, 7), (2, 7), (2, 7)]), &zone);
        assert!(same.starts_with("All clocks agree"));
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
