//! Leases in a table of the server, by its clock; and its bell, by which others hear of news.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Row};

use super::connect::Server;
use super::error::Broken;
use super::text::{stored, told};
use super::{BELL, PATIENCE};
use crate::history::HistoryError;
use crate::history::lease::{Lease, Leases, Owner, Report};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// How long a lease holds: another takes over so much later, at most.
const SPAN: Duration = Duration::from_secs(6);
/// Without a word from the server the history is looked at so often.
const FALLBACK: Duration = Duration::from_secs(5);

/// The leases of a history on a PostgreSQL server. Needs an engine around it. It connects when it
/// is needed, and again when the connection was cut.
#[derive(Debug)]
pub struct PostgresLeases {
    server: Server,
    owner: Owner,
    session: Mutex<Option<Arc<Client>>>,
    bell: Arc<Notify>,
}

impl PostgresLeases {
    /// The leases of `server`, taken for `owner`.
    pub fn new(server: Server, owner: Owner) -> Self {
        Self {
            server,
            owner,
            session: Mutex::new(None),
            bell: Arc::new(Notify::new()),
        }
    }

    async fn session(&self) -> Result<Arc<Client>, Broken> {
        let mut session = self.session.lock().await;
        if let Some(client) = session.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let client = self.server.connect(Some(&self.bell)).await?;
        // Some servers know no bells; then there is the fallback.
        let _ = client.batch_execute(&format!("LISTEN {BELL}")).await;
        // What was said before nobody heard.
        self.bell.notify_one();
        let client = Arc::new(client);
        *session = Some(Arc::clone(&client));
        Ok(client)
    }

    async fn ask<T>(
        &self,
        work: impl AsyncFnOnce(Arc<Client>) -> Result<T, Broken>,
    ) -> Result<T, HistoryError> {
        let done = match self.session().await {
            Ok(client) => timeout(PATIENCE, work(client))
                .await
                .unwrap_or(Err(Broken::Late)),
            Err(error) => Err(error),
        };
        if done.as_ref().is_err_and(Broken::is_cut) {
            self.session.lock().await.take();
        }
        done.map_err(|error| error.told(&self.server.url.to_string()))
    }
}

#[async_trait]
impl Leases for PostgresLeases {
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
        let owner = self.owner.to_text();
        self.ask(
            async |client| match take(&client, source, (&owner, patience), report).await {
                Ok(true) => Ok(Lease::Mine),
                Ok(false) => look(&client, source, &self.owner).await,
                Err(error) if error.is_forbidden() => look(&client, source, &self.owner).await,
                Err(error) => Err(error),
            },
        )
        .await
    }

    async fn look(&self, source: &SourceName) -> Result<Lease, HistoryError> {
        self.ask(async |client| look(&client, source, &self.owner).await)
            .await
    }

    async fn release(&self, source: &SourceName, report: &Report) -> Result<(), HistoryError> {
        let (name, owner) = (source.as_str(), self.owner.to_text());
        let (read, since, why) = columns(report);
        self.ask(async |client| {
            client
                .execute_typed(
                    "UPDATE weir.lease SET expires = clock_timestamp(),
                         read_at = coalesce($3, read_at), failing_since = $4, failing = $5
                     WHERE source = $1 AND owner = $2 AND expires > clock_timestamp()",
                    &[
                        (&name, Type::TEXT),
                        (&owner, Type::TEXT),
                        (&read, Type::INT8),
                        (&since, Type::INT8),
                        (&why, Type::TEXT),
                    ],
                )
                .await?;
            Ok(())
        })
        .await
    }

    async fn news(&self) {
        let heard = async {
            // Without a session there is nobody to ring.
            let _ = self.session().await;
            self.bell.notified().await;
        };
        let _ = timeout(FALLBACK, heard).await;
    }
}

/// Takes a lease that is free or our own; whether it is ours now.
async fn take(
    client: &Client,
    source: &SourceName,
    (owner, patience): (&str, Duration),
    report: &Report,
) -> Result<bool, Broken> {
    let (name, span, patience) = (source.as_str(), SPAN.as_secs_f64(), patience.as_secs_f64());
    let (read, since, why) = columns(report);
    let rows = client
        .execute_typed(
            "INSERT INTO weir.lease AS held (source, owner, expires, read_at, failing_since, failing)
             VALUES ($1, $2, clock_timestamp() + $3 * interval '1 second', $5, $6, $7)
             ON CONFLICT (source) DO UPDATE SET owner = excluded.owner, expires = excluded.expires,
                 read_at = coalesce(excluded.read_at, held.read_at),
                 failing_since = excluded.failing_since, failing = excluded.failing
             WHERE held.owner = excluded.owner
                 OR held.expires <= clock_timestamp() - $4 * interval '1 second'",
            &[
                (&name, Type::TEXT),
                (&owner, Type::TEXT),
                (&span, Type::FLOAT8),
                (&patience, Type::FLOAT8),
                (&read, Type::INT8),
                (&since, Type::INT8),
                (&why, Type::TEXT),
            ],
        )
        .await?;
    Ok(rows > 0)
}

/// A report as it is stored: `read_at`, `failing_since`, failing.
fn columns(report: &Report) -> (Option<i64>, Option<i64>, Option<Cow<'_, str>>) {
    let failing = report.failing.as_ref();
    let (since, why) = failing.map(|(since, why)| (since.0, stored(why))).unzip();
    (report.read.map(|at| at.0), since, why)
}

async fn look(client: &Client, source: &SourceName, own: &Owner) -> Result<Lease, Broken> {
    let name = source.as_str();
    let rows = client
        .query_typed(
            "SELECT owner, CAST(EXTRACT(EPOCH FROM expires - clock_timestamp()) AS FLOAT8),
                 read_at, failing_since, failing
             FROM weir.lease WHERE source = $1",
            &[(&name, Type::TEXT)],
        )
        .await?;
    let Some(row) = rows.first() else {
        return Ok(Lease::Nobodys(Report::default()));
    };
    let (owner, left): (&str, f64) = (row.try_get(0)?, row.try_get(1)?);
    let report = report(row)?;
    let left = Duration::try_from_secs_f64(left).unwrap_or_default();
    Ok(match Owner::from_text(owner) {
        _ if left.is_zero() => Lease::Nobodys(report),
        Some(owner) if owner == *own => Lease::Mine,
        Some(owner) => Lease::Theirs {
            owner,
            left,
            report,
        },
        None => Lease::Nobodys(report),
    })
}

fn report(row: &Row) -> Result<Report, Broken> {
    let since: Option<i64> = row.try_get(3)?;
    let why: Option<&str> = row.try_get(4)?;
    Ok(Report {
        read: row.try_get::<_, Option<i64>>(2)?.map(Millis),
        failing: since
            .zip(why)
            .map(|(since, why)| (Millis(since), told(why))),
    })
}
