//! The windows under a convolution's filters, as rows of a matrix (im2col), and back (col2im).
//!
//! Images are stored row by row with the channels innermost (NHWC), so that the part of a window
//! that lies in one row of the image is one contiguous run.

use crate::cost::Shape;
use std::ops::Range;

/// The geometry of a convolution.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patches {
    channels: usize,
    height: usize,
    width: usize,
    kernel: usize,
    padding: usize,
    stride: usize,
    out_height: usize,
    out_width: usize,
}

/// A contiguous part of a window: where it lies in the image and in the window's row.
struct Run {
    image: Range<usize>,
    patch: Range<usize>,
}

impl Patches {
    /// The windows of a filter with side `kernel` on an image of shape `input`.
    pub(super) fn new(input: Shape, output: Shape, kernel: u32, padding: u32) -> Self {
        Self {
            channels: input.channels as usize,
            height: input.height as usize,
            width: input.width as usize,
            kernel: kernel as usize,
            padding: padding as usize,
            stride: 1,
            out_height: output.height as usize,
            out_width: output.width as usize,
        }
    }

    /// The same with so many pixels from one window to the next.
    pub(super) fn every(self, stride: u32) -> Self {
        Self { stride: stride as usize, ..self }
    }

    /// Values in a window.
    pub(super) fn window(&self) -> usize {
        self.kernel * self.kernel * self.channels
    }

    /// Windows on one image.
    pub(super) fn positions(&self) -> usize {
        self.out_height * self.out_width
    }

    /// Copies the windows with these numbers, counted over all `images` of a batch, to the rows of
    /// `columns`; what lies outside an image is zero.
    pub(super) fn gather(&self, images: &[f32], windows: Range<usize>, columns: &mut [f32]) {
        for (window, row) in windows.zip(columns.chunks_exact_mut(self.window())) {
            let mut filled = 0;
            for run in self.runs(window) {
                row[filled..run.patch.start].fill(0.0);
                filled = run.patch.end;
                row[run.patch].copy_from_slice(&images[run.image]);
            }
            row[filled..].fill(0.0);
        }
    }

    /// The transpose of [`Self::gather`]: adds each row of `columns` to its window of `images`.
    pub(super) fn scatter(&self, columns: &[f32], windows: Range<usize>, images: &mut [f32]) {
        for (window, row) in windows.zip(columns.chunks_exact(self.window())) {
            for run in self.runs(window) {
                for (target, value) in images[run.image].iter_mut().zip(&row[run.patch]) {
                    *target += value;
                }
            }
        }
    }

    /// The runs of one window that lie inside its image, from top to bottom.
    fn runs(&self, window: usize) -> impl Iterator<Item = Run> + use<'_> {
        let (sample, position) = (window / self.positions(), window % self.positions());
        let (row, column) = (position / self.out_width, position % self.out_width);
        let (top, left) = (row * self.stride, column * self.stride);
        // Window columns that lie inside the image.
        let first = self.padding.saturating_sub(left);
        let end = self.kernel.min(self.width + self.padding - left);
        let origin = sample * self.height * self.width;
        let first_row = self.padding.saturating_sub(top);
        let end_row = self.kernel.min(self.height + self.padding - top);
        (first_row..end_row).map(move |row| {
            let pixel =
                origin + (top + row - self.padding) * self.width + left + first - self.padding;
            let patch = row * self.kernel + first;
            let length = (end - first) * self.channels;
            let (pixel, patch) = (pixel * self.channels, patch * self.channels);
            Run { image: pixel..pixel + length, patch: patch..patch + length }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{Layer, LayerKind};

    fn patches(kernel: u32, padding: u32) -> Patches {
        strided(kernel, padding, 1)
    }

    fn strided(kernel: u32, padding: u32, stride: u32) -> Patches {
        let input = Shape { channels: 2, height: 4, width: 3 };
        let kind = LayerKind::Conv2d { out_channels: 1, kernel, padding, stride };
        let layer = Layer::new("conv", kind, false, input);
        Patches::new(input, layer.output, kernel, padding).every(stride)
    }

    /// The value of window `window` at (row, column, channel), by definition.
    fn direct(p: &Patches, images: &[f32], window: usize, at: [usize; 3]) -> f32 {
        let (sample, position) = (window / p.positions(), window % p.positions());
        let (top, left) = (position / p.out_width, position % p.out_width);
        let row = (top * p.stride + at[0]).checked_sub(p.padding);
        let column = (left * p.stride + at[1]).checked_sub(p.padding);
        match (row, column) {
            (Some(row), Some(column)) if row < p.height && column < p.width => {
                images[((sample * p.height + row) * p.width + column) * p.channels + at[2]]
            }
            _ => 0.0,
        }
    }

    #[test]
    fn a_row_holds_its_window_and_zeros_outside_the_image() {
        let images: Vec<f32> = (1_u8..=48).map(f32::from).collect();
        let one_by_one = [(3, 1), (3, 0), (1, 0), (2, 1), (5, 2), (3, 2)];
        let every_place = one_by_one.map(|(kernel, padding)| (kernel, padding, 1));
        for (kernel, padding, stride) in
            [(3, 1, 2), (1, 0, 3), (2, 1, 2)].into_iter().chain(every_place)
        {
            let p = strided(kernel, padding, stride);
            let windows = 2 * p.positions();
            let mut columns = vec![f32::NAN; windows * p.window()];
            p.gather(&images, 0..windows, &mut columns);
            for window in 0..windows {
                for row in 0..p.kernel {
                    for column in 0..p.kernel {
                        for channel in 0..p.channels {
                            let index = (row * p.kernel + column) * p.channels + channel;
                            assert_eq!(
                                columns[window * p.window() + index],
                                direct(&p, &images, window, [row, column, channel]),
                                "kernel {kernel}, padding {padding}, stride {stride}, window {window}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn scatter_is_the_transpose_of_gather() {
        // ⟨gather(x), c⟩ = ⟨x, scatter(c)⟩, exact on small integers
        let p = strided(3, 1, 2);
        let windows = 2 * p.positions();
        let images: Vec<f32> = (0..48_u8).map(|i| f32::from(i % 7)).collect();
        let weights: Vec<f32> =
            (0..windows * p.window()).map(|i| f32::from(u8::try_from(i % 5).unwrap())).collect();
        let mut columns = vec![0.0; weights.len()];
        p.gather(&images, 0..windows, &mut columns);
        let mut back = vec![0.0; images.len()];
        p.scatter(&weights, 0..windows, &mut back);
        let dot = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
        assert_eq!(dot(&columns, &weights), dot(&images, &back));
    }

    #[test]
    fn a_chunk_of_windows_is_that_chunk_of_the_whole() {
        let p = patches(3, 1);
        let images: Vec<f32> = (0..48_u8).map(f32::from).collect();
        let mut whole = vec![0.0; 24 * p.window()];
        p.gather(&images, 0..24, &mut whole);
        let mut chunk = vec![0.0; 7 * p.window()];
        p.gather(&images, 10..17, &mut chunk);
        assert_eq!(chunk, whole[10 * p.window()..17 * p.window()]);
    }
}
