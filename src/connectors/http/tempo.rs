//! Time and chance, apart from the rules that use them, so that tests neither wait nor guess.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio::time::Instant;

/// Waits, and rolls the dice for how long.
#[async_trait]
pub(crate) trait Tempo: Send + Sync {
    /// The time on a clock that only runs forward.
    fn now(&self) -> Instant;

    /// Comes back after `span`.
    async fn rest(&self, span: Duration);

    /// The next random number, from 0 up to but not including 1.
    fn draw(&self) -> f64;
}

/// Real time and real chance.
pub(crate) struct Natural {
    dice: Mutex<ChaCha8Rng>,
}

impl Natural {
    /// Seeded by the system.
    pub(crate) fn new() -> Self {
        let seed = RandomState::new().build_hasher().finish();
        Self {
            dice: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
        }
    }
}

#[async_trait]
impl Tempo for Natural {
    fn now(&self) -> Instant {
        Instant::now()
    }

    async fn rest(&self, span: Duration) {
        tokio::time::sleep(span).await;
    }

    fn draw(&self) -> f64 {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        f64::from(dice.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }
}
