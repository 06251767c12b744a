//! What the documents say must be so.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use weir::config::{Checks, Config};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The blocks of a text that are fenced as `language`.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    let block = |part: &str| part.split("```").next().map(str::to_owned);
    parts.filter_map(block).collect()
}

/// Every document, by its path in the project.
fn documents() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["", "docs/", "docs/adr/", "docs/trackers/"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if Path::new(&name)
                .extension()
                .is_some_and(|ending| ending == "md")
            {
                found.push(format!("{folder}{name}"));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "{found:?}");
    found
}

/// A part of a config may name what the parts before it in the same document describe.
#[test]
fn every_config_in_the_documents_is_understood() {
    let understood = |text: &str| Config::parse(text, Path::new("weir.toml"), &Checks::default());
    let mut wrong = Vec::new();
    for document in documents() {
        let mut before = String::new();
        for block in blocks(&read(&document), "toml") {
            before = format!("{before}\n{block}");
            if let (Err(problems), Err(_)) = (understood(&block), understood(&before)) {
                wrong.push(format!("{document}: {problems:?}\n{block}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_configs_of_the_readme_are_understood_together() {
    let blocks = blocks(&read("README.md"), "toml");
    assert_eq!(blocks.len(), 3);
    let whole = blocks.join("\n");
    let config = match Config::parse(&whole, Path::new("weir.toml"), &Checks::default()) {
        Ok(config) => config,
        Err(problems) => panic!("{problems:?}"),
    };
    assert_eq!(config.sources.len(), 2);
    assert_eq!(config.streams[0].stages.len(), 4);
}

#[test]
fn the_readmes_two_commands_stand_alone_on_their_lines() {
    let readme = read("README.md");
    for command in ["cargo run --release -- demo", "cargo test"] {
        assert!(readme.lines().any(|line| line == command), "{command}");
    }
}

#[cfg(feature = "mcp")]
#[test]
fn the_tools_of_an_assistant_are_those_that_are_told() {
    let told = read("docs/mcp.md");
    let table = told.split("## The tools").nth(1).unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let tools: Vec<&str> = weir::mcp::Tool::ALL
        .iter()
        .map(|tool| tool.name())
        .collect();
    assert_eq!(listed, tools);
    let entry: serde_json::Value = serde_json::from_str(&blocks(&told, "json")[0]).unwrap();
    assert_eq!(entry["mcpServers"]["weir"]["command"], "weir");
    assert!(told.contains(&format!("{} KiB", weir::mcp::MOST_BYTES / 1024)));
}

/// Links of a document to files beside it.
fn links(text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1);
    let target = |part: &str| part.split([')', '#']).next().map(str::to_owned);
    let near = |link: &String| !link.is_empty() && !link.contains("://");
    targets.filter_map(target).filter(near).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for document in documents() {
        let folder = root.join(&document).parent().unwrap().to_owned();
        for link in links(&read(&document)) {
            if !folder.join(&link).exists() {
                broken.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_decision_is_listed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/adr");
    let listed = links(&read("docs/adr/README.md"));
    let mut found: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    found.sort();
    assert_eq!(listed, found);
}

/// Module → what it may use, of the rows of a table with at least three columns.
fn arrows(text: &str, uses_at: usize) -> BTreeMap<String, String> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells.first()?.trim_matches('`').to_owned();
        Some((name, (*cells.get(uses_at)?).to_owned()))
    };
    rows.filter_map(row).collect()
}

#[test]
fn the_table_of_arrows_is_the_one_that_is_tested() {
    let told = arrows(&read("ARCHITECTURE.md"), 2);
    let test = read("tests/architecture.rs");
    let table = test
        .split("const ARROWS")
        .nth(1)
        .unwrap()
        .split("];")
        .next()
        .unwrap();
    let words: Vec<&str> = table.split('"').skip(1).step_by(2).collect();
    assert!(words.len() > 30 && told.len() == 15);
    for (module, uses) in told {
        let quoted = match uses.as_str() {
            "—" => String::new(),
            // The last row may use everything that has a row.
            "all above" => continue,
            uses => uses
                .split(", ")
                .map(|one| format!("\"{one}\""))
                .collect::<Vec<_>>()
                .join(","),
        };
        let row = format!("(\"{module}\",&[{quoted}])");
        let plain: String = table.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = plain.replace(",]", "]").replace(",)", ")");
        assert!(
            plain.contains(&row),
            "{row} is not in tests/architecture.rs"
        );
    }
}
