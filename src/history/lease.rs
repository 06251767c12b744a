//! Who polls which source: a lease in the store, so that one does and the others follow.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use super::HistoryError;
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// One running weir. No two are the same, even on one machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Owner {
    host: String,
    process: u32,
    nonce: u64,
}

impl Owner {
    /// The process `process` of the machine `host`. `nonce` tells it from another of the same number.
    pub fn new(host: &str, process: u32, nonce: u64) -> Self {
        Self {
            host: host.replace('/', "-"),
            process,
            nonce,
        }
    }

    /// The process of this owner, where it runs on the machine of `other`.
    #[cfg(any(unix, test))]
    pub(super) fn process_beside(&self, other: &Self) -> Option<u32> {
        (self.host == other.host).then_some(self.process)
    }

    /// As it is stored.
    pub(super) fn to_text(&self) -> String {
        format!("{}/{}/{:016x}", self.host, self.process, self.nonce)
    }

    /// From what [`Owner::to_text`] wrote; `None` if it did not.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (host, process, nonce) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            host: host.to_owned(),
            process: process.parse().ok()?,
            nonce: u64::from_str_radix(nonce, 16).ok()?,
        })
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (process {})", self.host, self.process)
    }
}

/// What the one that polls a source lets the others know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// When the last complete poll ended.
    pub read: Option<Millis>,
    /// Since when the source cannot be read, and why.
    pub failing: Option<(Millis, String)>,
}

/// Who holds the lease of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lease {
    /// The one that asked, for another [`Leases::span`].
    Mine,
    /// Another.
    Theirs {
        /// Who.
        owner: Owner,
        /// How long it holds if it is not renewed.
        left: Duration,
        /// What it says of the source.
        report: Report,
    },
    /// Nobody; with what was last said of the source.
    Nobodys(Report),
}

/// The leases of a store, one a source. They end by the clock of the store unless they are taken
/// again, so that a process that dies leaves its sources to others.
#[async_trait]
pub trait Leases: fmt::Debug + Send + Sync {
    /// Who asks.
    fn owner(&self) -> &Owner;

    /// How long a lease holds.
    fn span(&self) -> Duration;

    /// Whoever holds a lease takes it again so often; whoever waits for one looks so often.
    fn pace(&self) -> Duration {
        self.span() / 4
    }

    /// Whether an owner is known to live, as one on the same machine may be.
    fn lives(&self, _: &Owner) -> bool {
        false
    }

    /// Takes the lease of a source, or takes it again, unless another holds it or has held it less
    /// than `patience` ago; says who holds it then. One who may not write only looks.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be asked.
    async fn take(
        &self,
        source: &SourceName,
        patience: Duration,
        report: &Report,
    ) -> Result<Lease, HistoryError>;

    /// Who holds the lease of a source.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be asked.
    async fn look(&self, source: &SourceName) -> Result<Lease, HistoryError>;

    /// Lets the lease of a source go, if it is held, with a last word on it.
    ///
    /// # Errors
    /// [`HistoryError`] if the store cannot be asked.
    async fn release(&self, source: &SourceName, report: &Report) -> Result<(), HistoryError>;

    /// Waits until others may have changed the history: until the store says so, or for some
    /// seconds. It may be dropped and called again at any time. For ever where the store says
    /// nothing: then [`Leases::changes`] tells.
    async fn news(&self);

    /// Says, whenever it is asked, whether the store has changed since; `None` where the store says
    /// so itself. It may block.
    fn changes(&self) -> Option<HasChanged> {
        None
    }
}

/// Whether something has changed since it was asked before.
pub type HasChanged = Box<dyn FnMut() -> bool + Send>;

#[cfg(test)]
mod tests {
    use super::Owner;

    #[test]
    fn an_owner_is_read_back_and_two_are_never_one() {
        let owner = Owner::new("build/er", 7, u64::MAX);
        assert_eq!(Owner::from_text(&owner.to_text()), Some(owner.clone()));
        assert_eq!(owner.to_string(), "build-er (process 7)");
        assert_ne!(owner, Owner::new("build/er", 7, 1));
        assert_eq!(owner.process_beside(&Owner::new("build-er", 1, 1)), Some(7));
        assert_eq!(owner.process_beside(&Owner::new("other", 1, 1)), None);
        for text in ["", "a", "a/1", "a/b/0", "a/1/x"] {
            assert_eq!(Owner::from_text(text), None, "{text}");
        }
    }
}
