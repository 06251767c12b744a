//! What each role looks like. Widgets name roles; only this module knows colours.

mod depth;
mod palette;

pub use depth::{ColorChoice, Depth};
pub use palette::ThemeName;

use ratatui::style::{Color, Modifier, Style};

use palette::Rgb;

/// What a cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Plain text.
    Text,
    /// Text of less weight: labels, units.
    Muted,
    /// Lines and empty tracks.
    Faint,
    /// Text of more weight.
    Strong,
    /// What can be pressed; the selected tab.
    Accent,
    /// Better than before.
    Good,
    /// Worse than before; over a limit; failed.
    Bad,
    /// Needs a look.
    Warn,
    /// Behind the selected row.
    Selected,
    /// Behind overlays.
    Panel,
    /// Work that is stopped.
    Blocked,
    /// Work older than most.
    Overdue,
    /// Fresh work in a backlog.
    Backlog,
    /// Fresh work in a queue.
    Queue,
    /// Fresh work being done.
    Active,
    /// Finished work.
    Done,
    /// Old work.
    Old,
    /// The stage that holds the stream back.
    Constraint,
    /// The phase ideate.
    Ideate,
    /// The phase create.
    Create,
    /// The phase release.
    Release,
    /// The phase operate.
    Operate,
}

impl Role {
    /// All roles, in the order of the palettes.
    pub const ALL: [Self; 22] = [
        Self::Text,
        Self::Muted,
        Self::Faint,
        Self::Strong,
        Self::Accent,
        Self::Good,
        Self::Bad,
        Self::Warn,
        Self::Selected,
        Self::Panel,
        Self::Blocked,
        Self::Overdue,
        Self::Backlog,
        Self::Queue,
        Self::Active,
        Self::Done,
        Self::Old,
        Self::Constraint,
        Self::Ideate,
        Self::Create,
        Self::Release,
        Self::Operate,
    ];

    /// The name in the config.
    pub fn name(self) -> &'static str {
        palette::NAMES[self as usize]
    }

    /// The role with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A user's colour for a role, as the config has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserColor {
    /// The role's name.
    pub role: String,
    /// `#rrggbb`.
    pub color: String,
}

/// What is wrong with a user's colour.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColorProblem {
    /// No such role.
    #[error("\"{name}\" is no role of the theme; known are {}", palette::NAMES.join(", "))]
    UnknownRole {
        /// What was given.
        name: String,
    },
    /// No such colour.
    #[error("\"{color}\" for {role} is no colour; write #rrggbb, for example #e69f00")]
    BadColor {
        /// Whose colour.
        role: String,
        /// What was given.
        color: String,
    },
}

/// The look of all roles on a terminal that knows so many colours.
#[derive(Clone, Debug)]
pub struct Theme {
    name: ThemeName,
    colors: [Rgb; Role::ALL.len()],
    /// The user's colours, which hold in every theme.
    own: Vec<(Role, Rgb)>,
    depth: Depth,
    ground: Ground,
}

/// The ground that everything is drawn on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    /// The terminal's own, which is as the theme takes it to be.
    Known,
    /// The terminal's own, which may be light or dark: text is in the terminal's own colour.
    Unknown,
    /// The theme's, painted.
    Painted,
}

impl Theme {
    /// A theme for a terminal.
    pub fn new(name: ThemeName, depth: Depth) -> Self {
        Self {
            name,
            colors: *palette::colors(name),
            own: Vec::new(),
            depth,
            ground: if name.brings_ground() {
                Ground::Painted
            } else {
                Ground::Known
            },
        }
    }

