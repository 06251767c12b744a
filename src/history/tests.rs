//! What every history has to keep, whatever happens, in whichever store. The same tests run over
//! each; those over PostgreSQL need a server, whose address stands in `WEIR_POSTGRES`.

mod batches;
mod fences;
mod oracle;
pub(super) mod promises;
mod sharing;

#[cfg(feature = "postgres")]
pub(super) mod database;

use tempfile::TempDir;

use super::{History, Leases, Owner, Position, Sqlite, SqliteLeases};
use crate::model::batch::{Batch, Cursor, ItemHistory, StatusName};
use crate::model::event::{Change, Event};
use crate::model::id::SourceName;
use crate::model::time::Millis;

/// Where a history of a test is, gone with it.
pub(super) trait Place: Sync {
    /// Opens it; more than once, it is the same history.
    fn open(&self) -> Box<dyn History>;

    /// Its leases, taken for an owner.
    fn leases(&self, owner: &Owner) -> Box<dyn Leases>;

    /// Lets every lease run out.
    fn run_out(&self);

    /// Makes it empty again, and opens it.
    fn anew(&self) -> Box<dyn History>;

    /// How many random worlds are worth their time.
    fn worlds(&self) -> u32;
}

/// A file in a folder of its own.
struct File(TempDir);

impl File {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }
}

impl Place for File {
    fn open(&self) -> Box<dyn History> {
        let path = self.0.path().join("weir.db");
        Box::new(Sqlite::open(&path).expect("a history"))
    }

    fn leases(&self, owner: &Owner) -> Box<dyn Leases> {
        let path = self.0.path().join("weir.db");
        Box::new(SqliteLeases::open(&path, owner.clone()).expect("leases"))
    }

    fn run_out(&self) {
        let path = self.0.path().join("weir.db");
        let file = rusqlite::Connection::open(path).expect("the file");
        file.execute_batch("UPDATE lease SET expires = 0")
            .expect("all have run out");
    }

    fn anew(&self) -> Box<dyn History> {
        Box::new(Sqlite::in_memory().expect("a history"))
    }

    fn worlds(&self) -> u32 {
        256
    }
}

/// Makes a test of each behaviour over each store.
macro_rules! behaviours {
    ($($module:ident: $($name:ident)*;)*) => {
        mod in_a_file {
            $($(
                #[test]
                fn $name() {
                    super::$module::$name(&super::File::new());
                }
            )*)*
        }

        #[cfg(feature = "postgres")]
        mod on_a_server {
            $($(
                #[test]
                #[ignore = "needs a PostgreSQL server: WEIR_POSTGRES"]
                fn $name() {
                    super::$module::$name(&super::database::Database::new());
                }
            )*)*
        }
    };
}

behaviours! {
    batches:
        every_change_and_every_text_comes_back
        numbers_come_back_to_their_last_bit
        events_come_by_instant_then_sequence_then_id
        items_come_source_by_source_in_the_order_of_the_first_append
        only_the_sources_that_are_asked_for_are_read
        telling_the_same_again_changes_nothing
        a_cursor_alone_moves_on_without_a_change
        a_renamed_status_moves_the_position_and_no_item
        a_corrected_event_takes_the_place_of_the_old_one
        a_correction_of_any_part_is_seen
        the_first_sighting_of_an_approximate_event_stands
        a_replaced_item_has_only_what_was_told_last
        an_item_that_lost_everything_is_told_as_empty_to_those_who_knew_it
        retention_drops_whole_items_that_are_old_and_over
        what_a_source_has_no_more_is_dropped_and_what_came_meanwhile_stays;
    promises:
        a_forecast_comes_back_as_it_was_made
        no_two_of_a_kind_look_at_the_same_day
        events_and_forecasts_leave_each_other_alone;
    sharing:
        several_may_make_the_same_history_at_once
        two_writers_lose_nothing
        a_reader_beside_a_writer_sees_whole_batches_only
        a_reading_is_of_one_moment
        a_history_that_was_made_anew_is_noticed
        a_position_is_known_again_by_its_mark
        an_item_that_changes_while_it_is_dropped_is_kept;
    oracle:
        the_history_is_what_a_plain_keeper_holds
        neither_order_nor_repetition_matters;
    fences:
        one_holds_a_lease_until_it_lets_go
        a_lease_that_is_not_renewed_goes_to_another
        one_that_lost_its_lease_changes_nothing
        what_one_says_of_a_source_the_others_hear;
}

pub(super) fn source(name: &str) -> SourceName {
    SourceName::new(name)
}

pub(super) fn event(id: &str, at: i64, change: Change) -> Event {
    Event {
        id: id.to_owned(),
        at: Millis(at),
        seq: 0,
        approximate: false,
        change,
    }
}

pub(super) fn moved(id: &str, at: i64, to: &str) -> Event {
    event(id, at, Change::Moved { to: to.to_owned() })
}

pub(super) fn item(id: &str, events: Vec<Event>) -> ItemHistory {
    ItemHistory {
        item: id.to_owned(),
        replace: false,
        events,
    }
}

pub(super) fn whole(id: &str, events: Vec<Event>) -> ItemHistory {
    ItemHistory {
        replace: true,
        ..item(id, events)
    }
}

/// A batch of the source "tracker".
pub(super) fn batch(items: Vec<ItemHistory>, cursor: &str) -> Batch {
    Batch {
        items,
        cursor: Some(Cursor(cursor.to_owned())),
        ..Batch::empty(source("tracker"))
    }
}

/// A page of `items` items with three events each; every item of every page is another.
pub(super) fn page(number: usize, items: usize) -> Batch {
    let events = |item: &str| {
        (0..3)
            .map(|at| moved(&format!("{item}-{at}"), at, "7"))
            .collect()
    };
    let items = (0..items)
        .map(|at| format!("{number}-{at}"))
        .map(|id| item(&id, events(&id)))
        .collect();
    batch(items, &number.to_string())
}

pub(super) fn status(id: &str, name: &str) -> StatusName {
    StatusName {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

pub(super) fn read(history: &mut dyn History, since: Position) -> Vec<(SourceName, ItemHistory)> {
    let mut read = Vec::new();
    history
        .read(since, &mut |source, item| read.push((source.clone(), item)))
        .expect("a reading");
    read
}

/// The items that changed since, and how many events each has.
pub(super) fn changed(history: &mut dyn History, since: Position) -> Vec<(String, usize)> {
    read(history, since)
        .into_iter()
        .map(|(_, item)| (item.item, item.events.len()))
        .collect()
}

pub(super) fn append(history: &mut dyn History, batch: &Batch) -> Position {
    history.append(batch).expect("an append").position
}
