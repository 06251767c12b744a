//! Small histories with the numbers that METRICS' definitions give for them, worked out by hand:
//! the files of `tests/scenarios`, and the worked examples of `docs/metrics.md`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so and ends"
)]

#[path = "support/scenario.rs"]
mod scenario;

use std::fs;
use std::path::Path;

use scenario::Scenario;

/// What is wrong with a scenario, one line each, under its title.
fn check(place: &str, text: &str) -> Vec<String> {
    let scenario = match Scenario::parse(text) {
        Ok(scenario) => scenario,
        Err(error) => return vec![format!("{place}: {error}")],
    };
    let wrong = scenario.differences().unwrap_or_else(|error| vec![error]);
    let line = |what: &String| format!("{place} ({}): {what}", scenario.title);
    wrong.iter().map(line).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_scenario_holds() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(root().join("tests/scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            wrong.extend(check(&name, &fs::read_to_string(&path).unwrap()));
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(count >= 30, "only {count} scenarios were found");
}

/// The blocks of a text fenced as "toml scenario", with the line each begins at.
fn examples(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        match line {
            "```toml scenario" => {
                inside = true;
                found.push((at + 1, String::new()));
            }
            "```" => inside = false,
            _ if inside => {
                if let Some((_, block)) = found.last_mut() {
                    block.push_str(line);
                    block.push('\n');
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_worked_example_of_the_documentation_holds() {
    let text = fs::read_to_string(root().join("docs/metrics.md")).unwrap();
    let examples = examples(&text);
    assert!(
        examples.len() >= 15,
        "only {} examples were found",
        examples.len()
    );
    let wrong: Vec<String> = examples
        .iter()
        .flat_map(|(line, block)| check(&format!("docs/metrics.md:{line}"), block))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// A scenario that holds, with one line to be changed by the tests below.
fn with(line: &str) -> String {
    format!(
        "title = \"t\"\n[items]\nA = [\"1 Backlog\", \"2 Doing\", \"4 Done\"]\n[[expect]]\n{line}\n"
    )
}

#[test]
fn a_wrong_number_is_found() {
    assert_eq!(check("right", &with("items.A.flow_days = 2")), [""; 0]);
    for line in [
        "items.A.flow_days = 2.001",
        "items.A.flow_days = \"none\"",
        "items.A = \"none\"",
        "items.A.visits = [\"Backlog 1..2\", \"Doing 2..4\"]",
        "items.A.blocks = [\" 1..2\"]",
        "items.B.flow_days = 2",
        "report.flow.time.p50_days = 1",
        "report.stages.Doing.load = 1",
        "report.stages.Nowhere.load = 0",
        "report.stages = []",
        "report.flow = {}",
        "report.flow.spead = 1",
        "report.bottleneck.constraint = \"Doing\"",
        "filter = \"kind:defect\"\nitems.A.flow_days = 2",
    ] {
        assert_eq!(check("wrong", &with(line)).len(), 1, "{line}");
    }
}

#[test]
fn a_scenario_that_says_nothing_or_more_than_is_understood_is_refused() {
    for line in ["", "as_of = \"9\"", "as_off = \"9\"\nitems.A.flow_days = 2"] {
        assert_eq!(check("refused", &with(line)).len(), 1, "{line}");
    }
    let unsaid = with("items.A.flow_days = 2").replace("4 Done", "4");
    assert_eq!(check("refused", &unsaid).len(), 1);
}
