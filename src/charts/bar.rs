//! Horizontal bars, bars in parts, and the ticks of bands.

/// A horizontal bar: whole cells, then a part of one more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Cells filled from edge to edge.
    pub full: u16,
    /// Eighths of the next cell, 0 to 7.
    pub eighths: u8,
}

/// The bar of `value` where `top` fills `width` cells. A value above 0 shows at least one eighth.
pub fn bar(value: f64, top: f64, width: u16) -> Bar {
    if !(value > 0.0 && top > 0.0) || width == 0 {
        return Bar::default();
    }
    let most = u32::from(width) * 8;
    let filled = (f64::from(most) * (value / top).min(1.0)).round();
    let filled = whole(filled).clamp(1, most);
    Bar {
        full: u16::try_from(filled / 8).unwrap_or(width),
        eighths: u8::try_from(filled % 8).unwrap_or(0),
    }
}

/// Cells of each part of a bar of `width` cells, by largest remainder: they sum to `width` if
/// any share is above 0. A part above 0 gets a cell as long as there is room.
pub fn segments(shares: &[f64], width: u16) -> Vec<u16> {
    let clean: Vec<f64> = shares.iter().map(|share| share.max(0.0)).collect();
    let sum: f64 = clean.iter().filter(|share| share.is_finite()).sum();
    if sum <= 0.0 || width == 0 {
        return vec![0; shares.len()];
    }
    let exact: Vec<f64> = clean
        .iter()
        .map(|share| {
            if share.is_finite() {
                share / sum * f64::from(width)
            } else {
                0.0
            }
        })
        .collect();
    let mut cells: Vec<u16> = exact.iter().map(|part| narrow(part.floor())).collect();
    let mut left = width.saturating_sub(cells.iter().sum());
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by(|a, b| {
        exact[*b]
            .fract()
            .total_cmp(&exact[*a].fract())
            .then(a.cmp(b))
    });
    for at in order {
        if left > 0 && exact[at] > 0.0 {
            cells[at] += 1;
            left -= 1;
        }
    }
    show_small_parts(&exact, &mut cells);
    cells
}

/// Takes a cell from the widest part for each part that would not be seen.
fn show_small_parts(exact: &[f64], cells: &mut [u16]) {
    for at in 0..cells.len() {
        let widest = (0..cells.len()).max_by_key(|part| cells[*part]);
        if let Some(widest) = widest.filter(|part| cells[*part] > 1)
            && exact[at] > 0.0
            && cells[at] == 0
        {
            cells[widest] -= 1;
            cells[at] = 1;
        }
    }
}

/// The cells in which the limits of bands lie, where `top` ends at `width`; `None` beyond it.
pub fn ticks(bands: [i64; 4], top: f64, width: u16) -> [Option<u16>; 4] {
    bands.map(|band| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "spans of seconds stay far below 2^53"
        )]
        let share = band as f64 / top;
        let inside = top > 0.0 && (0.0..=1.0).contains(&share) && width > 0;
        inside.then(|| narrow((share * f64::from(width)).floor()).min(width - 1))
    })
}

fn narrow(value: f64) -> u16 {
    u16::try_from(whole(value)).unwrap_or(u16::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range before; NaN becomes 0"
)]
pub(super) fn whole(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::{Bar, bar, segments, ticks};
    use proptest::prelude::*;

    #[test]
    fn half_of_ten_cells_is_five_and_a_trace_is_an_eighth() {
        assert_eq!(
            bar(5.0, 10.0, 10),
            Bar {
                full: 5,
                eighths: 0
            }
        );
        assert_eq!(
            bar(0.001, 10.0, 10),
            Bar {
                full: 0,
                eighths: 1
            }
        );
        assert_eq!(bar(f64::NAN, 10.0, 10), Bar::default());
        assert_eq!(
            ticks([0, 5, 10, 11], 10.0, 10),
            [Some(0), Some(5), Some(9), None]
        );
    }

    #[test]
    fn the_usual_shares_of_fifty_cells() {
        assert_eq!(segments(&[0.48, 0.08, 0.44], 50), [24, 4, 22]);
        assert_eq!(segments(&[0.999, 0.001], 10), [9, 1]);
        assert_eq!(segments(&[0.0, 0.0], 10), [0, 0]);
    }

    proptest! {
        #[test]
        fn parts_fill_the_bar(shares in prop::collection::vec(0.0..1e6_f64, 0..8), width in 0_u16..500) {
            let cells = segments(&shares, width);
            let sum: u32 = cells.iter().map(|cell| u32::from(*cell)).sum();
            let any = shares.iter().any(|share| *share > 0.0);
            prop_assert_eq!(sum, if any { u32::from(width) } else { 0 });
        }

        #[test]
        fn a_bar_never_leaves_its_cells(value in prop::num::f64::ANY, top in prop::num::f64::ANY, width in 0_u16..500) {
            let bar = bar(value, top, width);
            prop_assert!(bar.full * 8 + u16::from(bar.eighths) <= width * 8);
        }
    }
}
