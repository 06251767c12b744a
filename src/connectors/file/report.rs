//! What reading a file came to, for people.

use crate::connectors::Fault;
use crate::connectors::settings::FileSettings;
use crate::model::health::Oddity;
use crate::model::infer::Told;

/// Oddities kept with their words; the others are counted.
const LISTED: usize = 100;

/// What was read, how it was understood, and what was kept out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileReport {
    /// Rows after the header, blank lines left out.
    pub rows: u64,
    /// Rows that could not be read.
    pub kept_out: u64,
    /// Items that were new to the log or page.
    pub items: u64,
    /// Which column is what, and why weir thinks so.
    pub choices: Vec<Choice>,
    /// How times are written, and in which zone: one sentence.
    pub times: String,
    /// Other things worth knowing, a sentence each.
    pub notes: Vec<String>,
    /// The first rows that could not be read, by line.
    pub oddities: Vec<Oddity>,
    /// How many oddities there were in all.
    pub oddity_count: u64,
    /// A sentence if nothing in the file says which number of its dates is the day.
    pub doubt: Option<String>,
    /// What the file says of statuses, beside what items do in them.
    pub told: Told,
    /// The settings that say what was found out: by them the file is read the same again.
    pub found: FileSettings,
}

/// One decision about a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the column is taken for: `item`, `status`, `time`, the name of a fact, `left out`.
    pub role: String,
    /// The column as the header has it.
    pub column: String,
    /// Why.
    pub why: String,
}

impl FileReport {
    /// The report, unless every row was kept out.
    ///
    /// # Errors
    /// [`Fault::Unusable`] with their number and what is wrong with the first.
    pub(super) fn of_some(self, settings: &FileSettings) -> Result<Self, Fault> {
        let first = self.oddities.first();
        let first = first.filter(|_| self.items == 0 && self.kept_out >= self.rows);
        let Some(Oddity { place, what }) = first else {
            return Ok(self);
        };
        let rows = if self.rows == 1 { "row" } else { "rows" };
        let what = format!(
            "{}: none of its {} {rows} can be read; {place}: {what}",
            settings.path.display(),
            self.rows
        );
        Err(Fault::Unusable {
            what,
            hint: "see that the columns are the right ones and that times are from 1970 to 2106"
                .to_owned(),
        })
    }

    /// Lists a row that is kept out.
    pub(super) fn keep_out(&mut self, line: u64, what: String) {
        self.keep_out_at(format!("line {line}"), what);
    }

    /// Lists what stands at a place and is kept out.
    pub(super) fn keep_out_at(&mut self, place: String, what: String) {
        self.kept_out += 1;
        self.list(Oddity { place, what });
    }

    /// Lists what is worth knowing of something that is kept.
    pub(super) fn list(&mut self, oddity: Oddity) {
        self.oddity_count += 1;
        if self.oddities.len() < LISTED {
            self.oddities.push(oddity);
        }
    }
}
