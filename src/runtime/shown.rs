//! What is on screen, written to a file: the rows behind it, or its picture.

mod listed;

use std::path::Path;

use serde_json::Value;

use super::Failure;
use super::new_file::{named, write_new};
use crate::app::{Behind, Data, ExportAs, Point, Screen, State, TimesBy, rows_on_screen};
use crate::model::id::ItemIx;
use crate::report::{Answer, Section, Sheet, items_sheet, stream_json};

/// What is to be written.
pub(super) struct Shown {
    data: Data,
    /// What it is, as part of the file's name.
    what: &'static str,
    rows: Rows,
}

/// Where the rows behind a screen come from.
enum Rows {
    /// These items, as `weir items` writes them.
    Items(Vec<ItemIx>),
    /// A section of the report, or a list in it.
    Section(Section, Option<&'static str>),
    /// What no report tells.
    Listed(Vec<listed::Row>),
}

impl Shown {
    /// What is on screen; `None` if nothing is.
    pub(super) fn of(state: &State) -> Option<Self> {
        let (what, _) = rows_on_screen(state)?;
        let walk = state.walk.as_ref().filter(|_| state.screen == Screen::Walk);
        // A walk holds on to the picture it began with.
        let data = walk.map_or_else(|| state.data.clone(), |walk| Some(walk.data.clone()))?;
        Some(Self {
            rows: rows(state, &data),
            what,
            data,
        })
    }

    /// Writes it into a folder; `picture` is what is on screen as text, where that is wanted. Says
    /// what was written where.
    ///
    /// # Errors
    /// [`Failure`] if it cannot be written.
    pub(super) fn write(
        &self,
        way: ExportAs,
        picture: Option<String>,
        folder: &Path,
    ) -> Result<String, Failure> {
        let (said, content) = match picture {
            Some(picture) => ("the picture".to_owned(), picture.into_bytes()),
            None => self.rows_as(way)?,
        };
        let path = write_new(folder, (&self.name(), way.ending()), &content)?;
        Ok(format!("{said} written to {}", path.display()))
    }

    /// `weir-payments-flow-2026-11-23`.
    fn name(&self) -> String {
        let stream = named(&self.data.measures.stream);
        let day = self.data.snapshot.zone().day_of(self.data.as_of().plus(-1));
        format!("weir-{stream}-{}-{day}", self.what)
    }

    fn rows_as(&self, way: ExportAs) -> Result<(String, Vec<u8>), Failure> {
        let sheet = self.sheet();
        let said = match sheet.len() {
            1 => "1 row".to_owned(),
            rows => format!("{rows} rows"),
        };
        let content = match way {
            ExportAs::Json => format!("{:#}\n", self.json(&sheet)).into_bytes(),
            ExportAs::Markdown => self.markdown(&sheet).into_bytes(),
            ExportAs::Csv | ExportAs::Picture => {
                let mut csv = Vec::new();
                sheet.csv(&mut csv)?;
                csv
            }
        };
        Ok((said, content))
    }

    fn answer(&self) -> Answer<'_> {
        Answer {
            snapshot: &self.data.snapshot,
            stream: self.data.question.stream,
            measures: &self.data.measures,
            promises: None,
        }
    }

    fn sheet(&self) -> Sheet {
        match &self.rows {
            Rows::Items(items) => items_sheet(self.answer(), items),
            Rows::Section(section, list) => Sheet::of_section(self.answer(), *section, *list),
            Rows::Listed(rows) => Sheet::new(rows.iter().cloned()),
        }
    }

    /// The rows under the head that every report has: stream, as-of, window, clock.
    fn json(&self, sheet: &Sheet) -> Value {
        let mut report = stream_json(self.answer(), &[]);
        if let Some(report) = report.as_object_mut() {
            report.shift_remove("notes");
            report.insert(self.what.to_owned(), sheet.json());
        }
        report
    }

    fn markdown(&self, sheet: &Sheet) -> String {
        let header = self.data.measures.header;
        let zone = self.data.snapshot.zone();
        let day = |at| zone.day_of(at).long();
        format!(
            "# {}: {}\n\nAs of {}, {} to {}, clock {}\n\n{}",
            self.data.measures.stream,
            self.what,
            day(header.as_of.plus(-1)),
            day(header.window.from),
            day(header.window.to.plus(-1)),
            header.clock.name(),
            sheet.markdown(),
        )
    }
}

fn rows(state: &State, data: &Data) -> Rows {
    match &state.screen {
        Screen::Ageing => Rows::Items(Behind::Load.items(data)),
        Screen::Flow => Rows::Section(Section::Cfd, None),
        Screen::Times if state.cursor.times == TimesBy::Stage => {
            Rows::Listed(listed::stage_times(data))
        }
        Screen::Times => Rows::Items(points(state, data)),
        Screen::Throughput => Rows::Section(Section::Throughput, None),
        Screen::Bottleneck => Rows::Section(Section::Bottleneck, Some("ranking")),
        Screen::Forecast => {
            let days = data.outlook().map(|outlook| outlook.days.iter());
            Rows::Listed(days.into_iter().flatten().map(listed::day_ahead).collect())
        }
        Screen::Items(view) => Rows::Items(view.entries.iter().map(|entry| entry.item).collect()),
        Screen::Item(view) => Rows::Items(vec![view.story.item]),
        Screen::Portfolio => {
            let streams = data.streams_by(state.cursor.among.order);
            Rows::Listed(streams.into_iter().map(listed::stream).collect())
        }
        Screen::Walk => {
            let walk = state.walk.as_deref();
            Rows::Listed(walk.map(listed::walk).unwrap_or_default())
        }
        Screen::Sources => Rows::Listed(state.sources.health.iter().map(listed::source).collect()),
        Screen::Stream => Rows::Section(Section::Stages, None),
    }
}

