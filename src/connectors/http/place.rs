//! Addresses as people may see them.

use url::Url;

use super::super::Fault;

/// An address without user, password, query and fragment.
pub(crate) fn place(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_query(None);
    shown.set_fragment(None);
    // An address that can have no user has none to hide.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.to_string()
}

/// The base address of a tracker, with a slash at its end.
///
/// # Errors
/// [`Fault::Unusable`] if it is not of the web or holds a user or a password.
pub(crate) fn base_of(url: &Url) -> Result<Url, Fault> {
    let refused = |what: &str, hint: &str| {
        Err(Fault::Unusable {
            what: format!("the address {} {what}", place(url)),
            hint: hint.to_owned(),
        })
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refused("is not of the web", "let `url` begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused(
            "has a user in it",
            "take user and password out of `url`; `token` is all that is needed",
        );
    }
    let mut base = url.clone();
    base.set_query(None);
    base.set_fragment(None);
    let path = format!("{}/", base.path().trim_end_matches('/'));
    base.set_path(&path);
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn nothing_secret_is_shown() {
        let url = "https://ann:pa55@tracker.example:8443/a/issues.json?key=5ecret#top";
        assert_eq!(
            place(&url.parse().unwrap()),
            "https://tracker.example:8443/a/issues.json"
        );
    }
}
