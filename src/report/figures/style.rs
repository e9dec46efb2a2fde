//! The one look of all figures: colours, fonts, strokes, the frame around a plot.

use super::legend::{self, Entry};
use super::render::{Canvas, DrawResult};
use plotters::prelude::*;
use plotters::style::register_font;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use std::sync::Once;

/// Width and height in pixels: readable at a README's width.
pub(super) const SIZE: (u32, u32) = (900, 560);

/// The colour-blind-safe palette of M. Okabe and K. Ito, "Color Universal Design", 2008.
pub(super) const ORANGE: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
pub(super) const SKY_BLUE: RGBColor = RGBColor(0x56, 0xb4, 0xe9);
pub(super) const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);
pub(super) const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
pub(super) const VERMILION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
pub(super) const PURPLE: RGBColor = RGBColor(0xcc, 0x79, 0xa7);

/// Everything together.
pub(super) const MID_GREY: RGBColor = RGBColor(0x8c, 0x8c, 0x8c);
/// Waiting for nothing in particular.
pub(super) const PALE_GREY: RGBColor = RGBColor(0xe2, 0xe2, 0xe2);
const GRID: RGBColor = RGBColor(0xe6, 0xe6, 0xe6);
const AXIS: RGBColor = RGBColor(0x80, 0x80, 0x80);
const TEXT: RGBColor = RGBColor(0x26, 0x26, 0x26);

/// The answers' colours in every figure.
pub(super) const CLIENT_EXIT: RGBColor = BLUE;
pub(super) const SERVER_EXIT: RGBColor = VERMILION;
pub(super) const SELECTIVE: RGBColor = GREEN;
pub(super) const FULL_MODEL: RGBColor = PURPLE;

/// The CSS family that every viewer has; the bitmaps' own font is registered under it.
const FAMILY: &str = "sans-serif";
const TITLE_SIZE: i32 = 25;
const TEXT_SIZE: i32 = 18;

/// Free space at the edges of a figure.
pub(super) const MARGIN: i32 = 16;
const TITLE_HEIGHT: i32 = 36;

/// Makes [`FAMILY`] known to the drawing library, which finds no system font by itself.
pub(super) fn register_fonts() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let registered = register_font(FAMILY, FontStyle::Normal, dejavu::sans::regular());
        assert!(registered.is_ok(), "the embedded font must be valid");
    });
}

/// Text of labels, ticks and legends, placed by `anchor`.
pub(super) fn text(horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    TextStyle::from((FAMILY, TEXT_SIZE).into_font())
        .color(&TEXT)
        .pos(Pos::new(horizontal, vertical))
}

fn title() -> TextStyle<'static> {
    TextStyle::from((FAMILY, TITLE_SIZE).into_font()).color(&TEXT)
}

/// The colour of a stage that waits at the place of this `colour`: the same with more white.
pub(super) fn pale(colour: RGBColor) -> RGBColor {
    let lighten = |part: u8| 255 - (255 - part) / 3;
    RGBColor(lighten(colour.0), lighten(colour.1), lighten(colour.2))
}

/// The colour of a stage that travels at the place of this `colour`: the same with more black.
pub(super) fn dark(colour: RGBColor) -> RGBColor {
    let darken = |part: u8| part / 5 * 3;
    RGBColor(darken(colour.0), darken(colour.1), darken(colour.2))
}

/// The band around a line of this `colour`, through which the grid and other lines are seen.
pub(super) fn band(colour: RGBColor) -> ShapeStyle {
    colour.mix(0.18).filled()
}

/// The grid's strokes.
pub(super) fn grid() -> ShapeStyle {
    GRID.stroke_width(1)
}

/// The axes' strokes.
pub(super) fn axis() -> ShapeStyle {
    AXIS.stroke_width(1)
}

/// Clears `root`, writes the title and below it the legend, and returns what is left for the plot.
/// The legend has its own rows, so it never hides data.
pub(super) fn frame<DB: DrawingBackend>(
    root: &Canvas<DB>,
    text: &str,
    legend: &[Entry],
) -> DrawResult<DB, Canvas<DB>> {
    root.fill(&WHITE)?;
    root.draw(&Text::new(text.to_owned(), (MARGIN, MARGIN), title()))?;
    let legend_top = MARGIN + TITLE_HEIGHT;
    let legend_bottom = legend::draw(root, legend, legend_top)?;
    let (_, plot) = root.split_vertically(legend_bottom);
    Ok(plot.margin(12, MARGIN, MARGIN, MARGIN + 8))
}
