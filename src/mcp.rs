//! The server of the Model Context Protocol: an assistant asks, and gets the numbers that `weir
//! report`, `weir items` and `weir standup` give. It only reads, and every answer is bounded.

mod answer;
mod asked;
mod ground;
mod server;
mod size;
mod tool;

pub use asked::Scope;
pub use ground::{Ground, Measured};
pub use server::{Ended, serve};
pub use size::MOST_BYTES;
pub use tool::Tool;
