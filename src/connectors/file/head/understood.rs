//! What was decided about a file.

use super::super::columns;
use super::super::found;
use super::super::plan::{Layout, Plan};
use super::super::sample::Sample;
use super::super::times::{Evidence, TimeReader, Told};
use crate::connectors::Fault;
use crate::connectors::settings::FileSettings;
use crate::model::time::{TimePattern, Zone};

/// How a file is read, and why.
#[derive(Debug)]
pub(in crate::connectors::file) struct Understood {
    pub(in crate::connectors::file) plan: Plan,
    pub(in crate::connectors::file) times: TimeReader,
    /// How days and months are told apart, if that was a question.
    pub(in crate::connectors::file) order: Option<String>,
    /// The same, if nothing in the file says it: a sentence.
    pub(in crate::connectors::file) doubt: Option<String>,
    /// The settings that say what was found out, but for the zone.
    pub(in crate::connectors::file) found: FileSettings,
    /// Sentences on how the file was understood.
    pub(in crate::connectors::file) notes: Vec<String>,
}

/// Adds the dates of further rows to the evidence; whether there may be more.
type Weigh<'w> = &'w mut dyn FnMut(&Plan, &mut Evidence) -> Result<bool, Fault>;

impl Understood {
    /// Decides by the first rows, and by as many more as it takes to tell days from months.
    ///
    /// # Errors
    /// [`Fault::Unusable`] with what is wrong and how to mend it.
    pub(super) fn of(
        sample: &Sample,
        settings: &FileSettings,
        weigh: Weigh<'_>,
    ) -> Result<Self, Fault> {
        let mut plan = columns::choose(sample, settings)?;
        let pattern = pattern(settings)?;
        let mut evidence = Evidence::default();
        if pattern.is_none() {
            while weigh(&plan, &mut evidence)? && evidence.is_open() {}
        }
        let zone = settings.time_zone.clone().unwrap_or_else(Zone::utc);
        let (order, why) = evidence.decide();
        let times = TimeReader::new(order, pattern, zone);
        columns::in_order(&mut plan, sample, times.clone());
        let mut found = found::settings(sample, &plan, settings);
        if evidence.numbers > 0 {
            found.time_format = found::pattern(sample, &plan, &times);
        }
        let read = format!("read {}: {why}", order.name());
        Ok(Self {
            times,
            doubt: evidence.is_open().then(|| format!("dates are {read}")),
            order: (evidence.numbers > 0).then_some(read),
            found,
            notes: notes(sample, &plan),
            plan,
        })
    }
}

/// How the times were read, in a sentence.
pub(in crate::connectors::file) fn times_sentence(
    order: Option<&str>,
    told: Told,
    settings: &FileSettings,
) -> String {
    let zone = settings.time_zone.as_ref();
    let name = zone.map_or("UTC", Zone::name);
    let source = if zone.is_some() {
        "as the settings say"
    } else {
        "as nothing else is said; set time_zone if that is wrong"
    };
    let zone = match (told.offset, told.civil) {
        (true, false) => "times say their own offset".to_owned(),
        (false, true) => format!("times have no offset and are taken as {name}, {source}"),
        (true, true) => {
            format!("some times say their own offset, the others are taken as {name}, {source}")
        }
        (false, false) => return "no time was read".to_owned(),
    };
    match order {
        Some(order) => format!("{zone}; dates are {order}"),
        None => zone,
    }
}

/// A sentence if the clocks of the zone skip some of the times or show them twice.
pub(in crate::connectors::file) fn unclear_note(
    told: Told,
    settings: &FileSettings,
) -> Option<String> {
    let zone = settings.time_zone.as_ref()?;
    let times = match told.unclear {
        0 => return None,
        1 => "1 time is".to_owned(),
        more => format!("{more} times are"),
    };
    Some(format!(
        "{times} skipped or repeated by the clocks of {} as they change: a skipped one is moved on by \
         what was skipped, of a repeated one the first is taken",
        zone.name()
    ))
}

fn notes(sample: &Sample, plan: &Plan) -> Vec<String> {
    let mut notes = Vec::new();
    if !sample.has_header {
        notes.push(
            "the first line holds values, so the columns are called by number: column 1, column 2, …"
                .to_owned(),
        );
    }
    if plan.newest_first && matches!(plan.layout, Layout::Moves { .. }) {
        notes.push("the newest rows come first; they are put in order".to_owned());
    }
    notes
}

fn pattern(settings: &FileSettings) -> Result<Option<TimePattern>, Fault> {
    let given = settings.time_format.as_deref();
    let given = given.filter(|pattern| !pattern.eq_ignore_ascii_case("auto"));
    let pattern = given.map(TimePattern::new).transpose();
    pattern.map_err(|error| Fault::Unusable {
        what: format!("time_format of {}: {error}", settings.path.display()),
        hint: "or leave it out: weir then finds out by itself".to_owned(),
    })
}
