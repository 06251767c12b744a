//! Both kinds of Jira as the contract sees them.

use serde_json::Value;

use super::site::{Front, Issues, answer, is_detail, is_list, issue};
use crate::connectors::Connector;
use crate::connectors::contract::{Given, Imitation, KEY, Kind, World};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::jira::Jira;
use crate::connectors::jira::address::Deployment;
use crate::model::time::Millis;

/// What people write into `user` of a Cloud.
const USER: &str = "ann@example.org";

impl Issues for World {
    fn changed(&self, since: Option<Millis>) -> Vec<(u64, Millis)> {
        let changed = self.changed(since).into_iter();
        changed
            .map(|(number, item)| (number, item.updated))
            .collect()
    }

    fn issue(&self, id: u64) -> Option<Value> {
        let item = self.items.get(&id)?;
        let moves: Vec<_> = item
            .moves
            .iter()
            .map(|step| (step.number, step.at, step.from + 1, step.to + 1))
            .collect();
        let mut issue = issue(id, item.updated, item.status() + 1, &moves);
        issue["fields"]["created"] = super::site::stamp(item.created).into();
        Some(issue)
    }
}

fn connector(given: Given, user: Option<&str>) -> Box<dyn Connector> {
    let reach = given.reach_as(user, "project = AB");
    Box::new(Jira::with(reach).unwrap())
}

fn front(deployment: Deployment, world: &World, zone: &'static str) -> Front {
    Front {
        page: world.page,
        zone,
        ..Front::new(deployment)
    }
}

fn kind(asked: &Asked) -> Kind {
    if is_list(asked) {
        Kind::List
    } else if is_detail(asked) {
        Kind::Detail
    } else {
        Kind::Other
    }
}

mod cloud {
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::connectors::contract::contract;

    struct Imitated;

    impl Imitation for Imitated {
        const STATUSES: [&'static str; 3] = ["To Do", "In Progress", "Done"];
        const BASE: &'static str = "/";

        fn connector(given: Given) -> Box<dyn Connector> {
            connector(given, Some(USER))
        }

        fn answer(world: &World, asked: &Asked) -> Reply {
            let front = front(Deployment::Cloud, world, "Europe/Berlin");
            answer(&front, world, asked)
        }

        fn id(number: u64) -> String {
            number.to_string()
        }

        fn kind(asked: &Asked) -> Kind {
            kind(asked)
        }

        fn is_known(asked: &Asked) -> bool {
            let pair = BASE64_STANDARD.encode(format!("{USER}:{KEY}"));
            asked.header("authorization") == Some(&format!("Basic {pair}"))
        }
    }

    contract!(Imitated);
}

mod own_server {
    use super::*;
    use crate::connectors::contract::contract;

    struct Imitated;

    impl Imitation for Imitated {
        const STATUSES: [&'static str; 3] = ["To Do", "In Progress", "Done"];
        const BASE: &'static str = "/";

        fn connector(given: Given) -> Box<dyn Connector> {
            connector(given, None)
        }

        fn answer(world: &World, asked: &Asked) -> Reply {
            let front = front(Deployment::OwnServer, world, "America/New_York");
            answer(&front, world, asked)
        }

        fn id(number: u64) -> String {
            number.to_string()
        }

        fn kind(asked: &Asked) -> Kind {
            kind(asked)
        }

        fn is_known(asked: &Asked) -> bool {
            asked.header("authorization") == Some(&format!("Bearer {KEY}"))
        }
    }

    contract!(Imitated);
}
