//! Makes a synthetic fleet of PGO v4 clusters, for benchmarks and for trying things out.
//!
//! The same number always gives the same bytes. Every seventh or so cluster differs from the plain case: S3,
//! posix and S3, a failover with replicas, a WAL volume, NFS, tablespaces, shut down, reclaim policy Delete.
//!
//! ```text
//! cargo run --release --example fleet -- 1000 > fleet.yaml            one kubectl List
//! cargo run --release --example fleet -- 1000 --json > fleet.json     the same as JSON
//! cargo run --release --example fleet -- 1000 --stream > fleet.yaml   documents separated by ---
//! cargo run --release --example fleet -- 5000 --folder out/           one file per cluster
//! cargo run --release --example fleet -- 0 --drafts 1000              drafts that replace the first 1,000 clusters
//! ```

#![recursion_limit = "256"]
#![allow(clippy::indexing_slicing, unreachable_pub)] // serde_json's `value["key"] = ...` cannot panic on objects

mod cluster;
mod draft;
mod wide;

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq)]
enum Form {
    List,
    Stream,
    Json,
}

struct Wanted {
    clusters: usize,
    drafts: usize,
    form: Form,
    folder: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = wanted(std::env::args().skip(1))?;
    if let Some(folder) = &wanted.folder {
        return write_folder(&wanted, folder);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let clusters = (0..wanted.clusters).flat_map(cluster::objects);
    let drafts = (0..wanted.drafts).map(draft::object);
    let wide = if wanted.clusters > 0 {
        wide::objects()
    } else {
        Vec::new()
    };
    write_all(
        &mut out,
        wanted.form,
        wide.into_iter().chain(clusters).chain(drafts),
    )?;
    Ok(out.flush()?)
}

fn wanted(mut args: impl Iterator<Item = String>) -> Result<Wanted, String> {
    let mut wanted = Wanted {
        clusters: 10,
        drafts: 0,
        form: Form::List,
        folder: None,
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--json" => wanted.form = Form::Json,
            "--stream" => wanted.form = Form::Stream,
            "--drafts" => {
                let number = args.next().and_then(|number| number.parse().ok());
                wanted.drafts = number.ok_or("--drafts takes a number")?;
            }
            "--folder" => wanted.folder = Some(args.next().ok_or("--folder takes a path")?.into()),
            number => {
                wanted.clusters = number
                    .parse()
                    .map_err(|_| format!("{number} is not a number of clusters"))?;
            }
        }
    }
    Ok(wanted)
}

fn write_folder(wanted: &Wanted, folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let ending = if wanted.form == Form::Json {
        "json"
    } else {
        "yaml"
    };
    let write = |name: String, objects: Vec<Value>| -> Result<(), Box<dyn Error>> {
        let path = folder.join(format!("{name}.{ending}"));
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        write_all(&mut file, wanted.form, objects.into_iter())?;
        Ok(file.flush()?)
    };
    if wanted.clusters > 0 {
        write("wide".to_owned(), wide::objects())?;
    }
    for number in 0..wanted.clusters {
        write(cluster::name(number), cluster::objects(number))?;
    }
    for number in 0..wanted.drafts {
        write(
            format!("{}-v5", cluster::name(number)),
            vec![draft::object(number)],
        )?;
    }
    Ok(())
}

/// Writes objects as kubectl would: keys sorted, a List's items not indented.
fn write_all(
    out: &mut impl Write,
    form: Form,
    objects: impl Iterator<Item = Value>,
) -> Result<(), Box<dyn Error>> {
    match form {
        Form::Json => {
            let list = json!({"apiVersion": "v1", "items": objects.collect::<Vec<_>>(), "kind": "List", "metadata": {"resourceVersion": ""}});
            serde_json::to_writer_pretty(&mut *out, &list)?;
            out.write_all(b"\n")?;
        }
        Form::List => {
            out.write_all(b"apiVersion: v1\nitems:\n")?;
            for object in objects {
                let text = yaml_serde::to_string(&object)?;
                for (index, line) in text.lines().enumerate() {
                    writeln!(out, "{}{line}", if index == 0 { "- " } else { "  " })?;
                }
            }
            out.write_all(b"kind: List\nmetadata:\n  resourceVersion: \"\"\n")?;
        }
        Form::Stream => {
            for object in objects {
                out.write_all(b"---\n")?;
                out.write_all(yaml_serde::to_string(&object)?.as_bytes())?;
            }
        }
    }
    Ok(())
}
