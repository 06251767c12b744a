//! What the config says about the history.
