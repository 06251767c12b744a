//! Dropping whole items that were over long ago, where the config says for how long they stay.

use super::{Failure, numbers, sources};
use crate::config::Config;
use crate::history::History;
use crate::model::batch::{ItemHistory, StatusName};
use crate::model::event::Change;
use crate::model::id::SourceName;
use crate::model::stage::Class;
use crate::model::stream::{Place, Stream};
use crate::model::time::Millis;

/// Drops what `[history] retain` lets go, and says so; nothing without that setting.
///
/// # Errors
/// [`Failure`] if the history cannot be opened or written.
pub(super) fn retain(config: &Config, now: Millis) -> Result<(), Failure> {
    let Some(retain) = config.history.retain else {
        return Ok(());
    };
    let mut history = sources::open_history(config)?;
    let mut statuses = Vec::new();
    for source in &config.sources {
        statuses.push((source.name.clone(), history.statuses(&source.name)?));
    }
    let dropped = drop_over(
        history.as_mut(),
        &config.streams,
        &statuses,
        retain.before(now),
    )?;
    if dropped > 0 {
        // What is dropped is to be kept nowhere; the next start makes the file anew.
        let _ = sources::snapshot_file(config).map(|file| file.remove());
        numbers::note(&format!(
            "history: {dropped} items that were over before then are dropped"
        ));
    }
    Ok(())
}

type Statuses = [(SourceName, Vec<StatusName>)];

fn drop_over(
    history: &mut dyn History,
    streams: &[Stream],
    statuses: &Statuses,
    before: Millis,
) -> Result<u64, Failure> {
    let is_over =
        |source: &SourceName, item: &ItemHistory| is_over(streams, statuses, source, item);
    Ok(history.drop_items(before, &is_over)?)
}

/// Whether every stream that knows the item's last status takes it for done or cancelled, and one
/// does; or the tracker deleted it. A stream whose stages are inferred lets nothing go, nor do links:
/// one artefact alone does not say that the item it is a part of is over.
fn is_over(
    streams: &[Stream],
    statuses: &Statuses,
    source: &SourceName,
    item: &ItemHistory,
) -> bool {
    let mut links = streams.iter().flat_map(|stream| &stream.links);
    if links.any(|link| link.from == *source || link.to == *source) {
        return false;
    }
    if item
        .events
        .last()
        .is_some_and(|event| event.change == Change::Deleted)
    {
        return true;
    }
    let status = item
        .events
        .iter()
        .rev()
        .find_map(|event| match &event.change {
            Change::Moved { to } => Some(to),
            Change::Created { status } => status.as_ref(),
            _ => None,
        });
    let Some(status) = status else {
        return false;
    };
    let own = statuses.iter().find(|(of, _)| of == source);
    let name = own.and_then(|(_, names)| names.iter().find(|one| one.id == *status));
    let name = name.map_or(status, |one| &one.name);
    let mut places = streams.iter().filter_map(|stream| {
        let place = stream.place_of(source.as_str(), name)?;
        Some(match place {
            Place::Cancelled => true,
            Place::Stage(stage) => stream.stage(stage).class == Class::Done,
        })
    });
    let first = places.next();
    first == Some(true) && places.all(|over| over)
}

#[cfg(test)]
mod tests {
    use super::{drop_over, is_over};
    use crate::history::{History, Position, Sqlite};
    use crate::model::batch::{Batch, ItemHistory, StatusName};
    use crate::model::event::{Change, Event};
    use crate::model::id::SourceName;
    use crate::model::link::LinkRule;
    use crate::model::stage::{Class, Phase};
    use crate::model::stream::{Stage, StatusPattern, Stream};
    use crate::model::time::Millis;

    fn stream() -> Stream {
        let stage = |name: &str, class| Stage {
            name: name.to_owned(),
            phase: Phase::Create,
            class,
            statuses: vec![StatusPattern::any_source(name)],
            owner: None,
            limit: None,
            sle: None,
            stale_after: None,
        };
        Stream {
            cancelled: vec![StatusPattern::any_source("Dropped")],
            stages: vec![stage("Doing", Class::Active), stage("Done", Class::Done)],
            ..Stream::bare("work")
        }
    }

    fn item(name: &str, status: &str) -> ItemHistory {
        let event = |seq: u64, change| Event {
            id: seq.to_string(),
            at: Millis(1_000),
            seq,
            approximate: false,
            change,
        };
        let created = Change::Created {
            status: Some("1".to_owned()),
        };
        let to = status.to_owned();
        ItemHistory {
            item: name.to_owned(),
            replace: false,
            events: vec![event(0, created), event(1, Change::Moved { to })],
        }
    }

    fn statuses() -> Vec<(SourceName, Vec<StatusName>)> {
        let named = |(id, name): (&str, &str)| StatusName {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let names = [
            ("1", "Doing"),
            ("2", "Done"),
            ("3", "Dropped"),
            ("4", "Odd"),
        ];
        vec![(SourceName::new("tracker"), names.map(named).to_vec())]
    }

    #[test]
    fn only_what_is_done_or_cancelled_is_over() {
        let over = |status: &str| {
            is_over(
                &[stream()],
                &statuses(),
                &SourceName::new("tracker"),
                &item("1", status),
            )
        };
        assert!(over("2") && over("3"));
        assert!(!over("1") && !over("4"));
        let none = is_over(
            &[],
            &statuses(),
            &SourceName::new("tracker"),
            &item("1", "2"),
        );
        assert!(
            !none,
            "without a described stream nothing is known to be over"
        );
    }

    #[test]
    fn what_is_linked_stays() {
        let (tracker, code) = (SourceName::new("tracker"), SourceName::new("code"));
        let linked = Stream {
            links: vec![LinkRule::told(&code, &tracker)],
            ..stream()
        };
        let over = |streams: &[Stream]| is_over(streams, &statuses(), &tracker, &item("1", "2"));
        assert!(over(&[stream()]));
        assert!(!over(&[stream(), linked]));
    }

    #[test]
    fn old_finished_items_go_whole_and_open_ones_stay() {
        let mut history = Sqlite::in_memory().unwrap();
        let batch = Batch {
            statuses: statuses()[0].1.clone(),
            items: vec![item("open", "1"), item("over", "2")],
            ..Batch::empty(SourceName::new("tracker"))
        };
        history.append(&batch).unwrap();
        let streams = [stream()];
        let before = drop_over(&mut history, &streams, &statuses(), Millis(500)).unwrap();
        assert_eq!(before, 0, "nothing is that old");
        let dropped = drop_over(&mut history, &streams, &statuses(), Millis(5_000)).unwrap();
        assert_eq!(dropped, 1);
        let mut left = Vec::new();
        history
            .read(Position(0), &mut |_, item| left.push(item.item))
            .unwrap();
        assert_eq!(left, ["open"]);
    }
}
