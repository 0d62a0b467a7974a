//! A name that stands alone in a rule file (`label: primary.name`), as written, to what it names.

use super::scope::{Given, Scope, fact, item};
use crate::expr::{Name, Names, parse};

impl Name {
    /// The name written like this, with the fields of a fact's value that follow it: `self.metadata.labels.pg-cluster`,
    /// `self.metadata.annotations["a.b/c"]`, `now`, `repo.types`, `postgres.parameters.max_connections`.
    pub fn parse(written: &str, names: &dyn Names) -> Result<(Name, Vec<String>), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let mut fields: Vec<&str> = written.split('.').collect();
        let is_dotted = fields
            .iter()
            .all(|field| !field.is_empty() && field.chars().all(plain));
        if !is_dotted {
            return Name::parse_path(written, names).ok_or_else(|| {
                format!("`{written}` is no name; names look like repo.types or self.spec.name")
            });
        }
        let root = fields.remove(0);
        let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
        if let ("it", Some(known)) = (root, names.element()) {
            let (name, rest) = item(known, &fields)?;
            return Ok((name, owned(rest)));
        }
        match (root, fact(names, root, &fields)) {
            ("now", _) if fields.is_empty() => Ok((Name::Now, Vec::new())),
            ("self", _) => {
                let path = fields.iter().map(|field| Box::from(*field));
                Ok((Name::Own(path.collect()), Vec::new()))
            }
            (_, Some((number, rest))) => Ok((Name::Fact(number), owned(rest))),
            _ => Err(match names.similar(written) {
                Some(similar) => {
                    format!("there is nothing named `{written}`; did you mean `{similar}`?")
                }
                None => format!("there is nothing named `{written}`"),
            }),
        }
    }

    /// A path below `self` with keys in brackets.
    fn parse_path(written: &str, names: &dyn Names) -> Option<(Name, Vec<String>)> {
        let term = parse::parse(written).ok()?;
        let path = Scope::new(Given::Facts(names)).own(&term)?;
        Some((Name::Own(path), Vec::new()))
    }
}
