//! Leases in a table of the file, by the clock of the machine.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};

use super::error::failure;
use super::{WAIT, open};
use crate::history::HistoryError;
use crate::history::lease::{HasChanged, Lease, Leases, Owner, Report};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// How long a lease holds: long, so that an idle dashboard is seldom woken to take it again. A process
/// of this machine that died leaves it at once.
const SPAN: Duration = Duration::from_secs(90);
/// The present in milliseconds, for SQL.
const NOW: &str = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

/// The leases of a history in an SQLite file. Needs an engine around it.
#[derive(Clone, Debug)]
pub struct SqliteLeases {
    path: PathBuf,
    owner: Owner,
    connection: Arc<Mutex<Connection>>,
}

impl SqliteLeases {
    /// The leases of the history at `path`, taken for `owner`.
    ///
    /// # Errors
    /// [`HistoryError`] if the file cannot be opened to write.
    pub fn open(path: &Path, owner: Owner) -> Result<Self, HistoryError> {
        let path =
            std::path::absolute(path).map_err(|error| HistoryError::from_io(path, &error))?;
        let connection = open::to_write(&path, WAIT)?;
        // A lease need not outlive a power cut, so no write of one waits for the disk.
        connection
            .pragma_update(None, "synchronous", "NORMAL")
            .map_err(|error| failure(&path, &error))?;
        let connection = Arc::new(Mutex::new(connection));
        Ok(Self {
            path,
            owner,
            connection,
        })
    }

    /// What there is to see of the others: how often another connection has changed the file, and
    /// which owners have died. `None` if it cannot be seen now.
    fn seen(&self) -> Option<(i64, Vec<String>)> {
        let connection = self.connection.try_lock().ok()?;
        let version = connection.pragma_query_value(None, "data_version", |row| row.get(0));
        let mut owners = connection.prepare_cached("SELECT owner FROM lease").ok()?;
        let owners = owners.query_map((), |row| row.get(0)).ok()?;
        let owners: Result<Vec<String>, _> = owners.collect();
        let dead = |text: &String| {
            let owner = Owner::from_text(text);
            owner.is_some_and(|owner| has_died(&owner, &self.owner))
        };
        let died = owners.ok()?.into_iter().filter(dead).collect();
        Some((version.ok()?, died))
    }

    /// Does something in one transaction, away from the engine's threads.
    async fn ask(
        &self,
        work: impl FnOnce(&Connection, &Owner) -> rusqlite::Result<Lease> + Send + 'static,
    ) -> Result<Lease, HistoryError> {
        let (own, path) = (self.clone(), self.path.clone());
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = own
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let lease = work(&transaction, &own.owner)?;
            transaction.commit()?;
            Ok::<_, rusqlite::Error>(lease)
        });
        let failed = |why: String| HistoryError::Failed {
            path: path.clone(),
            why,
        };
        match done.await {
            Ok(done) => done.map_err(|error| failure(&path, &error)),
            Err(cut) => Err(failed(cut.to_string())),
        }
    }
}

#[async_trait]
impl Leases for SqliteLeases {
    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn span(&self) -> Duration {
        SPAN
    }

    async fn take(
        &self,
        source: &SourceName,
        patience: Duration,
        report: &Report,
    ) -> Result<Lease, HistoryError> {
        let (source, report) = (source.clone(), report.clone());
        self.ask(move |connection, owner| take(connection, &source, (owner, patience), &report))
            .await
    }

    async fn look(&self, source: &SourceName) -> Result<Lease, HistoryError> {
        let source = source.clone();
        self.ask(move |connection, owner| look(connection, &source, owner).map(|found| found.0))
            .await
    }

    async fn release(&self, source: &SourceName, report: &Report) -> Result<(), HistoryError> {
        let (source, report) = (source.clone(), report.clone());
        self.ask(move |connection, owner| {
            connection
                .prepare_cached(&format!(
                    "UPDATE lease SET expires = {NOW}, read_at = coalesce(?3, read_at),
                         failing_since = ?4, failing = ?5
                     WHERE source = ?1 AND owner = ?2 AND expires > {NOW}"
                ))?
                .execute((
                    source.as_str(),
                    owner.to_text(),
                    report.read.map(|at| at.0),
                    report.failing.as_ref().map(|(since, _)| since.0),
                    report.failing.as_ref().map(|(_, why)| why),
                ))?;
            look(connection, &source, owner).map(|found| found.0)
        })
        .await
        .map(drop)
    }

