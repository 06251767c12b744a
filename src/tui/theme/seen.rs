//! What the colours of the themes are to an eye: contrast by WCAG 2.2, and distance (CIE 1976) also
//! as the three kinds of colour blindness see them (Machado, Oliveira, Fernandes 2009).

use ratatui::style::Color;

use super::{Depth, Role, Theme, ThemeName};

type Light = [f64; 3];

/// What xterm shows for the sixteen.
const SIXTEEN: [(Color, u32); 13] = [
    (Color::Black, 0x00_0000),
    (Color::Red, 0xcd_0000),
    (Color::Green, 0x00_cd00),
    (Color::Yellow, 0xcd_cd00),
    (Color::Cyan, 0x00_cdcd),
    (Color::Gray, 0xe5_e5e5),
    (Color::DarkGray, 0x7f_7f7f),
    (Color::LightRed, 0xff_0000),
    (Color::LightBlue, 0x5c_5cff),
    (Color::LightMagenta, 0xff_00ff),
    (Color::White, 0xff_ffff),
    (Color::Blue, 0x00_00ee),
    (Color::Magenta, 0xcd_00cd),
];

/// Red, green, blue of a colour as it is shown.
fn shown(color: Color) -> [u8; 3] {
    let named = |value: u32| {
        let [_, red, green, blue] = value.to_be_bytes();
        [red, green, blue]
    };
    match color {
        Color::Rgb(red, green, blue) => [red, green, blue],
        Color::Indexed(grey @ 232..) => [8 + 10 * (grey - 232); 3],
        Color::Indexed(at) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let at = at - 16;
            [level(at / 36), level(at / 6 % 6), level(at % 6)]
        }
        other => {
            let mut known = SIXTEEN.iter();
            named(known.find(|(color, _)| *color == other).unwrap().1)
        }
    }
}

/// Linear light, by sRGB.
fn light(color: Color) -> Light {
    shown(color).map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn sum(weights: Light, light: Light) -> f64 {
    weights
        .iter()
        .zip(light)
        .map(|(one, other)| one * other)
        .sum()
}

fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |color| sum([0.2126, 0.7152, 0.0722], light(color)) + 0.05;
    let ratio = luminance(one) / luminance(other);
    ratio.max(1.0 / ratio)
}

