//! How GitLab is asked and understood.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::Value;
use url::Url;

use secrecy::{ExposeSecret, SecretString};

use super::super::Fault;
use super::super::http::{self, Answer, Session};
use super::super::record::Record;
use super::super::story::Story;
use super::super::sync::{Fetched, List, Listed, Page, Paging, Question, Tracker};
use super::super::words::unusable;
use super::GitLab;
use super::address::PAGE;
use super::convert::{self, Detail, Reader};
use super::doctor;
use super::ident::Ident;
use super::part::Part;
use super::query::{Place, Sort};
use crate::connectors::http::Key;
use crate::connectors::sync::{Checks, Reach};
use crate::model::batch::StatusName;
use crate::model::health::Oddity;
use crate::model::time::Millis;

/// A history of more pages than this never ends.
const MOST_PAGES: usize = 200;

#[async_trait]
impl Tracker for GitLab {
    type Row = Value;
    type Detail = Detail;

    const TOKENS: &'static str = "GitLab gives access tokens under \"Edit profile\", \"Access tokens\"; the scope \
                          read_api is enough; let `token` yield it";

    fn reach(&self) -> &Reach {
        &self.reach
    }

    fn key(&self, secret: SecretString) -> Result<Key, Fault> {
        if secret.expose_secret().len() == super::APPLICATION_DIGITS {
            Key::bearer(secret)
        } else {
            Key::in_header("private-token", secret)
        }
    }

    async fn prove(&self, session: &Session<'_>, checks: &mut Checks) -> Result<(), Fault> {
        doctor::steps(self, session, checks).await
    }

    async fn lists(&self, session: &Session<'_>) -> Result<Vec<List>, Fault> {
        let mut lists = Vec::new();
        for sort in &self.query.sorts {
            for place in self.places(session, *sort).await? {
                lists.extend(self.lists_of(&place, *sort));
            }
        }
        Ok(lists)
    }

    async fn page(
        &self,
        session: &Session<'_>,
        list: &List,
        question: &Question,
    ) -> Result<Page<Value>, Fault> {
        let sort = sort_of(list)?;
        let url = self.address.list(&list.name, sort, &self.query, question)?;
        let answer = session.get::<Vec<Value>>(&url).await;
        let Answer {
            value,
            date,
            next,
            total,
            ..
        } = answer.map_err(|fault| without_list(fault, list))?;
        let place = number_in(&list.name);
        let mut oddities = Vec::new();
        let rows = value
            .into_iter()
            .map(|row| {
                let row = listed(row, sort, place);
                row.map_err(|what| oddities.push(odd_row(list, what))).ok()
            })
            .collect();
        Ok(Page {
            rows,
            total,
            limit: PAGE,
            next: next.map(String::from),
            now: date,
            oddities,
        })
    }

    /// Labels that are statuses, so that new names come through; rows and events name the rest.
    async fn learn(&self, session: &Session<'_>) -> Result<(), Fault> {
        let Some(prefix) = &self.query.status_label else {
            return Ok(());
        };
        for place in &self.query.places {
            let labels = match all(session, self.address.labels(place, prefix)).await {
                Ok((labels, _)) => labels,
                Err(Fault::Forbidden { .. } | Fault::NotFound { .. }) => continue,
                Err(fault) => return Err(fault),
            };
            let statuses = convert::statuses_of(&labels, prefix);
            self.remember(statuses);
        }
        Ok(())
    }

    async fn fetch(
        &self,
        session: &Session<'_>,
        _: &List,
        rows: Vec<Listed<Value>>,
    ) -> Result<Vec<(String, Fetched<Detail>)>, Fault> {
        let mut fetched = Vec::with_capacity(rows.len());
        for Listed { id, row, .. } in rows {
            let outcome = match self.detail(session, &id, row).await {
                Ok(Some(detail)) => Fetched::Detail(detail),
                Ok(None) => Fetched::Gone,
                Err(fault) => Fetched::without(fault)?,
            };
            fetched.push((id, outcome));
        }
        Ok(fetched)
    }

    fn understand(&self, _: &List, details: Vec<Detail>) -> Vec<(String, Story)> {
        let reader = Reader {
            facts: &self.facts,
            status_label: self.query.status_label.as_deref(),
            is_of_one_project: self.query.is_of_one_project(),
        };
        let mut stories = Vec::with_capacity(details.len());
        for detail in details {
            let told = reader.tell(&detail);
            self.remember(told.statuses);
            stories.push((detail.ident.to_string(), told.story));
        }
        stories
    }

    fn statuses(&self) -> Vec<StatusName> {
        let names = self.names().clone().into_iter();
        names.map(|(id, name)| StatusName { id, name }).collect()
    }
}

impl GitLab {
    fn remember(&self, statuses: Vec<StatusName>) {
        let named = statuses.into_iter();
        self.names()
            .extend(named.map(|status| (status.id, status.name)));
    }

    /// Where a sort is listed. Deployments are listed by project alone, and epics by group.
    async fn places(&self, session: &Session<'_>, sort: Sort) -> Result<Vec<Place>, Fault> {
        let mut places = Vec::new();
        for place in &self.query.places {
            match (sort, place) {
                (Sort::Deployment, place) => {
                    let numbers = self.numbers(session, place).await?;
                    places.extend(numbers.into_iter().map(|id| Place::Project(id.to_string())));
                }
                (Sort::Epic, Place::Project(_)) => {}
                (_, place) => places.push(place.clone()),
            }
        }
        Ok(places)
    }

