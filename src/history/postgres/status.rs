//! Names of statuses into their table.

use std::collections::HashMap;

use tokio_postgres::Transaction;
use tokio_postgres::types::Type;

use super::error::Broken;
use super::read::key as told_key;
use super::text::{MaybeTexts, Texts, key, stored, told};
use crate::model::batch::StatusName;

/// Names of statuses that are new or other than before.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// Id → number and name.
    put: HashMap<&'a str, (i64, &'a str)>,
    /// Whether any was other than the one told before.
    pub(super) changed: bool,
    /// The number of the next new one.
    pub(super) next: i64,
}

/// What `statuses` change of the names that a source has; new ones are numbered from `next` on.
pub(super) async fn names<'a>(
    transaction: &Transaction<'_>,
    (source, next): (i64, i64),
    statuses: &'a [StatusName],
) -> Result<Names<'a>, Broken> {
    let mut names = Names {
        next,
        ..Names::default()
    };
    if statuses.is_empty() {
        return Ok(names);
    }
    let rows = transaction
        .query_typed(
            "SELECT id, long_id, name, number FROM weir.status WHERE source = $1",
            &[(&source, Type::INT8)],
        )
        .await?;
    let mut known: HashMap<String, (i64, String)> = HashMap::new();
    for row in &rows {
        known.insert(told_key(row, 0)?, (row.try_get(3)?, told(row.try_get(2)?)));
    }
    for status in statuses {
        names.tell(&known, status);
    }
    Ok(names)
}

impl<'a> Names<'a> {
    fn tell(&mut self, known: &HashMap<String, (i64, String)>, status: &'a StatusName) {
        let put = self.put.get(status.id.as_str()).copied();
        let kept = known.get(&status.id);
        let before = put.or(kept.map(|(number, name)| (*number, name.as_str())));
        let number = match before {
            Some((_, name)) if name == status.name => return,
            Some((number, _)) => number,
            None => {
                self.next += 1;
                self.next - 1
            }
        };
        self.put.insert(&status.id, (number, &status.name));
        self.changed = true;
    }
}

/// Writes them.
pub(super) async fn put(
    transaction: &Transaction<'_>,
    source: i64,
    names: &Names<'_>,
) -> Result<(), Broken> {
    if names.put.is_empty() {
        return Ok(());
    }
    let (ids, long): (Texts<'_>, MaybeTexts<'_>) = names.put.keys().map(|id| key(id)).unzip();
    let (numbers, told): (Vec<i64>, Texts<'_>) = names
        .put
        .values()
        .map(|(number, name)| (*number, stored(name)))
        .unzip();
    transaction
        .execute_typed(
            "INSERT INTO weir.status (source, id, long_id, number, name)
             SELECT $1, told.* FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) AS told
             ON CONFLICT (source, id) DO UPDATE SET name = excluded.name",
            &[
                (&source, Type::INT8),
                (&ids, Type::TEXT_ARRAY),
                (&long, Type::TEXT_ARRAY),
                (&numbers, Type::INT8_ARRAY),
                (&told, Type::TEXT_ARRAY),
            ],
        )
        .await?;
    Ok(())
}
