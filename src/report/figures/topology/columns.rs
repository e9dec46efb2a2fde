//! Which column each part of the drawing stands in, and in which order: a layered drawing
//! (K. Sugiyama, S. Tagawa and M. Toda, IEEE Trans. Syst. Man Cybern. 11(2), 1981).
//!
//! Columns of boxes and columns of links' labels alternate. A link that passes further columns has
//! a bend in each, so that lines cross the gaps between columns only, and never a text.

use crate::experiment::{Edge, NetworkGraph};

/// The largest drawing, in pieces: far more than a person can read.
const MAX_PIECES: usize = 20_000;

/// How often the columns are ordered by their neighbours, alternately from each side.
const SWEEPS: usize = 8;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    /// The box of the vertex at this position.
    Vertex(usize),
    /// The label of the edge at this position.
    Label(usize),
    /// Where the edge at this position passes by.
    Bend(usize),
}

/// Pieces in columns.
pub(super) struct Columns {
    pub(super) pieces: Vec<Piece>,
    /// From left to right, each from top to bottom, by positions in `pieces`.
    pub(super) columns: Vec<Vec<usize>>,
    /// The positions of pieces in neighbouring columns that a line joins: the left one, the right
    /// one.
    pub(super) joints: Vec<[usize; 2]>,
}

impl Columns {
    /// The pieces of `graph`, ordered so that few lines cross.
    ///
    /// # Errors
    /// If there are too many; the error says how many there may be.
    pub(super) fn of(graph: &NetworkGraph<'_>) -> Result<Self, String> {
        let hops = |edge: &Edge<'_>| {
            let ends = [edge.from, edge.to].map(|end| graph.vertices[end].hops);
            (ends[0].max(ends[1]), ends[0].min(ends[1]))
        };
        let of_edges: usize =
            graph.edges.iter().map(hops).map(|(far, near)| (2 * (far - near)).max(1)).sum();
        let count = graph.vertices.len() + of_edges;
        if count > MAX_PIECES {
            return Err(format!(
                "the network is too large for a picture: {count} boxes, labels and bends, of \
                 which {MAX_PIECES} are drawn at most; its DOT file has no limit"
            ));
        }
        let last = 2 * graph.vertices.iter().map(|vertex| vertex.hops).max().unwrap_or(0);
        let mut drawn =
            Self { pieces: Vec::new(), columns: vec![Vec::new(); last + 1], joints: Vec::new() };
        for (position, vertex) in graph.vertices.iter().enumerate() {
            drawn.add(Piece::Vertex(position), last - 2 * vertex.hops);
        }
        for (position, edge) in graph.edges.iter().enumerate() {
            drawn.add_edge(position, edge, hops(edge), last);
        }
        drawn.reorder();
        Ok(drawn)
    }

    fn add(&mut self, piece: Piece, column: usize) -> usize {
        self.columns[column].push(self.pieces.len());
        self.pieces.push(piece);
        self.pieces.len() - 1
    }

    /// The label stands right of the farther end. Ends in the same column both lead to it from the
    /// left.
    fn add_edge(
        &mut self,
        position: usize,
        edge: &Edge<'_>,
        (far, near): (usize, usize),
        last: usize,
    ) {
        let column = last + 1 - 2 * far;
        let label = self.add(Piece::Label(position), column);
        // Vertices were added first, so their pieces have their positions.
        if far == near {
            self.joints.extend([[edge.from, label], [edge.to, label]]);
            return;
        }
        let from_is_nearer = self.columns[last - 2 * near].contains(&edge.from);
        let (left, right) =
            if from_is_nearer { (edge.to, edge.from) } else { (edge.from, edge.to) };
        self.joints.push([left, label]);
        let mut end = label;
        for column in column + 1..last - 2 * near {
            let bend = self.add(Piece::Bend(position), column);
            self.joints.push([end, bend]);
            end = bend;
        }
        self.joints.push([end, right]);
    }

    /// Each piece's neighbours in the column at its left, or at its right.
    pub(super) fn neighbours(&self, at_left: bool) -> Vec<Vec<usize>> {
        let mut neighbours = vec![Vec::new(); self.pieces.len()];
        for &[left, right] in &self.joints {
            let (piece, neighbour) = if at_left { (right, left) } else { (left, right) };
            neighbours[piece].push(neighbour);
        }
        neighbours
    }

    /// Orders each column by the mean rank of the pieces' neighbours, which leaves few crossings.
    fn reorder(&mut self) {
        let neighbours = [self.neighbours(true), self.neighbours(false)];
        let mut rank = vec![0.0; self.pieces.len()];
        self.columns.iter().for_each(|column| rank_in_order(column, &mut rank));
        for sweep in 0..SWEEPS {
            let rightwards = sweep % 2 == 0;
            let neighbours = &neighbours[usize::from(!rightwards)];
            let count = self.columns.len();
            for step in 0..count {
                let column = if rightwards { step } else { count - 1 - step };
                let column = &mut self.columns[column];
                let key = |&piece: &usize| mean(&neighbours[piece], &rank).unwrap_or(rank[piece]);
                column.sort_by(|a, b| key(a).total_cmp(&key(b)));
                rank_in_order(column, &mut rank);
            }
        }
    }
}

/// Ranks are spread over [0, 1], so that columns of different lengths compare.
fn rank_in_order(column: &[usize], rank: &mut [f64]) {
    #[expect(clippy::cast_precision_loss, reason = "few pieces")]
    for (place, &piece) in column.iter().enumerate() {
        rank[piece] = (place as f64 + 0.5) / column.len() as f64;
    }
}

/// The mean of `values` at `positions`, if there are any.
pub(super) fn mean(positions: &[usize], values: &[f64]) -> Option<f64> {
    let sum: f64 = positions.iter().map(|&position| values[position]).sum();
    #[expect(clippy::cast_precision_loss, reason = "few pieces")]
    (!positions.is_empty()).then(|| sum / positions.len() as f64)
}
