//! What the states of files are called where they are kept.

use super::storage::FileState;

impl FileState {
    /// Its name.
    pub(in crate::sandbox) fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Scanning => "scanning",
            Self::Quarantined => "quarantined",
            Self::Expired => "expired",
        }
    }

    /// The state of this name.
    pub(in crate::sandbox) fn named(name: &str) -> Option<Self> {
        let all = [
            Self::Ready,
            Self::Scanning,
            Self::Quarantined,
            Self::Expired,
        ];
        all.into_iter().find(|state| state.name() == name)
    }
}
