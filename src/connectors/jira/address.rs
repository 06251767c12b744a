//! Where things are on a Jira.

use url::Url;

use super::super::{Fault, http};

/// Whose machines it runs on: the two differ in how they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deployment {
    /// At Atlassian.
    Cloud,
    /// At the company: Data Center or Server.
    OwnServer,
}

impl Deployment {
    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Cloud => "Jira Cloud",
            Self::OwnServer => "Jira Data Center or Server",
        }
    }

    /// The path of a question to its REST API.
    pub(super) fn api(self, path: &str) -> String {
        let version = match self {
            Self::Cloud => 3,
            Self::OwnServer => 2,
        };
        format!("rest/api/{version}/{path}")
    }

    /// The path of its search.
    pub(super) fn search(self) -> String {
        self.api(match self {
            Self::Cloud => "search/jql",
            Self::OwnServer => "search",
        })
    }
}

/// The base address.
#[derive(Debug)]
pub(super) struct Address {
    base: Url,
    /// What the address of an issue's page begins with.
    pages: String,
}

impl Address {
    /// Checks a base address.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn new(url: &Url) -> Result<Self, Fault> {
        let base = http::base_of(url)?;
        let pages = format!("{base}browse/");
        Ok(Self { base, pages })
    }

    /// The address as people may see it.
    pub(super) fn shown(&self) -> String {
        http::place(&self.base)
    }

    /// Where people look at an issue.
    pub(super) fn page_of(&self, key: &str) -> String {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if key.bytes().all(is_plain) {
            return format!("{}{key}", self.pages);
        }
        self.at(&format!("browse/{key}"), &[]).to_string()
    }

    /// A path below the base, with parameters.
    pub(super) fn at(&self, path: &str, parameters: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path()));
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        url
    }

    /// What it means that what every Jira has is not there.
    pub(super) fn without_jira(&self, fault: Fault) -> Fault {
        match fault {
            Fault::NotFound { .. } => Fault::Unusable {
                what: format!("a server answers, but there is no Jira at {}", self.shown()),
                hint: "let `url` be what stands before /browse/ in an issue's address, for \
                       example https://example.atlassian.net"
                    .to_owned(),
            },
            fault => fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Deployment};

    #[test]
    fn paths_go_below_the_base() {
        let address = Address::new(&"https://a.example/jira/?x#y".parse().unwrap()).unwrap();
        assert_eq!(
            address.page_of("AB-1"),
            "https://a.example/jira/browse/AB-1"
        );
        let odd = address.page_of("ÄB 1?x");
        assert_eq!(odd, "https://a.example/jira/browse/%C3%84B%201%3Fx");
        let list = address.at(&Deployment::Cloud.api("search/jql"), &[("jql", "a = b")]);
        assert_eq!(
            list.as_str(),
            "https://a.example/jira/rest/api/3/search/jql?jql=a+%3D+b"
        );
        assert_eq!(Deployment::OwnServer.api("myself"), "rest/api/2/myself");
    }
}
