//! How the dashboard looks and which keys it knows, from the config and the terminal.

use crate::app::{ACTIONS, Animation, Context};
use crate::config::{Checks, Config, Glyphs, KeyBinding, Links, Motion, ThemeChoice, Tour};
use crate::tui::keymap::{Key, Keymap, UserKey};
use crate::tui::terminal::theme_of_ground;
use crate::tui::theme::{ColorChoice, Depth, Role, Theme, ThemeName, UserColor};
use crate::tui::{Look, Marks, links_are_known};

use super::{Failure, views};

/// What is known of the terminal's own ground.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Ground {
    /// It may be asked for.
    #[default]
    Unasked,
    /// What it said, if anything; it cannot be asked any more.
    Known(Option<ThemeName>),
}

impl Ground {
    /// Asks for nothing from now on: the terminal is taken.
    pub(super) fn settled(self) -> Self {
        Self::Known(self.known())
    }

    fn known(self) -> Option<ThemeName> {
        match self {
            Self::Unasked => None,
            Self::Known(name) => name,
        }
    }

    fn ask(&mut self) -> Option<ThemeName> {
        if matches!(self, Self::Unasked) {
            *self = Self::Known(theme_of_ground());
        }
        self.known()
    }
}

/// How the command line wants the dashboard to look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Appearance {
    /// When to use colour.
    pub color: ColorChoice,
    /// In place of the config's theme.
    pub theme: Option<ThemeChoice>,
    /// In place of the config's marks.
    pub glyphs: Option<Glyphs>,
}

/// The look that the config, `--color` and the terminal ask for. Asks the terminal for its ground
/// where the theme is `auto` and it is not known yet, so call it before the terminal is taken.
///
/// # Errors
/// [`Failure`] with everything that is wrong with keys and colours.
pub(super) fn look(
    config: &Config,
    appearance: Appearance,
    ground: &mut Ground,
) -> Result<Look, Failure> {
    let display = &config.display;
    let mut depth = Depth::of(appearance.color, |name| std::env::var(name).ok());
    let mut any_ground = false;
    let name = match appearance.theme.unwrap_or(display.theme) {
        ThemeChoice::Dark => ThemeName::Dark,
        ThemeChoice::Light => ThemeName::Light,
        ThemeChoice::HighContrast => ThemeName::HighContrast,
        ThemeChoice::Projector => ThemeName::Projector,
        ThemeChoice::Ember => ThemeName::Ember,
        ThemeChoice::Paper => ThemeName::Paper,
        ThemeChoice::Mono => {
            depth = Depth::None;
            ThemeName::Dark
        }
        ThemeChoice::Auto if depth == Depth::None => ThemeName::Dark,
        ThemeChoice::Auto => ground.ask().unwrap_or_else(|| {
            any_ground = true;
            ThemeName::default()
        }),
    };
    let colours = display.colours.iter();
    let colours: Vec<UserColor> = colours
        .map(|(role, color)| UserColor {
            role: role.clone(),
            color: color.clone(),
        })
        .collect();
    let keys: Vec<UserKey> = display.keys.iter().flat_map(user_keys).collect();
    let theme = Theme::new(name, depth)
        .with_user(&colours)
        .map_err(|wrong| listed(&wrong, "theme"))?;
    Ok(Look {
        theme: if any_ground {
            theme.on_any_ground()
        } else {
            theme
        },
        tour: display.tour == Tour::Shown,
        animation: animation(display.motion, |name| std::env::var_os(name).is_some()),
        marks: match appearance.glyphs.unwrap_or(display.glyphs) {
            Glyphs::Blocks => Marks::Unicode,
            Glyphs::Ascii => Marks::Ascii,
        },
        keymap: Keymap::with_user(&keys).map_err(|wrong| listed(&wrong, "keys"))?,
    })
}

/// Whether keys of items are to be links: where the config does not say no and the terminal is
/// known to show them.
pub(super) fn are_linked(config: &Config) -> bool {
    config.display.links == Links::Known && links_are_known(|name| std::env::var(name).ok())
}

/// Whether pictures move: not over SSH, where every frame is a journey.
fn animation(motion: Motion, is_set: impl Fn(&str) -> bool) -> Animation {
    let far = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"];
    match motion {
        Motion::Moving if !far.into_iter().any(is_set) => Animation::On,
        Motion::Moving | Motion::Still => Animation::Off,
    }
}

/// The keys of an action in place of its own: its own are taken away, the given ones bound.
fn user_keys(binding: &KeyBinding) -> Vec<UserKey> {
    let key = |key: &str, action: &str| UserKey {
        context: binding.context.clone(),
        key: key.to_owned(),
        action: action.to_owned(),
    };
    let own = ACTIONS.iter().filter(|info| info.name == binding.action);
    let own = own.flat_map(|info| info.keys);
    let gone = own.filter(|own| !binding.keys.iter().any(|given| given == *own));
    let gone = gone.map(|own| key(own, "none"));
    gone.chain(binding.keys.iter().map(|given| key(given, &binding.action)))
        .collect()
}

fn listed(wrong: &[impl ToString], section: &str) -> Failure {
    let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    Failure::usage(lines.join("\n"), format!("mend [{section}] in the config"))
}

/// Names that the config may use for keys and colours.
pub(super) fn checks(names: &Names) -> Checks<'_> {
    Checks {
        actions: &names.actions,
        contexts: &names.contexts,
        roles: &names.roles,
        screens: &names.screens,
        key: |text| {
            text.parse::<Key>()
                .map(drop)
                .map_err(|error| error.to_string())
        },
        ..Checks::default()
    }
}

/// The names behind [`checks`].
pub(super) struct Names {
    actions: Vec<&'static str>,
    contexts: Vec<&'static str>,
    roles: Vec<&'static str>,
    screens: Vec<&'static str>,
}

impl Names {
    /// All of them.
    pub(super) fn all() -> Self {
        Self {
            actions: ACTIONS.iter().map(|info| info.name).collect(),
            contexts: Context::ALL.iter().map(|context| context.name()).collect(),
            roles: Role::ALL.iter().map(|role| role.name()).collect(),
            screens: views::screens().map(|info| info.name).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Animation, Motion, animation};

    #[test]
    fn pictures_move_at_home_unless_the_config_says_no() {
        assert_eq!(animation(Motion::Moving, |_| false), Animation::On);
        assert_eq!(animation(Motion::Still, |_| false), Animation::Off);
        for far in ["SSH_CONNECTION", "SSH_TTY"] {
            let over_ssh = animation(Motion::Moving, |name| name == far);
            assert_eq!(over_ssh, Animation::Off, "{far}");
        }
    }
}
