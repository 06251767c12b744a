//! What is kept to be found again: saved views, and what was typed and chosen before.

use super::{ItemName, Recalled, State, View};

/// So many choices of the palette are remembered.
const MOST_CHOSEN: usize = 30;

/// So many filters are remembered.
const MOST_FILTERS: usize = 50;

/// A filter of more bytes is not remembered.
const LONGEST_FILTER: usize = 400;

/// What is kept to be found again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    /// The saved views, in the order of the config.
    pub views: Vec<View>,
    /// The name of the view taken last.
    pub view: Option<String>,
    /// What outlasts the dashboard.
    pub memory: Memory,
    /// The themes there are to choose from.
    pub themes: Themes,
    /// The hint of the first tour that is in view; `None` once it is over.
    pub tour: Option<usize>,
    /// What was known the last time; of use until something is known now.
    pub recalled: Option<Recalled>,
    /// The item to open once its stream is shown.
    pub opening: Option<ItemName>,
}

/// The themes there are to choose from: none where there are no colours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    /// Their names.
    pub names: Vec<&'static str>,
    /// The one that everything is drawn in.
    pub current: &'static str,
}

/// What is remembered from one run to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// What was chosen in the palette, by its id, the last first.
    pub chosen: Vec<String>,
    /// Filters that were kept, the last first.
    pub filters: Vec<String>,
    /// Whether the first tour was begun.
    pub toured: bool,
}

impl Memory {
    /// Puts a filter first; one that is very long is no help to anybody.
    pub(super) fn filter(&mut self, text: &str) {
        if !text.trim().is_empty() && text.len() <= LONGEST_FILTER {
            put_first(&mut self.filters, text.trim().to_owned(), MOST_FILTERS);
        }
    }

    /// Puts a choice first.
    pub(super) fn choose(&mut self, id: String) {
        put_first(&mut self.chosen, id, MOST_CHOSEN);
    }
}

fn put_first(list: &mut Vec<String>, one: String, most: usize) {
    list.retain(|other| *other != one);
    list.insert(0, one);
    list.truncate(most);
}

impl Shelf {
    /// Whether a view was taken and nothing of what it says has been changed since.
    pub(super) fn is_in_force(&self, view: &View, state: &State) -> bool {
        self.view.as_ref() == Some(&view.name) && view.holds(state)
    }

    /// Keeps a view that was saved and takes it as the one in force; one of the same name is replaced.
    pub fn keep_view(&mut self, view: View) {
        self.view = Some(view.name.clone());
        match self.views.iter_mut().find(|one| one.name == view.name) {
            Some(slot) => *slot = view,
            None => self.views.push(view),
        }
    }

    /// The view in force.
    pub fn view_in_force<'a>(&'a self, state: &State) -> Option<&'a View> {
        self.views.iter().find(|view| self.is_in_force(view, state))
    }
}
