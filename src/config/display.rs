//! `[display]`, `[keys]` and `[theme]`: how things are shown.

mod keys;

pub use keys::KeyBinding;

use std::collections::BTreeMap;
use std::str::FromStr;

use super::reader::Section;
use crate::model::time::{WindowSpec, Zone};

/// How things are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    /// Day borders and dates. Default: the machine's zone.
    pub time_zone: Zone,
    /// Light or dark. Default: as the terminal is.
    pub theme: ThemeChoice,
    /// What charts are drawn with. Default: blocks.
    pub glyphs: Glyphs,
    /// Whether liquids flow. Default: moving.
    pub motion: Motion,
    /// Whether the mouse is used. Default: on.
    pub mouse: Mouse,
    /// Whether the first tour is shown. Default: shown.
    pub tour: Tour,
    /// Whether keys of items are links. Default: where the terminal is known to show them.
    pub links: Links,
    /// The window that measures are taken over at first. Default: 90 days.
    pub window: WindowSpec,
    /// Keys that the user changed.
    pub keys: Vec<KeyBinding>,
    /// Colours that the user changed: role → colour.
    pub colours: BTreeMap<String, String>,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            time_zone: Zone::local(),
            theme: ThemeChoice::default(),
            glyphs: Glyphs::default(),
            motion: Motion::default(),
            mouse: Mouse::default(),
            tour: Tour::default(),
            links: Links::default(),
            window: WindowSpec::default(),
            keys: Vec::new(),
            colours: BTreeMap::new(),
        }
    }
}

/// Which theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the terminal is.
    #[default]
    Auto,
    /// For a dark terminal.
    Dark,
    /// For a light terminal.
    Light,
    /// Light on dark, as far apart as can be.
    HighContrast,
    /// Dark on white with thick marks: for a projector in a bright room.
    Projector,
    /// Warm light on warm dark.
    Ember,
    /// Dark on the colour of paper.
    Paper,
    /// Without colours.
    Mono,
}

/// Which signs charts are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Glyphs {
    /// Eighth blocks and box lines: in every font.
    #[default]
    Blocks,
    /// Nothing but ASCII.
    Ascii,
}

/// Whether pictures move.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// They move.
    #[default]
    Moving,
    /// They stand still.
    Still,
}

/// Whether the mouse is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mouse {
    /// Clicks and the wheel work.
    #[default]
    On,
    /// The terminal keeps the mouse.
    Off,
}

/// Whether whoever has not seen the dashboard yet is shown around.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tour {
    /// Once.
    #[default]
    Shown,
    /// Never.
    Left,
}

/// Whether keys of items are links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// Where the terminal is known to show them.
    #[default]
    Known,
    /// Nowhere.
    Off,
}

pub(super) const THEMES: [(&str, ThemeChoice); 8] = [
    ("auto", ThemeChoice::Auto),
    ("dark", ThemeChoice::Dark),
    ("light", ThemeChoice::Light),
    ("high-contrast", ThemeChoice::HighContrast),
    ("projector", ThemeChoice::Projector),
    ("ember", ThemeChoice::Ember),
    ("paper", ThemeChoice::Paper),
    ("mono", ThemeChoice::Mono),
];

impl FromStr for ThemeChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "theme", &THEMES)
    }
}

impl FromStr for Glyphs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        named(text, "set of glyphs", &GLYPHS)
    }
}

impl ThemeChoice {
    /// Its name in the config.
    pub fn name(self) -> &'static str {
        name_in(self, &THEMES)
    }
}

impl Glyphs {
    /// Their name in the config.
    pub fn name(self) -> &'static str {
        name_in(self, &GLYPHS)
    }
}

fn name_in<T: Copy + PartialEq>(choice: T, known: &[(&'static str, T)]) -> &'static str {
    let found = known.iter().find(|(_, one)| *one == choice);
    found.map_or("", |(name, _)| name)
}

/// The choice of this name.
fn named<T: Copy>(text: &str, what: &str, known: &[(&str, T)]) -> Result<T, String> {
    let found = known.iter().find(|(name, _)| *name == text);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        format!("\"{text}\" is no {what}; known are {}", names.join(", "))
    })
}

pub(super) const GLYPHS: [(&str, Glyphs); 2] =
    [("blocks", Glyphs::Blocks), ("ascii", Glyphs::Ascii)];

pub(super) fn read(top: &mut Section<'_>) -> Display {
    let mut display = Display::default();
    if let Some(section) = top.table("display") {
        read_section(section, &mut display);
    }
    if let Some(section) = top.table("keys") {
        display.keys = keys::read(&section);
    }
    if let Some(section) = top.table("theme") {
        display.colours = read_colours(&section);
    }
    display
}

fn read_section(mut section: Section<'_>, display: &mut Display) {
    if let Some(zone) = section.get("time_zone").and_then(|zone| zone.zone()) {
        display.time_zone = zone;
    }
    if let Some(theme) = section
        .get("theme")
        .and_then(|it| it.word("theme", &THEMES))
    {
        display.theme = theme;
    }
    if let Some(glyphs) = section
        .get("glyphs")
        .and_then(|it| it.word("set of glyphs", &GLYPHS))
    {
        display.glyphs = glyphs;
    }
    if section.get("animations").and_then(|it| it.flag()) == Some(false) {
        display.motion = Motion::Still;
    }
    if section.get("mouse").and_then(|it| it.flag()) == Some(false) {
        display.mouse = Mouse::Off;
    }
    if section.get("tour").and_then(|it| it.flag()) == Some(false) {
        display.tour = Tour::Left;
    }
    if section.get("links").and_then(|it| it.flag()) == Some(false) {
        display.links = Links::Off;
    }
    if let Some(window) = section
        .get("window")
        .and_then(|it| it.parsed(WindowSpec::parse))
    {
        display.window = window;
    }
    section.finish();
}

fn read_colours(section: &Section<'_>) -> BTreeMap<String, String> {
    let checks = section.reader().checks();
    let mut colours = BTreeMap::new();
    for (role, setting) in section.entries() {
        section
            .reader()
            .check_name_if_known(&role, "role of a colour", checks.roles);
        let colour = setting.parsed(|text| (checks.colour)(text).map(|()| text.to_owned()));
        if let Some(colour) = colour {
            colours.insert(role.into_inner(), colour);
        }
    }
    colours
}
