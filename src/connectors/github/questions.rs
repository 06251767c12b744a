//! What is asked in GraphQL.
//!
//! Issues and pull requests are fetched many at a time with their timelines, which REST would tell
//! one by one: a first sync of 10,000 takes 400 requests of a few points each instead of 10,000.

/// Who has which number, in a link.
macro_rules! referenced {
    () => {
        "fragment Referenced on ReferencedSubject { __typename
           ... on Issue { number repository { databaseId } }
           ... on PullRequest { number repository { databaseId } } }"
    };
}

/// Events that issues and pull requests share.
macro_rules! shared_events {
    () => {
        "__typename
         ... on AssignedEvent { id createdAt assignee { ...Login } }
         ... on UnassignedEvent { id createdAt assignee { ...Login } }
         ... on LabeledEvent { id createdAt label { name } }
         ... on UnlabeledEvent { id createdAt label { name } }
         ... on MilestonedEvent { id createdAt milestoneTitle }
         ... on DemilestonedEvent { id createdAt milestoneTitle }
         ... on RenamedTitleEvent { id createdAt previousTitle currentTitle }
         ... on ClosedEvent { id createdAt stateReason }
         ... on ReopenedEvent { id createdAt }
         ... on CrossReferencedEvent { id createdAt willCloseTarget source { ...Referenced } }
         ... on ConnectedEvent { id createdAt source { ...Referenced } subject { ...Referenced } }
         ... on DisconnectedEvent { id createdAt source { ...Referenced } subject { ...Referenced } }"
    };
}

/// Who can be assigned.
macro_rules! login {
    () => {
        "fragment Login on Assignee { ... on User { login } ... on Bot { login }
           ... on Mannequin { login } ... on Organization { login } }"
    };
}

/// What happens to pull requests.
macro_rules! pull_timeline {
    ($after:literal) => {
        concat!(
            "timelineItems(first: 100, ",
            $after,
            "itemTypes: [ASSIGNED_EVENT, UNASSIGNED_EVENT, LABELED_EVENT, UNLABELED_EVENT,
               MILESTONED_EVENT, DEMILESTONED_EVENT, RENAMED_TITLE_EVENT, CLOSED_EVENT,
               REOPENED_EVENT, CROSS_REFERENCED_EVENT, CONNECTED_EVENT, DISCONNECTED_EVENT,
               READY_FOR_REVIEW_EVENT, CONVERT_TO_DRAFT_EVENT, REVIEW_REQUESTED_EVENT,
               REVIEW_REQUEST_REMOVED_EVENT, PULL_REQUEST_REVIEW, REVIEW_DISMISSED_EVENT,
               MERGED_EVENT]) {
               pageInfo { hasNextPage endCursor }
               nodes { ",
            shared_events!(),
            "... on ReadyForReviewEvent { id createdAt }
             ... on ConvertToDraftEvent { id createdAt }
             ... on ReviewRequestedEvent { id createdAt requestedReviewer { ...Reviewer } }
             ... on ReviewRequestRemovedEvent { id createdAt requestedReviewer { ...Reviewer } }
             ... on PullRequestReview { id submittedAt author { login } reviewState: state }
             ... on ReviewDismissedEvent { id createdAt previousReviewState review { id } }
             ... on MergedEvent { id createdAt } } }"
        )
    };
}

/// What happens to issues.
macro_rules! issue_timeline {
    ($after:literal, $types:literal, $events:literal) => {
        concat!(
            "timelineItems(first: 100, ",
            $after,
            "itemTypes: [ASSIGNED_EVENT, UNASSIGNED_EVENT, LABELED_EVENT, UNLABELED_EVENT,
               MILESTONED_EVENT, DEMILESTONED_EVENT, RENAMED_TITLE_EVENT, CLOSED_EVENT,
               REOPENED_EVENT, CROSS_REFERENCED_EVENT, CONNECTED_EVENT, DISCONNECTED_EVENT,
               MARKED_AS_DUPLICATE_EVENT, TRANSFERRED_EVENT, PARENT_ISSUE_ADDED_EVENT,
               PARENT_ISSUE_REMOVED_EVENT",
            $types,
            "]) { pageInfo { hasNextPage endCursor }
               nodes { ",
            shared_events!(),
            "... on MarkedAsDuplicateEvent { id createdAt
               canonical { ... on Issue { number repository { databaseId } }
                           ... on PullRequest { number repository { databaseId } } } }
             ... on TransferredEvent { id createdAt fromRepository { nameWithOwner } }
             ... on ParentIssueAddedEvent { id createdAt parent { number repository { databaseId } } }
             ... on ParentIssueRemovedEvent { id createdAt parent { number repository { databaseId } } }",
            $events,
            " } }"
        )
    };
}

