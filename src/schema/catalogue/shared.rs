//! The catalogue's schemas, made once for all who ask.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::expr::Version;
use crate::schema::CrdSchemas;

impl CrdSchemas {
    /// What the catalogue knows of a release, as [`CrdSchemas::of_release`]; made on first use.
    pub fn shared(release: Version) -> Option<Arc<CrdSchemas>> {
        static MADE: Mutex<BTreeMap<Version, Arc<CrdSchemas>>> = Mutex::new(BTreeMap::new());
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&release) {
            return Some(Arc::clone(known));
        }
        let schemas = Arc::new(CrdSchemas::of_release(&release)?);
        made.insert(release, Arc::clone(&schemas));
        Some(schemas)
    }
}
