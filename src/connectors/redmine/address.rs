//! Where things are on a Redmine server.

use url::Url;
use url::form_urlencoded::{Serializer, parse};

use super::super::sync::Question;
use super::super::{Fault, http};
use super::filters;

/// Redmine gives at most so many issues a page, whatever is asked for.
pub(super) const PAGE: u64 = 100;

/// Parameters that weir itself needs, or that make Redmine ignore those.
const RESERVED: [&str; 9] = [
    "sort",
    "limit",
    "offset",
    "page",
    "updated_on",
    "include",
    "format",
    "query_id",
    "set_filter",
];

/// The base address with the user's filter.
pub(super) struct Address {
    base: Url,
    filter: Vec<(String, String)>,
}

impl Address {
    /// Checks a base address and a filter.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn new(url: &Url, query: &str) -> Result<Self, Fault> {
        let base = http::base_of(url)?;
        let mut filter: Vec<(String, String)> = parse(query.trim_start_matches('?').as_bytes())
            .into_owned()
            .collect();
        if let Some((name, _)) = filter.iter().find(|(name, _)| !is_free(name)) {
            return Err(unusable_filter(name));
        }
        if let Some((name, _)) = filter.iter().find(|(name, _)| !filters::is_known(name)) {
            return Err(unknown_filter(name));
        }
        if filter.iter().all(|(name, _)| name != "status_id") {
            filter.insert(0, ("status_id".to_owned(), "*".to_owned()));
        }
        Ok(Self { base, filter })
    }

    /// The address as people may see it.
    pub(super) fn shown(&self) -> String {
        http::place(&self.base)
    }

    /// What it means that the list of issues is not there.
    pub(super) fn without_list(&self, fault: Fault) -> Fault {
        let project = self.filter.iter().find(|(name, _)| name == "project_id");
        match (fault, project) {
            (Fault::NotFound { .. }, Some((_, project))) => Fault::Unusable {
                what: format!("{} has no project \"{project}\"", self.shown()),
                hint: "the `query` of this source in the config names it as project_id: write the \
                       project's identifier as it is in the project's address"
                    .to_owned(),
            },
            (fault, _) => fault,
        }
    }

    /// What it means that what every Redmine has is not there.
    pub(super) fn without_redmine(&self, fault: Fault) -> Fault {
        match fault {
            Fault::NotFound { .. } => Fault::Unusable {
                what: format!(
                    "a server answers, but there is no Redmine at {}",
                    self.shown()
                ),
                hint: "let `url` be the address of Redmine's own start page".to_owned(),
            },
            fault => fault,
        }
    }

    /// Where people look at an issue.
    pub(super) fn page_of(&self, id: u64) -> String {
        self.at(&format!("issues/{id}")).to_string()
    }

    /// An issue with its history.
    pub(super) fn issue(&self, id: &str) -> Url {
        let mut url = self.at(&format!("issues/{id}.json"));
        url.set_query(Some("include=journals,relations,children"));
        url
    }

    /// A page of the list of issues, those updated longest ago first.
    pub(super) fn list(&self, question: &Question) -> Url {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.filter);
        if let Some(since) = question.since {
            query.append_pair(
                "updated_on",
                &format!(">={}", since.floor_clamped().rfc3339()),
            );
        }
        self.listed(query, "updated_on,id", question.offset, PAGE)
    }

    /// The issue created first, alone: with it comes the count of all.
    pub(super) fn oldest(&self) -> Url {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.filter);
        self.listed(query, "created_on,id", 0, 1)
    }

    /// Anything else, by its path below the base.
    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        url
    }

    fn listed(
        &self,
        mut query: Serializer<'_, String>,
        sort: &str,
        offset: u64,
        limit: u64,
    ) -> Url {
        query.append_pair("sort", sort);
        query.append_pair("limit", &limit.to_string());
        if offset > 0 {
            query.append_pair("offset", &offset.to_string());
        }
        let mut url = self.at("issues.json");
        url.set_query(Some(&query.finish()));
        url
    }
}

