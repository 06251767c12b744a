//! How many may ask a host at once, and from when on again after it asked to wait.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::tempo::Tempo;

/// The most requests under way to one host, whatever the number of sources on it.
pub(crate) const CONNECTIONS: usize = 4;

/// Two sources on one host share its gate.
static GATES: LazyLock<Mutex<HashMap<String, Weak<Gate>>>> = LazyLock::new(Mutex::default);

/// What every request to a host passes.
pub(crate) struct Gate {
    permits: Semaphore,
    closed_until: Mutex<Option<Instant>>,
    /// How long two requests are apart, and when the next may go.
    pace: Mutex<(Duration, Option<Instant>)>,
}

impl Gate {
    /// The gate of the host of `url`.
    pub(crate) fn of(url: &Url) -> Arc<Self> {
        let host = url.host_str().unwrap_or_default();
        let origin = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        let mut gates = GATES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.get(&origin).and_then(Weak::upgrade) {
            return gate;
        }
        gates.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Self {
            permits: Semaphore::new(CONNECTIONS),
            closed_until: Mutex::new(None),
            pace: Mutex::default(),
        });
        gates.insert(origin, Arc::downgrade(&gate));
        gate
    }

    /// Waits for a free place and for the host to be ready.
    pub(crate) async fn pass(&self, tempo: &dyn Tempo) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed, so there always is a permit.
        let permit = self.permits.acquire().await.ok();
        let turn = self.turn(tempo.now());
        if !turn.is_zero() {
            tempo.rest(turn).await;
        }
        while let Some(left) = self.closed_for(tempo.now()) {
            tempo.rest(left).await;
        }
        permit
    }

    /// Keeps requests so far apart from now on.
    pub(crate) fn pace(&self, pause: Duration) {
        self.paced().0 = pause;
    }

    /// How long to wait for one's turn.
    fn turn(&self, now: Instant) -> Duration {
        let mut paced = self.paced();
        let (pause, next) = *paced;
        if pause.is_zero() {
            return Duration::ZERO;
        }
        let turn = next.unwrap_or(now).max(now);
        *paced = (pause, Some(turn + pause));
        turn.saturating_duration_since(now)
    }

    fn paced(&self) -> std::sync::MutexGuard<'_, (Duration, Option<Instant>)> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets nobody through for `span`.
    pub(crate) fn close(&self, now: Instant, span: Duration) {
        let mut closed = self.closed();
        let until = now + span;
        if closed.is_none_or(|before| before < until) {
            *closed = Some(until);
        }
    }

    fn closed_for(&self, now: Instant) -> Option<Duration> {
        let until = (*self.closed())?;
        let left = until.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }

    fn closed(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.closed_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Gate;

    #[test]
    fn sources_on_one_host_share_a_gate() {
        let of = |text: &str| Gate::of(&text.parse().unwrap());
        let first = of("https://shared.example/a");
        assert!(Arc::ptr_eq(&first, &of("https://shared.example:443/b?c")));
        assert!(!Arc::ptr_eq(&first, &of("https://other.example/a")));
        assert!(!Arc::ptr_eq(&first, &of("http://shared.example/a")));
    }
}