/// The items whose flow times are shown; those of the region where one is chosen.
fn points(state: &State, data: &Data) -> Vec<ItemIx> {
    let here = data.point_at(state.cursor.spot).map(Point::spot);
    match state.cursor.corner.zip(here) {
        Some((corner, here)) => data
            .points_in(corner, here)
            .map(|point| point.item)
            .collect(),
        None => data.points.iter().map(|point| point.item).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ExportAs, Shown};
    use crate::app::fixture::world;
    use crate::app::{Action, Msg, State, update};

    fn at(actions: &[Action]) -> State {
        let mut state = world((100, 30));
        for action in actions {
            let effects = update(&mut state, Msg::Do(*action));
            crate::app::fixture::reckoned(&mut state, &effects);
        }
        state
    }

    fn written(state: &State, way: ExportAs) -> String {
        let folder = tempfile::tempdir().unwrap();
        let shown = Shown::of(state).unwrap();
        let said = shown.write(way, None, folder.path()).unwrap();
        let (_, path) = said.split_once(" written to ").unwrap();
        assert!(path.contains("weir-payments-"), "{said}");
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn the_rows_are_those_that_are_shown() {
        let state = at(&[Action::InProgress]);
        let load = state.data.as_ref().unwrap().measures.flow.load;
        let csv = written(&state, ExportAs::Csv);
        assert!(csv.starts_with("item,title,kind,team,stage,state,condition,created,"));
        assert_eq!(csv.lines().count() as u64, load + 1);
        let oldest = state.item_at_hand().unwrap();
        let data = state.data.as_ref().unwrap();
        let key = data.snapshot.log().key(oldest);
        assert!(
            csv.lines().nth(1).unwrap().starts_with(key),
            "in the order of the list"
        );

        let weeks = written(&at(&[Action::Throughput]), ExportAs::Csv);
        let measured = &data.measures.throughput;
        assert_eq!(weeks.lines().count(), measured.len() + 1);
        let finished = weeks.lines().skip(1).map(|line| {
            let cell = line.split(',').nth(3).unwrap();
            cell.parse::<u64>().unwrap()
        });
        assert_eq!(
            finished.sum::<u64>(),
            measured.iter().map(|week| week.finished).sum::<u64>()
        );
    }

    #[test]
    fn every_screen_is_written_in_every_way() {
        let screens = [
            Action::Stream,
            Action::Ageing,
            Action::Flow,
            Action::Times,
            Action::Throughput,
            Action::Bottleneck,
            Action::Forecast,
            Action::Portfolio,
            Action::Sources,
            Action::Standup,
        ];
        for screen in screens {
            let state = at(&[screen]);
            let rows = Shown::of(&state).unwrap().sheet().len();
            assert!(rows > 0, "{screen:?}");
            let csv = written(&state, ExportAs::Csv);
            assert_eq!(csv.lines().count(), rows + 1, "{screen:?}");
            let markdown = written(&state, ExportAs::Markdown);
            let tabled = markdown.lines().filter(|line| line.starts_with('|'));
            assert_eq!(tabled.count(), rows + 2, "{screen:?}");
            let json: serde_json::Value =
                serde_json::from_str(&written(&state, ExportAs::Json)).unwrap();
            assert_eq!(
                (&json["schema"], &json["stream"]),
                (&1.into(), &"payments".into())
            );
            let lists = json.as_object().unwrap().values();
            let listed = lists.filter_map(serde_json::Value::as_array).map(Vec::len);
            assert_eq!(listed.collect::<Vec<_>>(), [rows], "{screen:?}");
        }
    }

    #[test]
    fn what_was_said_in_a_walk_and_how_sources_are_is_written() {
        let mut state = at(&[Action::Standup, Action::NextItem, Action::Park]);
        let walk = state.walk.as_ref().unwrap();
        let first = walk.standup.items[0].open.item;
        let key = walk.data.snapshot.log().key(first).to_owned();
        let csv = written(&state, ExportAs::Csv);
        assert_eq!(csv.lines().count(), walk.count() + 1);
        let line = csv.lines().nth(1).unwrap();
        assert!(
            line.starts_with(&key) && line.contains(",parked,"),
            "{line}"
        );
        update(&mut state, Msg::Health(crate::app::fixture::sources(true)));
        update(&mut state, Msg::Do(Action::Sources));
        let csv = written(&state, ExportAs::Csv);
        assert!(csv.starts_with("source,doing,last_read,"), "{csv}");
        assert!(csv.contains("tracker,waits,2026-11-23T"), "{csv}");
        assert!(csv.contains("503 Service Unavailable"), "{csv}");
    }

    #[test]
    fn the_boxes_of_the_stages_are_written_as_rows() {
        let state = at(&[Action::Times, Action::ByStage]);
        let csv = written(&state, ExportAs::Csv);
        assert!(csv.starts_with("stage,n,p5_days,p25_days,p50_days,p75_days,p95_days"));
        assert_eq!(csv.lines().count(), 13, "all stages but the last");
    }
}
