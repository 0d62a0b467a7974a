//! How much of a report is told.

/// How much of the report is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The table and the sums.
    Table,
    /// One screen.
    Screen,
    /// Every finding in full.
    Full,
    /// How often each rule fires, or cannot be decided.
    Statistics,
}

impl Extent {
    /// As many as may be shown of a list; all where everything is told.
    pub(super) fn most(self, shown: usize) -> usize {
        match self {
            Extent::Full => usize::MAX,
            _ => shown,
        }
    }
}

/// How many lines one cluster may take, and how many more each further one; drafts apart.
pub(super) const ONE: usize = 60;
pub(super) const EACH: (usize, usize) = (340, 299);

/// How much each section may say: the first that fits is taken.
#[allow(clippy::struct_excessive_bools)] // switches are what they are
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// How many preparations say what to do, and with which commands.
    pub(super) told: usize,
    /// How many preparations are named.
    pub(super) named: usize,
    /// Of how many clusters a preparation names each.
    pub(super) names: usize,
    /// Whether a preparation says more of what to do than its first sentence.
    pub(super) words: bool,
    /// How many commands a preparation prints.
    pub(super) commands: usize,
    /// Whether what costs data is told one by one, and not in a line.
    pub(super) losses: bool,
    /// How many other things to know are told.
    pub(super) known: usize,
    /// Whether what costs data is told in full, over several lines.
    pub(super) wrapped: bool,
    /// How many questions are named under the commands that settle them.
    pub(super) asked: usize,
    /// Whether commands are printed that only tell what is to be known.
    pub(super) idle: bool,
    /// How many things to look at are told.
    pub(super) looked: usize,
    /// How many rules of reasons are named once more below the command that settles them. Where none is, they are counted, and
    /// reasons go without their rule where that takes a line of its own.
    pub(super) again: usize,
    /// Whether undecided reasons of one verdict stand in a row, and not one below the other.
    pub(super) in_a_row: bool,
}

/// All there is room for.
const GENEROUS: Detail = Detail {
    told: 40,
    named: 40,
    names: 30,
    words: true,
    commands: 16,
    losses: true,
    known: 40,
    wrapped: true,
    asked: 20,
    idle: true,
    looked: 12,
    again: 40,
    in_a_row: false,
};

/// Each thing in one line, and nothing asked for that only adds to what is to be known.
const SHORT: Detail = Detail {
    told: 40,
    named: 40,
    names: 2,
    words: true,
    commands: 16,
    losses: true,
    known: 12,
    wrapped: false,
    asked: 2,
    idle: false,
    looked: 3,
    again: 40,
    in_a_row: false,
};

/// What to do in full, and hardly more.
const DOING: Detail = Detail {
    told: 12,
    named: 20,
    known: 1,
    asked: 0,
    looked: 1,
    ..SHORT
};

/// What to do without more words than it takes.
const TIGHT: Detail = Detail {
    words: false,
    known: 0,
    ..DOING
};

/// From generous to tight. What is to be known gives way first, then how many questions are told; what to do, last.
pub(super) const DETAILS: [Detail; 16] = [
    GENEROUS,
    Detail {
        wrapped: false,
        asked: 6,
        looked: 6,
        ..GENEROUS
    },
    Detail {
        known: 20,
        wrapped: false,
        asked: 3,
        looked: 4,
        ..GENEROUS
    },
    SHORT,
    Detail {
        told: 20,
        known: 6,
        asked: 1,
        ..SHORT
    },
    Detail {
        known: 3,
        asked: 1,
        looked: 2,
        ..DOING
    },
    DOING,
    Detail {
        words: false,
        known: 3,
        ..DOING
    },
    TIGHT,
    Detail {
        losses: false,
        ..TIGHT
    },
    Detail {
        told: 8,
        named: 14,
        commands: 8,
        losses: false,
        ..TIGHT
    },
    Detail {
        told: 5,
        named: 12,
        commands: 5,
        losses: false,
        ..TIGHT
    },
    Detail {
        told: 3,
        named: 8,
        commands: 3,
        losses: false,
        ..TIGHT
    },
    Detail {
        told: 0,
        named: 3,
        commands: 0,
        looked: 0,
        losses: false,
        ..TIGHT
    },
    Detail {
        told: 0,
        named: 3,
        commands: 0,
        looked: 0,
        losses: false,
        again: 0,
        ..TIGHT
    },
    Detail {
        told: 0,
        named: 3,
        commands: 0,
        looked: 0,
        losses: false,
        again: 0,
        in_a_row: true,
        ..TIGHT
    },
];
