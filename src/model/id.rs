//! Newtypes for the indices and names that cross module borders.

use std::fmt;
use std::sync::Arc;

/// The name of a source as the config gives it, unique within one config.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceName(Arc<str>);

impl SourceName {
    /// Wraps a name.
    pub fn new(name: &str) -> Self {
        Self(Arc::from(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl $name {
            /// The position as an index into the columns it belongs to.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index! {
    /// Position of a source in the log: the order of the config.
    SourceIx(u16)
}
index! {
    /// Position of an item in the log: the order of first appearance.
    ItemIx(u32)
}
index! {
    /// Position of a source-scoped status in the log.
    StatusIx(u16)
}
index! {
    /// Position of a fact's column in the log.
    FactIx(u16)
}
index! {
    /// An interned text of the log. `Symbol(0)` is "no value".
    Symbol(u32)
}
index! {
    /// Position of a stage in its stream, left to right.
    StageIx(u8)
}

impl Symbol {
    /// The absent value.
    pub const NONE: Self = Self(0);

    /// Whether this is the absent value.
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}
