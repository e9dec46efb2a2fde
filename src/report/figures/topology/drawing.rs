//! The picture: boxes, labels and the lines between them, in pixels.

use super::columns::{Columns, Piece};
use super::{label, placement};
use crate::experiment::{NetworkGraph, Role};
use crate::report::figures::render::{Canvas, DrawResult};
use crate::report::figures::style::{
    CLIENT_EXIT, MARGIN, MID_GREY, SERVER_EXIT, frame, pale, text,
};
use crate::report::text::shortened;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::FontError;
use plotters::style::text_anchor::{HPos, VPos};

/// Below the title.
const TOP: i32 = 68;
/// Between columns: here lines change their height.
const BETWEEN: i32 = 56;
const LINE_HEIGHT: i32 = 21;
const BOX_HEIGHT: i32 = 38;
/// Free space above and below each piece.
const CLEARANCE: i32 = 7;
/// Free space left and right of a text.
const PADDING: i32 = 12;
const BEND_HEIGHT: i32 = 6;
/// How far below the middle of a line its text is placed, so that its letters are in the middle.
const LOWERED: i32 = 2;
/// Names are shown with so many characters.
const NAME_CHARS: usize = 32;
/// The least width: the title's place.
const MIN_WIDTH: i32 = 560;

/// A laid out graph.
pub(super) struct Drawing<'g> {
    /// Width and height.
    pub(super) size: (u32, u32),
    graph: &'g NetworkGraph<'g>,
    spots: Vec<Spot>,
    /// Positions of the spots that a line joins, the left one first.
    joints: Vec<[usize; 2]>,
}

/// Where a piece stands and what is written there.
struct Spot {
    piece: Piece,
    lines: Vec<String>,
    /// The column's edges.
    left: i32,
    right: i32,
    /// Half the width of the widest line, with its padding.
    reach: i32,
    middle: i32,
}

