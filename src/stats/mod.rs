//! Small statistics: tallies, quantiles, confidence intervals and time-weighted averages.
//!
//! All of them are pure: numbers in, numbers out. A statistic that its data cannot support is
//! `None`, never a zero or a NaN.

mod confidence;
mod mser;
mod on_off;
mod quantile;
mod rare_level;
mod tally;
mod time_weighted;

pub use confidence::{batch_means_half_width, half_width_95, t_quantile_975, welch_half_width_95};
pub use mser::mser5;
pub use on_off::OnOff;
pub use quantile::quantile;
pub use rare_level::RareLevel;
pub use tally::Tally;
pub use time_weighted::{TimeWeighted, Window};
