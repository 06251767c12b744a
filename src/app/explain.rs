//! Why the four clocks give different answers, in words.

use crate::metrics::{ClockAnswer, Story};
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
    let before = match (first.elapsed, created.elapsed) {
        (Some(own), Some(whole)) => whole - own,
        _ => first.started?.since(created.started?),
    };
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
    use super::why_clocks_differ;
    use crate::metrics::{ClockAnswer, Spent, Story};
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
}