impl<'g> Drawing<'g> {
    /// Gives each piece its place.
    ///
    /// # Errors
    /// If a text cannot be measured.
    pub(super) fn of(
        graph: &'g NetworkGraph<'_>,
        columns: &Columns,
    ) -> Result<Drawing<'g>, FontError> {
        let shown = |name: &str| shortened(name, NAME_CHARS);
        let mut spots = Vec::with_capacity(columns.pieces.len());
        for &piece in &columns.pieces {
            let lines = match piece {
                Piece::Vertex(position) => vec![label::vertex(&graph.vertices[position], shown)],
                Piece::Label(position) => label::edge(graph, &graph.edges[position], shown),
                Piece::Bend(_) => Vec::new(),
            };
            let mut reach = 0;
            for line in &lines {
                reach = reach.max(width(line)? / 2 + PADDING);
            }
            spots.push(Spot { piece, lines, left: 0, right: 0, reach, middle: 0 });
        }
        let mut left = MARGIN;
        for column in &columns.columns {
            let reach = column.iter().map(|&spot| spots[spot].reach).max().unwrap_or(0);
            for &spot in column {
                (spots[spot].left, spots[spot].right) = (left, left + 2 * reach);
            }
            left += 2 * reach + BETWEEN;
        }
        let heights: Vec<f64> = spots.iter().map(|spot| f64::from(spot.height())).collect();
        let mut bottom = TOP;
        for (spot, middle) in spots.iter_mut().zip(placement::middles(columns, &heights)) {
            spot.middle = TOP + pixels(middle);
            bottom = bottom.max(spot.middle + spot.height() / 2);
        }
        let right = MIN_WIDTH.max(left - BETWEEN + MARGIN);
        let size = (right.unsigned_abs(), (bottom + MARGIN).unsigned_abs());
        Ok(Drawing { size, graph, spots, joints: columns.joints.clone() })
    }

    /// What each box and text covers: its extent from left to right and from top to bottom.
    #[cfg(test)]
    pub(super) fn areas(&self) -> Vec<[(i32, i32); 2]> {
        let tall = |spot: &Spot| (spot.height() - 2 * CLEARANCE) / 2;
        let area =
            |spot: &Spot| [spot.inner(), (spot.middle - tall(spot), spot.middle + tall(spot))];
        self.spots.iter().map(area).collect()
    }

    /// Draws it on the whole of `root`, which has its size.
    pub(super) fn draw<DB: DrawingBackend>(&self, root: &Canvas<DB>) -> DrawResult<DB> {
        frame(root, &format!("Network of {}", self.graph.name), &[])?;
        for &[left, right] in &self.joints {
            self.line(root, &self.spots[left], &self.spots[right])?;
        }
        self.spots.iter().try_for_each(|spot| self.write(root, spot))
    }

    /// From one spot to its neighbour at the right: level inside the columns, so that it keeps clear
    /// of their texts.
    fn line<DB: DrawingBackend>(
        &self,
        root: &Canvas<DB>,
        left: &Spot,
        right: &Spot,
    ) -> DrawResult<DB> {
        let mut points = vec![
            (left.inner().1, left.middle),
            (left.right, left.middle),
            (right.left, right.middle),
            (right.inner().0, right.middle),
        ];
        points.dedup();
        let (Piece::Label(edge) | Piece::Bend(edge)) = left.edge_piece(right) else {
            unreachable!("labels stand between all boxes")
        };
        if self.graph.edges[edge].wire.is_none() {
            return root.draw(&DashedPathElement::new(points, 6, 5, MID_GREY.stroke_width(1)));
        }
        root.draw(&PathElement::new(points, MID_GREY.stroke_width(2)))
    }

    /// The box, if the spot has one, and the text.
    fn write<DB: DrawingBackend>(&self, root: &Canvas<DB>, spot: &Spot) -> DrawResult<DB> {
        if let Piece::Vertex(vertex) = spot.piece {
            let colour = match self.graph.vertices[vertex].role {
                Role::Server => SERVER_EXIT,
                Role::Node => MID_GREY,
                Role::Class(_) => CLIENT_EXIT,
            };
            let corners = [
                (spot.left, spot.middle - BOX_HEIGHT / 2),
                (spot.right, spot.middle + BOX_HEIGHT / 2),
            ];
            root.draw(&Rectangle::new(corners, pale(pale(colour)).filled()))?;
            root.draw(&Rectangle::new(corners, colour.stroke_width(2)))?;
        }
        let style = text(HPos::Center, VPos::Center);
        let mut middle = spot.middle + LOWERED - LINE_HEIGHT * (spot.line_count() - 1) / 2;
        for line in &spot.lines {
            root.draw(&Text::new(line.clone(), (spot.centre(), middle), style.clone()))?;
            middle += LINE_HEIGHT;
        }
        Ok(())
    }
}

impl Spot {
    fn line_count(&self) -> i32 {
        i32::try_from(self.lines.len()).expect("a label has a few lines")
    }

    /// With the clearance.
    fn height(&self) -> i32 {
        let inner = match self.piece {
            Piece::Vertex(_) => BOX_HEIGHT,
            Piece::Label(_) | Piece::Bend(_) => BEND_HEIGHT.max(LINE_HEIGHT * self.line_count()),
        };
        inner + 2 * CLEARANCE
    }

    fn centre(&self) -> i32 {
        i32::midpoint(self.left, self.right)
    }

    /// Where lines end at the left and at the right: at the box or the text.
    fn inner(&self) -> (i32, i32) {
        match self.piece {
            Piece::Vertex(_) => (self.left, self.right),
            Piece::Label(_) | Piece::Bend(_) => {
                (self.centre() - self.reach, self.centre() + self.reach)
            }
        }
    }

    /// Of two neighbours, the piece that belongs to an edge.
    fn edge_piece(&self, right: &Spot) -> Piece {
        match self.piece {
            Piece::Vertex(_) => right.piece,
            piece => piece,
        }
    }
}

/// The width of `line` as it is drawn.
fn width(line: &str) -> Result<i32, FontError> {
    let (width, _) = text(HPos::Center, VPos::Center).font.box_size(line)?;
    Ok(i32::try_from(width).unwrap_or(i32::MAX / 4))
}

#[expect(clippy::cast_possible_truncation, reason = "at most 20,000 pieces of some pixels")]
fn pixels(value: f64) -> i32 {
    value.round() as i32
}