    /// The numbers of a project, or of all those of a group.
    async fn numbers(&self, session: &Session<'_>, place: &Place) -> Result<BTreeSet<u64>, Fault> {
        let (url, noun, path) = match place {
            Place::Project(path) => (self.address.project(path), "project", path),
            Place::Group(path) => (self.address.projects(path), "group", path),
        };
        let rows = match place {
            Place::Project(_) => session.get::<Value>(&url).await.map(|one| vec![one.value]),
            Place::Group(_) => all(session, url).await.map(|(rows, _)| rows),
        };
        let rows = rows.map_err(|fault| without(fault, noun, path))?;
        Ok(rows.iter().filter_map(|row| row.number("id")).collect())
    }

    fn lists_of(&self, place: &Place, sort: Sort) -> Vec<List> {
        let list = |environment: Option<&str>| List {
            name: self.address.list_name(place, sort, environment),
            noun: sort.noun(),
            paging: Paging::Numbered,
            together: 1,
        };
        match sort {
            Sort::Deployment if !self.query.environments.is_empty() => {
                let environments = self.query.environments.iter();
                environments.map(|name| list(Some(name))).collect()
            }
            _ => vec![list(None)],
        }
    }

    /// An artefact with its history; `None` if it is not there any more.
    pub(super) async fn detail(
        &self,
        session: &Session<'_>,
        id: &str,
        row: Option<Value>,
    ) -> Result<Option<Detail>, Fault> {
        let Some(ident) = Ident::parse(id) else {
            return Ok(None);
        };
        let row = match row {
            Some(row) => row,
            None => match self.alone(session, ident).await? {
                Some(row) => row,
                None => return Ok(None),
            },
        };
        let number = row.number("id").unwrap_or(ident.number);
        let mut parts = BTreeMap::new();
        let mut read = None;
        for part in Part::of(ident.sort, &row) {
            if self.query.without.contains(&part) {
                continue;
            }
            match all(session, self.address.part(ident, number, part)).await {
                Ok((rows, date)) => {
                    parts.insert(part, rows);
                    read = read.or(date);
                }
                Err(Fault::NotFound { .. } | Fault::Forbidden { .. }) if part.may_lack() => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Some(Detail {
            ident,
            row,
            parts,
            read,
        }))
    }

    async fn alone(&self, session: &Session<'_>, ident: Ident) -> Result<Option<Value>, Fault> {
        let answer: Answer<Value> = session.get(&self.address.alone(ident)).await?;
        Ok(match answer.value {
            Value::Array(rows) => rows.into_iter().next(),
            Value::Object(row) => Some(Value::Object(row)),
            _ => None,
        })
    }
}

/// All rows of all pages of a short list, and the server's clock at the first.
async fn all(session: &Session<'_>, url: Url) -> Result<(Vec<Value>, Option<Millis>), Fault> {
    let place = http::place(&url);
    let broken = |why: &str| Fault::BadAnswer {
        place: place.clone(),
        why: why.to_owned(),
    };
    let mut rows = Vec::new();
    let mut read = None;
    let mut next = Some(url);
    for _ in 0..MOST_PAGES {
        let Some(url) = next else {
            return Ok((rows, read));
        };
        let answer = session.get::<Vec<Value>>(&url).await?;
        if answer.value.iter().any(|row| row.text("id").is_none()) {
            return Err(broken("an entry of the list has no id"));
        }
        rows.extend(answer.value);
        read = read.or(answer.date);
        next = answer.next;
    }
    Err(broken("the list never ends"))
}

fn sort_of(list: &List) -> Result<Sort, Fault> {
    let mut sorts = Sort::ALL.into_iter();
    let sort = sorts.find(|sort| sort.noun() == list.noun);
    sort.ok_or_else(|| Fault::BadAnswer {
        place: list.name.clone(),
        why: "no such list".to_owned(),
    })
}

/// The project's number in the name of a list, if it stands there.
fn number_in(name: &str) -> Option<u64> {
    name.split('/').nth(1)?.parse().ok()
}

fn listed(row: Value, sort: Sort, place: Option<u64>) -> Result<Listed<Value>, &'static str> {
    let ident = Ident::of(sort, &row, place).ok_or("no id")?;
    let updated = row
        .instant("updated_at")
        .or_else(|| row.instant("created_at"))
        .ok_or("no time of its last update")?;
    Ok(Listed {
        id: ident.to_string(),
        updated,
        row: Some(row),
    })
}

fn odd_row(list: &List, lacks: &str) -> Oddity {
    Oddity {
        place: format!("the list of {}s", list.noun),
        what: format!("a row has {lacks}; it is left out"),
    }
}

/// What it means that a list is not there, or not to be read.
fn without_list(fault: Fault, list: &List) -> Fault {
    let mut steps = list.name.split('/');
    let noun = if steps.next() == Some("groups") {
        "group"
    } else {
        "project"
    };
    let path = steps.next().unwrap_or_default().replace("%2F", "/");
    without(fault, noun, &path)
}

/// What it means that a project or group is not there, or not to be read.
pub(super) fn without(fault: Fault, noun: &str, path: &str) -> Fault {
    match fault {
        Fault::NotFound { .. } => unusable(
            format!("GitLab has no {noun} \"{path}\", or this token may not see it"),
            format!(
                "write the {noun} in the `query` of this source as it is in the address of its \
                 page; if it is private, its token needs a member with the role Reporter"
            ),
        ),
        Fault::Forbidden { .. } => unusable(
            format!("GitLab does not let this token read all of {noun} \"{path}\""),
            "make a token with the scope read_api whose owner has at least the role Reporter there",
        ),
        fault => fault,
    }
}
