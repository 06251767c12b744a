//! `[notices]`: who is told when a policy breaks or a signal appears.

use super::problem::Problem;
use super::reader::{Section, Setting};
use super::source::read_secret;
use crate::connectors::SecretSource;

/// Who is told of what, and when not. Nobody unless the config says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// By which sequence the terminal is asked to show a notice; `None`: it is not asked.
    pub terminal: Option<Sequence>,
    /// Where the address is found that notices are posted to.
    pub webhook: Option<SecretSource>,
    /// What is told.
    pub about: Vec<About>,
    /// When nothing is told.
    pub quiet: Option<Quiet>,
}

/// How a terminal is asked to show a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// OSC 9: a text.
    Osc9,
    /// OSC 777: a title and a text.
    Osc777,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Policies that break.
    Policies,
    /// Weeks unlike those before.
    Signals,
}

/// A part of every day, by the clock of the display's zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// When it begins, `HH:MM`.
    from: String,
    /// When it ends; before its beginning: on the next day.
    to: String,
}

impl Quiet {
    /// Reads `20:00-08:00`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("\"{text}\" is no part of a day; expected two times such as 20:00-08:00");
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let (from, to) = (from.trim(), to.trim());
        if !(is_time(from) && is_time(to)) || from == to {
            return Err(wrong());
        }
        Ok(Self {
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }

    /// Whether a time of the day, `HH:MM`, lies in it.
    pub fn holds(&self, time: &str) -> bool {
        let (from, to) = (self.from.as_str(), self.to.as_str());
        if from < to {
            from <= time && time < to
        } else {
            from <= time || time < to
        }
    }
}

fn is_time(text: &str) -> bool {
    let number = |part: &str, most: u32| {
        let digits = part.len() == 2 && part.bytes().all(|one| one.is_ascii_digit());
        digits && part.parse::<u32>().is_ok_and(|number| number <= most)
    };
    let parts = text.split_once(':');
    parts.is_some_and(|(hour, minute)| number(hour, 23) && number(minute, 59))
}

impl Default for Notices {
    fn default() -> Self {
        Self {
            terminal: None,
            webhook: None,
            about: vec![About::Policies, About::Signals],
            quiet: None,
        }
    }
}

impl Notices {
    /// Whether anybody is told anything.
    pub fn are_wanted(&self) -> bool {
        self.terminal.is_some() || self.webhook.is_some()
    }

    /// Whether this is told.
    pub fn tell_of(&self, about: About) -> bool {
        self.about.contains(&about)
    }
}

pub(super) const TERMINALS: [(&str, Option<Sequence>); 3] = [
    ("off", None),
    ("osc9", Some(Sequence::Osc9)),
    ("osc777", Some(Sequence::Osc777)),
];

pub(super) const ABOUT: [(&str, About); 2] =
    [("policies", About::Policies), ("signals", About::Signals)];

pub(super) fn read(top: &mut Section<'_>) -> Notices {
    let Some(mut section) = top.table("notices") else {
        return Notices::default();
    };
    let usual = Notices::default();
    let terminal = section
        .get("terminal")
        .and_then(|it| it.word("way to ask a terminal", &TERMINALS));
    let notices = Notices {
        terminal: terminal.flatten(),
        webhook: section.get("webhook").and_then(|it| read_secret(&it)),
        about: section.get("about").map_or(usual.about, |it| about(&it)),
        quiet: section.get("quiet").and_then(|it| it.parsed(Quiet::parse)),
    };
    section.finish();
    notices
}

fn about(setting: &Setting<'_>) -> Vec<About> {
    let list = setting.list();
    if list.is_empty() {
        let problem = Problem::new(
            setting.span(),
            "nothing is told",
            "expected policies, signals",
        );
        let hint = "leave [notices] out to be told nothing";
        setting.reader().report(problem.hint(hint));
    }
    let words = list.iter();
    words
        .filter_map(|one| one.word("thing to tell", &ABOUT))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Quiet;

    #[test]
    fn quiet_hours_may_last_over_midnight() {
        let night = Quiet::parse("20:00-08:00").unwrap();
        let noon = Quiet::parse("12:00 - 13:30").unwrap();
        let table = [
            ("19:59", false, false),
            ("20:00", true, false),
            ("00:00", true, false),
            ("07:59", true, false),
            ("08:00", false, false),
            ("12:00", false, true),
            ("13:30", false, false),
        ];
        for (time, by_night, at_noon) in table {
            assert_eq!(
                (night.holds(time), noon.holds(time)),
                (by_night, at_noon),
                "{time}"
            );
        }
        for wrong in [
            "",
            "20:00",
            "20-8",
            "24:00-08:00",
            "20:60-08:00",
            "8:00-9:00",
            "08:00-08:00",
            "+1:00-02:00",
        ] {
            assert!(Quiet::parse(wrong).is_err(), "{wrong}");
        }
    }
}
