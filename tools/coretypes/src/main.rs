//! Writes `src/schema/catalogue/core.fields`: the core Kubernetes types that `PostgresCluster` embeds, as
//! k8s-openapi knows them, without their descriptions. With `--check` it only tells whether the file is up to date.
//!
//! Run it from anywhere: `cargo run --manifest-path tools/coretypes/Cargo.toml`.

use std::fmt::Write as _;
use std::process::ExitCode;

use k8s_openapi::api::core::v1 as core;
use schemars::SchemaGenerator;
use serde_json::Value;

const HEAD: &str = "\
# Core Kubernetes types (API 1.35), written by tools/coretypes from k8s-openapi: do not edit by hand.
# What PGO embeds of them in which release stands in postgrescluster.fields (`amend`).
";

fn main() -> ExitCode {
    let mut generator = SchemaGenerator::default();
    // Each brings the types that it refers to with it.
    generator.subschema_for::<core::Affinity>();
    generator.subschema_for::<core::Container>();
    generator.subschema_for::<core::LocalObjectReference>();
    generator.subschema_for::<core::PersistentVolumeClaimSpec>();
    generator.subschema_for::<core::Toleration>();
    generator.subschema_for::<core::TopologySpreadConstraint>();
    generator.subschema_for::<core::VolumeProjection>();
    let mut definitions: Vec<(String, Value)> = generator
        .take_definitions(false)
        .into_iter()
        .map(|(name, schema)| (short(&name), schema))
        .collect();
    definitions.sort_by(|a, b| a.0.cmp(&b.0));
    let mut text = HEAD.to_owned();
    for (name, schema) in &definitions {
        if shorthand(name).is_none() {
            write_type(&mut text, name, schema);
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/schema/catalogue/core.fields");
    if !std::env::args().any(|arg| arg == "--check") {
        if let Err(error) = std::fs::write(path, text) {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    } else if std::fs::read_to_string(path).ok().as_deref() != Some(&text) {
        eprintln!("{path} is not up to date: run this without --check");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write_type(text: &mut String, name: &str, schema: &Value) {
    let _ = writeln!(text, "\ntype {name}: object");
    let required: Vec<&str> = schema["required"]
        .as_array()
        .map(|list| list.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let Some(fields) = schema["properties"].as_object() else {
        return;
    };
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    for (field, schema) in fields {
        let _ = write!(text, "  {field}: {}", kind(schema));
        if required.contains(&field.as_str()) {
            text.push_str(" required");
        }
        text.push('\n');
    }
}

/// A type as the catalogue writes it.
fn kind(schema: &Value) -> String {
    let reference = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str());
    if let Some(reference) = reference {
        let name = short(reference.rsplit('/').next().unwrap_or(reference));
        return shorthand(&name).map_or(name, str::to_owned);
    }
    match schema["type"].as_str() {
        Some("array") => format!("[{}]", kind(&schema["items"])),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("{{{}}}", kind(&schema["additionalProperties"]))
        }
        Some(name) => match schema["format"].as_str() {
            Some(format @ "byte") => format!("{name} format:{format}"),
            _ => name.to_owned(),
        },
        None => "any".to_owned(),
    }
}

fn short(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

fn shorthand(name: &str) -> Option<&'static str> {
    match name {
        "Quantity" => Some("quantity"),
        "IntOrString" => Some("int-or-string"),
        "Time" => Some("string format:date-time"),
        _ => None,
    }
}