    fn lives(&self, owner: &Owner) -> bool {
        owner.process_beside(&self.owner).is_some() && !has_died(owner, &self.owner)
    }

    async fn news(&self) {
        std::future::pending::<()>().await;
    }

    fn changes(&self) -> Option<HasChanged> {
        let own = self.clone();
        let mut last = own.seen();
        Some(Box::new(move || {
            let now = own.seen();
            std::mem::replace(&mut last, now) != last
        }))
    }
}

/// Whether an owner holds the lease of a source.
pub(super) fn is_held(
    connection: &Connection,
    source: &SourceName,
    owner: &Owner,
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM lease
             WHERE source = ?1 AND owner = ?2 AND expires > {NOW})"
        ))?
        .query_row((source.as_str(), owner.to_text()), |row| row.get(0))
}

fn take(
    connection: &Connection,
    source: &SourceName,
    (owner, patience): (&Owner, Duration),
    report: &Report,
) -> rusqlite::Result<Lease> {
    let (lease, free) = look(connection, source, owner)?;
    let waited = free.is_none_or(|free| free >= patience);
    if matches!(lease, Lease::Theirs { .. }) || matches!(lease, Lease::Nobodys(_)) && !waited {
        return Ok(lease);
    }
    connection
        .prepare_cached(&format!(
            "INSERT INTO lease (source, owner, expires, read_at, failing_since, failing)
             VALUES (?1, ?2, {NOW} + ?3, ?4, ?5, ?6)
             ON CONFLICT (source) DO UPDATE SET owner = excluded.owner, expires = excluded.expires,
                 read_at = coalesce(excluded.read_at, lease.read_at),
                 failing_since = excluded.failing_since, failing = excluded.failing"
        ))?
        .execute((
            source.as_str(),
            owner.to_text(),
            i64::try_from(SPAN.as_millis()).unwrap_or(i64::MAX),
            report.read.map(|at| at.0),
            report.failing.as_ref().map(|(since, _)| since.0),
            report.failing.as_ref().map(|(_, why)| why),
        ))?;
    Ok(Lease::Mine)
}

/// Who holds a lease; and how long it is free already, if another ever held it.
fn look(
    connection: &Connection,
    source: &SourceName,
    own: &Owner,
) -> rusqlite::Result<(Lease, Option<Duration>)> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT owner, expires - {NOW}, read_at, failing_since, failing FROM lease
             WHERE source = ?1"
        ))?
        .query_row([source.as_str()], |row| {
            let owner = Owner::from_text(row.get_ref(0)?.as_str()?);
            Ok((owner, row.get::<_, i64>(1)?, report(row)?))
        })
        .optional()?;
    let Some((owner, left, report)) = found else {
        return Ok((Lease::Nobodys(Report::default()), None));
    };
    let span = |millis: i64| Duration::from_millis(millis.try_into().unwrap_or_default());
    Ok(match owner {
        Some(owner) if owner == *own && left > 0 => (Lease::Mine, None),
        Some(owner) if owner == *own => (Lease::Nobodys(report), None),
        // One that lives takes its lease again after a quarter: this one was dead by then.
        Some(owner) if has_died(&owner, own) => {
            let due = i64::try_from(SPAN.as_millis() / 4 * 3).unwrap_or_default();
            (Lease::Nobodys(report), Some(span(due - left)))
        }
        Some(owner) if left > 0 => {
            let left = span(left);
            let theirs = Lease::Theirs {
                owner,
                left,
                report,
            };
            (theirs, None)
        }
        _ => (Lease::Nobodys(report), Some(span(-left))),
    })
}

fn report(row: &Row<'_>) -> rusqlite::Result<Report> {
    let since: Option<i64> = row.get(3)?;
    let why: Option<String> = row.get(4)?;
    Ok(Report {
        read: row.get::<_, Option<i64>>(2)?.map(Millis),
        failing: since.map(Millis).zip(why),
    })
}

/// Whether an owner was a process of this machine that is no more.
#[cfg(unix)]
fn has_died(owner: &Owner, own: &Owner) -> bool {
    let process = owner.process_beside(own);
    let process = process.and_then(|process| i32::try_from(process).ok());
    let process = process.and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| {
        rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
    })
}

/// Only Unix is asked whether a process lives.
#[cfg(not(unix))]
fn has_died(_: &Owner, _: &Owner) -> bool {
    false
}
