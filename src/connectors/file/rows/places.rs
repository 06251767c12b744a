//! Where the fields of a row are found that are told beside its move: in a record that was split,
//! or among the spans of a scan.

use super::super::plan::Plan;
use super::super::records::{NOWHERE, Records, Span};

/// Where one field is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its column.
    column: usize,
    /// Its place among the spans of a scan.
    among: usize,
}

/// Where the item, its facts and its texts are found.
#[derive(Debug)]
pub(in crate::connectors::file) struct Places {
    pub(super) item: Place,
    pub(super) facts: Vec<Place>,
    pub(super) texts: Vec<Place>,
}

impl Places {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut places = Self::columns(plan)
            .into_iter()
            .enumerate()
            .map(|(among, column)| Place { column, among });
        let item = places.next().unwrap_or(Place {
            column: plan.item,
            among: 0,
        });
        Self {
            item,
            texts: places.by_ref().take(plan.texts.len()).collect(),
            facts: places.collect(),
        }
    }

    /// Facts and texts within the leading columns.
    pub(super) fn leading(&self, columns: usize) -> (usize, usize) {
        let within = |places: &[Place]| {
            let leading = places.iter().filter(|place| place.column < columns);
            leading.count()
        };
        (within(&self.facts), within(&self.texts))
    }

    /// The columns of all places, in order: the item's, those of texts, those of facts.
    pub(in crate::connectors::file) fn columns(plan: &Plan) -> Vec<usize> {
        let facts = plan.facts.iter().map(|fact| fact.column);
        let texts = plan.texts.iter().map(|text| text.column);
        std::iter::once(plan.item)
            .chain(texts)
            .chain(facts)
            .collect()
    }
}

/// The fields of one row.
pub(super) trait Fields {
    /// Whether the leading fields are those of the row before; they then need not be looked at.
    fn repeats(&self) -> bool;

    /// A field's bytes; `scratch` takes them where quotes must be undoubled.
    fn at<'a>(&self, buffer: &'a [u8], place: Place, scratch: &'a mut Vec<u8>) -> &'a [u8];
}

impl Fields for Records {
    #[inline]
    fn repeats(&self) -> bool {
        Records::repeats(self)
    }

    #[inline]
    fn at<'a>(&self, buffer: &'a [u8], place: Place, scratch: &'a mut Vec<u8>) -> &'a [u8] {
        self.field(buffer, place.column, scratch)
    }
}

/// The item and the texts of a row that a scan understood.
pub(super) struct Said<'s>(pub(super) &'s [Span]);

impl Fields for Said<'_> {
    #[inline]
    fn repeats(&self) -> bool {
        false
    }

    #[inline]
    fn at<'a>(&self, buffer: &'a [u8], place: Place, scratch: &'a mut Vec<u8>) -> &'a [u8] {
        let span = self.0.get(place.among).copied().unwrap_or(NOWHERE);
        span.text(buffer, scratch)
    }
}
