//! Why a stream shows nothing: said in place of "no constraint stands out", which would mislead.

use std::fmt::Write;

use crate::model::time::{Sec, Zone};

use super::bottleneck::Bottleneck;
use super::measure::ItemCounts;
use super::quality::Quality;
use super::stages::StageMeasures;

/// Statuses named at most.
const NAMED: usize = 3;

/// What is known of a stream when its constraint is looked for.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) items: &'a ItemCounts,
    pub(super) quality: &'a Quality,
    pub(super) stages: &'a [StageMeasures],
    pub(super) last_move: Option<Sec>,
    pub(super) zone: &'a Zone,
}

impl Scene<'_> {
    /// Says so in the bottleneck, if it names no constraint.
    pub(super) fn explain(self, bottleneck: &mut Bottleneck) {
        if let Some(why) = self.why().filter(|_| bottleneck.constraint.is_none()) {
            bottleneck.why = why;
        }
    }

    /// One sentence, if there is nothing that a constraint could be found in.
    fn why(self) -> Option<String> {
        let moved = self
            .stages
            .iter()
            .any(|stage| stage.arrivals + stage.departures > 0);
        let waited = self.stages.iter().any(|stage| stage.waiting > 0);
        if self.items.total == 0 {
            Some("There are no items.".to_owned())
        } else if 2 * self.items.unmapped > self.items.total {
            Some(self.unmapped())
        } else if !moved {
            Some(self.still())
        } else if waited {
            None
        } else {
            Some("Nothing waited in this window, as far as the stages say: none is a queue, or none held anything.".to_owned())
        }
    }

    fn unmapped(self) -> String {
        let (unmapped, total) = (self.items.unmapped, self.items.total);
        let mut text = format!("{unmapped} of {total} items are in statuses that no stage maps");
        let names: Vec<&str> = self
            .quality
            .unmapped_statuses
            .keys()
            .map(String::as_str)
            .collect();
        if !names.is_empty() {
            let rest = if names.len() > NAMED { ", …" } else { "" };
            let shown = &names[..names.len().min(NAMED)];
            let _ = write!(text, " ({}{rest})", shown.join(", "));
        }
        text + "; give them a stage."
    }

    fn still(self) -> String {
        let last = self.last_move.map_or(String::new(), |at| {
            format!("; the last move was on {}", self.zone.day_of(at).long())
        });
        format!("Nothing moved in this window{last}.")
    }
}

#[cfg(test)]
mod tests {
    use super::Scene;
    use crate::metrics::{ItemCounts, Quality};
    use crate::model::time::{Sec, Zone};

    fn why(total: u64, unmapped: u64, statuses: &[&str]) -> Option<String> {
        let items = ItemCounts {
            total,
            unmapped,
            ..ItemCounts::default()
        };
        let quality = Quality {
            unmapped_statuses: statuses
                .iter()
                .map(|name| ((*name).to_owned(), 1))
                .collect(),
            ..Quality::default()
        };
        let scene = Scene {
            items: &items,
            quality: &quality,
            stages: &[],
            last_move: Some(Sec(1_338_500_946)),
            zone: &Zone::utc(),
        };
        scene.why()
    }

    #[test]
    fn what_is_missing_is_said() {
        assert_eq!(why(0, 0, &[]).unwrap(), "There are no items.");
        assert_eq!(
            why(9, 9, &["A", "B", "C", "D"]).unwrap(),
            "9 of 9 items are in statuses that no stage maps (A, B, C, …); give them a stage."
        );
        assert_eq!(
            why(9, 0, &[]).unwrap(),
            "Nothing moved in this window; the last move was on Thu 31 May 2012."
        );
    }
}
