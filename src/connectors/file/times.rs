//! Finding out how a column writes its times, and reading them.

mod order;
mod reader;
mod stamp;
mod words;

pub(super) use order::Evidence;
pub(super) use reader::{TimeReader, Told};
pub(super) use stamp::Stamp;
