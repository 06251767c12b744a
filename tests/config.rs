//! Whole configs: what is wrong with bad ones is said well, good ones are taken.

use std::path::{Path, PathBuf};

use weir::config::{Checks, Config};

/// The configs of a folder of this one, in order.
fn configs(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    };
    paths.into_iter().map(read).collect()
}

#[test]
fn every_bad_config_is_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/bad_config");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _scope = settings.bind_to_scope();
    let configs = configs("bad_config");
    assert!(configs.len() >= 40, "the bad configs are there");
    for (name, text) in configs {
        let problems =
            Config::parse(&text, Path::new("weir.toml"), &Checks::default()).expect_err(&name);
        insta::assert_snapshot!(name, problems);
    }
}

#[test]
fn every_good_config_is_taken() {
    let configs = configs("good_config");
    assert!(configs.len() >= 4, "the good configs are there");
    for (name, text) in configs {
        if let Err(problems) = Config::parse(&text, Path::new("weir.toml"), &Checks::default()) {
            panic!("{name}: {problems}");
        }
    }
}
