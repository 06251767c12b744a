//! What every tracker is asked with.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use crate::clock::{Clock, WallClock};
use crate::connectors::http::{Http, HttpOptions};
use crate::connectors::{Fault, TrackerSettings};
use crate::model::id::SourceName;

/// A source, and how it is reached.
pub(crate) struct Reach {
    pub(crate) name: SourceName,
    pub(crate) settings: TrackerSettings,
    pub(crate) http: Http,
    /// The wall clock, for trackers that do not tell theirs.
    pub(crate) clock: Arc<dyn Clock>,
}

impl Reach {
    /// The usual ways of asking the address in `settings`; nothing is sent yet.
    ///
    /// # Errors
    /// [`Fault::Unusable`] if the certificate file cannot be used.
    pub(crate) fn new(name: SourceName, settings: TrackerSettings) -> Result<Self, Fault> {
        let options = HttpOptions::of(settings.url.clone());
        Self::with(name, settings, options, Arc::new(WallClock))
    }

    /// Other ways.
    ///
    /// # Errors
    /// As [`Reach::new`].
    pub(crate) fn with(
        name: SourceName,
        settings: TrackerSettings,
        mut options: HttpOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        options.ca_file.clone_from(&settings.ca_file);
        Ok(Self {
            name,
            http: Http::new(&options)?,
            settings,
            clock,
        })
    }

    /// A number for address, user, query and fields. What was read with others is not what is asked
    /// for: all is read anew.
    pub(crate) fn asked(&self) -> u64 {
        let TrackerSettings {
            url,
            user,
            query,
            fields,
            ..
        } = &self.settings;
        xxh3_64(format!("{url}\n{user:?}\n{query}\n{fields:?}").as_bytes())
    }
}
