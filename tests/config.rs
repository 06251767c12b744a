//! Whole configs: what is wrong with bad ones is said well, good ones are taken.

use std::collections::BTreeMap;
use std::fs::DirEntry;
use std::path::Path;

use weir::config::{Checks, Config};

/// The configs of a folder of this one by name, in order.
fn configs(folder: &str) -> std::io::Result<BTreeMap<String, String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let read = |entry: std::io::Result<DirEntry>| {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        Ok((name, std::fs::read_to_string(&path)?))
    };
    std::fs::read_dir(&folder)?.map(read).collect()
}

#[test]
fn every_bad_config_is_explained() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/bad_config");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _scope = settings.bind_to_scope();
    let configs = configs("bad_config").unwrap();
    assert!(configs.len() >= 40, "the bad configs are there");
    for (name, text) in configs {
        let problems =
            Config::parse(&text, Path::new("weir.toml"), &Checks::default()).expect_err(&name);
        insta::assert_snapshot!(name, problems);
    }
}

#[test]
fn every_good_config_is_taken() {
    let configs = configs("good_config").unwrap();
    assert!(configs.len() >= 4, "the good configs are there");
    for (name, text) in configs {
        if let Err(problems) = Config::parse(&text, Path::new("weir.toml"), &Checks::default()) {
            panic!("{name}: {problems}");
        }
    }
}
