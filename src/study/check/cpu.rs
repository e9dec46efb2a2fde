//! The family of processors that a learned number may depend on.

/// The architecture with the vector extensions that matrix products use: `x86_64+avx2+fma`. Learned
/// numbers are promised to repeat where this word is the same.
pub(super) fn family() -> String {
    let mut word = std::env::consts::ARCH.to_owned();
    for extension in extensions() {
        word.push('+');
        word.push_str(extension);
    }
    word
}

#[cfg(target_arch = "x86_64")]
fn extensions() -> Vec<&'static str> {
    let detected = [
        ("avx2", std::arch::is_x86_feature_detected!("avx2")),
        ("fma", std::arch::is_x86_feature_detected!("fma")),
        ("avx512f", std::arch::is_x86_feature_detected!("avx512f")),
    ];
    detected.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect()
}

#[cfg(not(target_arch = "x86_64"))]
fn extensions() -> Vec<&'static str> {
    Vec::new()
}
