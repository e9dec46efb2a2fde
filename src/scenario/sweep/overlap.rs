//! Swept keys that would overwrite one another.

use crate::scenario::overrides::{CHOICES, share_a_policy};

/// Lists whose items go by names, which are the user's words and no keys.
const NAMED_LISTS: [&str; 4] = ["fleet", "links", "nodes", "layers"];

/// Why `path` cannot be swept beside `other`, for the user: a cell shows one value for each, but
/// the one that is put last would take the other's away.
pub(super) fn conflict(path: &str, other: &str) -> Option<String> {
    if path == other {
        return Some(format!("`{path}` is swept twice"));
    }
    let (own, others): (Vec<&str>, Vec<&str>) =
        (path.split('.').collect(), other.split('.').collect());
    let common = own.iter().zip(&others).take_while(|(a, b)| a == b).count();
    if common == own.len().min(others.len()) {
        let (whole, part) = if common == own.len() { (path, other) } else { (other, path) };
        return Some(format!("`{part}` is a part of `{whole}`, which is swept too"));
    }
    let is_item = common >= 2 && NAMED_LISTS.contains(&own[common - 2]);
    let is_choice = common >= 1 && !is_item && CHOICES.contains(&own[common - 1]);
    // A policy and its options stand beside one another.
    let is_joined = is_choice && own[common - 1] == "offload";
    let is_joined = is_joined && share_a_policy(own[common], others[common]);
    (is_choice && !is_joined).then(|| {
        let choice = own[..common].join(".");
        format!("`{path}` and `{other}` are two alternatives of `{choice}`, which takes one")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_a_part_of_it_are_not_swept_together() {
        let told = conflict("fleet.pi.count", "fleet.pi").unwrap();
        assert_eq!(told, "`fleet.pi.count` is a part of `fleet.pi`, which is swept too");
        assert_eq!(conflict("fleet.pi", "fleet.pi.count").unwrap(), told, "in either order");
        assert!(conflict("fleet.pi.device", "fleet.pi.device.rate").is_some());
        assert_eq!(conflict("fleet.pi.count", "fleet.pico.count"), None, "keys, not letters");
    }

    #[test]
    fn a_policy_and_its_options_are_swept_together() {
        let offload = |word: &str| format!("inference.offload.{word}");
        for (one, other) in
            [("deadline", "entropy"), ("half_life", "deadline"), ("adaptive", "half_life")]
        {
            assert_eq!(conflict(&offload(one), &offload(other)), None, "{one} and {other}");
        }
        assert!(conflict(&offload("adaptive"), &offload("entropy")).is_some());
        assert!(conflict(&offload("deadline"), &offload("adaptive")).is_some());
    }

    #[test]
    fn two_alternatives_of_one_choice_are_not_swept_together() {
        let told = conflict("inference.offload.random", "inference.offload.entropy").unwrap();
        assert_eq!(
            told,
            "`inference.offload.random` and `inference.offload.entropy` are two alternatives of \
             `inference.offload`, which takes one"
        );
        let within = ("server.queue.batch.max", "server.queue.batch.wait");
        assert_eq!(conflict(within.0, within.1), None, "two arguments of one alternative");
        assert_eq!(conflict("fleet.queue.count", "fleet.queue.device"), None, "a class's name");
    }
}
