//! Images and the Postgres version: what the draft says, and what the image's tag says.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::reading::word;
use crate::fact::spec::release::target::named;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::fact::v4::objects::image::Image;
use crate::manifest::{Fact, Gap, Node};
use crate::schema::{Minors, Release};

const IMAGE: [&str; 2] = ["spec", "image"];
pub(in crate::fact::spec) const PGBACKREST_IMAGE: [&str; 4] =
    ["spec", "backups", "pgbackrest", "image"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.postgresVersion",
        Type::Int,
        "the Postgres major of the new cluster; 0 where it is not given",
        |draft| {
            let number = draft.number(&["spec", "postgresVersion"], "the Postgres version");
            number.map(|number| number.unwrap_or(0).into())
        },
    ),
    row(
        "draft.postGISVersion",
        Type::String,
        "spec.postGISVersion; \"\" for none",
        |draft| {
            let version = draft.text(&["spec", "postGISVersion"], "the PostGIS version");
            version.map(Value::from)
        },
    ),
    row(
        "draft.image",
        Type::String,
        "spec.image; \"\" where the operator's own is used",
        |draft| image(draft).map(Value::from),
    ),
    row(
        "draft.imageLackedBy",
        Type::String,
        "the releases of PGO the draft may go to whose installers have no image for its Postgres, and its PostGIS: \"5.8.0 and later\"; \"\" where it names an image, and where the newest of them has one",
        lacked_by,
    ),
    row(
        "draft.imageName",
        Type::String,
        "the last part of the image's path: \"crunchy-postgres\"; \"\" without an image",
        |draft| image(draft).map(|image| Image::parse(&image).name.into()),
    ),
    row(
        "draft.imageMajor",
        Type::Int,
        "the Postgres major in the image's tag; 0 without an image and for a tag that does not tell",
        |draft| {
            let major =
                |image: String| Tag::parse(Image::parse(&image).tag).map_or(0, |tag| tag.major);
            image(draft).map(|image| major(image).into())
        },
    ),
    row(
        "draft.imageMinor",
        Type::Int,
        "the Postgres minor in the image's tag; 0 without an image",
        |draft| tagged(draft, |tag| tag.minor),
    ),
    row(
        "draft.imageEl",
        Type::Int,
        "the Enterprise Linux generation in the image's tag; 0 without an image",
        |draft| tagged(draft, |tag| tag.enterprise_linux),
    ),
    row(
        "draft.imageGisVersion",
        Type::String,
        "the PostGIS version in the image's tag; \"\" for none or without an image",
        |draft| tagged(draft, |tag| tag.gis.to_owned()),
    ),
    row(
        "draft.gis",
        Type::Bool,
        "the new cluster has PostGIS: postGISVersion is set, or the image is a GIS image",
        |draft| {
            let version = draft.text(&["spec", "postGISVersion"], "the PostGIS version");
            let image = image(draft).map(|image| Image::parse(&image).name.contains("gis"));
            match version.value() {
                Some(text) if !text.is_empty() => version.map(|_| true.into()),
                _ => version.both(image).map(|(_, gis)| gis.into()),
            }
        },
    ),
    row(
        "draft.pgbackrestImage",
        Type::String,
        "the image of pgBackRest; \"\" where the operator's own is used",
        |draft| {
            let image = draft.text(&PGBACKREST_IMAGE, "pgBackRest's image");
            image.map(Value::from)
        },
    ),
    row(
        "draft.pgbackrestMinor",
        Type::Int,
        "the minor of pgBackRest 2 in the tag of its image; 0 without an image and for a tag that does not tell",
        |draft| {
            let image = draft.text(&PGBACKREST_IMAGE, "pgBackRest's image");
            image.map(|image| {
                pgbackrest_minor(Image::parse(&image).tag)
                    .unwrap_or(0)
                    .into()
            })
        },
    ),
    row(
        "draft.pgadminImage",
        Type::String,
        "the image of pgAdmin; \"\" where the operator's own is used",
        |draft| {
            let path = ["spec", "userInterface", "pgAdmin", "image"];
            draft.text(&path, "pgAdmin's image").map(Value::from)
        },
    ),
    row(
        "draft.imagePullSecrets",
        Type::Strings,
        "the Secrets for pulling images",
        |draft| {
            let path = ["spec", "imagePullSecrets"];
            let items = draft.items(&path);
            items.and_then(|items| {
                let names = items.iter().map(|item| word(*item, &["name"]));
                let fact = Fact::known(names.collect::<Vec<_>>().into());
                fact.and_at(draft.nearest(&path), "the Secrets for pulling images")
            })
        },
    ),
];

fn lacked_by(draft: &Draft<'_>) -> Fact<Value> {
    let major = draft.number(&["spec", "postgresVersion"], "the Postgres version");
    let gis = draft.text(&["spec", "postGISVersion"], "the PostGIS version");
    let wanted = major.both(gis).both(image(draft));
    wanted.map(|((major, gis), image)| {
        let Some(major) = major.filter(|_| image.is_empty()) else {
            return "".into();
        };
        let pair = format!("{major}+{gis}");
        let lacks = |release: &Release| {
            if gis.is_empty() {
                let mut majors = release.default_images.iter();
                !majors.any(|one| i64::from(*one) == major)
            } else {
                !release.gis_images.contains(&pair.as_str())
            }
        };
        let releases = &draft.target().releases;
        let newest = releases.last().is_some_and(|release| lacks(release));
        let named = if newest {
            named(releases, lacks)
        } else {
            String::new()
        };
        named.into()
    })
}

