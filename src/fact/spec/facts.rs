//! The table of all facts about a draft.

use std::sync::LazyLock;

use super::around::{annotations, beside, existing, neighbours, operator};
use super::bootstrap::{fresh, shape, source, standby};
use super::claims::{adopted, claim_spec, claim_specs, volumes};
use super::clients::{access, certificates, role_options};
use super::fields::placeholders;
use super::parameters::patroni_keys;
use super::pods::{image, images, instances, mesh, pgbouncer, sidecars};
use super::release::{api_version, floor, target, v4_keys};
use super::repository::{
    configuration, filled, global, options, repos, repositories, restores, schedules, source_repo,
    stores,
};
use super::{V5Draft, change, compare, extras, identity, pairing, parameters, pods};
use crate::fact::{FactTable, v4};

/// Every fact about a draft, and under `v4.` every fact about the v4 cluster it replaces.
pub static FACTS: LazyLock<FactTable<V5Draft>> = LazyLock::new(|| {
    let [claims, repository, settings, v4_cluster, people] = compare::FACTS;
    let own = FactTable::new(&[
        identity::FACTS,
        api_version::FACTS,
        shape::FACTS,
        fresh::FACTS,
        floor::FACTS,
        target::FACTS,
        volumes::FACTS,
        volumes::DATA,
        volumes::WAL,
        volumes::REPO,
        adopted::FACTS,
        source::FACTS,
        restores::FACTS,
        standby::FACTS,
        instances::FACTS,
        claim_specs::FACTS,
        claim_spec::DATA,
        claim_spec::WAL,
        claim_spec::REPO,
        repos::FACTS,
        repos::named::FACTS,
        repositories::FACTS,
        stores::FACTS,
        schedules::FACTS,
        source_repo::FACTS,
        filled::FACTS,
        global::FACTS,
        options::FACTS,
        options::values::FACTS,
        options::required::FACTS,
        certificates::FACTS,
        configuration::FACTS,
        image::FACTS,
        images::FACTS,
        parameters::FACTS,
        parameters::clashes::FACTS,
        parameters::log::FACTS,
        parameters::strange::FACTS,
        parameters::sync::FACTS,
        parameters::values::FACTS,
        access::FACTS,
        access::lines::FACTS,
        role_options::FACTS,
        pods::additional::FACTS,
        pods::tolerations::FACTS,
        pods::requests::FACTS,
        pods::ports::FACTS,
        pods::refused::FACTS,
        pods::amounts::FACTS,
        pods::services::FACTS,
        pods::node_ports::FACTS,
        pgbouncer::FACTS,
        pgbouncer::connections::FACTS,
        restores::manual::FACTS,
        extras::FACTS,
        v4_keys::FACTS,
        existing::FACTS,
        mesh::FACTS,
        operator::FACTS,
        annotations::FACTS,
        beside::FACTS,
        patroni_keys::FACTS,
        sidecars::FACTS,
        neighbours::FACTS,
        placeholders::FACTS,
        change::FACTS,
        change::CLAIMS,
        change::KEPT,
        change::OPERATION,
        change::RESTARTS,
        change::SWITCHOVER,
        change::TAKES,
        change::WAYS,
        change::UNREADABLE,
        pairing::FACTS,
        claims,
        repository,
        settings,
        v4_cluster,
        people,
    ]);
    own.borrowing("v4.", &v4::FACTS, pairing::v4_fact)
});
