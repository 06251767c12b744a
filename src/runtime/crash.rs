//! What happens when weir itself is wrong.

use std::path::PathBuf;

use super::FailureKind;
use crate::tui::terminal::install_panic_hook;

/// From now on a defect, on any thread, ends the program as [`FailureKind::Bug`] does, with the
/// terminal given back and a report of what happened in the user's state folder.
pub fn report_crashes() {
    install_panic_hook(state_folder(), FailureKind::Bug.code());
}

/// The folder where weir keeps what is its own and no data.
pub(super) fn state_folder() -> PathBuf {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().ok();
    let state = base.and_then(|base| base.state_dir().or_else(|| Some(base.data_dir())));
    state.unwrap_or_else(std::env::temp_dir).join("weir")
}

/// A defect on purpose, so that tests see what one does: where `WEIR_TEST_PANIC` names this place,
/// and only in builds for development.
pub(super) fn planted(place: &str) {
    if cfg!(debug_assertions) {
        let named = std::env::var_os("WEIR_TEST_PANIC");
        assert!(
            named.is_none_or(|named| named != *place),
            "planted in the {place}"
        );
    }
}