    /// Which theme it is.
    pub fn name(&self) -> &'static str {
        self.name.name()
    }

    /// The theme after this one, on a ground of its own: it need not fit the terminal's. Where there
    /// are no colours, this one.
    #[must_use]
    pub fn next(&self) -> Self {
        self.other(self.name.next())
    }

    /// Another theme, as [`Theme::next`] is another.
    #[must_use]
    pub fn other(&self, name: ThemeName) -> Self {
        if self.is_plain() {
            return self.clone();
        }
        let mut next = Self::new(name, self.depth);
        for (role, color) in &self.own {
            next.colors[*role as usize] = *color;
        }
        next.own.clone_from(&self.own);
        next.ground = Ground::Painted;
        next
    }

    /// The look of what nothing is written on; `None` where that is the terminal's own.
    pub(super) fn ground(&self) -> Option<Style> {
        let painted = self.ground == Ground::Painted && !self.is_plain();
        let ground = || Style::new().bg(self.depth.ground(self.name.ground()));
        painted.then(|| ground().fg(self.color(Role::Text)))
    }

    /// Whether marks and text are drawn heavier than usual.
    pub fn is_thick(&self) -> bool {
        self.name == ThemeName::Projector
    }

    /// The theme for a terminal that does not say whether its ground is light or dark: what must be
    /// read is in the terminal's own colour.
    #[must_use]
    pub fn on_any_ground(self) -> Self {
        Self {
            ground: Ground::Unknown,
            ..self
        }
    }

    /// The theme with the user's colours.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn with_user(mut self, colors: &[UserColor]) -> Result<Self, Vec<ColorProblem>> {
        let mut problems = Vec::new();
        for user in colors {
            match user.read() {
                Ok((role, color)) => {
                    self.colors[role as usize] = color;
                    self.own.push((role, color));
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(self)
        } else {
            Err(problems)
        }
    }

    /// Every role in a colour of its own that no mixture of two has.
    #[cfg(test)]
    pub(crate) fn of_roles() -> Self {
        let color = |at: usize| {
            let part = |value: usize| u8::try_from(value).unwrap_or(u8::MAX);
            Rgb(part(at * 11), part(at * at / 2), part(255 - at * 3))
        };
        Self {
            name: ThemeName::Dark,
            colors: std::array::from_fn(color),
            own: Vec::new(),
            depth: Depth::True,
            ground: Ground::Known,
        }
    }

    /// Whether there are no colours, so that patterns and letters must tell things apart.
    pub fn is_plain(&self) -> bool {
        self.depth == Depth::None
    }

    /// The look of text in a role.
    pub fn style(&self, role: Role) -> Style {
        let mut style = Style::new().add_modifier(weight(role));
        if self.is_thick() {
            style = style.add_modifier(Modifier::BOLD);
        }
        if self.is_plain() {
            return style.add_modifier(plain_weight(role));
        }
        if self.ground == Ground::Unknown {
            match role {
                // Said, not left out: a cell that had a colour before would keep it.
                Role::Text | Role::Strong => return style.fg(Color::Reset),
                Role::Panel => return style.bg(Color::Reset),
                Role::Selected => return style.add_modifier(Modifier::BOLD),
                _ => {}
            }
        }
        // None of sixteen colours is a ground that the other fifteen can be read on.
        if role == Role::Selected && self.depth == Depth::Ansi {
            return style.add_modifier(Modifier::BOLD);
        }
        if matches!(role, Role::Selected | Role::Panel) {
            return style.bg(self.field(role));
        }
        let light = self.name.is_light();
        style.fg(self.depth.text(self.colors[role as usize], light))
    }

    /// The look of text on a field of a role's colour; reversed without colours.
    pub fn on(&self, role: Role) -> Style {
        if self.is_plain() {
            return Style::new().add_modifier(Modifier::REVERSED);
        }
        let ground = self.colors[role as usize];
        Style::new()
            .bg(self.color(role))
            .fg(self.depth.color(ground.readable_on()))
    }

    /// Dark ink for a field of any age; reversed without colours.
    pub fn ink(&self) -> Style {
        if self.is_plain() {
            return Style::new().add_modifier(Modifier::REVERSED);
        }
        let ink = self.depth.color(Rgb::INK);
        Style::new().fg(ink).add_modifier(Modifier::BOLD)
    }

    /// A colour on the way from one role to another, `share` from 0 to 1.
    pub fn between(&self, from: Role, to: Role, share: f64) -> Color {
        if self.is_plain() {
            return Color::Reset;
        }
        self.depth
            .color(self.colors[from as usize].mix(self.colors[to as usize], share))
    }

    /// The colour of a band of a role; where bands of one role lie upon each other every second is to
    /// be told from the first.
    pub fn band(&self, role: Role, second: bool) -> Color {
        let share = if second { 0.38 } else { 0.1 };
        match self.depth {
            Depth::Ansi if second => depth::other_shade(self.color(role)),
            Depth::Ansi => self.color(role),
            _ => self.between(role, Role::Panel, share),
        }
    }

    /// A colour that can be read on that of [`Theme::between`].
    pub fn readable_between(&self, from: Role, to: Role, share: f64) -> Color {
        if self.is_plain() {
            return Color::Reset;
        }
        let ground = self.colors[from as usize].mix(self.colors[to as usize], share);
        self.depth.color(ground.readable_on())
    }

    fn color(&self, role: Role) -> Color {
        self.depth.color(self.colors[role as usize])
    }

    /// The colour of what text is written on.
    fn field(&self, role: Role) -> Color {
        match self.depth {
            Depth::Ansi => self.depth.ground(self.name.ground()),
            _ => self.color(role),
        }
    }
}

