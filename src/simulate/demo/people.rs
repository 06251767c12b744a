//! Who works at the demo company.

use std::sync::Arc;

use crate::simulate::stream::{Crew, Team};

/// The teams, with their part of the work and their developers.
const TEAMS: [(&str, f64, &[&str]); 4] = [
    (
        "cards",
        0.3,
        &["Ines Okafor", "Tom Lindqvist", "Zuri Njoroge"],
    ),
    (
        "checkout",
        0.28,
        &["Mina Sato", "Rafael Costa", "Ben Adler"],
    ),
    ("payouts", 0.22, &["Leonie Brandt", "Kofi Mensah"]),
    ("terminals", 0.2, &["Anya Petrova", "Sam Whitfield"]),
];
const PRODUCT: [&str; 3] = ["Greta Holm", "Dev Malhotra", "Claire Fontaine"];
const TESTERS: [&str; 2] = ["Yusuf Demir", "Hanna Virtanen"];
const OPERATORS: [&str; 2] = ["Marit de Vries", "Oskar Nowak"];

/// Names of the teams.
pub(super) fn team_names() -> impl Iterator<Item = &'static str> {
    TEAMS.iter().map(|(name, ..)| *name)
}

pub(super) fn teams() -> Vec<Team> {
    let team = |(name, weight, _): &(&str, f64, _)| Team {
        name: Arc::from(*name),
        weight: *weight,
    };
    TEAMS.iter().map(team).collect()
}

/// Product people, developers by team, testers, operators: in the order in which the plan counts them.
pub(super) fn crews() -> Vec<Crew> {
    let developers = TEAMS.iter().map(|(_, _, people)| names(people)).collect();
    vec![
        shared(&PRODUCT),
        Crew { people: developers },
        shared(&TESTERS),
        shared(&OPERATORS),
    ]
}

fn shared(people: &[&str]) -> Crew {
    Crew {
        people: vec![names(people)],
    }
}

fn names(people: &[&str]) -> Vec<Arc<str>> {
    people.iter().map(|name| Arc::from(*name)).collect()
}
