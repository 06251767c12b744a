//! Which key does what, where: from the table of actions, changed by the user.

mod key;

pub use key::{BadKey, Key};

use rustc_hash::FxHashMap;

use crate::app::{ACTIONS, Action, Context};

/// A key as the config has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserKey {
    /// Where; none: everywhere the action can be called.
    pub context: Option<String>,
    /// For example `ctrl-d`.
    pub key: String,
    /// The name of an action, or `none` to take the key away.
    pub action: String,
}

/// What is wrong with a user's key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No such key.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// No such action.
    #[error("\"{name}\" is no action{}", hint(*.near))]
    UnknownAction {
        /// What was given.
        name: String,
        /// The most similar action, if one is.
        near: Option<&'static str>,
    },
    /// No such context.
    #[error(
        "\"{name}\" is no place for keys; known are global, stream, item, sources, time, stages, prompt"
    )]
    UnknownContext {
        /// What was given.
        name: String,
    },
    /// The action cannot be called there.
    #[error("{action} cannot be called in {context}")]
    NotHere {
        /// Which action.
        action: &'static str,
        /// Where.
        context: &'static str,
    },
    /// One key, two actions.
    #[error("{key} in {context} is given to both {first} and {second}; keep one of them")]
    Conflict {
        /// Which key.
        key: Key,
        /// Where.
        context: &'static str,
        /// What it was given to first.
        first: String,
        /// And then.
        second: String,
    },
}

fn hint(near: Option<&'static str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean {near}?"))
}

/// What every key does, by context.
#[derive(Clone, Debug)]
pub struct Keymap {
    bound: FxHashMap<(Context, Key), Action>,
}

impl Default for Keymap {
    fn default() -> Self {
        let defaults = ACTIONS.iter().flat_map(|info| {
            let keys = info.keys.iter().filter_map(|text| text.parse::<Key>().ok());
            keys.flat_map(move |key| {
                let places = info.contexts.iter();
                places.map(move |context| ((*context, key), info.action))
            })
        });
        let typed = |((context, key), _): &((Context, Key), Action)| {
            *context != Context::Prompt || !key.is_typed()
        };
        Self {
            bound: defaults.filter(typed).collect(),
        }
    }
}

impl Keymap {
    /// The default keys, changed by the user's.
    ///
    /// # Errors
    /// Everything that is wrong with them, so that all can be mended at once.
    pub fn with_user(keys: &[UserKey]) -> Result<Self, Vec<KeyProblem>> {
        let mut keymap = Self::default();
        let mut given: FxHashMap<(Context, Key), &str> = FxHashMap::default();
        let mut problems = Vec::new();
        for user in keys {
            match user.read() {
                Ok((places, key, action)) => {
                    for context in places {
                        if let Some(first) = given.insert((context, key), &user.action) {
                            problems.push(conflict(key, context, first, &user.action));
                        }
                        keymap.bind(context, key, action);
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(keymap)
        } else {
            Err(problems)
        }
    }

    fn bind(&mut self, context: Context, key: Key, action: Option<Action>) {
        match action {
            Some(action) => self.bound.insert((context, key), action),
            None => self.bound.remove(&(context, key)),
        };
    }

    /// What a key does here: what this context says, else, outside prompts, what holds everywhere.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let own = self.bound.get(&(context, key)).copied();
        let global = || self.bound.get(&(Context::Global, key)).copied();
        own.or_else(|| {
            if context == Context::Prompt {
                None
            } else {
                global()
            }
        })
    }

    /// The keys that call an action here, in the order of the table, then the user's.
    pub fn keys(&self, context: Context, action: Action) -> Vec<Key> {
        let mut keys: Vec<Key> = self
            .bound
            .iter()
            .filter(|((place, _), bound)| {
                **bound == action && (*place == context || *place == Context::Global)
            })
            .map(|((_, key), _)| *key)
            .filter(|key| self.action(context, *key) == Some(action))
            .collect();
        let place = |key: &Key| {
            let texts = action.info().keys;
            texts
                .iter()
                .position(|text| text.parse::<Key>().as_ref() == Ok(key))
        };
        keys.sort_by_key(|key| (place(key).unwrap_or(usize::MAX), key.to_string()));
        keys.dedup();
        keys
    }
}

impl UserKey {
    fn read(&self) -> Result<(Vec<Context>, Key, Option<Action>), KeyProblem> {
        let key: Key = self.key.parse()?;
        let context = self.context()?;
        if self.action == "none" {
            let places = context.map_or_else(|| Context::ALL.to_vec(), |place| vec![place]);
            return Ok((places, key, None));
        }
        let action = Action::named(&self.action).ok_or_else(|| KeyProblem::UnknownAction {
            name: self.action.clone(),
            near: nearest(&self.action),
        })?;
        let info = action.info();
        match context {
            None => Ok((info.contexts.to_vec(), key, Some(action))),
            Some(place) if info.is_callable_in(place) => Ok((vec![place], key, Some(action))),
            Some(place) => Err(KeyProblem::NotHere {
                action: info.name,
                context: place.name(),
            }),
        }
    }

    fn context(&self) -> Result<Option<Context>, KeyProblem> {
        let Some(name) = &self.context else {
            return Ok(None);
        };
        let unknown = || KeyProblem::UnknownContext { name: name.clone() };
        Context::named(name).map(Some).ok_or_else(unknown)
    }
}

fn conflict(key: Key, context: Context, first: &str, second: &str) -> KeyProblem {
    KeyProblem::Conflict {
        key,
        context: context.name(),
        first: first.to_owned(),
        second: second.to_owned(),
    }
}

/// The action whose name shares most pairs of letters with `name`, if enough of them.
fn nearest(name: &str) -> Option<&'static str> {
    let pairs =
        |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let wanted = pairs(name);
    let likeness = |known: &str| {
        let known = pairs(known);
        let shared = wanted.iter().filter(|pair| known.contains(pair)).count();
        (2 * shared * 100)
            .checked_div(wanted.len() + known.len())
            .unwrap_or(0)
    };
    let best = ACTIONS.iter().max_by_key(|info| likeness(info.name))?;
    (likeness(best.name) >= 40).then_some(best.name)
}

#[cfg(test)]
mod tests {
    use super::{KeyProblem, Keymap, UserKey};
    use crate::app::{ACTIONS, Action, Context};

