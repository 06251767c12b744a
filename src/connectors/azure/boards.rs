//! Boards with their columns, as the teams of a project have set them.

use serde_json::Value;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::AzureDevops;

/// Boards of more teams are not looked at.
const MOST_TEAMS: usize = 20;

/// A column of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The most items that may stand in it.
    pub(super) limit: Option<u64>,
    /// Whether it has halves for what is under way and what is done.
    pub(super) is_split: bool,
    /// The states of the items in it, each once.
    pub(super) states: Vec<String>,
}

/// A board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Board {
    pub(super) team: String,
    pub(super) name: String,
    /// The reference name of the field that holds an item's column.
    pub(super) field: Option<String>,
    pub(super) columns: Vec<Column>,
}

impl AzureDevops {
    /// The boards of the teams of a project, level by level.
    pub(super) async fn boards(
        &self,
        session: &Session<'_>,
        project: &str,
    ) -> Result<Vec<Board>, Fault> {
        let url = self.address.at(
            None,
            &format!("projects/{project}/teams"),
            &[("$top", "100")],
        );
        let teams = session.get::<Value>(&url).await?.value;
        let names = teams
            .list("value")
            .iter()
            .filter_map(|team| team.text("name"));
        let mut boards = Vec::new();
        for team in names.take(MOST_TEAMS) {
            boards.extend(self.boards_of(session, project, &team).await?);
        }
        Ok(boards)
    }

    async fn boards_of(
        &self,
        session: &Session<'_>,
        project: &str,
        team: &str,
    ) -> Result<Vec<Board>, Fault> {
        let at = |path: &str| self.address.at_team((project, team), path);
        let listed = session.get::<Value>(&at("work/boards")).await?.value;
        let mut boards = Vec::new();
        for row in listed.list("value") {
            if let Some(id) = row.text("id") {
                let board = session
                    .get::<Value>(&at(&format!("work/boards/{id}")))
                    .await?;
                boards.push(Board::read(team, &board.value));
            }
        }
        Ok(boards)
    }
}

impl Board {
    fn read(team: &str, board: &Value) -> Self {
        let columns = board.list("columns").iter();
        Self {
            team: team.to_owned(),
            name: board.text("name").unwrap_or_default(),
            field: board.text("fields.columnField.referenceName"),
            columns: columns.filter_map(Column::read).collect(),
        }
    }

    /// In one line.
    pub(super) fn told(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(Column::told).collect();
        let field = self.field.as_ref();
        let field = field
            .map(|field| format!(" (status:{field})"))
            .unwrap_or_default();
        format!(
            "{} / {}{field}: {}",
            self.team,
            self.name,
            columns.join(", ")
        )
    }
}

impl Column {
    fn read(column: &Value) -> Option<Self> {
        let mappings = column.at("stateMappings").as_object();
        let mut states: Vec<String> = mappings
            .into_iter()
            .flat_map(|mappings| mappings.values())
            .filter_map(|state| state.as_str().map(str::to_owned))
            .collect();
        states.sort();
        states.dedup();
        Some(Self {
            name: column.text("name")?,
            limit: column.number("itemLimit").filter(|limit| *limit > 0),
            is_split: column.is("isSplit"),
            states,
        })
    }

    /// `Develop [Active; at most 5; doing and done]`
    fn told(&self) -> String {
        let mut told = vec![self.states.join("/")];
        told.extend(self.limit.map(|limit| format!("at most {limit}")));
        told.extend(self.is_split.then(|| "doing and done".to_owned()));
        told.retain(|part| !part.is_empty());
        format!("{} [{}]", self.name, told.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Board;

    #[test]
    fn a_board_is_told_in_one_line() {
        let sent = json!({"name": "Stories", "fields": {"columnField": {"referenceName": "WEF_1_Kanban.Column"}},
            "columns": [
                {"name": "New", "itemLimit": 0, "stateMappings": {"User Story": "New", "Bug": "New"}},
                {"name": "Develop", "itemLimit": 5, "isSplit": true, "stateMappings": {"User Story": "Active", "Bug": "Doing"}},
                {"name": "Odd", "stateMappings": null}, {"no": "name"}]});
        assert_eq!(
            Board::read("Cards", &sent).told(),
            "Cards / Stories (status:WEF_1_Kanban.Column): New [New], \
             Develop [Active/Doing; at most 5; doing and done], Odd []"
        );
        assert_eq!(Board::read("Cards", &json!(7)).told(), "Cards / : ");
    }
}
