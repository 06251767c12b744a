//! The words that a key takes.

use crate::config::display::{GLYPHS, THEMES};
use crate::config::notices::TERMINALS;
use crate::config::plan::SEVERITIES;
use crate::model::stage::{Class, ClockRule, Phase};

pub(super) fn themes() -> Vec<&'static str> {
    THEMES.iter().map(|(name, _)| *name).collect()
}

pub(super) fn glyphs() -> Vec<&'static str> {
    GLYPHS.iter().map(|(name, _)| *name).collect()
}

pub(super) fn clocks() -> Vec<&'static str> {
    ClockRule::ALL.iter().map(|rule| rule.name()).collect()
}

pub(super) fn phases() -> Vec<&'static str> {
    Phase::ALL.iter().map(|phase| phase.name()).collect()
}

pub(super) fn classes() -> Vec<&'static str> {
    Class::ALL.iter().map(|class| class.name()).collect()
}

pub(super) fn terminals() -> Vec<&'static str> {
    TERMINALS.iter().map(|(name, _)| *name).collect()
}

pub(super) fn severities() -> Vec<&'static str> {
    SEVERITIES.iter().map(|(name, _)| *name).collect()
}
