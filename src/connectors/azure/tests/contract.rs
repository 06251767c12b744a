//! Azure DevOps as the contract sees it.

use super::server::{answer, is_known, kind};
use crate::connectors::Connector;
use crate::connectors::azure::{AzureDevops, PAGE};
use crate::connectors::contract::{Given, Imitation, Kind, World, contract};
use crate::connectors::http::stand_in::{Asked, Reply};

pub(super) struct Imitated;

impl Imitation for Imitated {
    const STATUSES: [&'static str; 3] = super::server::STATES;
    const BASE: &'static str = "/acme";

    fn connector(given: Given) -> Box<dyn Connector> {
        let page = given.page.min(PAGE);
        let azure = AzureDevops::with(given.reach(""));
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
