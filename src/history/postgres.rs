//! The history in a database of a PostgreSQL server, shared by everyone who can reach it.
//!
//! It connects when it is first asked, and again when the connection was cut: a server that is down
//! is an error of each call until it is back. Everything it needs of PostgreSQL is plain SQL, so
//! that engines that speak its protocol can take its place.

mod connect;
mod error;
mod event;
mod lease;
mod promise;
mod read;
mod schema;
mod status;
mod text;
mod tls;
mod write;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::{Client, Transaction};

pub use connect::{Password, Server};
use error::Broken;
pub use lease::PostgresLeases;
use read::{Gathered, ItemRow, Rows};

use super::{Appended, History, HistoryError, Mark, Owner, Position, ServerFault};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::id::SourceName;
use crate::model::promise::Promise;
use crate::model::time::Millis;

/// How long to wait for an answer before giving up.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a transaction that the server takes back is begun.
const TRIES: u32 = 6;
/// The channel on which every change is told.
const BELL: &str = "weir";

/// A history on a PostgreSQL server. Its calls block and must not be made from within an engine.
pub struct Postgres {
    server: Server,
    /// Carries the connection while a call waits; made with the first.
    engine: Option<Runtime>,
    session: Option<Client>,
    fences: HashMap<SourceName, Owner>,
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({})", self.server.url)
    }
}

impl Drop for Postgres {
    /// Without waiting for what the engine does, such as looking a name up.
    fn drop(&mut self) {
        self.session = None;
        if let Some(engine) = self.engine.take() {
            engine.shutdown_background();
        }
    }
}

/// What is called for each item.
type Each<'a> = &'a mut dyn FnMut(&SourceName, ItemRow, ItemHistory);

impl Postgres {
    /// The history of `server`; nobody is asked yet.
    pub fn new(server: Server) -> Self {
        Self {
            server,
            engine: None,
            session: None,
            fences: HashMap::new(),
        }
    }

    /// Does something with a session. One that is of no use any more is given up.
    fn act<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Client) -> Result<T, Broken>,
    ) -> Result<T, HistoryError> {
        let done = self.try_act(work);
        if done.as_ref().is_err_and(Broken::is_cut) {
            self.session = None;
        }
        done.map_err(|error| error.told(&self.server.url.to_string()))
    }

    fn try_act<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut Client) -> Result<T, Broken>,
    ) -> Result<T, Broken> {
        let engine = match &mut self.engine {
            Some(engine) => engine,
            none => none.insert(engine()?),
        };
        let (server, session) = (&self.server, &mut self.session);
        engine.block_on(async {
            let client = session_with(server, session).await?;
            let done = timeout(PATIENCE, work(client)).await;
            done.unwrap_or(Err(Broken::Late))
        })
    }

    /// Changes something of a source in one transaction, if its lease allows it.
    fn change<T>(
        &mut self,
        source: &SourceName,
        work: &impl AsyncFn(&Transaction<'_>) -> Result<T, Broken>,
    ) -> Result<T, HistoryError> {
        let owner = self.fences.get(source).cloned();
        self.within(&async |transaction| {
            let done = work(transaction).await?;
            if let Some(owner) = &owner {
                write::fence(transaction, source, owner).await?;
            }
            Ok(done)
        })
    }

    /// Does something in one transaction, all of it or nothing. Where the server takes it back in
    /// favour of another, as spread servers do, it is done again.
    fn within<T>(
        &mut self,
        work: &impl AsyncFn(&Transaction<'_>) -> Result<T, Broken>,
    ) -> Result<T, HistoryError> {
        self.act(async |client| {
            let mut tries = 1;
            loop {
                match try_within(client, work).await {
                    Err(error) if error.is_taken_back() && tries < TRIES => tries += 1,
                    done => return done,
                }
            }
        })
    }

    /// Tells everyone who listens that something changed. Who does not hear it looks by himself, so
    /// it may fail.
    fn ring(&mut self) {
        let _ = self.act(async |client| {
            let ring = format!("SELECT pg_notify('{BELL}', '')");
            Ok(client.batch_execute(&ring).await?)
        });
    }

    /// Hands over every item of the wanted sources that changed after `since`, and returns the
    /// position reached.
    fn items(
        &mut self,
        wanted: &dyn Fn(&SourceName) -> bool,
        since: Position,
        each: Each<'_>,
    ) -> Result<Position, HistoryError> {
        let begun = self.act(async |client| {
            let reached = read::begin(client).await?;
            if reached <= since {
                read::end(client).await?;
                return Ok((reached, Vec::new()));
            }
            Ok((reached, read::sources(client).await?))
        });
        let read = begun.and_then(|(reached, sources)| {
            for (number, name) in sources.iter().filter(|(_, name)| wanted(name)) {
                self.items_of((*number, name), since, each)?;
            }
            if reached > since {
                self.act(async |client| read::end(client).await)?;
            }
            Ok(reached)
        });
        if read.is_err() {
            // Ends what was begun.
            self.session = None;
        }
        read
    }

    /// Waits only for rows within the engine, never for `each`, which may itself use a history.
    fn items_of(
        &mut self,
        (number, name): (i64, &SourceName),
        since: Position,
        each: Each<'_>,
    ) -> Result<(), HistoryError> {
        let mut rows = self.act(async |client| read::events(client, number, since).await)?;
        let mut hand = |item: Gathered| {
            let (row, history) = item.end();
            if since > Position(0) || !history.events.is_empty() {
                each(name, row, history);
            }
        };
        let mut open: Option<Gathered> = None;
        while let Some(chunk) = self.chunk(&mut rows)? {
            let told = |error: Broken| error.told(&self.server.url.to_string());
            for row in chunk {
                let row = row.map_err(|error| told(error.into()))?;
                let goes_on = open.as_ref().map_or(Ok(false), |item| item.has(&row));
                if !goes_on.map_err(told)? {
                    let begun = Gathered::begin(number, &row).map_err(told)?;
                    open.replace(begun).into_iter().for_each(&mut hand);
                }
                if let Some(item) = &mut open {
                    item.add(&row).map_err(told)?;
                }
            }
        }
        open.into_iter().for_each(&mut hand);
        Ok(())
    }

    fn chunk(
        &mut self,
        rows: &mut Rows,
    ) -> Result<Option<Vec<Result<tokio_postgres::Row, tokio_postgres::Error>>>, HistoryError> {
        self.act(async |_| Ok(rows.next().await))
    }
}

async fn try_within<T>(
    client: &mut Client,
    work: &impl AsyncFn(&Transaction<'_>) -> Result<T, Broken>,
) -> Result<T, Broken> {
    let transaction = client.transaction().await?;
    let done = work(&transaction).await?;
    transaction.commit().await?;
    Ok(done)
}

fn engine() -> Result<Runtime, Broken> {
    let engine = Builder::new_current_thread().enable_all().build();
    let why = |error: std::io::Error| format!("no connection can be carried: {error}");
    Ok(engine.map_err(|error| ServerFault::Failed(why(error)))?)
}

/// The session that stands, or a new one.
async fn session_with<'a>(
    server: &Server,
    session: &'a mut Option<Client>,
) -> Result<&'a mut Client, Broken> {
    // Lets the connection notice that the server has hung up meanwhile.
    tokio::task::yield_now().await;
    let standing = session.take().filter(|client| !client.is_closed());
    let client = match standing {
        Some(client) => client,
        None => server.connect(None).await?,
    };
    Ok(session.insert(client))
}

