//! Where things are in an organization (or a server's collection).

use url::Url;
use url::form_urlencoded::Serializer;

use super::super::{Fault, http};

/// The service whose organizations are one path step of.
const SERVICES: &str = "dev.azure.com";

/// Where classic releases of the service are kept.
const RELEASES: &str = "vsrm.dev.azure.com";

/// The version of the API that is asked for at the service.
const NEWEST: &str = "7.1";

/// The same for a server: what Azure DevOps Server 2019 and all later ones know.
const OLDEST: &str = "5.1";

/// The base address.
#[derive(Debug)]
pub(super) struct Address {
    base: Url,
}

impl Address {
    /// Checks a base address.
    ///
    /// # Errors
    /// [`Fault::Unusable`] that says what to change.
    pub(super) fn new(url: &Url) -> Result<Self, Fault> {
        let base = http::base_of(url)?;
        let address = Self { base };
        if address.is_service() && address.steps() != 1 {
            return Err(Fault::Unusable {
                what: format!("{} is not the address of an organization", address.shown()),
                hint:
                    "let `url` be https://dev.azure.com/ and the organization's name; the project \
                       stands in `query` as project:NAME"
                        .to_owned(),
            });
        }
        Ok(address)
    }

    fn is_service(&self) -> bool {
        self.base.host_str() == Some(SERVICES)
    }

    fn steps(&self) -> usize {
        let steps = self.base.path_segments();
        steps.map_or(0, |steps| steps.filter(|step| !step.is_empty()).count())
    }

    /// The address as people may see it.
    pub(super) fn shown(&self) -> String {
        http::place(&self.base)
    }

    /// What is at `path` below `_apis`, of a project or of all of them.
    pub(super) fn at(&self, project: Option<&str>, path: &str, pairs: &[(&str, &str)]) -> Url {
        self.below(self.base.clone(), project, path, pairs)
    }

    /// The same where classic releases are kept.
    pub(super) fn at_releases(&self, project: &str, path: &str, pairs: &[(&str, &str)]) -> Url {
        let mut base = self.base.clone();
        if self.is_service() {
            // A host can be put in place of a host.
            let _ = base.set_host(Some(RELEASES));
        }
        self.below(base, Some(project), path, pairs)
    }

    /// What is at `path` below `_apis` of a team, told with its project.
    pub(super) fn at_team(&self, (project, team): (&str, &str), path: &str) -> Url {
        let mut base = self.base.clone();
        push(&mut base, Some(project), team);
        self.below(base, None, path, &[])
    }

    /// Where people look at something.
    pub(super) fn page(&self, project: Option<&str>, path: &str) -> String {
        let mut url = self.base.clone();
        push(&mut url, project, path);
        url.to_string()
    }

    fn below(&self, base: Url, project: Option<&str>, path: &str, pairs: &[(&str, &str)]) -> Url {
        let mut url = base;
        push(&mut url, project, &format!("_apis/{path}"));
        let version = if self.is_service() { NEWEST } else { OLDEST };
        let previews = ["connectionData", "distributedtask/environments"];
        let preview = previews.iter().any(|one| path.starts_with(one));
        let version = format!("{version}{}", if preview { "-preview" } else { "" });
        let mut query = Serializer::new(String::new());
        query.extend_pairs(pairs);
        query.append_pair("api-version", &version);
        url.set_query(Some(&query.finish()));
        url
    }
}

fn push(url: &mut Url, project: Option<&str>, path: &str) {
    if let Ok(mut steps) = url.path_segments_mut() {
        steps.pop_if_empty();
        steps.extend(project);
        steps.extend(path.split('/'));
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    fn address(url: &str) -> Address {
        Address::new(&url.parse().unwrap()).unwrap()
    }

    #[test]
    fn an_organization_and_a_collection_are_bases_alike() {
        let service = address("https://dev.azure.com/acme/");
        assert_eq!(
            service
                .at(Some("Pay & Co"), "wit/wiql", &[("$top", "5")])
                .as_str(),
            "https://dev.azure.com/acme/Pay%20&%20Co/_apis/wit/wiql?%24top=5&api-version=7.1"
        );
        let server = address("https://devops.example/tfs/Main");
        assert_eq!(
            server.at(None, "wit/fields", &[]).as_str(),
            "https://devops.example/tfs/Main/_apis/wit/fields?api-version=5.1"
        );
        assert_eq!(
            server.page(None, "_workitems/edit/7"),
            "https://devops.example/tfs/Main/_workitems/edit/7"
        );
    }

    #[test]
    fn classic_releases_of_the_service_have_a_host_of_their_own() {
        let releases = |url| address(url).at_releases("Pay", "release/deployments", &[]);
        assert!(
            releases("https://dev.azure.com/acme")
                .as_str()
                .starts_with("https://vsrm.dev.azure.com/acme/Pay/_apis/release/deployments?")
        );
        assert!(
            releases("https://devops.example/Main")
                .as_str()
                .starts_with("https://devops.example/Main/Pay/_apis/release/deployments?")
        );
    }

    #[test]
    fn the_service_wants_an_organization() {
        for url in ["https://dev.azure.com", "https://dev.azure.com/acme/Pay"] {
            let fault = Address::new(&url.parse().unwrap()).unwrap_err();
            assert!(fault.hint().contains("project:NAME"), "{fault}");
        }
    }
}