/// Ways to see colours, as what each makes of linear light.
const EYES: [(&str, [Light; 3]); 4] = [
    (
        "all cones",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// L*a*b* of a colour for an eye.
fn lab(color: Color, eye: [Light; 3]) -> Light {
    let light = light(color);
    let seen = eye.map(|weights| sum(weights, light).clamp(0.0, 1.0));
    let x = sum([0.4124, 0.3576, 0.1805], seen) / 0.950_47;
    let y = sum([0.2126, 0.7152, 0.0722], seen);
    let z = sum([0.0193, 0.1192, 0.9505], seen) / 1.088_83;
    let [x, y, z] = [x, y, z].map(|part| {
        if part > 0.008_856 {
            part.cbrt()
        } else {
            7.787 * part + 16.0 / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance(one: Color, other: Color, eye: [Light; 3]) -> f64 {
    let (one, other) = (lab(one, eye), lab(other, eye));
    let squares = one.iter().zip(other).map(|(a, b)| (a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

const TEXTS: [Role; 10] = [
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

const MARKS: [Role; 9] = [
    Role::Backlog,
    Role::Queue,
    Role::Active,
    Role::Done,
    Role::Old,
    Role::Ideate,
    Role::Create,
    Role::Release,
    Role::Operate,
];

/// Bands that stand beside one another: phases, classes, a class and its old work, kinds.
const NEIGHBOURS: [(Role, Role); 12] = [
    (Role::Ideate, Role::Create),
    (Role::Create, Role::Release),
    (Role::Release, Role::Operate),
    (Role::Backlog, Role::Queue),
    (Role::Queue, Role::Active),
    (Role::Active, Role::Done),
    (Role::Backlog, Role::Old),
    (Role::Queue, Role::Old),
    (Role::Active, Role::Old),
    (Role::Queue, Role::Constraint),
    (Role::Constraint, Role::Active),
    (Role::Active, Role::Blocked),
];

/// Every theme on a terminal of each depth that has colours.
fn themes() -> impl Iterator<Item = (ThemeName, Depth, Theme)> {
    let depths = [Depth::True, Depth::Indexed, Depth::Ansi];
    let of = move |name| depths.map(|depth| (name, depth, Theme::new(name, depth)));
    ThemeName::ALL.into_iter().flat_map(of)
}

#[test]
fn text_can_be_read_on_every_ground() {
    for (name, depth, theme) in themes() {
        let ground = depth.ground(name.ground());
        let grounds = [Role::Selected, Role::Panel].map(|role| theme.style(role).bg);
        let grounds = grounds.into_iter().flatten().chain([ground]);
        for (ground, role) in grounds.flat_map(|ground| TEXTS.map(|role| (ground, role))) {
            let ratio = contrast(theme.style(role).fg.unwrap(), ground);
            assert!(ratio >= 4.5, "{name:?} {depth:?} {role:?} {ratio:.2}");
        }
    }
}

#[test]
fn marks_stand_out_from_the_ground() {
    for (name, depth, theme) in themes().filter(|(_, depth, _)| *depth != Depth::Ansi) {
        let ground = depth.ground(name.ground());
        for role in MARKS {
            let ratio = contrast(theme.between(role, role, 0.0), ground);
            assert!(ratio >= 3.0, "{name:?} {depth:?} {role:?} {ratio:.2}");
        }
    }
}

#[test]
fn neighbours_are_told_apart_by_every_eye() {
    for (name, depth, theme) in themes().filter(|(_, depth, _)| *depth != Depth::Ansi) {
        let least = if depth == Depth::True { 15.0 } else { 10.0 };
        for (one, other) in NEIGHBOURS {
            for (eye, seen) in EYES {
                let [a, b] = [one, other].map(|role| theme.between(role, role, 0.0));
                let far = distance(a, b, seen);
                assert!(
                    far >= least,
                    "{name:?} {depth:?} {one:?} {other:?} {eye} {far:.1}"
                );
            }
        }
    }
}

#[test]
fn the_measures_of_colour_are_those_of_the_books() {
    let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    // #777 on white is the well-known near miss of 4.5.
    let grey = contrast(Color::Rgb(0x77, 0x77, 0x77), white);
    assert!((grey - 4.478).abs() < 0.001, "{grey}");
    assert!((distance(black, white, EYES[0].1) - 100.0).abs() < 0.1);
    // Red and green of one lightness fall together where cones for one of them are missing.
    let (red, green) = (Color::Rgb(200, 80, 60), Color::Rgb(120, 120, 50));
    assert!(distance(red, green, EYES[2].1) < distance(red, green, EYES[0].1) / 2.0);
}

#[test]
fn the_next_theme_brings_its_ground_and_keeps_the_users_colours() {
    let own = super::UserColor {
        role: "queue".to_owned(),
        color: "#010203".to_owned(),
    };
    let theme = Theme::new(ThemeName::Dark, Depth::True).with_user(&[own]);
    let mut theme = theme.unwrap();
    assert_eq!(theme.ground(), None, "the terminal's own");
    let mut names = Vec::new();
    for _ in ThemeName::ALL {
        theme = theme.next();
        names.push(theme.name());
        assert!(theme.ground().is_some());
        assert_eq!(theme.style(Role::Queue).fg, Some(Color::Rgb(1, 2, 3)));
    }
    assert_eq!(names.last(), Some(&"dark"));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ThemeName::ALL.len());
    let plain = Theme::new(ThemeName::Dark, Depth::None).next();
    assert_eq!((plain.name(), plain.ground()), ("dark", None));
}
