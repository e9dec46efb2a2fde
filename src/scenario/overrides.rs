//! Another value at a key path of a document.
//!
//! A path names mappings' keys and, in lists, the items' names: `fleet.pi.count`,
//! `network.links.backhaul.rate`. It may lead into what the file states by a word: the `rate` of
//! `device: raspberry-pi-4b` makes `device: { profile: raspberry-pi-4b, rate: … }`, and another
//! alternative (`offload.random` where the file has `offload: { entropy: 1.2 }`) takes the place of
//! the one that is there. A key that the file leaves out is added, and refused by the decoder if
//! the language does not have it.

use super::positions::Spot;
use super::vocabulary::{nearest, shorten};
use serde_yaml::{Mapping, Value};

/// Keys whose value is one of several named alternatives.
pub(super) const CHOICES: [&str; 5] = ["arrivals", "jitter", "noise", "offload", "queue"];

/// Keys whose value may be the name of a profile.
const PROFILED: [&str; 2] = ["access", "device"];

/// A new value and where it stands; `None` to stand where the replaced one does.
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    pub(super) value: Value,
    pub(super) spot: Option<Spot>,
}

/// Puts `new` at `path`.
///
/// # Errors
/// Why the path leads nowhere, for the user.
pub(super) fn put(
    tree: &mut Value,
    spot: &mut Spot,
    path: &str,
    new: Replacement,
) -> Result<(), String> {
    let segments: Vec<&str> = path.split('.').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return Err("is no key path; write one like `fleet.pi.count`".to_owned());
    }
    if segments[0] == "sweep" {
        return Err("a sweep does not sweep itself".to_owned());
    }
    let mut walk = Walk { path: &segments, new: Some(new) };
    walk.put(tree, spot, 0)
}

/// What stands at `path`.
pub(super) fn find<'a>(tree: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(tree, |node, segment| match node {
        Value::Mapping(mapping) => mapping.get(segment),
        Value::Sequence(items) => items.get(item_named(items, segment)?),
        _ => None,
    })
}

/// A path on its way into the document.
struct Walk<'a> {
    path: &'a [&'a str],
    new: Option<Replacement>,
}

impl Walk<'_> {
    /// Goes on from `node`, which `depth` segments led to.
    fn put(&mut self, node: &mut Value, spot: &mut Spot, depth: usize) -> Result<(), String> {
        let name = depth.checked_sub(1).map_or("", |last| self.path[last]);
        open(node, spot, name, self.path[depth]);
        match node {
            Value::Mapping(mapping) => self.put_into_mapping(mapping, spot, depth),
            Value::Sequence(items) => self.put_into_list(items, spot, depth),
            _ => Err(format!(
                "leads into `{}`, which has no keys",
                shorten(&self.path[..depth].join("."))
            )),
        }
    }

    fn put_into_mapping(
        &mut self,
        mapping: &mut Mapping,
        spot: &mut Spot,
        depth: usize,
    ) -> Result<(), String> {
        let segment = self.path[depth];
        if depth + 1 == self.path.len() {
            let place = spot.entry(segment).unwrap_or(spot).place();
            let Replacement { value, spot: stated } = self.take();
            mapping.insert(segment.into(), value);
            spot.set_entry(segment, stated.unwrap_or_else(|| Spot::scalar(place)));
            return Ok(());
        }
        if spot.entry(segment).is_none() {
            mapping.insert(segment.into(), Value::Mapping(Mapping::new()));
            let place = self.new.as_ref().and_then(|new| new.spot.as_ref());
            let place = place.map_or(spot.place(), |stated| stated.key);
            spot.set_entry(segment, Spot::mapping(place));
        }
        let child = mapping.get_mut(segment).expect("it is there or was put there");
        let child_spot = spot.entry_mut(segment).expect("it is there or was put there");
        self.put(child, child_spot, depth + 1)
    }

    fn put_into_list(
        &mut self,
        items: &mut [Value],
        spot: &mut Spot,
        depth: usize,
    ) -> Result<(), String> {
        let segment = self.path[depth];
        let Some(index) = item_named(items, segment) else {
            return Err(unknown_item(items, &self.path[..depth].join("."), segment));
        };
        let child_spot = spot.item_mut(index).expect("each item has its place");
        if depth + 1 < self.path.len() {
            return self.put(&mut items[index], child_spot, depth + 1);
        }
        let place = child_spot.place();
        let Replacement { value, spot: stated } = self.take();
        items[index] = value;
        *child_spot = stated.unwrap_or_else(|| Spot::scalar(place));
        Ok(())
    }

    fn take(&mut self) -> Replacement {
        self.new.take().expect("a path ends once")
    }
}

/// Makes `node`, the value of the key `name`, a mapping that `segment` can stand in, where the
/// language has a longer form of what stands there.
fn open(node: &mut Value, spot: &mut Spot, name: &str, segment: &str) {
    let is_other_choice = match &*node {
        Value::String(_) => true,
        Value::Mapping(mapping) => !mapping.contains_key(segment) && !joins(mapping, name, segment),
        _ => false,
    };
    if CHOICES.contains(&name) && is_other_choice {
        *node = Value::Mapping(Mapping::new());
        *spot = Spot::mapping(spot.place());
    } else if PROFILED.contains(&name) && node.is_string() {
        let profile = std::mem::replace(node, Value::Mapping(Mapping::new()));
        if let Value::Mapping(mapping) = node {
            mapping.insert("profile".into(), profile);
        }
        let word = std::mem::replace(spot, Spot::mapping(spot.place()));
        spot.set_entry("profile", word);
    }
}

