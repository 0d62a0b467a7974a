//! Values of Postgres' parameters that go with nothing else in the draft: with other parameters, or with what its pods have.

use super::amount::bytes;
use super::{Parameter, in_effect, named, place};
use crate::expr::Quantity;
use crate::fact::Element;
use crate::fact::spec::pods::instances;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.parameterClashes",
    "every parameter whose value cannot be beside the rest of the draft: {name, value, why, fatal}; fatal whether Postgres does not start with it",
    &["name", "value", "why", "fatal"],
    clashes,
)];

/// What is wrong with a parameter.
struct Clash<'p, 'a> {
    parameter: &'p Parameter<'a>,
    why: String,
    fatal: bool,
}

fn clashes(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    let major = major.value().copied().flatten().unwrap_or(0);
    let found = bare(in_effect(draft).both(instances::sets(draft)));
    let found = found.map(|(parameters, sets)| {
        let written = parameters.iter().filter(|one| !one.value.is_unsaid());
        let written: Vec<Parameter<'_>> = written.cloned().collect();
        let all = [
            huge_pages(&written, &sets),
            reserved(&written, major),
            least_log(&written, "max_wal_size"),
            least_log(&written, "min_wal_size"),
            memory(&written, &sets),
        ];
        all.into_iter().flatten().map(element).collect()
    });
    found.and_at(place(draft), super::NOTE)
}

fn element(clash: Clash<'_, '_>) -> Element {
    let one = clash.parameter;
    let note = "goes with nothing else here";
    let value = one.text.as_deref().unwrap_or_default();
    Element::new(format!("parameters.{}", one.name), one.value.span(), note)
        .with("name", Fact::known(one.name.as_str().into()))
        .with("value", Fact::at(value.into(), one.value.span(), note))
        .with("why", Fact::known(clash.why.into()))
        .with("fatal", Fact::known(clash.fatal.into()))
}

/// Postgres ends where `huge_pages` is on and there are none; `src/backend/port/sysv_shmem.c` (`CreateAnonymousSegment`).
fn huge_pages<'p, 'a>(parameters: &'p [Parameter<'a>], sets: &[Node<'a>]) -> Option<Clash<'p, 'a>> {
    let parameter = named(parameters, "huge_pages")?;
    let on = ["on", "true", "yes", "1"].contains(&lower(parameter).as_str());
    let bare = |(number, set): (usize, &Node<'_>)| {
        let lists = [["resources", "limits"], ["resources", "requests"]];
        let mut keys = lists
            .iter()
            .filter_map(|list| set.at(list))
            .flat_map(Node::entries);
        let has = keys.any(|(key, _)| key.key().starts_with("hugepages-"));
        (!has).then(|| instances::name(number, *set))
    };
    let set = sets.iter().enumerate().find_map(bare).filter(|_| on)?;
    Some(Clash {
        parameter,
        why: format!("the pods of instance set {set} ask for no huge pages"),
        fatal: true,
    })
}

/// `src/backend/postmaster/postmaster.c` (`PostmasterMain`); Patroni takes no `max_connections` below 25.
fn reserved<'p, 'a>(parameters: &'p [Parameter<'a>], major: i64) -> Option<Clash<'p, 'a>> {
    let number = |name, default| {
        let text = named(parameters, name).and_then(|one| one.text.as_deref());
        text.map_or(Some(default), |text| text.trim().parse::<i64>().ok())
    };
    let most = number("max_connections", 100).filter(|most| *most >= 25)?;
    let superusers = number("superuser_reserved_connections", 3)?;
    let others = if major >= 16 {
        number("reserved_connections", 0)?
    } else {
        0
    };
    if superusers.saturating_add(others) < most {
        return None;
    }
    let names = ["superuser_reserved_connections", "reserved_connections"];
    let mut written = names.iter().filter_map(|name| named(parameters, name));
    Some(Clash {
        parameter: written.next()?,
        why: format!("of {most} connections none is left for others"),
        fatal: true,
    })
}

/// Two segments of the write-ahead log, as the operator's databases have them.
const LEAST_LOG: f64 = 32.0 * 1024.0 * 1024.0;

/// `src/backend/access/transam/xlog.c` (`ReadControlFile`).
fn least_log<'p, 'a>(parameters: &'p [Parameter<'a>], name: &str) -> Option<Clash<'p, 'a>> {
    let parameter = named(parameters, name)?;
    let size = bytes(name, parameter.text.as_deref()?)?;
    (0.0..LEAST_LOG).contains(&size).then(|| Clash {
        parameter,
        why: "two segments of the write-ahead log are 32MB".to_owned(),
        fatal: true,
    })
}

/// Shared buffers that fill the whole of what a pod may have.
fn memory<'p, 'a>(parameters: &'p [Parameter<'a>], sets: &[Node<'a>]) -> Option<Clash<'p, 'a>> {
    let parameter = named(parameters, "shared_buffers")?;
    let size = bytes("shared_buffers", parameter.text.as_deref()?)?;
    let small = |(number, set): (usize, &Node<'_>)| {
        let limit = set.at(&["resources", "limits", "memory"])?;
        let amount = Quantity::parse(limit.text()).filter(|_| !limit.is_unsaid())?;
        #[allow(clippy::cast_precision_loss)] // a byte more or less is nothing here
        let bytes = amount.0 as f64 / 1000.0;
        (bytes > 0.0 && bytes <= size).then(|| {
            let name = instances::name(number, *set);
            format!("the pods of instance set {name} may have {}", limit.text())
        })
    };
    Some(Clash {
        parameter,
        why: sets.iter().enumerate().find_map(small)?,
        fatal: false,
    })
}

fn lower(parameter: &Parameter<'_>) -> String {
    parameter.text.as_deref().unwrap_or("").to_ascii_lowercase()
}
