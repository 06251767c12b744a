//! The filters that Redmine's list of issues knows. It passes over any other without a word, and
//! lists everything.

/// Filters by their names in the address.
const KNOWN: [&str; 41] = [
    "issue_id",
    "project_id",
    "subproject_id",
    "tracker_id",
    "status_id",
    "assigned_to_id",
    "author_id",
    "parent_id",
    "child_id",
    "category_id",
    "fixed_version_id",
    "priority_id",
    "is_private",
    "subject",
    "description",
    "notes",
    "created_on",
    "closed_on",
    "start_date",
    "due_date",
    "done_ratio",
    "estimated_hours",
    "total_estimated_hours",
    "spent_time",
    "watcher_id",
    "updated_by",
    "last_updated_by",
    "member_of_group",
    "assigned_to_role",
    "any_searchable",
    "attachment",
    "attachment_description",
    "relates",
    "duplicates",
    "duplicated",
    "blocks",
    "blocked",
    "precedes",
    "follows",
    "copied_to",
    "copied_from",
];

/// Before a point, besides what stands alone: filters of what an issue belongs to.
const OWNERS: [&str; 6] = [
    "project",
    "author",
    "assigned_to",
    "fixed_version",
    "parent",
    "issue",
];

/// Whether Redmine filters by that name.
pub(super) fn is_known(name: &str) -> bool {
    match name.split_once('.') {
        Some((owner, _)) => is_field(owner) || OWNERS.contains(&owner),
        None => is_field(name),
    }
}

fn is_field(name: &str) -> bool {
    let custom = name.strip_prefix("cf_");
    KNOWN.contains(&name) || custom.is_some_and(|id| id.parse::<u64>().is_ok())
}

/// The filter that is most likely meant, if any is near.
pub(super) fn meant_by(name: &str) -> Option<&'static str> {
    let allowed = 2 + name.chars().count() / 4;
    let known = KNOWN.iter();
    known
        .map(|known| (distance(name, known), *known))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// `tracker` is as near to `tracker_id` as can be.
fn distance(name: &str, known: &str) -> usize {
    let bare = known.strip_suffix("_id").unwrap_or(known);
    let name = name.to_lowercase();
    strsim::osa_distance(&name, known).min(strsim::osa_distance(&name, bare))
}

#[cfg(test)]
mod tests {
    use super::{is_known, meant_by};

    #[test]
    fn filters_are_told_from_what_would_be_passed_over() {
        for name in [
            "project_id",
            "cf_12",
            "cf_3.due_date",
            "blocks",
            "author.group",
            "project.cf_1",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in [
            "projct",
            "project",
            "cf_",
            "cf_x",
            "status_id[]",
            "Project_id",
            "",
        ] {
            assert!(!is_known(name), "{name}");
        }
    }

    #[test]
    fn what_is_near_is_what_is_meant() {
        assert_eq!(meant_by("projct"), Some("project_id"));
        assert_eq!(meant_by("tracker"), Some("tracker_id"));
        assert_eq!(meant_by("status_id[]"), Some("status_id"));
        assert_eq!(meant_by("asigned_to"), Some("assigned_to_id"));
        assert_eq!(meant_by("something_else"), None);
    }
}