/// Fields of issues and of pull requests, beside their timelines.
macro_rules! fields {
    ($timeline:expr, $more:literal) => {
        concat!(
            "... on Issue { id number title url createdAt updatedAt closedAt issueState: state
               author { login } repository { databaseId nameWithOwner }
               milestone { title dueOn } parent { number repository { databaseId } }
               assignees(first: 20) { nodes { login } } labels(first: 50) { nodes { name } } ",
            $more,
            $timeline,
            " }
             ... on PullRequest { id number title url body createdAt updatedAt closedAt mergedAt
               pullState: state isDraft headRefName baseRefName mergeCommit { oid }
               author { login } repository { databaseId nameWithOwner }
               milestone { title dueOn }
               assignees(first: 20) { nodes { login } } labels(first: 50) { nodes { name } }
               closingIssuesReferences(first: 20) { nodes { number repository { databaseId } } } ",
            pull_timeline!(""),
            " }"
        )
    };
}

macro_rules! fragments {
    () => {
        concat!(
            " ",
            referenced!(),
            " ",
            login!(),
            " fragment Reviewer on RequestedReviewer { ... on User { login } ... on Bot { login }
                ... on Mannequin { login } ... on Team { login: slug } }"
        )
    };
}

/// The values that an item of a project has.
macro_rules! board_values {
    () => {
        "fieldValues(first: 50) { nodes { __typename
           ... on ProjectV2ItemFieldSingleSelectValue {
             option: name createdAt updatedAt field { ...Field } }
           ... on ProjectV2ItemFieldIterationValue {
             iteration: title createdAt updatedAt field { ...Field } }
           ... on ProjectV2ItemFieldNumberValue { number createdAt updatedAt field { ...Field } }
           ... on ProjectV2ItemFieldTextValue { text createdAt updatedAt field { ...Field } }
           ... on ProjectV2ItemFieldDateValue { date createdAt updatedAt field { ...Field } } } }"
    };
}

macro_rules! board_field {
    () => {
        " fragment Field on ProjectV2FieldConfiguration {
            ... on ProjectV2FieldCommon { name } }"
    };
}

/// Types and events of moves on a board: servers that know none refuse a question that has them.
macro_rules! board_timeline {
    ($after:literal) => {
        issue_timeline!(
            $after,
            ", ADDED_TO_PROJECT_V2_EVENT, REMOVED_FROM_PROJECT_V2_EVENT,
               PROJECT_V2_ITEM_STATUS_CHANGED_EVENT",
            "... on AddedToProjectV2Event { id createdAt project { id } }
             ... on RemovedFromProjectV2Event { id createdAt project { id } }
             ... on ProjectV2ItemStatusChangedEvent {
                 id createdAt previousStatus status project { id } }"
        )
    };
}

/// Issues and pull requests by their node ids (`$ids`).
pub(super) const NODES: &str = concat!(
    "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ",
    fields!(issue_timeline!("", "", ""), ""),
    " } }",
    fragments!()
);

/// The same with what happened to them in projects, and their places there.
pub(super) const NODES_ON_BOARD: &str = concat!(
    "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ",
    fields!(
        board_timeline!(""),
        "projectItems(first: 10) { nodes { id isArchived project { id } ...Values } } "
    ),
    " } } fragment Values on ProjectV2Item { ",
    board_values!(),
    " }",
    board_field!(),
    fragments!()
);

/// More of a timeline (`$id`, `$after`).
pub(super) const MORE: &str = concat!(
    "query($id: ID!, $after: String!) { node(id: $id) { __typename ... on Issue { ",
    issue_timeline!("after: $after, ", "", ""),
    " } ... on PullRequest { ",
    pull_timeline!("after: $after, "),
    " } } }",
    fragments!()
);

