//! Geometry of the pictures: data and size in, marks out. Nothing here knows a terminal or a
//! colour, so that screens and reports draw the same shapes.

mod ageing;
mod area;
mod bar;
mod fan;
mod flow;
mod months;
mod ribbon;
mod run;
mod scale;
mod scatter;
mod spark;
mod spread;
mod strip;
mod tank;
mod time_bar;

pub use ageing::{BoardColumn, Mark, board_column, board_top, row_of};
pub use area::{AreaCell, column, days_of_columns};
pub use bar::{Bar, bar, segments, ticks};
pub use fan::{Fan, fan};
pub use flow::{FlowCell, FlowChart, FlowReading, flow_chart, reading};
pub use months::{DAY_WIDTH, MONTH_WIDTH, Month, months};
pub use ribbon::{RibbonCell, ribbon};
pub use run::{RunPlan, bar_height, level_row, run_plan};
pub use scale::{marks, round_step};
pub use scatter::{Dots, Heights, Rise, Scatter, along};
pub use spark::spark;
pub use spread::{SpreadBox, SpreadCell, spread_box};
pub use strip::{CELL_WIDTHS, Strip, strip};
pub use tank::{Tank, level_on_its_way, oldness, strata, tank, tank_beside, thickness};
pub use time_bar::TimeBar;
