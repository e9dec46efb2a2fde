//! Which trajectories this program simulates.

/// Raised whenever the same scenario takes another course than before. Results that are kept under
/// a hash of what they depend on (finished cells of a sweep) are known by it.
pub const TRAJECTORY_REVISION: u32 = 2;
