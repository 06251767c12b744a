//! What a Linear workspace has to offer: its teams, and the statuses of each with their types.

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::super::http::Query;
use super::super::record::Record;
use super::super::survey::{Arranged, Place, Survey, quoted};
use super::super::sync::session;
use super::{Linear, wire};
use crate::connectors::Fault;
use crate::model::infer::{Category, Told, ToldColumn, ToldStatus};

/// Teams that the key's owner sees.
pub(super) const TEAMS: &str = "query Places { teams(first: 100) { nodes { key name } } }";

/// The statuses of teams (`$keys`), with their places.
pub(super) const ARRANGED: &str = "query Arranged($keys: [String!]) {
  workflowStates(first: 250, filter: { team: { key: { in: $keys } } }) {
    nodes { name type position } } }";

/// The types of statuses in Linear's own order.
const TYPES: [(&str, Category); 6] = [
    ("triage", Category::Backlog),
    ("backlog", Category::Backlog),
    ("unstarted", Category::Unstarted),
    ("started", Category::Started),
    ("completed", Category::Finished),
    ("canceled", Category::Cancelled),
];

#[async_trait]
impl Survey for Linear {
    async fn whose(&self) -> Result<String, Fault> {
        let viewer = self.survey(wire::VIEWER, json!({})).await?;
        let name = viewer.text("viewer.displayName");
        Ok(name.unwrap_or_else(|| "somebody".to_owned()))
    }

    async fn places(&self) -> Result<Vec<Place>, Fault> {
        let found = self.survey(TEAMS, json!({})).await?;
        let teams = found.list("teams.nodes").iter().filter_map(|team| {
            let query = format!("team:{}", quoted(&team.text("key")?));
            Some(Place::new("team", team.text("name")?, query))
        });
        Ok(teams.collect())
    }

    async fn arranged(&self) -> Result<Arranged, Fault> {
        if self.filter.teams.is_empty() {
            return Ok(Arranged::default());
        }
        let keys = json!({"keys": self.filter.teams});
        let found = self.survey(ARRANGED, keys).await?;
        Ok(Arranged::from(told(found.list("workflowStates.nodes"))))
    }
}

impl Linear {
    async fn survey(&self, text: &'static str, variables: Value) -> Result<Value, Fault> {
        let cancel = CancellationToken::new();
        let session = session(self, &cancel).await?;
        let (data, _) = self.ask(&session, &Query { text, variables }).await?;
        Ok(data)
    }
}

/// The statuses by type and place. Each is a column of Linear's board.
fn told(states: &[Value]) -> Told {
    let mut known: Vec<(usize, f64, String)> = Vec::new();
    for state in states {
        let place = state.at("position").as_f64().unwrap_or_default();
        let kind = state.text("type").unwrap_or_default();
        let order = TYPES.iter().position(|(name, _)| *name == kind);
        if let (Some(name), Some(order)) = (state.text("name"), order) {
            known.push((order, place, name));
        }
    }
    known.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    known.dedup_by(|next, before| next.2 == before.2);
    let statuses = known.iter().map(|(order, _, name)| ToldStatus {
        name: name.clone(),
        category: TYPES.get(*order).map(|(_, category)| *category),
    });
    let columns = known.iter().map(|(_, _, name)| ToldColumn {
        name: name.clone(),
        statuses: vec![name.clone()],
        limit: None,
    });
    Told {
        statuses: statuses.collect(),
        columns: columns.collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Category, told};

    #[test]
    fn statuses_come_by_type_and_place() {
        let states = [
            json!({"name": "Done", "type": "completed", "position": 0.0}),
            json!({"name": "In Review", "type": "started", "position": 2.5}),
            json!({"name": "In Progress", "type": "started", "position": 1}),
            json!({"name": "Todo", "type": "unstarted", "position": 9.0}),
            json!({"name": "Odd", "type": "unheard of"}),
        ];
        let told = told(&states);
        let names: Vec<&str> = told.statuses.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Todo", "In Progress", "In Review", "Done"]);
        assert_eq!(told.statuses[3].category, Some(Category::Finished));
        assert_eq!(told.columns.len(), 4);
    }
}
