//! Classes of jobs.

/// A class of jobs with its own share of the workers, named by the program. Two lanes are the same if all of their parts are.
///
/// ```
/// use callboard::offload::Lane;
///
/// const CLICKS: Lane = Lane::interactive("Clicks");
/// const PREFETCH: Lane = Lane::background("Prefetch", 8);
/// ```
///
/// Jobs of background lanes never take the last worker: it is kept for interactive ones. A free worker takes from an
/// interactive lane first; among the others, from the one whose first job was asked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What the program's user may call it.
    pub name: &'static str,
    pub(super) limit: usize,
    pub(super) pool: Pool,
    pub(super) is_interactive: bool,
}

/// Which threads a lane's jobs run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pool {
    /// Those that wait: for servers, disks, other programs.
    Waiting,
    /// Those that compute, one for each core: whatever waits, they do not.
    Computing,
}

impl Lane {
    /// Where jobs go that name no lane.
    pub const DEFAULT: Self = Self::interactive("Default");

    /// Where jobs compute: see [`Executor::compute`](super::Executor::compute).
    pub const COMPUTE: Self = Self {
        name: "Compute",
        limit: usize::MAX,
        pool: Pool::Computing,
        is_interactive: true,
    };

    /// What a user waits for. It may take every worker.
    pub const fn interactive(name: &'static str) -> Self {
        Self {
            name,
            limit: usize::MAX,
            pool: Pool::Waiting,
            is_interactive: true,
        }
    }

    /// What nobody waits for yet: at most `limit` of its jobs, at least one, run at the same time.
    pub const fn background(name: &'static str, limit: usize) -> Self {
        Self {
            name,
            limit: if limit == 0 { 1 } else { limit },
            pool: Pool::Waiting,
            is_interactive: false,
        }
    }
}