/// The offloading policies that have options, each with the words that stand beside one another.
const POLICIES: [&[&str]; 2] = [&["deadline", "entropy", "half_life"], &["adaptive", "half_life"]];

/// Whether two different words under `offload` can belong to one policy.
pub(super) fn share_a_policy(one: &str, other: &str) -> bool {
    POLICIES.iter().any(|words| words.contains(&one) && words.contains(&other))
}

/// Whether `path` names an option of an offloading policy: put after the policy it joins it, put
/// before it would be replaced with what it stood in.
pub(super) fn is_policy_option(path: &str) -> bool {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    parent.rsplit('.').next() == Some("offload") && matches!(last, "entropy" | "half_life")
}

/// Whether `segment` is an option of the offloading policy that stands in `mapping`, rather than
/// another policy: `entropy` is both.
fn joins(mapping: &Mapping, name: &str, segment: &str) -> bool {
    let joins = |words: &&[&str]| mapping.contains_key(words[0]) && words[1..].contains(&segment);
    name == "offload" && POLICIES.iter().any(joins)
}

/// The index of the item called `name`: by its `name`, or as a link without one by its ends.
fn item_named(items: &[Value], name: &str) -> Option<usize> {
    items.iter().position(|item| item_name(item).is_some_and(|own| own == name))
}

fn item_name(item: &Value) -> Option<String> {
    let text = |key: &str| item.as_mapping()?.get(key)?.as_str();
    let ends = || Some(format!("{}-{}", text("from")?, text("to")?));
    text("name").map(str::to_owned).or_else(ends)
}

fn unknown_item(items: &[Value], list: &str, name: &str) -> String {
    const MOST_NAMES: usize = 20;
    let names: Vec<String> = items.iter().take(MOST_NAMES).filter_map(item_name).collect();
    if names.is_empty() {
        return format!("leads into the list `{}`, whose items have no names", shorten(list));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let meant = nearest(name, &names)
        .map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"));
    let (list, name) = (shorten(list), shorten(name));
    format!("`{list}` has no item named `{name}`{meant} (there are: {})", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{positions, tree};

    /// The document `text` with `value` at `path`.
    fn with(text: &str, path: &str, value: &str) -> Result<Value, String> {
        let mut document = tree::read(text).unwrap();
        let mut root = positions::read(text).unwrap().root;
        let new = Replacement { value: tree::read(value).unwrap(), spot: None };
        put(&mut document, &mut root, path, new).map(|()| document)
    }

    fn yaml(text: &str) -> Result<Value, String> {
        Ok(tree::read(text).unwrap())
    }

    #[test]
    fn lists_are_walked_by_the_items_names() {
        let text = "fleet: [{ name: pi, count: 1 }, { name: phone, count: 2 }]";
        assert_eq!(
            with(text, "fleet.phone.count", "7"),
            yaml("fleet: [{ name: pi, count: 1 }, { name: phone, count: 7 }]")
        );
        let links = "links: [{ from: ap, to: server, rate: 1 }]";
        assert_eq!(
            with(links, "links.ap-server.rate", "2"),
            yaml("links: [{ from: ap, to: server, rate: 2 }]")
        );
        assert_eq!(
            with(text, "fleet.phnoe.count", "7").unwrap_err(),
            "`fleet` has no item named `phnoe`; did you mean `phone`? (there are: pi, phone)"
        );
    }

    #[test]
    fn a_policys_option_joins_it_and_another_policy_replaces_it() {
        let deadline = "offload: { deadline: 1 ms }";
        for (path, value, becomes) in [
            ("offload.entropy", "0.1", "offload: { deadline: 1 ms, entropy: 0.1 }"),
            ("offload.half_life", "2 s", "offload: { deadline: 1 ms, half_life: 2 s }"),
            ("offload.random", "0.5", "offload: { random: 0.5 }"),
        ] {
            assert_eq!(with(deadline, path, value), yaml(becomes), "{path}");
        }
        let adaptive = "offload: { adaptive: 1 s }";
        assert_eq!(with(adaptive, "offload.entropy", "1"), yaml("offload: { entropy: 1 }"));
    }

    #[test]
    fn a_profiles_figure_is_replaced_and_the_profile_kept() {
        assert_eq!(
            with("server: { device: rtx }", "server.device.rate", "1 GFLOP/s"),
            yaml("server: { device: { profile: rtx, rate: 1 GFLOP/s } }")
        );
    }

    #[test]
    fn another_alternative_replaces_the_one_that_is_there() {
        for old in ["client-exit", "{ entropy: 1.2 }", "{ random: 0.5 }"] {
            assert_eq!(
                with(&format!("offload: {old}"), "offload.random", "0.3"),
                yaml("offload: { random: 0.3 }")
            );
        }
    }

    #[test]
    fn keys_that_the_file_leaves_out_are_added() {
        assert_eq!(with("a: 1", "network.header", "40 B"), yaml("{a: 1, network: {header: 40 B}}"));
    }

    #[test]
    fn a_path_into_a_number_or_an_unnamed_list_is_refused() {
        assert_eq!(with("a: 1", "a.b", "2").unwrap_err(), "leads into `a`, which has no keys");
        assert_eq!(
            with("a: [1, 2]", "a.b", "2").unwrap_err(),
            "leads into the list `a`, whose items have no names"
        );
        assert!(with("a: 1", "a..b", "2").unwrap_err().contains("no key path"));
    }

    #[test]
    fn what_a_path_leads_to_is_found() {
        let document = tree::read("fleet: [{ name: pi, count: 3 }]").unwrap();
        assert_eq!(find(&document, "fleet.pi.count").unwrap().as_u64(), Some(3));
        assert_eq!(find(&document, "fleet.pi.device.rate"), None);
    }
}