fn image(draft: &Draft<'_>) -> Fact<String> {
    draft.text(&IMAGE, "the Postgres image")
}

/// What the tag of an image of v5 says: `ubi8-13.10-1`, with a GIS version `ubi8-13.10-3.1-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact) struct Tag<'t> {
    /// The Enterprise Linux generation of its base.
    pub(in crate::fact) enterprise_linux: i64,
    /// The Postgres major.
    pub(in crate::fact) major: i64,
    /// The Postgres minor.
    pub(in crate::fact) minor: i64,
    gis: &'t str,
}

impl<'t> Tag<'t> {
    /// `None` for a tag that does not follow the vendor's pattern.
    pub(in crate::fact) fn parse(tag: &'t str) -> Option<Tag<'t>> {
        let mut parts = tag.split('-');
        let base = parts.next()?;
        let families = ["ubi", "centos", "rhel"];
        let digits = families
            .into_iter()
            .find_map(|family| base.strip_prefix(family))?;
        let (major, minor) = parts.next()?.split_once('.')?;
        let rest: Vec<&str> = parts.collect();
        let gis = match rest.as_slice() {
            [gis, _, ..] if is_short(gis) => gis,
            _ => "",
        };
        let build = rest.last()?;
        build
            .starts_with(|c: char| c.is_ascii_digit())
            .then_some(())?;
        Some(Tag {
            enterprise_linux: digits.parse().ok()?,
            major: major.parse().ok().filter(|major| *major >= 9)?,
            minor: minor.parse().ok()?,
            gis,
        })
    }
}

/// The 38 of `ubi8-2.38-0`; nothing where the tag bears another number, as that of PGO itself.
fn pgbackrest_minor(tag: &str) -> Option<i64> {
    let version = tag.split('-').nth(1)?.strip_prefix("2.")?;
    version.split('.').next()?.parse().ok()
}

/// Which pgBackRest the draft may run: what its image's tag says, else what each possible release of PGO brings. An
/// image whose tag does not tell may hold any.
pub(in crate::fact::spec) fn pgbackrest_minors(draft: &Draft<'_>) -> Vec<Minors> {
    let image = draft.at(&PGBACKREST_IMAGE).map_or("", Node::text);
    if image.is_empty() {
        let releases = draft.target().releases.iter();
        return releases.map(|release| release.pgbackrest).collect();
    }
    let minor = pgbackrest_minor(Image::parse(image).tag).and_then(|minor| minor.try_into().ok());
    vec![minor.map_or(ANY, |minor| Minors {
        min: minor,
        max: minor,
    })]
}

const ANY: Minors = Minors {
    min: 0,
    max: u32::MAX,
};

/// Two numbers, as versions of GIS are written.
fn is_short(text: &str) -> bool {
    let numbers = text.split('.').all(|part| part.parse::<u16>().is_ok());
    numbers && text.split('.').count() == 2
}

fn tagged<T: Into<Value> + Default>(draft: &Draft<'_>, pick: fn(&Tag<'_>) -> T) -> Fact<Value> {
    image(draft).and_then(|image| {
        if image.is_empty() {
            return Fact::known(T::default().into());
        }
        match Tag::parse(Image::parse(&image).tag) {
            Some(tag) => Fact::known(pick(&tag).into()),
            None => Fact::unknown(Gap {
                missing: format!("the Postgres version in the image {image}"),
                because: "its tag does not follow the vendor's pattern".to_owned(),
                ask: format!("run `postgres --version` in the image {image}"),
            }),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_v5_tell_base_version_and_gis() {
        let parse =
            |tag| Tag::parse(tag).map(|tag| (tag.enterprise_linux, tag.major, tag.minor, tag.gis));
        assert_eq!(parse("ubi8-13.10-1"), Some((8, 13, 10, "")));
        assert_eq!(parse("centos8-13.4-3.1-1"), Some((8, 13, 4, "3.1")));
        assert_eq!(parse("ubi8-14.0-5.0.3-0"), Some((8, 14, 0, "")));
        assert_eq!(parse("ubi9-17.6-2534"), Some((9, 17, 6, "")));
        for tag in [
            "",
            "latest",
            "ubi8-13-1",
            "13.10",
            "ubi8-4-0",
            "alpine-13.1-1",
            "ubi8-13.10-beta",
        ] {
            assert_eq!(parse(tag), None, "{tag}");
        }
    }

    #[test]
    fn tags_of_pgbackrest_tell_its_minor() {
        assert_eq!(pgbackrest_minor("ubi8-2.38-0"), Some(38));
        assert_eq!(pgbackrest_minor("ubi9-2.54.1-2534"), Some(54));
        for tag in ["ubi8-5.0.3-0", "latest", "2.38", ""] {
            assert_eq!(pgbackrest_minor(tag), None, "{tag}");
        }
    }
}
