//! How many colours the terminal knows.

use std::str::FromStr;

use ratatui::style::Color;

use super::palette::Rgb;

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Any.
    True,
    /// The palette of 256.
    Indexed,
    /// The sixteen of the terminal's own scheme.
    Ansi,
    /// None: patterns, letters, bold and reverse.
    None,
}

/// What `--color` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// As the terminal and `NO_COLOR` say.
    #[default]
    Auto,
    /// Colours even under `NO_COLOR`.
    Always,
    /// No colours.
    Never,
}

impl FromStr for ColorChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(format!(
                "\"{text}\" is no choice of colour; use auto, always or never"
            )),
        }
    }
}

impl Depth {
    /// What a terminal with these variables of the environment can show.
    pub fn of(choice: ColorChoice, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let refused = choice == ColorChoice::Auto && set("NO_COLOR").is_some();
        if choice == ColorChoice::Never || refused {
            return Self::None;
        }
        let term = set("TERM").unwrap_or_default();
        match set("COLORTERM").as_deref() {
            Some("truecolor" | "24bit") => Self::True,
            _ if term.contains("direct") || set("WT_SESSION").is_some() => Self::True,
            _ if term.contains("256") => Self::Indexed,
            _ if term == "dumb" && choice == ColorChoice::Auto => Self::None,
            _ => Self::Ansi,
        }
    }

    pub(super) fn color(self, Rgb(red, green, blue): Rgb) -> Color {
        match self {
            Self::True => Color::Rgb(red, green, blue),
            Self::Indexed => Color::Indexed(nearest_of_256(red, green, blue)),
            Self::Ansi => nearest_of_16(red, green, blue),
            Self::None => Color::Reset,
        }
    }

    /// The colour of text on a dark or a light ground: of sixteen one that can be read there.
    pub(super) fn text(self, color: Rgb, on_light: bool) -> Color {
        match (self.color(color), self, on_light) {
            (Color::LightRed, Self::Ansi, true) => Color::Red,
            (Color::Cyan, Self::Ansi, true) => Color::Blue,
            (Color::Blue, Self::Ansi, false) => Color::Cyan,
            (Color::Magenta, Self::Ansi, false) => Color::LightMagenta,
            (named @ (Color::Blue | Color::Magenta), Self::Ansi, true) => named,
            (_, Self::Ansi, true) => Color::Black,
            (color, ..) => color,
        }
    }

    /// The colour of a whole ground: of sixteen black or white.
    pub(super) fn ground(self, color: Rgb) -> Color {
        match self {
            Self::Ansi if color.readable_on() == Rgb::INK => Color::White,
            Self::Ansi => Color::Black,
            _ => self.color(color),
        }
    }
}

/// Of sixteen colours the one of the same hue.
pub(super) fn other_shade(color: Color) -> Color {
    match color {
        Color::Blue => Color::LightBlue,
        Color::Green => Color::LightGreen,
        Color::Cyan => Color::LightCyan,
        Color::Magenta => Color::LightMagenta,
        Color::Yellow => Color::LightYellow,
        Color::LightRed => Color::Red,
        Color::White | Color::DarkGray => Color::Gray,
        Color::Gray | Color::Black => Color::DarkGray,
        other => other,
    }
}

/// The cube of 6×6×6 or the ramp of greys, whichever is nearer.
fn nearest_of_256(red: u8, green: u8, blue: u8) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |value: u8| {
        let near = (0_u8..6).min_by_key(|at| LEVELS[usize::from(*at)].abs_diff(value));
        near.unwrap_or(0)
    };
    let (r, g, b) = (step(red), step(green), step(blue));
    let level = |at: u8| LEVELS[usize::from(at)];
    let off = |to: (u8, u8, u8)| {
        let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        square(to.0, red) + square(to.1, green) + square(to.2, blue)
    };
    let grey = (0_u8..24).min_by_key(|at| off((8 + 10 * at, 8 + 10 * at, 8 + 10 * at)));
    let grey = grey.unwrap_or(0);
    let ramp = 8 + 10 * grey;
    if off((ramp, ramp, ramp)) < off((level(r), level(g), level(b))) {
        return 232 + grey;
    }
    16 + 36 * r + 6 * g + b
}

/// By hue: the user's own scheme decides how each looks.
fn nearest_of_16(red: u8, green: u8, blue: u8) -> Color {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most - least < 48 {
        return match most {
            0..64 => Color::Black,
            64..112 => Color::DarkGray,
            112..200 => Color::Gray,
            _ => Color::White,
        };
    }
    let span = u16::from(most - least);
    let above = |value: u8, tenths: u16| u16::from(value - least) * 10 > span * tenths;
    if red == most {
        return match (above(blue, 6), above(green, 7)) {
            (true, _) => Color::Magenta,
            (false, true) => Color::Yellow,
            (false, false) => Color::LightRed,
        };
    }
    if green == most {
        return match (above(red, 7), above(blue, 7)) {
            (true, _) => Color::Yellow,
            (false, true) => Color::Cyan,
            (false, false) => Color::Green,
        };
    }
    match (above(red, 6), above(green, 7)) {
        (true, _) => Color::Magenta,
        (false, true) => Color::Cyan,
        (false, false) => Color::Blue,
    }
}

#[cfg(test)]
mod tests {
    use super::{ColorChoice, Depth, nearest_of_256};
    use crate::tui::theme::{Role, Theme, ThemeName};

    fn depth(choice: ColorChoice, set: &[(&str, &str)]) -> Depth {
        Depth::of(choice, |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_decides_unless_told() {
        let plain = [("NO_COLOR", "1"), ("TERM", "xterm-256color")];
        assert_eq!(depth(ColorChoice::Auto, &plain), Depth::None);
        assert_eq!(depth(ColorChoice::Always, &plain), Depth::Indexed);
        assert_eq!(
            depth(ColorChoice::Auto, &[("NO_COLOR", ""), ("TERM", "xterm")]),
            Depth::Ansi
        );
        assert_eq!(
            depth(ColorChoice::Auto, &[("COLORTERM", "truecolor")]),
            Depth::True
        );
        assert_eq!(
            depth(ColorChoice::Never, &[("COLORTERM", "truecolor")]),
            Depth::None
        );
        assert_eq!(depth(ColorChoice::Auto, &[("TERM", "dumb")]), Depth::None);
    }

    #[test]
    fn sixteen_colours_keep_classes_and_signs_apart() {
        let roles = [
            Role::Queue,
            Role::Active,
            Role::Old,
            Role::Blocked,
            Role::Warn,
        ];
        for name in ThemeName::ALL {
            let theme = Theme::new(name, Depth::Ansi);
            let colors: std::collections::HashSet<_> = roles
                .iter()
                .map(|role| theme.between(*role, *role, 0.0))
                .collect();
            assert_eq!(colors.len(), roles.len(), "{name:?} {colors:?}");
        }
    }

    #[test]
    fn exact_colours_of_the_256_are_kept() {
        assert_eq!(nearest_of_256(0, 0, 0), 16);
        assert_eq!(nearest_of_256(255, 135, 0), 208);
        assert_eq!(nearest_of_256(118, 118, 118), 243);
    }
}