impl History for Postgres {
    fn append(&mut self, batch: &Batch) -> Result<Appended, HistoryError> {
        let appended = self.change(&batch.source, &async |transaction| {
            write::append(transaction, batch).await
        })?;
        self.ring();
        Ok(appended)
    }

    fn cursor(&mut self, source: &SourceName) -> Result<Option<Cursor>, HistoryError> {
        self.act(async |client| read::cursor(client, source).await)
    }

    fn forget_cursor(&mut self, source: &SourceName) -> Result<(), HistoryError> {
        self.change(source, &async |transaction| {
            write::forget_cursor(transaction, source).await
        })
    }

    fn read(
        &mut self,
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError> {
        let all = |_: &SourceName| true;
        self.items(&all, since, &mut |source, _, history| each(source, history))
    }

    fn read_of(
        &mut self,
        sources: &[SourceName],
        since: Position,
        each: &mut dyn FnMut(&SourceName, ItemHistory),
    ) -> Result<Position, HistoryError> {
        let wanted = |name: &SourceName| sources.contains(name);
        self.items(&wanted, since, &mut |source, _, history| {
            each(source, history);
        })
    }

    fn statuses(&mut self, source: &SourceName) -> Result<Vec<StatusName>, HistoryError> {
        self.act(async |client| read::statuses(client, source).await)
    }

    fn drop_others(
        &mut self,
        source: &SourceName,
        since: Position,
        kept: &dyn Fn(&str) -> bool,
    ) -> Result<u64, HistoryError> {
        let dropped = self.change(source, &async |transaction| {
            let Some(number) = read::source(transaction, source).await? else {
                return Ok(0);
            };
            let others = read::others(transaction, number, since, kept).await?;
            write::drop_items(transaction, &others).await
        })?;
        self.ring();
        Ok(dropped)
    }

    fn position(&mut self) -> Result<Position, HistoryError> {
        self.act(async |client| read::position(client).await)
    }

    fn mark(&mut self, at: Position) -> Result<Option<Mark>, HistoryError> {
        self.act(async |client| read::mark(client, at).await)
    }

    fn promise(&mut self, promises: &[Promise]) -> Result<u64, HistoryError> {
        self.within(&async |transaction| {
            let mut kept = 0;
            for promise in promises {
                kept += promise::keep(transaction, promise).await?;
            }
            Ok(kept)
        })
    }

    fn promises(&mut self, stream: &str) -> Result<Vec<Promise>, HistoryError> {
        self.act(async |client| promise::of_stream(client, stream).await)
    }

    fn fence(&mut self, source: &SourceName, owner: &Owner) {
        self.fences.insert(source.clone(), owner.clone());
    }

    fn drop_items(
        &mut self,
        before: Millis,
        finished: &dyn Fn(&SourceName, &ItemHistory) -> bool,
    ) -> Result<u64, HistoryError> {
        let mut over = Vec::new();
        // Looking takes long and keeps nobody waiting; only then the sources are held.
        self.items(&|_| true, Position(0), &mut |source, row, history| {
            let last = history.events.iter().map(|event| event.at).max();
            if last.is_some_and(|at| at < before) && finished(source, &history) {
                over.push(row);
            }
        })?;
        if over.is_empty() {
            return Ok(0);
        }
        let dropped =
            self.within(&async |transaction| write::drop_items(transaction, &over).await)?;
        self.ring();
        Ok(dropped)
    }
}

#[cfg(test)]
mod tests;
