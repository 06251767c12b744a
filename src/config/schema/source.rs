//! The keys of `[[sources]]`.

use super::Key;
use super::Shape::{Own, Secret, Table, Tables, Text, Texts, Whole, Word};
use crate::config::source;

/// Each with its shape and what it says.
pub(super) const KEYS: &[Key] = &[
    ("sources", Tables, "What is read, one entry for each source"),
    (
        "sources.name",
        Text,
        "Unique; statuses can be limited to a source by it",
    ),
    (
        "sources.kind",
        Word(source::kinds),
        "Which tracker or file it is",
    ),
    ("sources.url", Text, "The tracker's address"),
    ("sources.user", Text, "Whose API token it is, on Jira Cloud"),
    ("sources.token", Secret, "Where the API key is found"),
    (
        "sources.query",
        Text,
        "The tracker's own filter; docs/trackers has each",
    ),
    ("sources.poll", Text, "Time between two polls: 60s"),
    (
        "sources.ca_file",
        Text,
        "A certificate authority to trust beside the system's, PEM",
    ),
    ("sources.fields", Own, "Tracker field = fact"),
    ("sources.path", Text, "The event log: CSV, JSONL or XES"),
    (
        "sources.columns",
        Table,
        "Which column is what; those that are not named are found out",
    ),
    ("sources.columns.item", Text, "The item's name"),
    (
        "sources.columns.status",
        Texts,
        "The status; a list is joined by /",
    ),
    ("sources.columns.time", Text, "When it was"),
    ("sources.columns.kind", Text, "The item's type"),
    ("sources.columns.team", Text, "Whose it is"),
    ("sources.columns.title", Text, "Its title"),
    ("sources.columns.assignee", Text, "Who has it"),
    (
        "sources.columns.key",
        Text,
        "The key that people know it by",
    ),
    ("sources.columns.url", Text, "Its address"),
    (
        "sources.time_format",
        Text,
        "auto, or a pattern such as %d.%m.%Y %H:%M:%S",
    ),
    ("sources.time_zone", Text, "For times without an offset"),
    (
        "sources.seed",
        Whole,
        "The same seed gives the same demo company",
    ),
    (
        "sources.items",
        Whole,
        "About how many items the demo company has had",
    ),
];
