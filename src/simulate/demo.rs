//! The demo company: a maker of payment software whose work one can watch.
//!
//! It has four teams, thirteen stages from idea to live, and a story to find: building takes a day
//! or two, the release board half of all the waiting, and the assistant that sped up the building
//! changed next to nothing for those who wait. Work flows through a [`Simulation`]; the company
//! adds keys, titles and addresses, and says what its statuses mean.
//!
//! History reaches back two years from the Monday before `now`; within one week the same seed
//! gives the same company, only further on. Above 1,800 items the company consists of several
//! such parts side by side, so that queues stay what they are in a small one; below 400 it is
//! younger.
//!
//! [`Simulation`]: crate::simulate::stream::Simulation

mod cell;
mod company;
mod pace;
mod people;
mod plan;
mod view;
mod words;

pub use company::{Company, DatedChange, History};
pub use pace::Pace;
