//! Geometry of the pictures: data and size in, marks out. Nothing here knows a terminal or a
//! colour, so that screens and reports draw the same shapes.

mod area;
mod bar;
mod flow;
mod ribbon;
mod strip;
mod tank;

pub use area::{AreaCell, column, days_of_columns};
pub use bar::{Bar, bar, segments, ticks};
pub use flow::{FlowCell, FlowChart, FlowReading, flow_chart, reading};
pub use ribbon::{RibbonCell, ribbon};
pub use strip::{CELL_WIDTHS, Strip, strip};
pub use tank::{Tank, oldness, strata, tank, thickness};
