//! Finding out what there is to be read: which Jira, whose key, what the query means, which fields.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::super::Fault;
use super::super::http::Session;
use super::Jira;
use super::address::Deployment;
use super::board;
use super::fields::Plan;
use super::jql::{self, Scope};
use super::names::Names;
use super::wire::{Myself, ServerInfo, scalar};
use crate::model::health::Oddity;
use crate::model::time::Zone;

/// Where Atlassian's own servers are.
const CLOUD_HOST: &str = ".atlassian.net";

/// What has been found out by now.
#[derive(Default)]
pub(super) struct Known {
    deployment: Option<Deployment>,
    /// Of the token's owner; `None` if it is not told or unknown.
    pub(super) zone: Option<Zone>,
    /// What is read, as JQL; `None`: all.
    pub(super) scope: Option<String>,
    is_scope_found: bool,
    pub(super) plan: Option<Arc<Plan>>,
    pub(super) names: Names,
    /// Names in the settings' `fields` that were not said yet to be unknown.
    unsaid: Vec<String>,
}

impl Known {
    /// Which Jira it is; [`find`] has found it.
    pub(super) fn deployment(&self) -> Deployment {
        self.deployment.unwrap_or(Deployment::Cloud)
    }

    /// Says which Jira it is.
    pub(super) fn set_deployment(&mut self, deployment: Deployment) {
        self.deployment = Some(deployment);
    }

    /// Which field is which fact; [`learn_fields`] has found it.
    pub(super) fn plan(&self) -> Arc<Plan> {
        let plan = self.plan.clone();
        plan.unwrap_or_default()
    }

    /// What is odd about the settings' `fields`, each name once.
    pub(super) fn strangers(&mut self) -> Vec<Oddity> {
        let strangers = std::mem::take(&mut self.unsaid).into_iter();
        let oddity = |field| Oddity {
            place: "the source's fields".to_owned(),
            what: format!("Jira shows no field \"{field}\" to the token's owner"),
        };
        strangers.map(oddity).collect()
    }
}

/// Finds out which Jira it is; asked once.
pub(super) async fn find(jira: &Jira, session: &Session<'_>) -> Result<Deployment, Fault> {
    if let Some(deployment) = jira.known().deployment {
        return Ok(deployment);
    }
    let (deployment, _) = ask(jira, session).await?;
    Ok(deployment)
}

/// Which Jira it is, and its version.
pub(super) async fn ask(
    jira: &Jira,
    session: &Session<'_>,
) -> Result<(Deployment, Option<String>), Fault> {
    // Every Jira answers this one.
    let url = jira
        .address
        .at(&Deployment::OwnServer.api("serverInfo"), &[]);
    let answer = session.get::<ServerInfo>(&url).await;
    let info = answer
        .map_err(|fault| jira.address.without_jira(fault))?
        .value;
    let deployment = deployment_of(&info);
    jira.known().set_deployment(deployment);
    Ok((deployment, scalar(&info.version)))
}

fn deployment_of(info: &ServerInfo) -> Deployment {
    let is_cloud = match scalar(&info.deployment_type) {
        Some(told) => told.eq_ignore_ascii_case("cloud"),
        None => scalar(&info.base_url)
            .and_then(|base| Url::parse(&base).ok())
            .is_some_and(|base| {
                base.host_str()
                    .is_some_and(|host| host.ends_with(CLOUD_HOST))
            }),
    };
    if is_cloud {
        Deployment::Cloud
    } else {
        Deployment::OwnServer
    }
}

/// Proves that the key is somebody's; returns whose, and learns where they live: JQL understands
/// times as their clock shows them.
pub(super) async fn prove_key(jira: &Jira, session: &Session<'_>) -> Result<String, Fault> {
    let deployment = jira.known().deployment();
    let url = jira.address.at(&deployment.api("myself"), &[]);
    let answer = session.get::<Myself>(&url).await;
    let me = answer
        .map_err(|fault| refused_key(deployment, jira.address.without_jira(fault)))?
        .value;
    let zone = scalar(&me.time_zone).and_then(|name| Zone::named(&name).ok());
    let place = match &zone {
        Some(zone) => format!(", whose clock is {}", zone.name()),
        None => String::new(),
    };
    jira.known().zone = zone;
    let name = scalar(&me.display_name).unwrap_or_else(|| "somebody".to_owned());
    Ok(format!("{name}{place}"))
}

fn refused_key(deployment: Deployment, fault: Fault) -> Fault {
    match (deployment, fault) {
        (Deployment::OwnServer, Fault::Forbidden { place }) => Fault::Unusable {
            what: format!("{place} does not let this key read it"),
            hint: "after too many wrong attempts Jira wants to see a person: log in once in the \
                   browser as the token's owner, then mend `token`"
                .to_owned(),
        },
        (Deployment::Cloud, Fault::Forbidden { place }) => Fault::Unusable {
            what: format!("{place} does not let this key read it"),
            hint: "an API token goes with its owner: set `user` to their mail address; a token \
                   with scopes needs read:jira-work and read:jira-user"
                .to_owned(),
        },
        (_, fault) => fault,
    }
}

/// Finds out what the source's `query` means; asked once, and again where a board was not found.
pub(super) async fn find_scope(jira: &Jira, session: &Session<'_>) -> Result<(), Fault> {
    if jira.known().is_scope_found {
        return Ok(());
    }
    let scope = match &jira.scope {
        Scope::All => None,
        Scope::Jql(jql) => Some(jql.clone()),
        Scope::Board { board, and } => {
            let board = board::find(jira, session, board).await?;
            let issues = board::issues(jira, session, board).await?;
            Some(match and {
                Some(and) => format!("{issues} AND ({and})"),
                None => issues,
            })
        }
    };
    let mut known = jira.known();
    known.scope = scope;
    known.is_scope_found = true;
    Ok(())
}

/// Learns the names of the statuses.
pub(super) async fn learn_statuses(jira: &Jira, session: &Session<'_>) -> Result<(), Fault> {
    let list = list(jira, session, "status").await?;
    jira.known().names.learn_statuses(&list);
    Ok(())
}

/// Learns which fields there are, and which of them are facts.
pub(super) async fn learn_fields(jira: &Jira, session: &Session<'_>) -> Result<(), Fault> {
    let list = list(jira, session, "field").await?;
    let plan = Plan::new(&list, &jira.facts);
    let mut known = jira.known();
    if known.plan.is_none() {
        known.unsaid = plan.strangers().to_vec();
    }
    known.plan = Some(Arc::new(plan));
    Ok(())
}

async fn list(jira: &Jira, session: &Session<'_>, path: &str) -> Result<Vec<Value>, Fault> {
    let path = jira.known().deployment().api(path);
    let answer = session.get(&jira.address.at(&path, &[])).await?;
    Ok(answer.value)
}

/// The oldest issue of all that is read, with the count of all.
pub(super) async fn oldest(jira: &Jira, session: &Session<'_>) -> Result<super::wire::Page, Fault> {
    let (deployment, scope) = {
        let known = jira.known();
        (known.deployment(), known.scope.clone())
    };
    let jql = jql::oldest(scope.as_deref());
    let parameters = [
        ("jql", jql.as_str()),
        ("fields", "created"),
        ("maxResults", "1"),
    ];
    let url = jira.address.at(&deployment.search(), &parameters);
    let answer = session.get(&url).await.map_err(jql::refused)?;
    Ok(answer.value)
}