/// The same with what happened in projects.
pub(super) const MORE_ON_BOARD: &str = concat!(
    "query($id: ID!, $after: String!) { node(id: $id) { __typename ... on Issue { ",
    board_timeline!("after: $after, "),
    " } ... on PullRequest { ",
    pull_timeline!("after: $after, "),
    " } } }",
    fragments!()
);

/// Who asks, and what is still allowed.
pub(super) const VIEWER: &str = "query { viewer { login } rateLimit { limit remaining resetAt } }";

/// A repository (`$owner`, `$name`).
pub(super) const REPOSITORY: &str = "query($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { databaseId nameWithOwner } }";

/// Repositories of an owner (`$login`, `$after`).
pub(super) const REPOSITORIES: &str = "query($login: String!, $after: String) {
    repositoryOwner(login: $login) {
      repositories(first: 100, after: $after, ownerAffiliations: OWNER, isFork: false) {
        pageInfo { hasNextPage endCursor }
        nodes { databaseId nameWithOwner isArchived } } } }";

/// A project (`$login`, `$number`).
pub(super) const PROJECT: &str = "query($login: String!, $number: Int!) {
    repositoryOwner(login: $login) { __typename
      ... on ProjectV2Owner { projectV2(number: $number) { id title } } } }";

/// A page of a project's items (`$id`, `$after`).
pub(super) const BOARD: &str = concat!(
    "query($id: ID!, $after: String) { node(id: $id) { __typename ... on ProjectV2 {
       items(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor }
         nodes { id fullDatabaseId createdAt updatedAt isArchived
           content { __typename
             ... on DraftIssue { id title createdAt updatedAt
               assignees(first: 10) { nodes { login } } }
             ... on Issue { id number updatedAt repository { databaseId nameWithOwner } }
             ... on PullRequest { id number updatedAt repository { databaseId nameWithOwner } } }
           ",
    board_values!(),
    " } } } } }",
    board_field!()
);

/// A page of a repository's deployments, the newest first (`$owner`, `$name`, `$environments`,
/// `$after`).
pub(super) const DEPLOYMENTS: &str =
    "query($owner: String!, $name: String!, $environments: [String!], $after: String) {
    repository(owner: $owner, name: $name) {
      deployments(first: 50, after: $after, environments: $environments,
                  orderBy: {field: CREATED_AT, direction: DESC}) {
        pageInfo { hasNextPage }
        edges { cursor node { id databaseId createdAt updatedAt environment commitOid
          creator { login } ref { name }
          statuses(first: 100) { nodes { id createdAt state } } } } } } }";

/// So many commits one [`CARRIED`] asks about.
pub(super) const COMMITS_AT_ONCE: usize = 10;

/// The commits that led to each of ten commits, with the pull requests that brought them in
/// (`$owner`, `$name`, `$c0` to `$c9`).
pub(super) const CARRIED: &str = "query($owner: String!, $name: String!,
    $c0: GitObjectID!, $c1: GitObjectID!, $c2: GitObjectID!, $c3: GitObjectID!, $c4: GitObjectID!,
    $c5: GitObjectID!, $c6: GitObjectID!, $c7: GitObjectID!, $c8: GitObjectID!,
    $c9: GitObjectID!) {
    repository(owner: $owner, name: $name) {
      c0: object(oid: $c0) { ...Led } c1: object(oid: $c1) { ...Led }
      c2: object(oid: $c2) { ...Led } c3: object(oid: $c3) { ...Led }
      c4: object(oid: $c4) { ...Led } c5: object(oid: $c5) { ...Led }
      c6: object(oid: $c6) { ...Led } c7: object(oid: $c7) { ...Led }
      c8: object(oid: $c8) { ...Led } c9: object(oid: $c9) { ...Led } } }
    fragment Led on GitObject { __typename ... on Commit {
      history(first: 50) { nodes { oid
        associatedPullRequests(first: 3) {
          nodes { number merged repository { databaseId } mergeCommit { oid } } } } } } }";
