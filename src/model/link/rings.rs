//! What each artefact belongs to in the end: ties are followed upwards, rings are taken as one.

/// Who belongs to whom, as positions.
#[derive(Debug)]
pub(super) struct Graph {
    /// Where the owners of each node begin; one more than there are nodes.
    offsets: Vec<usize>,
    owners: Vec<u32>,
}

impl Graph {
    /// A graph of so many nodes; `ties` are (node, owner), ordered by node.
    pub(super) fn new(nodes: usize, ties: &[(u32, u32)]) -> Self {
        let mut offsets = vec![0; nodes + 1];
        for (node, _) in ties {
            offsets[*node as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        let owners = ties.iter().map(|(_, owner)| *owner).collect();
        Self { offsets, owners }
    }

    fn owners(&self, node: u32) -> &[u32] {
        let at = node as usize;
        &self.owners[self.offsets[at]..self.offsets[at + 1]]
    }

    fn nodes(&self) -> u32 {
        u32::try_from(self.offsets.len() - 1).unwrap_or(u32::MAX)
    }

    /// By node: the items it belongs to, in order; an item belongs to itself. `item_of` chooses the
    /// item of a ring that belongs to no item, which most often is one node alone.
    pub(super) fn tops(&self, item_of: impl Fn(&[u32]) -> Option<u32>) -> Tops {
        let mut search = Search::new(self);
        for node in 0..self.nodes() {
            if search.order[node as usize] == UNSEEN {
                search.walk_from(node);
            }
        }
        let mut tops: Vec<Vec<u32>> = Vec::with_capacity(search.rings.len());
        for ring in &search.rings {
            let own = tops.len();
            let owners = ring.iter().flat_map(|node| self.owners(*node));
            let above = owners.map(|owner| search.ring_of[*owner as usize] as usize);
            let mut found: Vec<u32> = above
                .filter(|ring| *ring != own)
                .flat_map(|ring| tops[ring].iter().copied())
                .collect();
            found.sort_unstable();
            found.dedup();
            if found.is_empty() {
                found.extend(item_of(ring));
            }
            tops.push(found);
        }
        Tops {
            ring_of: search.ring_of,
            tops,
        }
    }
}

/// What everything belongs to.
#[derive(Debug)]
pub(super) struct Tops {
    ring_of: Vec<u32>,
    /// By ring.
    tops: Vec<Vec<u32>>,
}

impl Tops {
    /// What a node belongs to.
    pub(super) fn of(&self, node: u32) -> &[u32] {
        &self.tops[self.ring_of[node as usize] as usize]
    }
}

const UNSEEN: u32 = u32::MAX;
/// In no ring yet.
const OPEN: u32 = u32::MAX;

/// Tarjan's search for strongly connected components, without recursion: chains may be long. Rings
/// are found owners first. R. Tarjan, "Depth-first search and linear graph algorithms", 1972.
struct Search<'g> {
    graph: &'g Graph,
    order: Vec<u32>,
    lowest: Vec<u32>,
    ring_of: Vec<u32>,
    seen: u32,
    /// Nodes in no ring yet.
    open: Vec<u32>,
    /// From where the walk began to where it is, each with how many owners were looked at.
    path: Vec<(u32, usize)>,
    rings: Vec<Vec<u32>>,
}

impl<'g> Search<'g> {
    fn new(graph: &'g Graph) -> Self {
        let nodes = graph.nodes() as usize;
        Self {
            graph,
            order: vec![UNSEEN; nodes],
            lowest: vec![UNSEEN; nodes],
            ring_of: vec![OPEN; nodes],
            seen: 0,
            open: Vec::new(),
            path: Vec::new(),
            rings: Vec::new(),
        }
    }

    fn walk_from(&mut self, node: u32) {
        self.enter(node);
        while let Some((node, looked)) = self.path.last_mut() {
            let (node, next) = (*node, *looked);
            *looked += 1;
            match self.graph.owners(node).get(next) {
                Some(owner) => self.look_at(node, *owner),
                None => self.leave(node),
            }
        }
    }

    fn enter(&mut self, node: u32) {
        self.order[node as usize] = self.seen;
        self.lowest[node as usize] = self.seen;
        self.seen += 1;
        self.open.push(node);
        self.path.push((node, 0));
    }

    fn look_at(&mut self, node: u32, owner: u32) {
        let known = self.order[owner as usize];
        if known == UNSEEN {
            self.enter(owner);
        } else if self.ring_of[owner as usize] == OPEN {
            self.reach(node, known);
        }
    }

    fn reach(&mut self, node: u32, order: u32) {
        let lowest = &mut self.lowest[node as usize];
        *lowest = order.min(*lowest);
    }

    fn leave(&mut self, node: u32) {
        let lowest = self.lowest[node as usize];
        self.path.pop();
        if let Some((before, _)) = self.path.last() {
            self.reach(*before, lowest);
        }
        if lowest == self.order[node as usize] {
            let from = self.open.iter().rposition(|open| *open == node);
            let ring = self.open.split_off(from.unwrap_or(0));
            let number = u32::try_from(self.rings.len()).unwrap_or(u32::MAX);
            for node in &ring {
                self.ring_of[*node as usize] = number;
            }
            self.rings.push(ring);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    /// What each node belongs to; every node can be an item, the least of a ring is it.
    fn tops(nodes: usize, ties: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let graph = Graph::new(nodes, ties);
        let tops = graph.tops(|ring| ring.iter().min().copied());
        (0..u32::try_from(nodes).unwrap())
            .map(|node| tops.of(node).to_vec())
            .collect()
    }

    #[test]
    fn chains_end_at_their_top() {
        let found = tops(4, &[(1, 0), (2, 1), (3, 2)]);
        assert_eq!(found, [vec![0], vec![0], vec![0], vec![0]]);
    }

    #[test]
    fn one_artefact_belongs_to_all_that_it_is_tied_to() {
        let found = tops(4, &[(2, 0), (2, 1), (3, 2)]);
        assert_eq!(found, [vec![0], vec![1], vec![0, 1], vec![0, 1]]);
    }

    #[test]
    fn a_ring_has_one_item() {
        let found = tops(4, &[(1, 2), (2, 3), (3, 1)]);
        assert_eq!(found, [vec![0], vec![1], vec![1], vec![1]]);
    }

    #[test]
    fn a_ring_below_an_item_belongs_to_it() {
        let found = tops(4, &[(1, 2), (2, 0), (2, 1), (3, 1)]);
        assert_eq!(found, [vec![0], vec![0], vec![0], vec![0]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let ties: Vec<(u32, u32)> = (1..200_000).map(|node| (node, node - 1)).collect();
        let found = Graph::new(200_000, &ties).tops(|ring| ring.iter().min().copied());
        assert_eq!(found.of(199_999), [0]);
    }

    #[test]
    fn where_nothing_can_be_an_item_nothing_belongs_to_one() {
        let found = Graph::new(2, &[(1, 0)]).tops(|_| None);
        assert!(found.of(0).is_empty() && found.of(1).is_empty());
    }
}
