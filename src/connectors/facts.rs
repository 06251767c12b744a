//! Which field of a tracker is which fact.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::event::{FactName, fact};

/// A source's `fields`: what the config makes of the tracker's fields.
#[derive(Debug)]
pub(crate) struct FactMap {
    /// Field name in small letters → fact.
    chosen: BTreeMap<String, String>,
}

impl FactMap {
    /// Takes the settings' `fields`.
    pub(crate) fn new(fields: &BTreeMap<String, String>) -> Self {
        let lowered = fields
            .iter()
            .map(|(field, fact)| (field.trim().to_lowercase(), fact.trim().to_owned()));
        Self {
            chosen: lowered.collect(),
        }
    }

    /// The fact that a field is which goes by these `names`: what the config says of the first name
    /// it knows, or else what the field `usually` is.
    pub(crate) fn of(&self, names: &[&str], usually: Option<&'static str>) -> Option<FactName> {
        let chosen = names.iter().find_map(|name| self.chosen(name));
        chosen.or(usually.map(Cow::Borrowed))
    }

    /// The fields that the config names, in small letters.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.chosen.keys().map(String::as_str)
    }

    fn chosen(&self, name: &str) -> Option<FactName> {
        let fact = self.chosen.get(&name.trim().to_lowercase())?;
        Some(Cow::Owned(fact.clone()))
    }
}

/// A value of a fact as weir keeps it, from a value as it was sent: a flag is set or is not.
pub(crate) fn value_of(fact: &str, raw: &str) -> Option<String> {
    if fact == fact::FLAGGED {
        return is_yes(raw).then(|| "true".to_owned());
    }
    Some(raw.to_owned())
}

/// Trackers write yes as `1`, `true` or in words; lists of a flag's values are free.
pub(crate) fn is_yes(raw: &str) -> bool {
    !matches!(
        raw.to_lowercase().as_str(),
        "0" | "false" | "no" | "none" | ""
    )
}

#[cfg(test)]
mod tests {
    use super::{FactMap, value_of};

    #[test]
    fn the_config_decides_and_the_usual_fact_stands_in() {
        let fields = [("Team ".to_owned(), " team".to_owned())].into();
        let facts = FactMap::new(&fields);
        assert_eq!(facts.of(&["cf_3", "TEAM"], None).as_deref(), Some("team"));
        assert_eq!(facts.of(&["cf_3"], Some("due")).as_deref(), Some("due"));
        assert_eq!(facts.of(&["team"], Some("due")).as_deref(), Some("team"));
        assert_eq!(facts.of(&["other"], None), None);
    }

    #[test]
    fn a_flag_is_set_or_is_not() {
        assert_eq!(value_of("flagged", "Impediment").as_deref(), Some("true"));
        for raw in ["0", "No", "", "None", "false"] {
            assert_eq!(value_of("flagged", raw), None);
        }
        assert_eq!(value_of("team", "0").as_deref(), Some("0"));
    }
}
