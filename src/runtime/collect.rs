//! `weir collect`: polls for ever, for all who share the history.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::feed::{Feed, poll_for_ever};
use super::live::{engine, names, polling};
use super::notices::Notices;
use super::numbers::note;
use super::poll::Polling;
use super::retain::retain;
use super::signals::{Signal, Signals};
use super::tenure::Part;
use super::{Failure, Request, setup};
use crate::clock::Clock;
use crate::config::Config;
use crate::model::health::{Progress, SourceHealth, SyncPhase};

/// How far a long poll has come is said so often.
const STILL: Duration = Duration::from_secs(10);
/// What need not stay is dropped so often.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Polls every source for ever, each as long as its lease can be had, until a signal ends it. Says
/// on standard error what changes.
///
/// # Errors
/// [`Failure`] if the config cannot be used or the history cannot be opened. A server that is down
/// is waited for.
pub fn collect(request: &Request, clock: &Arc<dyn Clock>) -> Result<(), Failure> {
    let config = setup::config(request)?;
    if config.sources.is_empty() || request.offline {
        return Err(Failure::usage(
            "there is nothing to collect",
            "add a [[sources]] entry, and leave --offline out",
        ));
    }
    engine()?.block_on(async {
        let polling = polling(&config, clock)?;
        first_word(&config, &polling).await?;
        let mut signals = Signals::new()?;
        let refresh = Arc::new(Notify::new());
        tokio::spawn(tell(polling.clone(), polling.board.follow()));
        for source in &config.sources {
            poll_for_ever(&polling, source, (&refresh, Part::Collector));
        }
        tokio::spawn(drop_what_is_over(config.clone(), polling.clone()));
        if config.notices.are_wanted() {
            let feed = Feed::of_history(&polling, names(&config));
            let notices = Notices::by_command(&config, clock);
            tokio::spawn(feed.watched(&config, &polling).tell(notices));
        }
        while signals.next().await != Signal::End {}
        polling.end().await;
        polling.keeper.close().await;
        note("stopped; other collectors may go on");
        Ok(())
    })
}

/// Asks the history for the first time: what only a person can mend is said at once, a server that
/// is down is a state.
///
/// # Errors
/// [`Failure`] with what a person has to mend.
pub(super) async fn first_word(config: &Config, polling: &Polling) -> Result<(), Failure> {
    let (Some(leases), Some(source)) = (&polling.leases, config.sources.first()) else {
        return Ok(());
    };
    match leases.look(&source.name).await {
        Err(error) if !error.is_passing() => Err(error.into()),
        _ => Ok(()),
    }
}

/// Drops what need not stay, now and every day. What goes wrong is said and tried again.
async fn drop_what_is_over(config: Config, polling: Polling) {
    if config.history.retain.is_none() {
        return;
    }
    loop {
        let (config, now) = (config.clone(), polling.clock.now());
        let dropped = tokio::task::spawn_blocking(move || retain(&config, now));
        if let Ok(Err(failure)) = dropped.await {
            note(&format!("history: {}", failure.what));
        }
        tokio::select! {
            () = tokio::time::sleep(DAY) => {}
            () = polling.cancel.cancelled() => return,
        }
    }
}

/// Says what changes on the board, a line each.
async fn tell(polling: Polling, mut board: watch::Receiver<Vec<SourceHealth>>) {
    let idle = |source: &SourceHealth| SourceHealth::idle(source.source.clone());
    let mut before: Vec<SourceHealth> = board.borrow().iter().map(idle).collect();
    let mut said: Vec<Instant> = vec![Instant::now(); before.len()];
    while board.changed().await.is_ok() {
        let now = board.borrow_and_update().clone();
        for ((was, is), said) in before.iter().zip(&now).zip(&mut said) {
            let line = news(was, is).or_else(|| (said.elapsed() >= STILL).then(|| still(is))?);
            if let Some(line) = line {
                *said = Instant::now();
                let at = polling.clock.now().rfc3339();
                note(&format!("{at} {}: {line}", is.source));
            }
        }
        before = now;
    }
}

/// What is new about a source, if it is worth a line.
fn news(was: &SourceHealth, is: &SourceHealth) -> Option<String> {
    trouble_began(was, is)
        .or_else(|| another_polls(was, is))
        .or_else(|| trouble_ended(was, is))
        .or_else(|| own_poll(was, is))
}

