//! A row of pieces of which the least important give way when it gets narrow.

use super::paint::{Paint, Run};
use super::text::{harmless, width};

/// A part of a row.
#[derive(Clone, Debug)]
pub(crate) struct Piece<T> {
    /// What is written.
    pub(crate) runs: Vec<Run>,
    /// The greater, the sooner it gives way; 0 never does.
    pub(crate) rank: u8,
    /// What it stands for.
    pub(crate) means: T,
}

impl<T> Piece<T> {
    pub(crate) fn width(&self) -> u16 {
        self.runs
            .iter()
            .map(|(text, _)| width(&harmless(text)))
            .sum()
    }
}

/// The pieces that fit into `columns` with `gap` cells between them, each with its first column.
pub(crate) fn fit<T>(mut pieces: Vec<Piece<T>>, columns: u16, gap: u16) -> Vec<(u16, Piece<T>)> {
    while needed(&pieces, gap) > columns {
        let ranks = pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| (piece.rank, at));
        match ranks.max() {
            Some((rank, at)) if rank > 0 => drop(pieces.remove(at)),
            _ => break,
        }
    }
    let mut x = 0;
    let place = |piece: Piece<T>| {
        let at = x;
        x += piece.width() + gap;
        (at, piece)
    };
    pieces.into_iter().map(place).collect()
}

fn needed<T>(pieces: &[Piece<T>], gap: u16) -> u16 {
    let gaps = u16::try_from(pieces.len().saturating_sub(1)).unwrap_or(u16::MAX);
    pieces
        .iter()
        .map(Piece::width)
        .sum::<u16>()
        .saturating_add(gaps.saturating_mul(gap))
}

/// Writes pieces that have been fitted, from column `x` on; returns the column after them.
pub(crate) fn put<T>(paint: &mut Paint<'_>, x: u16, y: u16, fitted: &[(u16, Piece<T>)]) -> u16 {
    fitted
        .iter()
        .fold(x, |_, (at, piece)| paint.put_all(x + at, y, &piece.runs))
}

#[cfg(test)]
mod tests {
    use super::super::theme::Role;
    use super::{Piece, fit};

    #[test]
    fn the_least_important_gives_way() {
        let piece = |text: &str, rank| Piece {
            runs: vec![(text.to_owned(), Role::Text)],
            rank,
            means: text.to_owned(),
        };
        let row = || vec![piece("stream", 0), piece("window", 1), piece("clock", 2)];
        let shown = |columns| -> Vec<(u16, String)> {
            let fitted = fit(row(), columns, 1);
            fitted
                .into_iter()
                .map(|(x, piece)| (x, piece.means))
                .collect()
        };
        assert_eq!(shown(19).len(), 3);
        assert_eq!(
            shown(18),
            [(0, "stream".to_owned()), (7, "window".to_owned())]
        );
        assert_eq!(shown(3), [(0, "stream".to_owned())]);
    }
}
