//! What only an SQLite file has to bear.

mod cut;
mod damage;
mod dropped;
mod opening;
mod promises;
mod sharing;

use super::Sqlite;
use crate::history::tests::*;
use crate::history::{History, Position};
use crate::model::batch::Cursor;
use crate::model::event::{Change, Event};
