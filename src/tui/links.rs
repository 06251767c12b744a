//! Addresses under the keys of items (OSC 8): a terminal that knows them opens them with a click.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::text::{harmless, line, width};
use crate::app::{Data, Screen, State};
use crate::model::id::ItemIx;

/// A part of a row that an address stands behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its first cell.
    pub from: Position,
    /// So many cells.
    pub columns: u16,
    /// The address: printable ASCII, of the web.
    pub url: String,
}

impl Link {
    /// Whether a cell is part of it.
    pub fn contains(&self, x: u16, y: u16) -> bool {
        let columns = self.from.x..self.from.x.saturating_add(self.columns);
        y == self.from.y && columns.contains(&x)
    }
}

/// The most items of a list that can be on screen.
const IN_VIEW: usize = 200;

/// The links of a frame that has been drawn: the first key of an item in each row.
pub fn links(state: &State, buffer: &Buffer) -> Vec<Link> {
    let Some(data) = state.data.as_ref().filter(|_| state.overlay.is_none()) else {
        return Vec::new();
    };
    let keys: Vec<(String, String)> = in_view(state, data)
        .into_iter()
        .filter_map(|item| key_and_url(data, item))
        .collect();
    let columns = usize::from(buffer.area.width.max(1));
    let rows = (buffer.area.y..).zip(buffer.content().chunks(columns));
    rows.filter_map(|(y, cells)| {
        let text = line(cells);
        let found = keys.iter().filter_map(|(key, url)| {
            let at = whole(&text, key)?;
            Some((at, key, url))
        });
        let (at, key, url) = found.min_by_key(|(at, ..)| *at)?;
        let x = width(text.get(..at)?);
        Some(Link {
            from: Position::new(buffer.area.x + x, y),
            columns: width(key),
            url: url.clone(),
        })
    })
    .collect()
}

/// The items whose keys may stand on the screen.
fn in_view(state: &State, data: &Data) -> Vec<ItemIx> {
    let around = |row: usize, len: usize| {
        let first = row.saturating_sub(IN_VIEW / 2);
        first..len.min(first + IN_VIEW)
    };
    match &state.screen {
        Screen::Stream => {
            let queue = data.queue(state.cursor.selected.stage);
            let rows = around(state.cursor.selected.row, queue.len());
            rows.filter_map(|row| queue.item(row)).collect()
        }
        Screen::Items(view) => {
            let rows = view.entries.get(around(view.row, view.entries.len()));
            rows.unwrap_or_default()
                .iter()
                .map(|entry| entry.item)
                .collect()
        }
        Screen::Bottleneck => {
            let waiting = data.waiting_at(state.cursor.selected.stage).into_iter();
            waiting.take(IN_VIEW).map(|open| open.item).collect()
        }
        _ => state.item_at_hand().into_iter().collect(),
    }
}

fn key_and_url(data: &Data, item: ItemIx) -> Option<(String, String)> {
    let log = data.snapshot.log();
    let key = harmless(log.key(item)).into_owned();
    let url = log.url(item).filter(|url| is_web(url))?;
    (!key.is_empty()).then(|| (key, url.to_owned()))
}

/// Whether an address is one of the web and has nothing in it that could end the sequence around
/// it or begin another.
fn is_web(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    web && url.len() <= 2_000 && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Where a key stands by itself, not within another one.
fn whole(text: &str, key: &str) -> Option<usize> {
    let part = |one: char| one.is_alphanumeric() || one == '-';
    text.match_indices(key).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + key.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

/// Whether a terminal with these variables of the environment is known to show links.
pub fn are_known(variable: impl Fn(&str) -> Option<String>) -> bool {
    const PROGRAMS: [&str; 6] = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];
    const TERMS: [&str; 6] = [
        "kitty",
        "foot",
        "alacritty",
        "wezterm",
        "ghostty",
        "contour",
    ];
    let is = |name: &str, known: &dyn Fn(&str) -> bool| {
        variable(name).is_some_and(|value| known(&value))
    };
    let vte = |value: &str| value.parse::<u32>().is_ok_and(|version| version >= 5_000);
    is("VTE_VERSION", &vte)
        || is("TERM_PROGRAM", &|value| PROGRAMS.contains(&value))
        || is("TERM", &|value| {
            TERMS.iter().any(|term| value.contains(term))
        })
        || is("KONSOLE_VERSION", &|value| !value.is_empty())
        || is("WT_SESSION", &|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{are_known, is_web, whole};

    #[test]
    fn only_harmless_addresses_of_the_web_become_links() {
        assert!(is_web("https://example.org/browse/PAY-1?a=b#c"));
        for bad in [
            "",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://example.org/\u{1b}]0;x\u{7}",
            "https://example.org/a b",
            "https://example.org/\u{9c}",
            "https://example.org/ü",
        ] {
            assert!(!is_web(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_key_within_another_is_not_it() {
        assert_eq!(whole("  PAY-12 and PAY-1 x", "PAY-1"), Some(13));
        assert_eq!(whole("XPAY-1", "PAY-1"), None);
        assert_eq!(whole("支払 #1", "#1"), Some(7));
    }

    #[test]
    fn terminals_are_known_by_what_they_set() {
        let set = |name: &'static str, value: &'static str| {
            are_known(move |asked| (asked == name).then(|| value.to_owned()))
        };
        assert!(set("VTE_VERSION", "7200") && !set("VTE_VERSION", "4900"));
        assert!(set("TERM", "xterm-kitty") && !set("TERM", "xterm-256color"));
        assert!(set("TERM_PROGRAM", "WezTerm") && !set("TERM_PROGRAM", "Apple_Terminal"));
        assert!(!set("TERM", "linux"));
    }
}
