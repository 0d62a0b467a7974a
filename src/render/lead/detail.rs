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

/// How what costs data is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Losses {
    /// One by one, with what to do.
    Told,
    /// What to do, in one paragraph.
    InARow,
    Counted,
}

/// How much each section may say: the first that fits is taken.
#[allow(clippy::struct_excessive_bools)] // switches are what they are
#[derive(Clone, Copy, Debug)]
pub(super) struct Detail {
    /// How many preparations say what to do, and with which commands.
    pub(super) told: usize,
    /// Whether what is to be done later says for which answer it waits; the head says that it does.
    pub(super) waits: bool,
    /// How many preparations are named.
    pub(super) named: usize,
    /// Of how many clusters a preparation names each.
    pub(super) names: usize,
    /// Whether a preparation says more of what to do than its first sentence.
    pub(super) words: bool,
    /// How many commands a preparation prints.
    pub(super) commands: usize,
    /// How what costs data is told.
    pub(super) losses: Losses,
    /// How many other things to know are told.
    pub(super) known: usize,
    /// Whether what else is to be known is told with what to do about it.
    pub(super) remedies: bool,
    /// Whether what costs data is told with what is to be done, and not by that alone.
    pub(super) wrapped: bool,
    /// Up to how many questions of a command are told one by one below it.
    pub(super) asked: usize,
    /// By how many of the steps that they may take more than that are told; where by none, they are counted.
    pub(super) grouped: usize,
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
    waits: true,
    named: 40,
    names: 30,
    words: true,
    commands: 16,
    losses: Losses::Told,
    known: 40,
    remedies: true,
    wrapped: true,
    asked: 20,
    grouped: 40,
    idle: true,
    looked: 12,
    again: 40,
    in_a_row: false,
};

/// Each thing in short, and nothing asked for that only adds to what is to be known.
const SHORT: Detail = Detail {
    names: 2,
    known: 6,
    remedies: false,
    asked: 3,
    idle: false,
    looked: 3,
    ..GENEROUS
};

/// What to do in full, and hardly more.
const DOING: Detail = Detail {
    told: 12,
    named: 20,
    known: 2,
    asked: 1,
    looked: 1,
    ..SHORT
};

/// What to do without more words than it takes.
const TIGHT: Detail = Detail {
    words: false,
    known: 0,
    wrapped: false,
    ..DOING
};

/// From generous to tight. What is to be known gives way first, then how many questions are told; what to do, last.
pub(super) const DETAILS: [Detail; 22] = [
    GENEROUS,
    Detail {
        asked: 6,
        looked: 6,
        ..GENEROUS
    },
    Detail {
        known: 20,
        asked: 3,
        looked: 4,
        ..GENEROUS
    },
    Detail { known: 12, ..SHORT },
    SHORT,
    Detail {
        told: 20,
        known: 4,
        asked: 2,
        ..SHORT
    },
    DOING,
    Detail {
        wrapped: false,
        ..DOING
    },
    Detail {
        wrapped: false,
        known: 0,
        ..DOING
    },
    TIGHT,
    Detail {
        told: 8,
        named: 14,
        commands: 8,
        ..TIGHT
    },
    Detail {
        told: 5,
        named: 12,
        commands: 5,
        ..TIGHT
    },
    Detail {
        told: 5,
        named: 12,
        commands: 5,
        losses: Losses::InARow,
        ..TIGHT
    },
    Detail {
        told: 3,
        named: 8,
        commands: 3,
        losses: Losses::InARow,
        ..TIGHT
    },
    TIGHTEST,
    Detail {
        looked: 0,
        ..TIGHTEST
    },
    Detail {
        looked: 0,
        grouped: 3,
        ..TIGHTEST
    },
    Detail {
        grouped: 3,
        waits: true,
        ..LAST
    },
    Detail {
        grouped: 2,
        waits: true,
        losses: Losses::Counted,
        ..LAST
    },
    Detail {
        grouped: 2,
        losses: Losses::Counted,
        ..LAST
    },
    Detail {
        grouped: 1,
        losses: Losses::Counted,
        ..LAST
    },
    Detail {
        grouped: 0,
        losses: Losses::Counted,
        ..LAST
    },
];

/// What decides, and how it is asked.
const TIGHTEST: Detail = Detail {
    told: 0,
    named: 3,
    commands: 0,
    losses: Losses::InARow,
    ..TIGHT
};

/// The same, where all that is known is hardly more than that something is there.
const LAST: Detail = Detail {
    waits: false,
    looked: 0,
    again: 0,
    in_a_row: true,
    ..TIGHTEST
};
