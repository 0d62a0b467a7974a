//! Where a kind is served, and whether it is at all: asked only after a 404, which alone says neither.

use serde::Deserialize;

use super::super::Wanted;
use super::fault::Fault;
use super::foreign::{self, Untold};
use super::server::{JSON, Server};

/// What `/apis` says.
#[derive(Debug, Deserialize)]
struct Groups {
    kind: String,
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Debug, Deserialize)]
struct Group {
    name: String,
    #[serde(default)]
    versions: Vec<Version>,
}

#[derive(Debug, Deserialize)]
struct Version {
    version: Untold,
}

/// What `/apis/GROUP/VERSION` says.
#[derive(Debug, Deserialize)]
struct Resources {
    kind: String,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Debug, Deserialize)]
struct Resource {
    name: String,
}

/// The version under which a kind is served; `None` where the server knows the kind in no version.
///
/// That is believed only of a server that answers as Kubernetes does: behind a proxy that swallows paths, or without
/// the right to ask, it stays a fault.
pub(super) async fn served(server: &Server, row: &Wanted) -> Result<Option<String>, Fault> {
    let versions = versions(server, row).await?;
    for version in versions {
        if has(server, row, &version).await? {
            if row.versions.contains(&version.as_str()) {
                return Ok(Some(version));
            }
            return Err(Fault::Foreign(format!(
                "{} is served as {version} only, which this program does not read",
                row.resource
            )));
        }
    }
    Ok(None)
}

/// The versions of the kind's group, those we prefer first.
async fn versions(server: &Server, row: &Wanted) -> Result<Vec<String>, Fault> {
    if row.group.is_empty() {
        return Ok(row.versions.iter().map(ToString::to_string).collect());
    }
    let body = server.get("/apis", JSON).await?;
    let groups: Groups = read(&body)?;
    if groups.kind != "APIGroupList" {
        return Err(Fault::NoSuchPath);
    }
    let group = groups
        .groups
        .into_iter()
        .find(|group| group.name == row.group);
    let mut served: Vec<String> = group
        .into_iter()
        .flat_map(|group| group.versions)
        .filter_map(|version| Some(version.version.api_version()?.to_owned()))
        .collect();
    let rank = |version: &String| {
        let place = row.versions.iter().position(|known| known == version);
        place.unwrap_or(usize::MAX)
    };
    served.sort_by_key(rank);
    Ok(served)
}

async fn has(server: &Server, row: &Wanted, version: &str) -> Result<bool, Fault> {
    let body = server.get(&group_path(row, version), JSON).await?;
    let list: Resources = read(&body)?;
    if list.kind != "APIResourceList" {
        return Err(Fault::NoSuchPath);
    }
    let mut resources = list.resources.iter();
    Ok(resources.any(|resource| resource.name == row.plural()))
}

fn read<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Fault> {
    foreign::json(body).map_err(|_| Fault::NoSuchPath)
}

/// `/api/v1`, `/apis/apps/v1`.
pub(super) fn group_path(row: &Wanted, version: &str) -> String {
    if row.group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{}/{version}", row.group)
    }
}