fn is_free(name: &str) -> bool {
    let first = name.split('[').next().unwrap_or(name);
    !(RESERVED.contains(&name) || matches!(first, "f" | "op" | "v") || is_key(name))
}

fn is_key(name: &str) -> bool {
    matches!(name, "key" | "username" | "password")
}

fn unusable_filter(name: &str) -> Fault {
    let hint = if is_key(name) {
        "take it out of `query`; `token` says where the key is"
    } else {
        "take it out of `query`; filters are written name=value, for example \
         project_id=payments&tracker_id=2, and weir sorts and pages by itself"
    };
    Fault::Unusable {
        what: format!("the query of a Redmine source cannot set \"{name}\""),
        hint: hint.to_owned(),
    }
}

fn unknown_filter(name: &str) -> Fault {
    let hint = match filters::meant_by(name) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "Redmine would pass over it and list everything; filters are written name=value, \
                 for example project_id=payments&tracker_id=2, a custom field's name is cf_ and its \
                 number"
            .to_owned(),
    };
    Fault::Unusable {
        what: format!("Redmine has no filter \"{name}\", which the `query` of this source sets"),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Question};
    use crate::connectors::Fault;
    use crate::model::time::Millis;

    fn address(url: &str, query: &str) -> Result<Address, Fault> {
        Address::new(&url.parse().unwrap(), query)
    }

    const START: Question = Question {
        since: None,
        offset: 0,
        next: None,
    };

    #[test]
    fn the_base_may_have_a_path_and_a_slash() {
        for url in [
            "https://a.example/redmine",
            "https://a.example/redmine/?x#y",
        ] {
            let address = address(url, "").unwrap();
            assert_eq!(address.page_of(7), "https://a.example/redmine/issues/7");
        }
        let address = address("http://a.example:3000", "").unwrap();
        assert_eq!(
            address.issue("7").as_str(),
            "http://a.example:3000/issues/7.json?include=journals,relations,children"
        );
    }

    #[test]
    fn the_users_filter_is_kept_and_ours_added() {
        let list = |query, question| {
            let address = address("http://a.example", query).unwrap();
            address
                .list(question)
                .query()
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(
            list("", &START),
            "status_id=*&sort=updated_on%2Cid&limit=100"
        );
        assert_eq!(
            list("?project_id=pay&cf_3=a%20b&status_id=open", &START),
            "project_id=pay&cf_3=a+b&status_id=open&sort=updated_on%2Cid&limit=100"
        );
        let later = Question {
            since: Some(Millis(1_700_000_000_900)),
            offset: 99,
            next: None,
        };
        assert_eq!(
            list("", &later),
            "status_id=*&updated_on=%3E%3D2023-11-14T22%3A13%3A20Z\
             &sort=updated_on%2Cid&limit=100&offset=99"
        );
    }

    #[test]
    fn a_filter_that_redmine_would_pass_over_is_refused() {
        let refused = address("http://a.example", "projct=pay").err().unwrap();
        assert!(refused.to_string().contains("\"projct\""), "{refused}");
        assert_eq!(refused.hint(), "did you mean \"project_id\"?");
    }

    #[test]
    fn what_would_break_the_paging_is_refused() {
        for query in [
            "sort=id",
            "limit=5",
            "updated_on=%3E2020",
            "key=abc",
            "query_id=3",
            "f[]=status_id",
            "op%5Bstatus_id%5D=%3D",
            "a=b&offset=3",
        ] {
            let refused = address("http://a.example", query);
            assert!(matches!(refused, Err(Fault::Unusable { .. })), "{query}");
        }
        for url in [
            "ftp://a.example",
            "http://ann@a.example",
            "http://:pa55@a.example",
            "mailto:x@y",
        ] {
            let refused = address(url, "").err().unwrap();
            assert!(!refused.to_string().contains("pa55"), "{refused}");
        }
    }
}
