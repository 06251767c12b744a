//! The cumulative-flow diagram: a line a stage, the work between two lines, and what a day tells.

use crate::metrics::CfdDay;
use crate::model::stage::Class;

use super::area::{AreaCell, column, days_of_columns, height};

/// One cell of the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowCell {
    /// The bands that meet in it, as positions among those drawn.
    pub area: AreaCell,
    /// Whether what fills it has moved back: it reached the band's stage and stands before it now.
    pub back: bool,
}

/// The diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowChart {
    /// By column from the left: cells from the bottom.
    pub columns: Vec<Vec<FlowCell>>,
    /// By column: which day it shows.
    pub days: Vec<usize>,
    /// Items that were in the last stage when the first day ended: the ground of the picture.
    pub ground: u64,
    /// Items from the ground to the top.
    pub top: u64,
}

/// Draws the diagram into `width` columns and `rows` rows; `bands` are positions of stages, the
/// last stage first.
pub fn flow_chart(days: &[CfdDay], bands: &[usize], (width, rows): (u16, u16)) -> FlowChart {
    let ground = days
        .first()
        .map_or(0, |day| line(&day.reached, bands.first()));
    let highest = |day: &CfdDay| line(&day.reached, bands.last());
    let top = days.iter().map(highest).max().unwrap_or(0) - ground;
    let shown = days_of_columns(days.len(), width);
    let columns = shown
        .iter()
        .filter_map(|at| days.get(*at))
        .map(|day| cells(day, bands, (ground, top), rows))
        .collect();
    FlowChart {
        columns,
        days: shown,
        ground,
        top,
    }
}

fn line(lines: &[u64], band: Option<&usize>) -> u64 {
    band.and_then(|at| lines.get(*at)).copied().unwrap_or(0)
}

fn cells(day: &CfdDay, bands: &[usize], (ground, top): (u64, u64), rows: u16) -> Vec<FlowCell> {
    let above = |items: u64| items.saturating_sub(ground);
    let edges: Vec<u64> = bands
        .iter()
        .map(|at| above(line(&day.reached, Some(at))))
        .collect();
    let full = u64::from(rows) * 8;
    let stands: Vec<u64> = bands
        .iter()
        .map(|at| height(above(at_or_past(day, *at)), top, full))
        .collect();
    let cells = column(&edges, top, rows).into_iter().zip(0_u64..);
    cells
        .map(|(area, row)| FlowCell {
            area,
            back: area
                .most()
                .and_then(|band| stands.get(band))
                .is_some_and(|stands| row * 8 >= *stands),
        })
        .collect()
}

/// Items that stand in a stage or a later one at the day's end, those that ended with them.
fn at_or_past(day: &CfdDay, stage: usize) -> u64 {
    let past = day.snapshot.get(stage..).unwrap_or_default();
    past.iter().sum::<u64>() + day.cancelled + day.deleted
}

/// What the diagram says of one day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlowReading {
    /// Committed and not finished, by the lines.
    pub load: u64,
    /// Days from the line of commitment to that of finishing, read across: how long what is
    /// finished that day took, about. `None` where the first line was crossed before the picture
    /// begins.
    pub across: Option<usize>,
    /// Items a day that reached commitment over the seven days before, or those there are.
    pub arrivals: f64,
    /// Items a day that reached the end.
    pub departures: f64,
}

/// Days that rates are told over.
const WEEK: usize = 7;

/// Reads the diagram at a day.
pub fn reading(days: &[CfdDay], classes: &[Class], at: usize) -> Option<FlowReading> {
    let committed = classes.iter().position(|class| *class != Class::Backlog)?;
    let done = classes.iter().position(|class| *class == Class::Done)?;
    let day = days.get(at)?;
    let of = |at: usize, stage: usize| line(&days[at].reached, Some(&stage));
    let finished = line(&day.reached, Some(&done));
    let crossed = (0..=at).find(|at| of(*at, committed) >= finished);
    let before = at.saturating_sub(WEEK);
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of items stay far below 2^53"
    )]
    let rate = |stage: usize| {
        let came = of(at, stage).saturating_sub(of(before, stage));
        came as f64 / (at - before).max(1) as f64
    };
    Some(FlowReading {
        load: line(&day.reached, Some(&committed)).saturating_sub(finished),
        across: crossed
            .filter(|crossed| *crossed > 0)
            .map(|crossed| at - crossed),
        arrivals: rate(committed),
        departures: rate(done),
    })
}

#[cfg(test)]
mod tests {
    use super::{flow_chart, reading};
    use crate::metrics::CfdDay;
    use crate::model::stage::Class;
    use crate::model::time::Day;

    fn day(at: i32, reached: [u64; 3], snapshot: [u64; 3]) -> CfdDay {
        CfdDay {
            day: Day::from_ymd(2026, 1, 1).unwrap().plus(at),
            reached: reached.to_vec(),
            snapshot: snapshot.to_vec(),
            cancelled: 0,
            deleted: 0,
            unmapped: 0,
        }
    }

    const CLASSES: [Class; 3] = [Class::Backlog, Class::Active, Class::Done];

    /// Two a day come, one a day goes, from three in the backlog, none committed.
    fn growing() -> Vec<CfdDay> {
        (0..10)
            .map(|at| {
                let (came, gone) = (2 * at, at);
                day(
                    i32::try_from(at).unwrap(),
                    [3 + came, came, gone],
                    [3, came - gone, gone],
                )
            })
            .collect()
    }

    #[test]
    fn bands_stand_on_what_was_finished_before() {
        let days = growing();
        let chart = flow_chart(&days, &[2, 1], (10, 18));
        assert_eq!((chart.ground, chart.top), (0, 18));
        let last = chart.columns.last().unwrap();
        let bands: Vec<_> = last.iter().map(|cell| cell.area.most()).collect();
        assert_eq!(bands[..9], [Some(0); 9]);
        assert_eq!(bands[9..], [Some(1); 9]);
        assert!(last.iter().all(|cell| !cell.back));
        let whole = flow_chart(&days, &[2, 1, 0], (10, 21));
        assert_eq!(whole.top, 21);
    }

    #[test]
    fn what_moved_back_is_marked() {
        let mut days = growing();
        // Two of the nine in the middle have gone back to the backlog.
        days[9].snapshot = vec![5, 7, 9];
        let chart = flow_chart(&days, &[2, 1], (10, 18));
        let back: Vec<bool> = chart.columns[9].iter().map(|cell| cell.back).collect();
        assert_eq!(back[..16], [false; 16]);
        assert_eq!(back[16..], [true; 2]);
    }

    #[test]
    fn a_day_is_read_across_and_up() {
        let days = growing();
        let read = reading(&days, &CLASSES, 8).unwrap();
        // Eight are finished; the eighth was committed to on day 4.
        assert_eq!((read.load, read.across), (8, Some(4)));
        assert!((read.arrivals - 2.0).abs() < 1e-9 && (read.departures - 1.0).abs() < 1e-9);
        assert_eq!(reading(&days, &CLASSES, 0).unwrap().across, None);
        assert_eq!(reading(&days, &CLASSES, 99), None);
        assert_eq!(reading(&[], &[], 0), None);
    }

    #[test]
    fn no_size_is_too_small() {
        for width in 0..4 {
            for rows in 0..4 {
                for days in [&growing()[..], &[]] {
                    let chart = flow_chart(days, &[2, 1, 0], (width, rows));
                    assert!(
                        chart
                            .columns
                            .iter()
                            .all(|cells| cells.len() == usize::from(rows))
                    );
                }
            }
        }
    }
}
