//! Node ports of the draft's Services that a server, or the operator, does not give.

use super::places;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};
use crate::source::Span;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.nodePorts",
    "every nodePort of a Service, wherever one can be described: {path, port, outside, ofClusterIp, sameAs}; outside whether servers give no such port unless told otherwise, ofClusterIp whether the Service's type is ClusterIP, which has none, sameAs the place before it with the same port",
    &["path", "port", "outside", "ofClusterIp", "sameAs"],
    listed,
)];

/// What a server gives unless it is told another range (`--service-node-port-range`).
const RANGE: std::ops::RangeInclusive<i64> = 30_000..=32_767;

fn listed(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut before: Vec<(&str, i64, Span)> = Vec::new();
    let mut found = Vec::new();
    for place in places(draft, "nodePort") {
        let Ok(port) = place.value.text().parse::<i64>() else {
            continue;
        };
        let span = place.value.span();
        let is = |value: Value, note| Fact::at(value, span, note);
        let same = before.iter().find(|(_, other, _)| *other == port);
        let same = match same {
            Some((path, _, other)) => {
                is((*path).into(), "a port for two Services").and_at(*other, "and here")
            }
            None => is("".into(), "a port of every node"),
        };
        let kind = place.around.get("type").filter(|kind| !kind.is_null());
        let kind = kind.map_or("ClusterIP", Node::text);
        found.push(
            Element::new(place.path.clone(), span, "a port of every node")
                .with("path", Fact::known(place.path.as_str().into()))
                .with("port", is(port.into(), "a port of every node"))
                .with(
                    "outside",
                    is((!RANGE.contains(&port)).into(), "outside the range"),
                )
                .with(
                    "ofClusterIp",
                    is((kind == "ClusterIP").into(), "no port of a ClusterIP"),
                )
                .with("sameAs", same),
        );
        before.push((place.path.as_str(), port, span));
    }
    Fact::at(found, draft.nearest(&["spec"]), "the spec")
}
