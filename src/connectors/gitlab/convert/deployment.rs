//! What a deployment went through.

use super::super::super::record::Record;
use super::super::super::story::{Moment, Tale, Turn};
use super::Detail;
use crate::model::batch::StatusName;
use crate::model::event::Change;
use crate::model::time::Millis;

/// Before it runs.
const CREATED: &str = "created";

/// While it runs.
const RUNNING: &str = "running";

/// Its statuses: created, running from the start of its job, and how it ended. Returns those met.
pub(super) fn tell(detail: &Detail, updated: Millis, tale: &mut Tale) -> Vec<StatusName> {
    let row = &detail.row;
    let now = row.text("status").unwrap_or_else(|| CREATED.to_owned());
    let started = row.instant("deployable.started_at");
    let ended = row
        .instant("finished_at")
        .or_else(|| row.instant("deployable.finished_at"));
    let mut moves = Vec::new();
    let runs = started.or_else(|| (now == RUNNING).then_some(updated));
    if let (Some(at), true) = (runs, now != CREATED) {
        moves.push(("started", at, RUNNING));
    }
    if now != CREATED && now != RUNNING {
        moves.push(("ended", ended.unwrap_or(updated), now.as_str()));
    }
    let turns: Vec<Turn> = (1..)
        .zip(&moves)
        .map(|(number, (id, at, to))| Turn {
            moment: Moment::part(*id, *at, number, 0),
            old: Some(CREATED.to_owned()),
            new: Some((*to).to_owned()),
        })
        .collect();
    tale.statuses(Some(&now), &turns, updated);
    let is_told = if now == RUNNING { started } else { ended };
    if is_told.is_none() && !turns.is_empty() {
        tale.is_approximate();
    }
    let environment = row.text("environment.name");
    if let (Some(environment), "success", Some(end)) = (environment, now.as_str(), turns.last()) {
        let moment = Moment {
            id: "deployed".to_owned(),
            seq: end.moment.seq + 1,
            ..end.moment
        };
        tale.happened(&moment, Change::Deployed { environment });
    }
    named(&[CREATED, RUNNING, &now])
}

fn named(names: &[&str]) -> Vec<StatusName> {
    let names = names.iter();
    names
        .map(|name| StatusName {
            id: (*name).to_owned(),
            name: (*name).to_owned(),
        })
        .collect()
}
