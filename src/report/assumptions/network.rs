//! The links and the server.

use super::fleet::compute;
use super::phrases::{random_span, share, span};
use crate::report::text::counted;
use crate::scenario::{
    Discipline, Duplex, LinkSpec, NetworkSpec, OutageSpec, PrioritySpec, QueueSpec, Scenario,
    ServerSpec,
};

/// Access links, the network behind them, and the server.
pub(super) fn paragraph(scenario: &Scenario) -> String {
    let mut sentences = Vec::new();
    for entry in &scenario.fleet {
        sentences.push(match &entry.access {
            None => format!("Devices of class `{}` use the links of their node.", entry.name),
            Some(access) => format!(
                "Each device of class `{}` has its own access link: up {}; down {}{}.",
                entry.name,
                link(&access.up),
                link(&access.down),
                shared_wire(access.duplex)
            ),
        });
    }
    sentences.extend(scenario.network.links.iter().map(|between| {
        let down = between.down.as_ref().map_or_else(String::new, |down| {
            format!("; back {}{}", link(down), shared_wire(between.duplex))
        });
        format!(
            "Link `{}` from node {} to node {}: {}{down}.",
            between.name,
            between.from,
            between.to,
            link(&between.up)
        )
    }));
    sentences.push(messages(&scenario.network));
    format!("**Network and server.** {} {}", sentences.join(" "), server(&scenario.server))
}

fn messages(network: &NetworkSpec) -> String {
    let route = if network.links.is_empty() {
        ""
    } else {
        " Messages take the static route of least delay, store and forward."
    };
    let header = if network.header.0 == 0 {
        "carries no protocol header".to_owned()
    } else {
        format!("carries a header of {}", network.header)
    };
    format!("Each message {header}.{route}")
}

fn shared_wire(duplex: Duplex) -> &'static str {
    match duplex {
        Duplex::Full => "",
        Duplex::Half => ", both directions sharing the medium",
    }
}

/// One direction.
fn link(link: &LinkSpec) -> String {
    let mut parts = vec![match &link.schedule {
        None => link.rate.to_string(),
        Some(_) => format!("a rate that varies over time, {} in the long run", link.rate),
    }];
    parts.push(format!("{} of propagation delay", span(link.delay)));
    if let Some(jitter) = &link.jitter {
        parts.push(format!("jitter without reordering, {}", random_span(jitter)));
    }
    if link.loss > 0.0 {
        let retries = counted(link.retries as usize, "retransmission");
        let loss = share(link.loss);
        parts.push(format!("independent loss of {loss} with at most {retries}"));
    }
    parts.push(match link.discipline {
        Discipline::Fifo => "first in, first out".to_owned(),
        Discipline::Fair => "all messages in transmission sharing it equally".to_owned(),
    });
    if let Some(buffer) = link.buffer {
        parts.push(format!("room for {buffer} messages, others are dropped"));
    }
    if let Some(mtu) = link.mtu {
        parts.push(format!("segments of {mtu} B"));
    }
    match &link.outages {
        None => {}
        Some(OutageSpec::Listed(outages)) => {
            parts.push(counted(outages.len(), "stated outage"));
        }
        Some(OutageSpec::Random { mean_up, mean_down }) => parts.push(format!(
            "random outages, exponentially {} up and {} down in the mean",
            span(*mean_up),
            span(*mean_down)
        )),
    }
    if let Some(background) = link.background {
        parts.push(format!(
            "messages of others of {} every {} in the mean",
            background.size,
            span(background.arrivals.mean_gap())
        ));
    }
    parts.join(", ")
}

fn server(server: &ServerSpec) -> String {
    let queue = match &server.queue {
        QueueSpec::Fifo => "first in, first out".to_owned(),
        QueueSpec::ProcessorSharing => "by processor sharing".to_owned(),
        QueueSpec::Batch { max, wait, .. } => format!(
            "in batches of at most {max} requests, of which the oldest waits at most {}",
            span(*wait)
        ),
    };
    let priority = match server.priority {
        None => "",
        Some(PrioritySpec::Inference) => ", requests before training",
        Some(PrioritySpec::Training) => ", training before requests",
    };
    let buffer = server.buffer.map_or_else(String::new, |buffer| {
        format!(", with room for {buffer} jobs, others are dropped")
    });
    format!(
        "The edge server has {}, each with {}, and serves {queue}{priority}{buffer}.",
        counted(server.workers as usize, "worker"),
        compute(&server.device)
    )
}
