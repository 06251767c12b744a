//! A Linear source's `query`: which issues.

use serde_json::{Value, json};

use super::super::Fault;
use super::super::words::{self, Word, unusable};

/// All words.
const KNOWN: [&str; 6] = [
    "team",
    "project",
    "initiative",
    "label",
    "assignee",
    "milestone",
];

/// Filters that would hide what weir must see.
const UNFIT: [&str; 7] = [
    "state", "status", "updated", "archived", "cycle", "priority", "order",
];

/// A query, understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filter {
    /// Keys of teams.
    pub(super) teams: Vec<String>,
    /// The filter as Linear takes it, an object.
    pub(super) value: Value,
}

impl Filter {
    /// Reads a query; several values of one word are either of them.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let words = words::read(text)?;
        for word in &words {
            check(word)?;
        }
        let values = |name: &str| -> Vec<String> {
            let named = words.iter().filter(|word| word.name == name);
            named.filter_map(|word| word.value.clone()).collect()
        };
        let teams: Vec<String> = values("team")
            .iter()
            .map(|key| key.to_uppercase())
            .collect();
        let mut value = json!({});
        let mut add = |field: &str, values: &[String], make: fn(&[String]) -> Value| {
            if !values.is_empty() {
                value[field] = make(values);
            }
        };
        add("team", &teams, |keys| json!({"key": {"in": keys}}));
        add(
            "labels",
            &values("label"),
            |names| json!({"some": named(names)}),
        );
        add("projectMilestone", &values("milestone"), named);
        add(
            "assignee",
            &values("assignee"),
            |names| json!({"or": [{"displayName": {"in": names}}, {"email": {"in": names}}]}),
        );
        let (projects, initiatives) = (values("project"), values("initiative"));
        add("project", &projects, named);
        if !initiatives.is_empty() {
            value["project"]["initiatives"] = json!({"some": named(&initiatives)});
        }
        Ok(Self { teams, value })
    }
}

fn named(names: &[String]) -> Value {
    json!({"name": {"in": names}})
}

fn check(word: &Word) -> Result<(), Fault> {
    if UNFIT.contains(&word.name.as_str()) {
        return Err(unusable(
            format!("the query of a Linear source cannot set \"{}\"", word.name),
            "take it out: weir reads issues in all states; a stream's `where` chooses items without \
             losing their history",
        ));
    }
    if !KNOWN.contains(&word.name.as_str()) {
        return Err(word.unknown("a Linear source", &KNOWN));
    }
    word.needed("ENG").map(|_| ())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Filter;

    #[test]
    fn words_become_linears_filter() {
        let filter =
            Filter::read("team:eng team:OPS project:\"Card payments\" initiative:Trust label:bug assignee:ann milestone:M1")
                .unwrap();
        assert_eq!(filter.teams, ["ENG", "OPS"]);
        assert_eq!(
            filter.value,
            json!({
                "team": {"key": {"in": ["ENG", "OPS"]}},
                "labels": {"some": {"name": {"in": ["bug"]}}},
                "projectMilestone": {"name": {"in": ["M1"]}},
                "assignee": {"or": [{"displayName": {"in": ["ann"]}}, {"email": {"in": ["ann"]}}]},
                "project": {
                    "name": {"in": ["Card payments"]},
                    "initiatives": {"some": {"name": {"in": ["Trust"]}}},
                },
            })
        );
        assert_eq!(Filter::read("").unwrap().value, json!({}));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_a_hint() {
        for (text, what, hint) in [
            ("teem:ENG", "\"teem\"", "did you mean \"team\"?"),
            ("state:open", "cannot set", "all states"),
            ("team", "says of nothing", "team:ENG"),
        ] {
            let fault = Filter::read(text).unwrap_err();
            assert!(fault.to_string().contains(what), "{fault}");
            assert!(fault.hint().contains(hint), "{}", fault.hint());
        }
    }
}