    fn user(context: Option<&str>, key: &str, action: &str) -> UserKey {
        UserKey {
            context: context.map(str::to_owned),
            key: key.to_owned(),
            action: action.to_owned(),
        }
    }

    fn action(keymap: &Keymap, context: Context, key: &str) -> Option<Action> {
        keymap.action(context, key.parse().unwrap())
    }

    #[test]
    fn default_keys_can_all_be_read_and_none_is_given_twice() {
        let mut seen = std::collections::HashMap::new();
        for info in ACTIONS {
            for (context, key) in info
                .contexts
                .iter()
                .flat_map(|c| info.keys.iter().map(move |k| (c, k)))
            {
                key.parse::<super::Key>().unwrap();
                let before = seen.insert((*context, *key), info.name);
                assert_eq!(before, None, "{key} in {context:?}");
            }
        }
    }

    #[test]
    fn a_context_comes_before_global_and_prompts_take_letters() {
        let keymap = Keymap::default();
        assert_eq!(action(&keymap, Context::Stream, "left"), Some(Action::Left));
        assert_eq!(
            action(&keymap, Context::Time, "left"),
            Some(Action::EarlierDay)
        );
        assert_eq!(
            action(&keymap, Context::Stages, "c"),
            Some(Action::CycleClass)
        );
        assert_eq!(action(&keymap, Context::Stream, "c"), Some(Action::Clock));
        assert_eq!(action(&keymap, Context::Prompt, "q"), None);
        assert_eq!(action(&keymap, Context::Prompt, "j"), None);
        assert_eq!(action(&keymap, Context::Prompt, "esc"), Some(Action::Back));
        assert_eq!(
            action(&keymap, Context::Prompt, "ctrl-c"),
            Some(Action::Interrupt)
        );
    }

    #[test]
    fn a_user_binds_rebinds_and_unbinds() {
        let keys = [
            user(None, "x", "quit"),
            user(Some("stream"), "r", "next-window"),
            user(None, "q", "none"),
        ];
        let keymap = Keymap::with_user(&keys).unwrap();
        assert_eq!(action(&keymap, Context::Item, "x"), Some(Action::Quit));
        assert_eq!(action(&keymap, Context::Item, "q"), None);
        assert_eq!(action(&keymap, Context::Stream, "r"), Some(Action::Window));
        assert_eq!(action(&keymap, Context::Item, "r"), Some(Action::Refresh));
        let shown = keymap.keys(Context::Stream, Action::Window);
        let shown: Vec<String> = shown.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["w", "r"]);
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let keys = [
            user(None, "hyper-x", "quit"),
            user(None, "x", "qit"),
            user(Some("home"), "x", "quit"),
            user(Some("item"), "x", "edit-stages"),
            user(Some("sources"), "x", "copy-key"),
            user(Some("item"), "x", "copy-key"),
        ];
        let problems = Keymap::with_user(&keys).unwrap_err();
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "\"hyper-x\" is no key; write a character, or enter, esc, tab, up, f5 and the \
                 like, with ctrl-, alt-, shift- before it",
                "\"qit\" is no action; did you mean quit?",
                "\"home\" is no place for keys; known are global, stream, item, sources, time, \
                 stages, prompt",
                "copy-key cannot be called in sources",
                "x in item is given to both edit-stages and copy-key; keep one of them",
            ]
        );
        assert!(matches!(problems[4], KeyProblem::Conflict { .. }));
    }
}
