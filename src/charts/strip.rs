//! Which stages stand side by side in a given width.

/// The least and the greatest width of one stage, in cells.
pub const CELL_WIDTHS: (u16, u16) = (6, 22);

/// The stages in view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// The first stage in view.
    pub first: usize,
    /// How many are in view.
    pub count: usize,
    /// Cells of each.
    pub cell: u16,
    /// How many stand unseen to the right.
    pub after: usize,
}

/// Fits `count` stages into `width` cells: they shrink first; where even the least width is too
/// much, those around the selected one are shown.
pub fn strip(count: usize, width: u16, selected: usize) -> Strip {
    let (least, most) = CELL_WIDTHS;
    let fitting = usize::from(width / least).min(count);
    if fitting == 0 {
        return Strip::default();
    }
    let shown = u16::try_from(fitting).unwrap_or(u16::MAX);
    let selected = selected.min(count - 1);
    let first = selected.saturating_sub(fitting / 2).min(count - fitting);
    Strip {
        first,
        count: fitting,
        cell: (width / shown).min(most),
        after: count - fitting - first,
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL_WIDTHS, strip};
    use proptest::prelude::*;

    #[test]
    fn stages_shrink_and_then_scroll() {
        assert_eq!(strip(4, 100, 0).cell, 22);
        let narrow = strip(13, 78, 12);
        assert_eq!((narrow.first, narrow.count, narrow.cell), (0, 13, 6));
        let scrolled = strip(20, 78, 19);
        assert_eq!((scrolled.first, scrolled.count, scrolled.after), (7, 13, 0));
        assert_eq!(strip(3, 5, 0).count, 0);
    }

    proptest! {
        #[test]
        fn the_selected_stage_is_in_view(count in 1_usize..60, width in 6_u16..300, at in 0_usize..60) {
            let selected = at % count;
            let strip = strip(count, width, selected);
            prop_assert!((strip.first..strip.first + strip.count).contains(&selected));
            prop_assert!(strip.cell >= CELL_WIDTHS.0);
            prop_assert!(usize::from(strip.cell) * strip.count <= usize::from(width));
            prop_assert_eq!(strip.first + strip.count + strip.after, count);
        }
    }
}
