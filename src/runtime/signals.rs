//! Signals that end or continue the dashboard.

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// End, and give the terminal back.
    End,
    /// Go on after a stop from outside.
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "only Unix stops and continues programs")
    )]
    Continue,
}

#[cfg(unix)]
pub(super) use unix::{Signals, end_anyway};

#[cfg(unix)]
mod unix {
    use std::time::Duration;

    use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

    use super::Signal;
    use crate::tui::terminal::restore;

    /// So long the dashboard has to end by itself once the terminal has hung up.
    const GRACE: Duration = Duration::from_secs(1);

    /// Ends the program if the terminal has hung up and the dashboard does not end by itself: what
    /// reads the keys can read the end of a terminal that is gone for ever and let nothing else run.
    /// The history is whole at every instant.
    pub(in super::super) async fn end_anyway() {
        let Ok(mut hung_up) = signal(SignalKind::hangup()) else {
            return;
        };
        hung_up.recv().await;
        tokio::time::sleep(GRACE).await;
        restore();
        std::process::exit(0);
    }

    /// Listens.
    pub(in super::super) struct Signals {
        ends: [Stream; 4],
        goes_on: Stream,
    }

    impl Signals {
        /// Begins to listen.
        pub(in super::super) fn new() -> std::io::Result<Self> {
            Ok(Self {
                ends: [
                    signal(SignalKind::terminate())?,
                    signal(SignalKind::hangup())?,
                    signal(SignalKind::interrupt())?,
                    signal(SignalKind::quit())?,
                ],
                goes_on: signal(SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()))?,
            })
        }

        /// The next one.
        pub(in super::super) async fn next(&mut self) -> Signal {
            let [terminate, hangup, interrupt, quit] = &mut self.ends;
            // A terminal that hangs up sends both: to end comes before to go on.
            tokio::select! {
                biased;
                _ = terminate.recv() => Signal::End,
                _ = hangup.recv() => Signal::End,
                _ = interrupt.recv() => Signal::End,
                _ = quit.recv() => Signal::End,
                _ = self.goes_on.recv() => Signal::Continue,
            }
        }
    }
}

#[cfg(not(unix))]
pub(super) use elsewhere::{Signals, end_anyway};

#[cfg(not(unix))]
mod elsewhere {
    use super::Signal;

    /// Nothing hangs up here.
    pub(in super::super) async fn end_anyway() {}

    /// Listens for Ctrl-C.
    pub(in super::super) struct Signals;

    impl Signals {
        /// Begins to listen.
        pub(in super::super) fn new() -> std::io::Result<Self> {
            Ok(Self)
        }

        /// The next one.
        pub(in super::super) async fn next(&mut self) -> Signal {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            Signal::End
        }
    }
}
