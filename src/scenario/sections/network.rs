//! `network`: nodes, the links that join them, and who is attached where.
//!
//! A link is a pair: `up` leads from `from` to `to`, `down` back; with `duplex: simplex` there is
//! only the way from `from` to `to`, and with `duplex: half` both ways share one wire. It is written like an access link, with the same keys.

use super::access::pair;
use super::fleet;
use crate::quantity::Bytes;
use crate::scenario::decode::Cursor;
use crate::scenario::model::{FleetEntry, NetworkLink, NetworkSpec, ServerSpec};
use crate::scenario::section::Section;
use crate::scenario::units::size_up_to;
use crate::scenario::vocabulary::{LINK, LINK_DUPLEX, NETWORK, shorten, unknown};
use indexmap::IndexMap;

/// The largest header: headers of all messages must be countable in 64 bits.
const MAX_HEADER: Bytes = Bytes(1_000_000);

pub(super) fn decode(cursor: Cursor<'_>) -> Option<NetworkSpec> {
    let section = cursor.section(&NETWORK)?;
    let header = section.or("header", Bytes(0), |value| size_up_to(&value, MAX_HEADER));
    let nodes = section.or("nodes", Vec::new(), nodes);
    let links = section.or("links", Vec::new(), links);
    Some(NetworkSpec { header: header?, nodes: nodes?, links: links? })
}

/// A node's name.
pub(super) fn node_name<'a>(cursor: &Cursor<'a>) -> Option<&'a str> {
    fleet::name(cursor)
}

fn nodes(cursor: Cursor<'_>) -> Option<Vec<String>> {
    let mut names = IndexMap::new();
    let nodes: Vec<_> = cursor
        .items("node names")?
        .map(|item| {
            let name = node_name(&item)?;
            unique(&item, name, "node", &mut names)?;
            Some(name.to_owned())
        })
        .collect();
    nodes.into_iter().collect()
}

fn links(cursor: Cursor<'_>) -> Option<Vec<NetworkLink>> {
    let mut names = IndexMap::new();
    let links: Vec<_> = cursor
        .items("links")?
        .map(|item| {
            let link = link(&item.section(&LINK)?)?;
            let place = item.entry("name").unwrap_or(item);
            unique(&place, &link.name, "link", &mut names)?;
            Some(link)
        })
        .collect();
    links.into_iter().collect()
}

fn link(section: &Section<'_>) -> Option<NetworkLink> {
    let from = section.required("from", |value| node_name(&value));
    let to = section.required("to", |value| node_name(&value));
    let name = section.optional("name", |value| fleet::name(&value));
    let duplex = section.or("duplex", "full", |value| value.word(&LINK_DUPLEX));
    let pair = pair(section, duplex);
    let (from, to, name, duplex, pair) = (from?, to?, name?, duplex?, pair?);
    if from == to {
        return section.cursor().refuse(format!("this link joins `{from}` to itself"));
    }
    Some(NetworkLink {
        name: name.map_or_else(|| format!("{from}-{to}"), str::to_owned),
        from: from.to_owned(),
        to: to.to_owned(),
        up: pair.up,
        down: (duplex != "simplex").then_some(pair.down),
        duplex: pair.duplex,
    })
}

/// Refuses a `name` that was given before; `names` maps names to their lines.
fn unique(
    cursor: &Cursor<'_>,
    name: &str,
    kind: &str,
    names: &mut IndexMap<String, u32>,
) -> Option<()> {
    match names.get(name) {
        Some(line) => cursor.refuse(format!(
            "`{}` is the name of the {kind} in line {line} already{}",
            shorten(name),
            if cursor.as_text().is_some() { "" } else { "; give this one a `name` of its own" }
        )),
        None => {
            names.insert(name.to_owned(), cursor.line());
            Some(())
        }
    }
}

/// Declares the server's node where it is left out, and refuses links and attachments that lead to
/// nodes that there are not.
pub(super) fn join(
    root: &Section<'_>,
    network: &mut NetworkSpec,
    server: &ServerSpec,
    fleet: &[FleetEntry],
) -> Option<()> {
    let attached = root.get("server").and_then(|server| server.entry("attach"));
    if attached.is_none() && !network.nodes.contains(&server.attach) {
        network.nodes.insert(0, server.attach.clone());
    }
    let known = |name: &str| network.nodes.iter().any(|node| node == name);
    let check = |cursor: Option<Cursor<'_>>| match cursor {
        Some(cursor) => match cursor.as_text() {
            Some(name) if !known(name) => {
                let nodes: Vec<&str> = network.nodes.iter().map(String::as_str).collect();
                cursor.refuse(unknown("node", name, &nodes, &nodes))
            }
            _ => Some(()),
        },
        None => Some(()),
    };
    let mut checks = vec![check(attached)];
    if let Some(links) = root.get("network").and_then(|network| network.entry("links")) {
        for link in links.items("links")? {
            checks.extend([check(link.entry("from")), check(link.entry("to"))]);
        }
    }
    for (item, entry) in root.get("fleet")?.items("device groups")?.zip(fleet) {
        checks.push(check(item.entry("attach")));
        let shares_links = entry.attach.as_ref().is_some_and(|node| *node != server.attach);
        if entry.access.is_none() && !shares_links {
            checks.push(item.refuse(
                "`access` is missing; only devices attached to a node other than the server's can \
                 do without: they share its links",
            ));
        }
    }
    checks.into_iter().collect()
}
