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
    /// Dark on white with thick marks: for a projector in a bright room.
    Projector,
    /// Warm light on warm dark.
    Ember,
    /// Dark on the colour of paper.
    Paper,
}

impl ThemeName {
    /// All themes.
    pub const ALL: [Self; 6] = [
        Self::Dark,
        Self::Light,
        Self::HighContrast,
        Self::Projector,
        Self::Ember,
        Self::Paper,
    ];

    /// The name in the config.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::HighContrast => "high-contrast",
            Self::Projector => "projector",
            Self::Ember => "ember",
            Self::Paper => "paper",
        }
    }

    /// The theme after it, the first after the last.
    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|theme| *theme == self);
        Self::ALL[at.map_or(0, |at| (at + 1) % Self::ALL.len())]
    }

    /// The ground it is made for.
    pub(super) fn ground(self) -> Rgb {
        match self {
            Self::Dark => Rgb(0x14, 0x17, 0x1c),
            Self::Light | Self::Projector => Rgb(255, 255, 255),
            Self::HighContrast => Rgb(0, 0, 0),
            Self::Ember => Rgb(0x1d, 0x17, 0x13),
            Self::Paper => Rgb(0xf5, 0xee, 0xdf),
        }
    }

    /// Whether it is dark on light.
    pub(super) fn is_light(self) -> bool {
        matches!(self, Self::Light | Self::Projector | Self::Paper)
    }

    /// Whether it is drawn on its own ground rather than the terminal's.
    pub(super) fn brings_ground(self) -> bool {
        !matches!(self, Self::Dark | Self::Light)
    }
}

impl FromStr for ThemeName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|theme| theme.name() == text);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("\"{text}\" is no theme; known are {names}")
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
        ThemeName::Projector => &PROJECTOR,
        ThemeName::Ember => &EMBER,
        ThemeName::Paper => &PAPER,
    }
}

const fn hex(value: u32) -> Rgb {
    let [_, red, green, blue] = value.to_be_bytes();
    Rgb(red, green, blue)
}

const DARK: [Rgb; Role::ALL.len()] = [
    hex(0xd5_dae2),
    hex(0x91_9ba9),
    hex(0x48_505d),
    hex(0xff_ffff),
    hex(0x7c_c7f5),
    hex(0x4f_d1a8),
    hex(0xfb_7a47),
    hex(0xf0_c040),
    hex(0x1e_324a),
    hex(0x1c_222b),
    hex(0xe0_8cc4),
    hex(0xff_8a4c),
    hex(0x6b_7686),
    hex(0x4d_baf9),
    hex(0x12_9b6f),
    hex(0x7d_8a99),
    hex(0xe3_6a1c),
    hex(0xff_8a4c),
    hex(0x44_80bf),
    hex(0x1f_a87c),
    hex(0xc9_7bb0),
    hex(0x77_787b),
];

const LIGHT: [Rgb; Role::ALL.len()] = [
    hex(0x24_292f),
    hex(0x5b_6470),
    hex(0xb4_bcc6),
    hex(0x00_0000),
    hex(0x00_5ea8),
    hex(0x00_704f),
    hex(0xb2_3d0c),
    hex(0x86_5f00),
    hex(0xf8_ecd4),
    hex(0xf2_f7ff),
    hex(0x97_3176),
    hex(0xb3_3e00),
    hex(0x83_8d9a),
    hex(0x73_94c2),
    hex(0x36_9972),
    hex(0x7c_8793),
    hex(0xe0_6a1a),
    hex(0xb6_3b04),
    hex(0x57_97c9),
    hex(0x26_7f59),
    hex(0xbc_8387),
    hex(0x89_91ac),
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
    hex(0x39_2c7b),
    hex(0x00_0000),
    hex(0xff_a8e0),
    hex(0xff_a060),
    hex(0xa8_b0bc),
    hex(0x66_c2ff),
    hex(0x4f_ecb0),
    hex(0xc0_c8d0),
    hex(0xff_7a1a),
    hex(0xff_a062),
    hex(0x70_b0ff),
    hex(0x20_d8a0),
    hex(0xf8_90e2),
    hex(0xc0_c8d0),
];

const PROJECTOR: [Rgb; Role::ALL.len()] = [
    hex(0x00_0000),
    hex(0x3c_4248),
    hex(0xa0_a6ad),
    hex(0x00_0000),
    hex(0x00_468c),
    hex(0x00_553a),
    hex(0xa0_2000),
    hex(0x6b_4d00),
    hex(0xff_e57f),
    hex(0xe8_ecf0),
    hex(0x8a_1f6a),
    hex(0x9d_2c02),
    hex(0x6b_7580),
    hex(0x0a_77c6),
    hex(0x17_9b6c),
    hex(0x56_5f69),
    hex(0xd0_4a00),
    hex(0xa0_2000),
    hex(0x42_6aba),
    hex(0x0e_8a60),
    hex(0xb0_4890),
    hex(0x4c_545c),
];

const EMBER: [Rgb; Role::ALL.len()] = [
    hex(0xea_dfcf),
    hex(0xaa_9c84),
    hex(0x5a_4e42),
    hex(0xff_f8ec),
    hex(0xf2_b866),
    hex(0x9c_cf7a),
    hex(0xff_7f5c),
    hex(0xf2_d05c),
    hex(0x42_2d1b),
    hex(0x2a_211b),
    hex(0xe2_90cc),
    hex(0xff_925a),
    hex(0x7d_7065),
    hex(0x6f_b0d0),
    hex(0x7f_ae4e),
    hex(0x9a_8d7e),
    hex(0xe0_641c),
    hex(0xff_b383),
    hex(0x5c_93c0),
    hex(0x7f_ae4e),
    hex(0xd0_8aa8),
    hex(0xb1_a58d),
];

const PAPER: [Rgb; Role::ALL.len()] = [
    hex(0x2f_2a22),
    hex(0x67_5849),
    hex(0xc0_b6a2),
    hex(0x0a_0805),
    hex(0x00_558c),
    hex(0x1d_6640),
    hex(0xa3_2a0b),
    hex(0x73_560b),
    hex(0xe3_d4a3),
    hex(0xef_e2cc),
    hex(0x8a_2f67),
    hex(0x9c_2e04),
    hex(0x8f_8674),
    hex(0x11_6698),
    hex(0x2a_9566),
    hex(0x5b_5e53),
    hex(0xc8_5a10),
    hex(0x9d_2e0c),
    hex(0x3c_6894),
    hex(0x3f_9468),
    hex(0xb8_6a98),
    hex(0x6f_6857),
];
