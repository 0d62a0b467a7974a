//! The upgrades of Postgres itself that are asked for a living cluster: `PGUpgrade` objects, drafted or known to the server.
//!
//! Source: PGO `internal/controller/pgupgrade` of 5.7 to 6.0: a `PGUpgrade` names its cluster and both majors; it works on a
//! cluster of its namespace that bears the annotation allow-upgrade with its name and is shut down. The controller says how
//! far it is in the conditions Progressing and Succeeded.

use super::row::{LivingFact, V5Living, row};
use super::subject::Living;
use super::upgrade::operator_image;
use crate::expr::Value;
use crate::fact::v4::fields;
use crate::fact::v4::objects::image::Image;
use crate::fact::{Element, FactDef, Reader, Type};
use crate::manifest::{Fact, Inventory, Kind, Node, Object};

const ALLOW: &str = "postgres-operator.crunchydata.com/allow-upgrade";
const NOTE: &str = "an upgrade of Postgres";

pub(super) static FACTS: &[LivingFact] = &[
    FactDef {
        name: "live.pgupgrades",
        ty: Type::Elements,
        meaning: "the PGUpgrades in the input that name it, of its namespace: {name, from, to, image, imageMajor, operatorHas, method, jobs, live, state, message}; from and to are majors, 0 where not given; imageMajor that of the image's tag, or of the operator's where none is named, 0 where no tag tells; operatorHas whether the operator has an image for the cluster under the new major; state \"drafted\", \"waiting\", \"succeeded\", \"failed\", or the reason why it does not go on",
        read: Reader::<V5Living>::Each(
            &[
                "name",
                "from",
                "to",
                "image",
                "imageMajor",
                "operatorHas",
                "method",
                "jobs",
                "live",
                "state",
                "message",
            ],
            pgupgrades,
        ),
        orders: &[],
    },
    row(
        "live.allowsUpgrade",
        Type::String,
        "the PGUpgrade that its annotation allow-upgrade names; \"\" for none",
        |living| {
            let path = ["metadata", "annotations", ALLOW];
            let allowed = fields::text(living.object, &path, "which PGUpgrade it allows");
            allowed.map(Value::from)
        },
    ),
    row(
        "live.postgresVersion",
        Type::Int,
        "the Postgres major in the status, which a PGUpgrade writes once it is done; 0 where none wrote it",
        |living| {
            let path = ["status", "postgresVersion"];
            let major = fields::number(living.object, &path, "the major in the status");
            major.map(|major| major.unwrap_or(0).into())
        },
    ),
];

/// Those in the input: where nobody shows one, there is nothing to judge.
fn pgupgrades(living: &Living<'_>) -> Fact<Vec<Element>> {
    let places = [Some(living.inventory), living.files];
    let all = places.into_iter().flatten();
    let all = all.flat_map(|place| of_namespace(place, living.namespace));
    let names_it = |one: &&Object| {
        let named = one.at(&["spec", "postgresClusterName"]);
        named.is_some_and(|named| named.text() == living.name)
    };
    Fact::known(
        all.filter(names_it)
            .map(|one| element(living, one))
            .collect(),
    )
}

/// Those of a namespace; one without, as in a loose file, may go into any.
fn of_namespace<'a>(files: &'a Inventory, namespace: Option<&str>) -> Vec<&'a Object> {
    let all = files.list_all(Kind::PgUpgrade).objects;
    let there = |one: &&Object| one.namespace.is_none() || one.namespace.as_deref() == namespace;
    all.into_iter().filter(there).collect()
}

fn element(living: &Living<'_>, object: &Object) -> Element {
    let number = |key, note| {
        let number = fields::number(object, &["spec", key], note);
        number.map(|number| number.unwrap_or(0).into())
    };
    let text = |key, note| fields::text(object, &["spec", key], note).map(Value::from);
    let place = object.at(&["spec", "postgresClusterName"]);
    let span = place.map_or_else(|| object.name_span(), Node::span);
    let (state, message) = state(object);
    Element::new(format!("PGUpgrade {}", object.name), span, NOTE)
        .with(
            "name",
            Fact::at((*object.name).into(), object.name_span(), NOTE),
        )
        .with("from", number("fromPostgresVersion", "the major before"))
        .with("to", number("toPostgresVersion", "the major to go to"))
        .with("image", text("image", "the image of pg_upgrade"))
        .with("imageMajor", image_major(living, object))
        .with("operatorHas", operator_has(living, object))
        .with(
            "method",
            text("transferMethod", "how files are carried over"),
        )
        .with("jobs", number("jobs", "how many processes"))
        .with("live", Fact::known(object.is_live().into()))
        .with("state", state)
        .with("message", message)
}

/// Whether the operator has an image of Postgres, and the cluster's `PostGIS`, for the major to go to.
fn operator_has(living: &Living<'_>, object: &Object) -> Fact<Value> {
    let path = ["spec", "toPostgresVersion"];
    let major = fields::number(object, &path, "the major to go to");
    let gis = ["spec", "postGISVersion"];
    let gis = fields::text(living.object, &gis, "the PostGIS version");
    major.both(gis).and_then(|(major, gis)| {
        let of_gis = match gis.as_str() {
            "" => String::new(),
            gis => format!("_GIS_{gis}"),
        };
        let variable = format!("RELATED_IMAGE_POSTGRES_{}{of_gis}", major.unwrap_or(0));
        operator_image(living, &variable).map(|image| (!image.is_empty()).into())
    })
}

/// What the controller says of it.
fn state(object: &Object) -> (Fact<Value>, Fact<Value>) {
    let condition = |kind| {
        let all = object.at(&["status", "conditions"])?;
        let is = |one: &Node<'_>| one.get("type").is_some_and(|name| name.text() == kind);
        all.items().find(is)
    };
    let says = |one: Node<'_>, key| one.get(key).map_or("", Node::text).to_owned();
    let told = |word: &str, one: Node<'_>| {
        let span = one.get("reason").unwrap_or(one).span();
        let state = Fact::at(word.into(), span, "what the operator says of it");
        (state, Fact::known(says(one, "message").into()))
    };
    if let Some(done) = condition("Succeeded") {
        let word = if says(done, "status") == "True" {
            "succeeded"
        } else {
            "failed"
        };
        return told(word, done);
    }
    match condition("Progressing") {
        Some(one) if says(one, "status") == "False" => told(&says(one, "reason"), one),
        Some(one) => told("waiting", one),
        None => {
            let word = if object.is_live() {
                "waiting"
            } else {
                "drafted"
            };
            (Fact::known(word.into()), Fact::known("".into()))
        }
    }
}

/// The newest major that the image has: its tag begins with the base and that major's release.
fn image_major(living: &Living<'_>, object: &Object) -> Fact<Value> {
    let named = fields::text(object, &["spec", "image"], "the image of pg_upgrade");
    let image = named.and_then(|image| {
        if image.is_empty() {
            operator_image(living, "RELATED_IMAGE_PGUPGRADE")
        } else {
            Fact::known(image)
        }
    });
    image.map(|image| {
        let mut parts = Image::parse(&image).tag.split('-').skip(1);
        let release = parts.next().unwrap_or("");
        let major = release.split_once('.').map_or("", |(major, _)| major);
        major
            .parse::<i64>()
            .ok()
            .filter(|major| (10..100).contains(major))
            .unwrap_or(0)
            .into()
    })
}
