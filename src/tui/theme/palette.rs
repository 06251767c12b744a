//! The colours of the built-in themes, after Okabe and Ito: told apart with any colour vision.

use std::str::FromStr;

use super::Role;

/// A built-in theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// Light on dark.
    #[default]
    Dark,
    /// Dark on light.
    Light,
    /// Light on dark, as far apart as can be.
    HighContrast,
}

impl ThemeName {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::HighContrast];

    /// The name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
        }
    }
}

impl FromStr for ThemeName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|theme| theme.name() == text);
        known.ok_or_else(|| {
            format!("\"{text}\" is no theme; known are auto, dark, light, high-contrast")
        })
    }
}

/// Red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

impl Rgb {
    /// Nearly black.
    pub(super) const INK: Self = Self(16, 18, 22);

    /// Reads `#rrggbb`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self(red, green, blue))
    }

    pub(super) fn mix(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let part = |a: u8, b: u8| byte(f64::from(a) * (1.0 - share) + f64::from(b) * share);
        Self(
            part(self.0, other.0),
            part(self.1, other.1),
            part(self.2, other.2),
        )
    }

    /// Black or white, whichever stands out more.
    pub(super) fn readable_on(self) -> Self {
        if self.luminance() > 0.2 {
            Self::INK
        } else {
            Self(255, 255, 255)
        }
    }

    fn luminance(self) -> f64 {
        let linear = |value: u8| (f64::from(value) / 255.0).powf(2.2);
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range of a byte before"
)]
fn byte(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// The config's names of the roles, in their order.
pub(super) const NAMES: [&str; Role::ALL.len()] = [
    "text",
    "muted",
    "faint",
    "strong",
    "accent",
    "good",
    "bad",
    "warn",
    "selected",
    "panel",
    "blocked",
    "overdue",
    "backlog",
    "queue",
    "active",
    "done",
    "old",
    "constraint",
    "ideate",
    "create",
    "release",
    "operate",
];

pub(super) fn colors(name: ThemeName) -> &'static [Rgb; Role::ALL.len()] {
    match name {
        ThemeName::Dark => &DARK,
        ThemeName::Light => &LIGHT,
        ThemeName::HighContrast => &HIGH_CONTRAST,
    }
}

const fn hex(value: u32) -> Rgb {
    let [_, red, green, blue] = value.to_be_bytes();
    Rgb(red, green, blue)
}

const DARK: [Rgb; Role::ALL.len()] = [
    hex(0xd5_dae2),
    hex(0x8b_95a5),
    hex(0x48_505d),
    hex(0xff_ffff),
    hex(0x7c_c7f5),
    hex(0x4f_d1a8),
    hex(0xff_7a45),
    hex(0xf0_c040),
    hex(0x26_3a52),
    hex(0x1c_222b),
    hex(0xe0_8cc4),
    hex(0xff_8a4c),
    hex(0x6b_7686),
    hex(0x4f_a8e0),
    hex(0x1f_a87c),
    hex(0x7d_8a99),
    hex(0xe3_6a1c),
    hex(0xff_8a4c),
    hex(0x4a_86c5),
    hex(0x1f_a87c),
    hex(0xc9_7bb0),
    hex(0x80_8b99),
];

const LIGHT: [Rgb; Role::ALL.len()] = [
    hex(0x24_292f),
    hex(0x5b_6470),
    hex(0xb4_bcc6),
    hex(0x00_0000),
    hex(0x00_5ea8),
    hex(0x00_704f),
    hex(0xb5_3c00),
    hex(0x8a_6100),
    hex(0xcf_e3f7),
    hex(0xee_f1f5),
    hex(0x9c_3a7a),
    hex(0xb5_4300),
    hex(0xa3_adb9),
    hex(0x5a_b0e6),
    hex(0x45_b890),
    hex(0x7c_8793),
    hex(0xe0_6a1a),
    hex(0xb5_3c00),
    hex(0x8d_b8e4),
    hex(0x6b_c7ab),
    hex(0xdc_a5ca),
    hex(0xb3_bcc6),
];

const HIGH_CONTRAST: [Rgb; Role::ALL.len()] = [
    hex(0xff_ffff),
    hex(0xd0_d0d0),
    hex(0x90_9090),
    hex(0xff_ffff),
    hex(0x80_d8ff),
    hex(0x5c_ffc8),
    hex(0xff_9a5c),
    hex(0xff_e066),
    hex(0x00_4a80),
    hex(0x00_0000),
    hex(0xff_a8e0),
    hex(0xff_a060),
    hex(0xa8_b0bc),
    hex(0x66_c2ff),
    hex(0x20_d8a0),
    hex(0xc0_c8d0),
    hex(0xff_7a1a),
    hex(0xff_a060),
    hex(0x70_b0ff),
    hex(0x20_d8a0),
    hex(0xff_90d8),
    hex(0xc0_c8d0),
];

#[cfg(test)]
mod tests {
    use super::{Rgb, Role, ThemeName, colors};

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (a.luminance() + 0.05, b.luminance() + 0.05);
        (a / b).max(b / a)
    }

    #[test]
    fn text_can_be_read_on_its_ground() {
        let grounds = [
            (ThemeName::Dark, Rgb(0x14, 0x17, 0x1c)),
            (ThemeName::Light, Rgb(0xff, 0xff, 0xff)),
            (ThemeName::HighContrast, Rgb(0, 0, 0)),
        ];
        let texts = [
            Role::Text,
            Role::Muted,
            Role::Strong,
            Role::Accent,
            Role::Good,
            Role::Bad,
            Role::Warn,
            Role::Blocked,
            Role::Overdue,
            Role::Constraint,
        ];
        for (theme, ground) in grounds {
            let colors = colors(theme);
            for role in texts {
                let plain = contrast(colors[role as usize], ground);
                let selected = contrast(colors[role as usize], colors[Role::Selected as usize]);
                assert!(plain >= 4.5, "{theme:?} {role:?} {plain:.1}");
                assert!(selected >= 3.0, "{theme:?} {role:?} selected {selected:.1}");
            }
        }
    }
}
