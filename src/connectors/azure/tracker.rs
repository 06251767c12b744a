//! How Azure DevOps is asked and understood.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;

use secrecy::SecretString;

use super::super::Fault;
use super::super::http::Session;
use super::super::record::Record;
use super::super::story::Story;
use super::super::sync::{Fetched, List, Listed, Page, Paging, Question, Tracker};
use super::bulk::{Bulk, Lane, Reporting};
use super::doctor;
use super::fields::{Fields, needs_names};
use super::query::{Part, StatusBy};
use super::runs::Kind;
use super::{AzureDevops, deleted, items, pulls, runs};
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::event::Change;

/// What a row of a list holds.
#[derive(Clone, Debug)]
pub(crate) enum Row {
    /// A work item of which so many revisions are known to be.
    Item { rev: u64 },
    /// A record that holds all there is.
    Record(Value),
}

/// What is known of an artefact.
#[derive(Debug)]
pub(crate) enum Detail {
    Item(items::Item),
    Deleted(deleted::Gone),
    Pull(pulls::Pull),
    Run(runs::Run),
}

/// What a list holds, told by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What<'a> {
    Items,
    Deleted,
    /// Of a project.
    Pulls(&'a str),
    /// Of a project.
    Runs(Kind, &'a str),
}

const ITEMS: &str = "work items";
const DELETED: &str = "deleted work items";
const PULLS: &str = "pull requests of ";

impl<'a> What<'a> {
    fn of(list: &'a List) -> Self {
        let name = list.name.as_str();
        if let Some(project) = name.strip_prefix(PULLS) {
            return Self::Pulls(project);
        }
        for kind in Kind::ALL {
            if let Some(project) = name.strip_prefix(kind.list()) {
                return Self::Runs(kind, project);
            }
        }
        if name == DELETED {
            Self::Deleted
        } else {
            Self::Items
        }
    }
}

/// A list.
fn list(name: impl Into<String>, noun: &'static str, paging: Paging, together: usize) -> List {
    List {
        name: name.into(),
        noun,
        paging,
        together,
    }
}

impl AzureDevops {
    /// The projects that are read, by name.
    pub(super) async fn projects(&self, session: &Session<'_>) -> Result<Vec<String>, Fault> {
        if !self.query.projects.is_empty() {
            return Ok(self.query.projects.clone());
        }
        let url = self.address.at(None, "projects", &[("$top", "1000")]);
        let answer = session.get::<Value>(&url).await?;
        let projects = answer.value.list("value").iter();
        Ok(projects
            .filter_map(|project| project.text("name"))
            .collect())
    }

    /// The reference names of all fields, by their names on the screen in small letters.
    pub(super) async fn names(
        &self,
        session: &Session<'_>,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let url = self.address.at(self.query.project(), "wit/fields", &[]);
        let answer = session.get::<Value>(&url).await?;
        let fields = answer.value.list("value").iter();
        let named = fields.filter_map(|field| {
            let name = field.text("name")?.to_lowercase();
            Some((name, field.text("referenceName")?))
        });
        Ok(named.collect())
    }

    async fn bulk(
        &self,
        session: &Session<'_>,
        fields: &Fields,
        names: &BTreeMap<String, String>,
        (wanted, lanes): (BTreeSet<u64>, &[Lane]),
    ) -> Result<Bulk, Fault> {
        if wanted.is_empty() {
            return Ok(Bulk::default());
        }
        let reporting = Reporting {
            session,
            address: &self.address,
            project: self.query.project(),
            fields,
            known: &names.values().cloned().collect(),
        };
        reporting.read(wanted, lanes).await
    }

    fn story(&self, detail: Detail) -> (String, Story) {
        match detail {
            Detail::Item(item) => self.item(&item),
            Detail::Deleted(gone) => gone.story(),
            Detail::Pull(pull) => pull.story(&self.address),
            Detail::Run(run) => run.story(),
        }
    }
}

#[async_trait]
impl Tracker for AzureDevops {
    type Row = Row;
    type Detail = Detail;

    const TOKENS: &'static str = "a personal access token is made in Azure DevOps under User settings, Personal \
                          access tokens; let `token` yield it";

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        super::key(secret)
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    /// Asks nothing where only work items are read: whoever may not read them is told by the first
    /// page.
    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        self.learned().snapshot = None;
        let mut lists = Vec::new();
        if self.query.reads(Part::Items) {
            lists.push(list(ITEMS, "work item", Paging::Numbered, items::TOGETHER));
            lists.push(list(
                DELETED,
                "deleted work item",
                Paging::Newest,
                items::TOGETHER,
            ));
        }
        let others = [Part::Pulls, Part::Builds, Part::Releases, Part::Deployments];
        if !others.iter().any(|part| self.query.reads(*part)) {
            return Ok(lists);
        }
        for project in self.projects(session).await? {
            if self.query.reads(Part::Pulls) {
                let name = format!("{PULLS}{project}");
                lists.push(list(name, "pull request", Paging::Newest, 1));
            }
            for kind in Kind::ALL
                .into_iter()
                .filter(|kind| self.query.reads(kind.part()))
            {
                let name = format!("{}{project}", kind.list());
                lists.push(list(name, kind.noun(), kind.paging(), items::TOGETHER));
            }
        }
        Ok(lists)
    }

    async fn page(
        &self,
        session: &Session<'_>,
        list: &List,
        question: &Question,
    ) -> Result<Page<Row>, Fault> {
        match What::of(list) {
            What::Items => self.items(session, question).await,
            What::Deleted => self.deleted(session).await,
            What::Pulls(project) => self.pulls(session, project, question).await,
            What::Runs(kind, project) => self.runs(session, (kind, project), question).await,
        }
    }

    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault> {
        let chosen = &self.reach.settings.fields;
        let mut wanted = std::mem::take(&mut self.learned().wanted);
        // Columns of boards are not among what is reported.
        if self.query.status != StatusBy::State {
            wanted.clear();
        }
        let names = async {
            if needs_names(chosen) || !wanted.is_empty() {
                return self.names(session).await;
            }
            Ok(BTreeMap::new())
        };
        let (names, lanes) = tokio::try_join!(names, self.lanes(session, &wanted))?;
        let fields = Arc::new(Fields::new(chosen, &names, &self.query.status));
        let bulk = self
            .bulk(session, &fields, &names, (wanted, &lanes))
            .await?;
        let mut learned = self.learned();
        learned.fields = fields;
        learned.bulk = bulk;
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        list: &List,
        rows: Vec<Listed<Row>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        match What::of(list) {
            What::Items => self.fetch_items(session, rows).await,
            What::Deleted => Ok(rows.into_iter().map(deleted::fetched).collect()),
            What::Pulls(project) => self.fetch_pulls(session, project, rows).await,
            What::Runs(kind, project) => Ok(rows
                .into_iter()
                .map(|row| self.run(kind, project, row))
                .collect()),
        }
    }

    fn understand(&self, _: &List, details: Vec<Detail>) -> Vec<(String, Story)> {
        let stories: Vec<_> = details
            .into_iter()
            .map(|detail| self.story(detail))
            .collect();
        let histories = stories
            .iter()
            .filter_map(|(_, story)| story.history.as_ref());
        let entered =
            histories
                .flat_map(|history| &history.events)
                .filter_map(|event| match &event.change {
                    Change::Created { status } => status.clone(),
                    Change::Moved { to } => Some(to.clone()),
                    _ => None,
                });
        self.learned().statuses.extend(entered);
        stories
    }

    /// States have no ids but their names.
    fn statuses(&self) -> Vec<StatusName> {
        let learned = self.learned();
        let names = learned.statuses.iter().cloned();
        names
            .map(|name| StatusName {
                id: name.clone(),
                name,
            })
            .collect()
    }
}
