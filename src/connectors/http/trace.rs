//! The last requests to a host, with nothing secret in them, for `weir doctor --trace`.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::super::Exchange;

/// So many are remembered.
const MOST: usize = 500;

/// Parameters whose values are not shown.
const SECRET: [&str; 5] = ["key", "token", "secret", "password", "signature"];

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    lines: Mutex<VecDeque<Exchange>>,
}

impl Trace {
    /// Notes a request and what came of it.
    pub(crate) fn note(&self, method: &'static str, url: &Url, outcome: String, took: Duration) {
        let mut lines = self.lines();
        if lines.len() == MOST {
            lines.pop_front();
        }
        lines.push_back(Exchange {
            method,
            url: shown(url),
            outcome,
            took,
        });
    }

    /// All that are remembered.
    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.lines().iter().cloned().collect()
    }

    fn lines(&self) -> MutexGuard<'_, VecDeque<Exchange>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An address with its parameters, but for those that may be secret.
fn shown(url: &Url) -> String {
    let mut shown = super::place(url);
    let pairs: Vec<String> = url
        .query_pairs()
        .map(|(name, value)| {
            let lowered = name.to_lowercase();
            let hidden = SECRET.iter().any(|word| lowered.contains(word));
            let value = if hidden { "\u{2026}" } else { &value };
            format!("{name}={value}")
        })
        .collect();
    if !pairs.is_empty() {
        shown.push('?');
        shown.push_str(&pairs.join("&"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{MOST, Trace};

    #[test]
    fn parameters_are_shown_but_for_secret_ones() {
        let trace = Trace::default();
        let url = "https://u:p@a.example/x?updated=%3E2026&access_token=abc&API_KEY=d#f";
        let url = url.parse().unwrap();
        trace.note("GET", &url, "200".to_owned(), Duration::from_millis(3));
        assert_eq!(
            trace.all()[0].to_string(),
            "GET https://a.example/x?updated=>2026&access_token=\u{2026}&API_KEY=\u{2026}: 200, 3 ms"
        );
    }

    #[test]
    fn only_the_last_are_remembered() {
        let trace = Trace::default();
        for at in 0..=MOST {
            let url = format!("https://a.example/{at}").parse().unwrap();
            trace.note("GET", &url, "200".to_owned(), Duration::ZERO);
        }
        let all = trace.all();
        assert_eq!(all.len(), MOST);
        assert_eq!(all[0].url, "https://a.example/1");
    }
}
