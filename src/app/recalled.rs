//! What was known when weir last looked: shown until the numbers of now stand.

/// The figures of a stream as they were told then. They are exact for that moment, and for no other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recalled {
    /// The stream.
    pub stream: String,
    /// The instant they are of, the window and the clock rule, in words.
    pub of: String,
    /// The flow measures: name and value.
    pub figures: Vec<(String, String)>,
    /// The stages between backlog and done in their order, and how many items were in each.
    pub stages: Vec<(String, u64)>,
    /// Which stage held the stream back, and why.
    pub why: String,
}
