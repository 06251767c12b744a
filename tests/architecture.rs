//! The arrows between modules: what each may use, and which outside crates only it may name.

#![expect(
    clippy::unwrap_used,
    reason = "a test that finds no file or no number has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Module → the modules it may use. ARCHITECTURE.md shows the same table.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("clock", &["model"]),
    ("query", &["model"]),
    ("metrics", &["model", "query"]),
    ("simulate", &["model", "metrics"]),
    ("charts", &["model", "metrics"]),
    ("archive", &["model"]),
    ("connectors", &["model", "clock", "archive"]),
    ("history", &["model"]),
    ("app", &["model", "query", "metrics", "simulate"]),
    (
        "report",
        &["model", "query", "metrics", "simulate", "charts"],
    ),
    ("mcp", &["model", "query", "metrics", "simulate", "report"]),
    (
        "tui",
        &["model", "query", "metrics", "simulate", "charts", "app"],
    ),
    ("config", &["model", "query", "connectors", "history"]),
    (
        "runtime",
        &[
            "model",
            "clock",
            "query",
            "metrics",
            "simulate",
            "charts",
            "archive",
            "connectors",
            "history",
            "app",
            "report",
            "mcp",
            "tui",
            "config",
        ],
    ),
];

/// Outside crate → the modules that may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("chrono", &["model/time", "clock"]),
    ("jiff", &["model/time"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui", "runtime"]),
    ("reqwest", &["connectors"]),
    ("rusqlite", &["history"]),
    ("tokio_postgres", &["history/postgres", "history/tests"]),
    ("quick_xml", &["connectors/file/xes"]),
    ("flate2", &["connectors/file"]),
    ("parquet", &["archive"]),
    (
        "rand_chacha",
        &["simulate", "connectors/http", "history/sqlite/tests"],
    ),
    ("regex", &["model/link"]),
    ("clap", &["main", "cli"]),
    ("rmcp", &["mcp"]),
    ("toml", &["config"]),
    ("toml_edit", &["config"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Path below `src` without the ending, and the text without line comments.
fn modules() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).unwrap().with_extension("");
        let text = fs::read_to_string(path).unwrap();
        let code = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        (
            name.to_str().unwrap().replace('\\', "/"),
            code.collect::<Vec<_>>().join("\n"),
        )
    };
    found.iter().map(read).collect()
}

fn top(module: &str) -> &str {
    module.split('/').next().unwrap()
}

/// The first names after each `crate::`, also those in braces: `use crate::{a::b, c}`.
fn crate_uses(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut used = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(list) = part.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (at, c) in list.char_indices() {
                if start && depth == 0 {
                    used.push(word(&list[at..]));
                    start = false;
                }
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    _ => {}
                }
            }
        } else {
            used.push(word(part));
        }
    }
    used.retain(|name| !name.is_empty());
    used
}

#[test]
fn modules_use_only_what_the_arrows_allow() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (module, code) in modules() {
        let Some(allowed) = arrows.get(top(&module)) else {
            continue;
        };
        for used in crate_uses(&code) {
            let known = arrows.contains_key(used.as_str());
            if known && used != top(&module) && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{module} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "wrong arrows: {wrong:#?}");
}

#[test]
fn every_module_stands_in_the_table() {
    let known = ["main", "cli", "error", "lib"];
    for module in modules().keys() {
        let top = top(module);
        let listed = known.contains(&top) || ARROWS.iter().any(|(name, _)| *name == top);
        assert!(listed, "{module} is in no row of the table of arrows");
    }
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (module, code) in modules() {
        for (outside, homes) in OUTSIDE {
            let named = code.lines().any(|line| {
                let used = line.trim_start();
                used.starts_with(&format!("use {outside}::"))
                    || used.starts_with(&format!("pub use {outside}::"))
                    || contains_path(line, outside)
            });
            if named && !homes.iter().any(|home| module.starts_with(home)) {
                wrong.push(format!("{module} names {outside}"));
            }
        }
    }
    assert!(wrong.is_empty(), "crates out of place: {wrong:#?}");
}

/// Whether the line names a path that begins with the crate.
fn contains_path(line: &str, outside: &str) -> bool {
    let path = format!("{outside}::");
    line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn the_reader_of_uses_sees_lists_too() {
    let code =
        "use crate::model::id;\nuse crate::{metrics::{a, b}, query};\nlet x = crate::tui::y();";
    assert_eq!(crate_uses(code), ["model", "metrics", "query", "tui"]);
    assert!(contains_path("let a = toml::from_str(x);", "toml"));
    assert!(!contains_path("let a = my_toml::from_str(x);", "toml"));
}
