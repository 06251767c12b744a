//! Azure DevOps as the contract sees it.

use super::server::{answer, is_known, kind};
use crate::connectors::azure::AzureDevops;
use crate::connectors::contract::{Given, Imitation, Kind, World, contract};
use crate::connectors::http::stand_in::{Asked, Reply};
use crate::connectors::{Connector, TrackerSettings};
use crate::model::id::SourceName;

pub(super) struct Imitated;

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = super::server::STATES;
    const BASE: &'static str = "/acme";

    fn connector(given: Given) -> Box<dyn Connector> {
        let settings = TrackerSettings {
            url: given.options.base.clone(),
            user: None,
            token: given.token,
            query: String::new(),
            fields: [].into(),
            ca_file: None,
        };
        let name = SourceName::new("a");
        let page = given.page;
        let azure = AzureDevops::with(name, settings, given.options, given.clock);
        let azure = AzureDevops {
            page,
            ..azure.unwrap()
        };
        Box::new(azure)
    }

    fn answer(world: &World, asked: &Asked) -> Reply {
        answer(world, asked)
    }

    fn id(number: u64) -> String {
        number.to_string()
    }

    fn kind(asked: &Asked) -> Kind {
        kind(asked)
    }

    fn is_known(asked: &Asked) -> bool {
        is_known(asked)
    }
}

contract!(Imitated);
