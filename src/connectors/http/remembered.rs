//! Answers that the server named, so that it need not send them again while they hold.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use super::reply::Reply;

/// So many answers are kept; a poll asks the same addresses again, one or two a project.
const MOST: usize = 64;

/// Larger answers are not kept.
const LARGEST: usize = 256 << 10;

/// The last named answers.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    answers: Mutex<VecDeque<(Url, String, Reply)>>,
}

impl Remembered {
    /// The name of the answer that `url` gave last.
    pub(crate) fn name(&self, url: &Url) -> Option<String> {
        let answers = self.answers();
        let found = answers.iter().find(|(asked, ..)| asked == url);
        found.map(|(_, name, _)| name.clone())
    }

    /// That answer.
    pub(crate) fn answer(&self, url: &Url) -> Option<Reply> {
        let answers = self.answers();
        let found = answers.iter().find(|(asked, ..)| asked == url);
        found.map(|(.., reply)| reply.clone())
    }

    /// Keeps an answer under the name that the server gave it.
    pub(crate) fn keep(&self, url: &Url, name: Option<&str>, reply: &Reply) {
        let mut answers = self.answers();
        answers.retain(|(asked, ..)| asked != url);
        let Some(name) = name.filter(|_| reply.body.len() <= LARGEST) else {
            return;
        };
        if answers.len() == MOST {
            answers.pop_front();
        }
        answers.push_back((url.clone(), name.to_owned(), reply.clone()));
    }

    fn answers(&self) -> MutexGuard<'_, VecDeque<(Url, String, Reply)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