fn trouble_began(was: &SourceHealth, is: &SourceHealth) -> Option<String> {
    let new = is.trouble.as_ref()?;
    let known = was.trouble.as_ref().map(|one| &one.what);
    (known != Some(&new.what)).then(|| format!("{}; {}", new.what, new.hint))
}

fn trouble_ended(was: &SourceHealth, is: &SourceHealth) -> Option<String> {
    let ended = was.trouble.is_some() && is.trouble.is_none();
    ended.then(|| "all is well again".to_owned())
}

fn another_polls(was: &SourceHealth, is: &SourceHealth) -> Option<String> {
    match &is.phase {
        SyncPhase::Followed { by: Some(by) } if is.phase != was.phase => {
            Some(format!("{by} polls it; standing by"))
        }
        _ => None,
    }
}

fn own_poll(was: &SourceHealth, is: &SourceHealth) -> Option<String> {
    match (&was.phase, &is.phase) {
        (SyncPhase::Followed { .. } | SyncPhase::Idle { next: None }, SyncPhase::Syncing(_)) => {
            Some("polls it now".to_owned())
        }
        (SyncPhase::Syncing(read), SyncPhase::Idle { .. }) if read.done > 0 => {
            Some(format!("read {} items", read.done))
        }
        _ if was.last_success.is_none() && is.last_success.is_some() => {
            Some("up to date".to_owned())
        }
        _ => None,
    }
}

/// How far a poll has come.
fn still(is: &SourceHealth) -> Option<String> {
    let SyncPhase::Syncing(Progress { done, total }) = is.phase else {
        return None;
    };
    let of = total.map_or_else(String::new, |total| format!(" of {total}"));
    (done > 0).then(|| format!("{done}{of} items so far"))
}

#[cfg(test)]
mod tests {
    use super::{news, still};
    use crate::model::health::{Progress, SourceHealth, SyncPhase, Trouble};
    use crate::model::id::SourceName;
    use crate::model::time::Millis;

    fn health(phase: SyncPhase) -> SourceHealth {
        SourceHealth {
            phase,
            last_success: Some(Millis(1)),
            ..SourceHealth::idle(SourceName::new("tracker"))
        }
    }

    fn by(who: &str) -> SourceHealth {
        let by = Some(who.to_owned());
        health(SyncPhase::Followed { by })
    }

    fn reading(done: u64) -> SourceHealth {
        let total = Some(90);
        health(SyncPhase::Syncing(Progress { done, total }))
    }

    fn line(was: &SourceHealth, is: &SourceHealth) -> String {
        news(was, is).unwrap_or_default()
    }

    #[test]
    fn who_polls_is_said_once() {
        let nobody = health(SyncPhase::Followed { by: None });
        assert_eq!(line(&nobody, &by("a")), "a polls it; standing by");
        assert_eq!(line(&by("a"), &by("a")), "");
        assert_eq!(line(&by("a"), &by("b")), "b polls it; standing by");
        assert_eq!(line(&by("a"), &nobody), "");
        assert_eq!(line(&nobody, &reading(0)), "polls it now");
        assert_eq!(line(&reading(3), &by("b")), "b polls it; standing by");
    }

    #[test]
    fn what_was_read_is_said_and_a_poll_that_found_nothing_is_not() {
        let idle = health(SyncPhase::Idle { next: None });
        assert_eq!(line(&reading(7), &idle), "read 7 items");
        assert_eq!(line(&reading(0), &idle), "");
        let never = SourceHealth {
            last_success: None,
            ..reading(0)
        };
        assert_eq!(line(&never, &idle), "up to date");
        assert_eq!(still(&reading(7)).unwrap(), "7 of 90 items so far");
        assert_eq!(still(&reading(0)), None);
        assert_eq!(still(&idle), None);
    }

    #[test]
    fn a_trouble_is_said_when_it_begins_changes_and_ends() {
        let failing = |what: &str, since| SourceHealth {
            trouble: Some(Trouble {
                since: Millis(since),
                what: what.to_owned(),
                hint: "Wait.".to_owned(),
                next_try: None,
            }),
            ..reading(0)
        };
        let down = failing("it is down", 1);
        assert_eq!(line(&reading(0), &down), "it is down; Wait.");
        assert_eq!(line(&down, &failing("it is down", 2)), "");
        assert_eq!(
            line(&down, &failing("it is wrong", 1)),
            "it is wrong; Wait."
        );
        assert_eq!(line(&down, &reading(0)), "all is well again");
    }
}
