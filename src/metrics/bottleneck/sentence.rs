//! What a reader is told: what waits and where, how fast work comes and goes, what it costs.

use super::charge::Downstream;
use super::{Case, ENOUGH, Ranked, ratio};
use crate::metrics::flow::count;
use crate::metrics::stages::StageMeasures;
use crate::model::stage::Class;
use crate::model::time::days;

/// Shares below this are not worth a word.
const WORTH_A_WORD: f64 = 0.1;

impl Case<'_> {
    pub(super) fn sentence(self, lead: &Ranked) -> String {
        let at = lead.stage.index();
        let stage = &self.input.stages[at];
        let mut parts = vec![self.queued(at), self.passing(stage), self.costs(lead)];
        parts.extend(self.backs_up(at));
        parts.extend(self.stands_empty(at));
        parts.extend(self.starves(lead));
        format!(
            "{} holds the stream back: {}.",
            stage.name,
            parts.join("; ")
        )
    }

    /// "No constraint stands out", and what comes nearest to one.
    pub(super) fn nothing_stands_out(self, ranking: &[Ranked]) -> String {
        let worth = |ranked: &&Ranked| ranked.score > 0.0;
        let name = |ranked: &Ranked| &self.input.stages[ranked.stage.index()].name;
        let [lead, next] = [ranking.first(), ranking.get(1)].map(|one| one.filter(worth));
        match (lead, next) {
            (Some(lead), Some(next)) if lead.score >= ENOUGH => format!(
                "No constraint stands out: {} and {} hold the stream back alike.",
                name(lead),
                name(next)
            ),
            (Some(lead), _) => format!(
                "No constraint stands out: {} comes nearest; {}.",
                name(lead),
                self.costs(lead)
            ),
            _ => "No constraint stands out: no work waits for a stage in the window.".to_owned(),
        }
    }

    /// "2.1 a day arrive, 1.2 leave"; in whole items where a rate would round to nothing.
    fn passing(self, stage: &StageMeasures) -> String {
        let length = days(self.input.window.seconds()).max(1.0);
        let rates = [stage.arrivals, stage.departures].map(|items| count(items) / length);
        let told = |rate: &f64| *rate >= 0.05;
        if let [arrived, left] = rates
            && rates.iter().all(told)
        {
            return format!("{arrived:.1} a day arrive, {left:.1} leave");
        }
        let (arrived, left) = (stage.arrivals, stage.departures);
        format!("{arrived} arrived and {left} left in {length:.0} d")
    }

    /// "37 items wait in it", or, for an active stage, "36 items wait for it in Ready".
    fn queued(self, at: usize) -> String {
        let queues: Vec<&StageMeasures> = self
            .answers_for(at)
            .filter(|stage| stage.class == Class::Queue)
            .collect();
        let load: u64 = queues.iter().map(|stage| stage.load).sum();
        let now = if load == 0 { " now" } else { "" };
        if self.input.stages[at].class == Class::Queue {
            return format!("{} in it{now}", items(load, "waits", "wait"));
        }
        let names: Vec<&str> = queues.iter().map(|stage| stage.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("{} in it", items(self.input.stages[at].load, "is", "are")),
            names => format!(
                "{} for it in {}{now}",
                items(load, "waits", "wait"),
                names.join(", ")
            ),
        }
    }

    /// "It takes 57 % of all waiting; work waits for it 98 % of the time".
    fn costs(self, ranked: &Ranked) -> String {
        let (waiting, pressure) = (ranked.evidence.waiting, ranked.evidence.pressure);
        let place = match self.input.stages[ranked.stage.index()].class {
            Class::Queue => "in it",
            _ => "for it",
        };
        format!(
            "it takes {:.0} % of all waiting; work waits {place} {:.0} % of the time",
            waiting * 100.0,
            pressure * 100.0
        )
    }

    /// Where stages to the left stand full because of it, how far that reaches.
    fn backs_up(self, at: usize) -> Option<String> {
        let charged = self.charges.waiting(at);
        let reaches = |queue: &usize| {
            let elsewhere = self.charges.answers_for(self.route, *queue) != at;
            let part = ratio(self.charges.waited_in(*queue, at), charged);
            elsewhere && part >= WORTH_A_WORD
        };
        let first = (0..at).find(reaches)?;
        let name = &self.input.stages[first].name;
        Some(format!("work backs up as far as {name}"))
    }

    /// Of a queue: that the stage behind it is not what keeps it waiting.
    fn stands_empty(self, at: usize) -> Option<String> {
        let active = self.route.drains(at)?;
        let (name, share) = (
            &self.input.stages[active].name,
            self.charges.idle(at) * 100.0,
        );
        Some(format!(
            "{name} stands nearly empty for {share:.0} % of that time"
        ))
    }

    fn starves(self, lead: &Ranked) -> Option<String> {
        let after = Downstream::of(self.input, self.route, lead.stage.index())?;
        let starving = lead.evidence.starving;
        let name = &self.input.stages[after.active].name;
        (starving >= 2.0 * WORTH_A_WORD)
            .then(|| format!("{name} starves {:.0} % of the time", starving * 100.0))
    }
}

/// "Nothing waits", "1 item waits", "3 items wait".
fn items(number: u64, one: &str, many: &str) -> String {
    match number {
        0 => format!("nothing {one}"),
        1 => format!("1 item {one}"),
        _ => format!("{number} items {many}"),
    }
}