impl UserColor {
    fn read(&self) -> Result<(Role, Rgb), ColorProblem> {
        let role = Role::named(&self.role).ok_or_else(|| ColorProblem::UnknownRole {
            name: self.role.clone(),
        })?;
        let color = Rgb::parse(&self.color).ok_or_else(|| ColorProblem::BadColor {
            role: self.role.clone(),
            color: self.color.clone(),
        })?;
        Ok((role, color))
    }
}

fn weight(role: Role) -> Modifier {
    match role {
        Role::Strong | Role::Constraint | Role::Accent => Modifier::BOLD,
        _ => Modifier::empty(),
    }
}

fn plain_weight(role: Role) -> Modifier {
    match role {
        Role::Bad | Role::Blocked => Modifier::BOLD,
        Role::Faint | Role::Muted => Modifier::DIM,
        Role::Selected => Modifier::REVERSED,
        _ => Modifier::empty(),
    }
}

#[cfg(test)]
mod seen;
#[cfg(test)]
mod tests {
    use super::{ColorProblem, Depth, Role, Theme, ThemeName, UserColor};
    use ratatui::style::{Color, Modifier};

    fn user(role: &str, color: &str) -> UserColor {
        UserColor {
            role: role.to_owned(),
            color: color.to_owned(),
        }
    }

    #[test]
    fn on_an_unknown_ground_text_has_the_terminals_own_colour() {
        let theme = Theme::new(ThemeName::Dark, Depth::True).on_any_ground();
        assert_eq!(theme.style(Role::Text).fg, Some(Color::Reset));
        assert_eq!(theme.style(Role::Strong).fg, Some(Color::Reset));
        assert_eq!(theme.style(Role::Panel).bg, Some(Color::Reset));
        let selected = theme.style(Role::Selected);
        assert!(selected.add_modifier.contains(Modifier::BOLD));
        assert_eq!(selected.bg, None);
    }

    #[test]
    fn user_colours_are_taken_or_all_refused() {
        let theme = || Theme::new(ThemeName::Dark, Depth::True);
        let mine = theme().with_user(&[user("queue", "#010203")]).unwrap();
        assert_eq!(mine.style(Role::Queue).fg, Some(Color::Rgb(1, 2, 3)));
        for bad in ["#12", "", "#ü1234", "#1234567", "red", "#gggggg"] {
            let problems = theme().with_user(&[user("queue", bad), user("x", "#010203")]);
            assert!(matches!(
                problems.unwrap_err().as_slice(),
                [
                    ColorProblem::BadColor { .. },
                    ColorProblem::UnknownRole { .. }
                ]
            ));
        }
    }

    #[test]
    fn two_bands_of_a_class_on_one_another_are_told_apart() {
        for name in ThemeName::ALL {
            for depth in [Depth::True, Depth::Indexed, Depth::Ansi] {
                let theme = Theme::new(name, depth);
                for role in [Role::Backlog, Role::Queue, Role::Active, Role::Done] {
                    let (first, second) = (theme.band(role, false), theme.band(role, true));
                    assert_ne!(first, second, "{name:?}, {depth:?}, {role:?}");
                }
            }
        }
    }

    #[test]
    fn no_colour_leaves_attributes() {
        let theme = Theme::new(ThemeName::Dark, Depth::None);
        for role in Role::ALL {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert!(
            theme
                .style(Role::Selected)
                .add_modifier
                .contains(Modifier::REVERSED)
        );
    }

    #[test]
    fn roles_are_found_by_name() {
        for role in Role::ALL {
            assert_eq!(Role::named(role.name()), Some(role));
        }
    }
}
