//! What the server answers from.

use std::sync::Arc;

use super::Scope;
use crate::metrics::Measures;
use crate::model::health::SourceHealth;
use crate::model::promise::Promise;
use crate::model::snapshot::Snapshot;
use crate::model::time::Sec;

/// What is known, kept up to date by others while the server runs. All of it may take a while and
/// is asked for away from the task that talks to the assistant.
pub trait Ground: Send + Sync + 'static {
    /// Measures the streams that a scope names, of the newest snapshot.
    ///
    /// # Errors
    /// A sentence with what cannot be understood and what to do.
    fn measure(&self, scope: &Scope) -> Result<Measured, String>;

    /// The forecasts that were made live and kept, a list a measured stream; `None` where none are
    /// kept. None is made for it.
    fn promises(&self, scope: &Scope, measured: &Measured) -> Option<Vec<Vec<Promise>>>;

    /// When the board of a stream was last walked; `None` if that is not known.
    fn last_walk(&self, stream: &str) -> Option<Sec>;

    /// How the sources are doing.
    fn sources(&self) -> Vec<SourceHealth>;
}

/// Streams measured at one instant.
#[derive(Debug)]
pub struct Measured {
    /// What was asked about.
    pub snapshot: Arc<Snapshot>,
    /// Position of each stream in the snapshot, and its measures.
    pub streams: Vec<(usize, Measures)>,
}
