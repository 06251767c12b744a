//! Polling under a lease: of all that share a history one polls each source, the others follow.

use std::time::Duration;

use tokio::time::Instant;

use super::lookout::Changes;
use super::poll::{Pace, Polling};
use super::{Failure, FailureKind};
use crate::connectors::Connector;
use crate::history::{Lease, Leases, Owner, Report};
use crate::model::health::Trouble;
use crate::model::id::SourceName;

/// Whoever could poll soon looks so often whether it could.
const STANDBY: Duration = Duration::from_secs(1);
/// A dashboard leaves a source that was let go to collectors for so long.
const COLLECTORS_FIRST: Duration = Duration::from_secs(10);

/// What a weir does for the sources of its config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Polls as soon as it may.
    Collector,
    /// Polls where no collector does.
    Dashboard,
    /// Never polls.
    Onlooker,
}

/// How an only poll ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The source was read, and told of so many items.
    Read(u64),
    /// Another polls it.
    Theirs(Owner),
}

/// Where an only poll begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Where the last one ended.
    Cursor,
    /// At the beginning of the source.
    Beginning,
}

impl Polling {
    /// Polls a source for ever while its lease can be had, and shows who polls it meanwhile.
    pub(super) async fn in_turn(&self, connector: &dyn Connector, pace: Pace<'_>, part: Part) {
        let Some(leases) = self.leases.as_deref() else {
            return self.for_ever(connector, pace).await;
        };
        let mut others = self.others.clone();
        while !self.cancel.is_cancelled() {
            let asked = Instant::now();
            let lease = self.try_for(leases, connector.name(), part).await;
            if lease == Some(Lease::Mine) {
                let own = self.of_its_own();
                let work = own.for_ever(connector, pace);
                let held = self.hold(leases, (connector.name(), asked), work).await;
                own.cancel.cancel();
                if let Err(failure) = held {
                    self.fell_short(connector.name(), failure);
                }
            }
            let pause = match lease {
                Some(Lease::Theirs { left, .. }) => leases.pace().min(left).max(STANDBY),
                _ => STANDBY,
            };
            self.stand_by(pause, &mut others).await;
        }
    }

    /// Shows who polls a source, for ever.
    pub(super) async fn look_on(&self, leases: &dyn Leases, source: &SourceName) {
        let mut others = self.others.clone();
        while !self.cancel.is_cancelled() {
            let lease = self.try_for(leases, source, Part::Onlooker).await;
            let pause = lease.map_or(STANDBY, |_| leases.pace());
            self.stand_by(pause, &mut others).await;
        }
    }

    /// Polls a source once, if nobody else does. One that holds the lease and died is waited for.
    ///
    /// # Errors
    /// [`Failure`] if the source cannot be read or the history cannot be written.
    pub(super) async fn once_in_turn(
        &self,
        connector: &dyn Connector,
        start: Start,
    ) -> Result<Turn, Failure> {
        let Some(leases) = self.leases.as_deref() else {
            return self.from(connector, start).await.map(Turn::Read);
        };
        let source = connector.name();
        let mut left_before: Option<Duration> = None;
        while !self.cancel.is_cancelled() {
            let asked = Instant::now();
            let report = self.board.report(source);
            let lease = leases.take(source, Duration::ZERO, &report).await?;
            self.board.followed(source, &lease);
            match lease {
                Lease::Mine => {
                    let work = self.from(connector, start);
                    let read = self.hold(leases, (source, asked), work).await?;
                    return read.map(Turn::Read);
                }
                // Where it was renewed its owner lives.
                Lease::Theirs { owner, left, .. }
                    if leases.lives(&owner) || left_before.is_some_and(|was| left > was) =>
                {
                    return Ok(Turn::Theirs(owner));
                }
                Lease::Theirs { left, .. } => left_before = Some(left),
                Lease::Nobodys(_) => {}
            }
            self.stand_by(STANDBY, &mut None).await;
        }
        Err(crate::connectors::Fault::Stopped.into())
    }

    async fn from(&self, connector: &dyn Connector, start: Start) -> Result<u64, Failure> {
        if start == Start::Beginning {
            self.keeper.forget_cursor(connector.name().clone()).await?;
        }
        self.once(connector).await
    }

    /// The same polling, which can be ended alone.
    fn of_its_own(&self) -> Self {
        Self {
            cancel: self.cancel.child_token(),
            ..self.clone()
        }
    }

    /// Waits until another look may find something else.
    async fn stand_by(&self, pause: Duration, others: &mut Option<Changes>) {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = Changes::next_of(others) => {}
            () = self.cancel.cancelled() => {}
        }
    }

    /// Whose the lease of a source is now, as the board shows; `None` if that cannot be known.
    async fn try_for(&self, leases: &dyn Leases, source: &SourceName, part: Part) -> Option<Lease> {
        let report = self.board.report(source);
        let lease = match part {
            Part::Collector => leases.take(source, Duration::ZERO, &report).await,
            Part::Dashboard => leases.take(source, COLLECTORS_FIRST, &report).await,
            Part::Onlooker => leases.look(source).await,
        };
        match lease {
            Ok(lease) => {
                self.board.followed(source, &lease);
                Some(lease)
            }
            Err(error) => {
                self.fell_short(source, error.into());
                None
            }
        }
    }

    fn fell_short(&self, source: &SourceName, failure: Failure) {
        if failure.kind == FailureKind::Interrupted {
            return;
        }
        let now = self.clock.now();
        let trouble = Trouble {
            since: now,
            what: failure.what,
            hint: failure.hint.unwrap_or_default(),
            next_try: Some(now.plus_secs(1)),
        };
        self.board.cut_off(source, trouble);
    }

    /// Works under a lease that was asked for at `asked`, as long as it holds, and lets it go.
    ///
    /// # Errors
    /// [`Failure`] if the lease was lost; the work is dropped then.
    async fn hold<T>(
        &self,
        leases: &dyn Leases,
        (source, asked): (&SourceName, Instant),
        work: impl Future<Output = T>,
    ) -> Result<T, Failure> {
        let owner = leases.owner().clone();
        self.keeper.fence(source.clone(), owner).await?;
        let done = tokio::select! {
            done = work => Some(done),
            () = self.renew(leases, (source, asked)) => None,
        };
        let Some(done) = done else {
            let source_name = source.clone();
            return Err(crate::history::HistoryError::LeaseLost { source_name }.into());
        };
        // If it cannot be let go it runs out.
        let _ = leases.release(source, &self.board.report(source)).await;
        Ok(done)
    }

    /// Renews a lease until it is lost, or may be: until it would have run out by our own clock.
    async fn renew(&self, leases: &dyn Leases, (source, asked): (&SourceName, Instant)) {
        let pause = leases.pace();
        let mut until = asked + leases.span() - pause / 2;
        while Instant::now() < until {
            tokio::time::sleep(pause.min(until - Instant::now())).await;
            let asked = Instant::now();
            let report: Report = self.board.report(source);
            let renewed = leases.take(source, Duration::ZERO, &report);
            match tokio::time::timeout_at(until, renewed).await {
                Ok(Ok(Lease::Mine)) => until = asked + leases.span() - pause / 2,
                Ok(Ok(_)) => return,
                // The server may be back before the lease runs out.
                Ok(Err(_)) | Err(_) => {}
            }
        }
    }
}
