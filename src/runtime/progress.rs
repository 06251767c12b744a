//! Bars for long work: on standard error, and only on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::health::Progress;

/// One line that says how far something is.
#[derive(Debug)]
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// Begins; nothing is shown where standard error is no terminal.
    pub(super) fn start(what: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        bar.set_prefix(what.to_owned());
        bar.set_style(style("{prefix} {pos} items"));
        Self(bar)
    }

    /// One of several bars shown together.
    pub(super) fn within(all: &indicatif::MultiProgress, what: &str) -> Self {
        Self(all.add(Self::start(what).0))
    }

    /// Shows how far it is.
    pub(super) fn show(&self, progress: Progress) {
        if progress.total != self.0.length() {
            let pattern = match progress.total {
                Some(_) => "{prefix} {bar:40} {pos} of {len} items, {eta} to go",
                None => "{prefix} {pos} items",
            };
            self.0.set_style(style(pattern));
            if let Some(total) = progress.total {
                self.0.set_length(total);
            }
        }
        self.0.set_position(progress.done);
    }

    /// Keeps the line alive while nothing is heard.
    pub(super) fn tick(&self) {
        self.0.enable_steady_tick(Duration::from_millis(200));
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

fn style(pattern: &str) -> ProgressStyle {
    ProgressStyle::with_template(pattern).unwrap_or_else(|_| ProgressStyle::default_bar())
}
