//! What is the user's to choose, and which of its forms a method takes.

use jiff::Timestamp;

/// What the evidence cannot say because it is a decision.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Where the cluster of v5 goes; the parts that are not given are v4's, but for the name where v4 lives on beside it.
    pub to: Option<Target>,
    /// How clients may come in; `None` is as v4 lets them.
    pub clients: Option<Clients>,
    /// Where v5 keeps backups in an object store; `None` is what suits the method: v4's path where v5 takes over from v4, one of
    /// its own where v4 lives on beside it.
    pub repository: Option<RepositoryPath>,
    /// How many instances; `None` is one, until the move is done.
    pub replicas: Option<u32>,
    /// Up to when the database is restored, by the method that restores; `None` is to the end of what v4 archived.
    pub until: Option<Timestamp>,
    /// The version of the API, without its group.
    pub api_version: Option<String>,
}

/// A name of the cluster of v5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its namespace; `None` is v4's.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

/// How clients may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clients {
    /// As with v4: with TLS or without, by the passwords they have.
    Keep,
    /// With TLS only, by the passwords they have.
    Tls,
    /// With TLS only, by passwords that are hashed as SCRAM: v5's own rule.
    Scram,
}

/// Where v5 keeps its backups in an object store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryPath {
    /// At a path of its own.
    Own,
    /// At v4's path.
    V4,
    /// At this path.
    At(String),
}

/// The forms of the three methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The volumes of v4 are adopted.
    Volumes,
    /// Restored from v4's repository on a volume, which is adopted.
    RepositoryVolume,
    /// Restored from v4's repository in a bucket, which v5 goes on with.
    SharedPath,
    /// Restored from v4's repository in a bucket, which is only read.
    OwnPath,
    /// Follows v4's repository in a bucket.
    Standby,
}

impl Form {
    /// Whether v4 may live on beside the new cluster, which then needs another name.
    pub(super) fn lives_beside(self) -> bool {
        matches!(self, Form::OwnPath | Form::Standby)
    }

    /// Whether the database is restored from backups.
    pub(super) fn restores(self) -> bool {
        matches!(
            self,
            Form::RepositoryVolume | Form::SharedPath | Form::OwnPath
        )
    }

    /// Whether claims of v4 are adopted, which binds the new cluster to their namespace.
    pub(super) fn adopts(self) -> bool {
        matches!(self, Form::Volumes | Form::RepositoryVolume)
    }
}
