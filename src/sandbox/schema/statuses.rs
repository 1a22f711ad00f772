//! The statuses of the studio: which there are, how they look, and who uses which.

/// A status: short code, name, and color as `r,g,b`.
pub type Status = (&'static str, &'static str, &'static str);

/// Every status, in the order in which work passes through them.
pub const ALL: &[Status] = &[
    ("wtg", "Waiting to start", "140,146,156"),
    ("rdy", "Ready to start", "196,181,110"),
    ("ip", "In progress", "226,160,63"),
    ("rev", "Pending review", "96,150,240"),
    ("apr", "Approved", "82,176,160"),
    ("cmpt", "Complete", "104,178,92"),
    ("fin", "Final", "88,190,128"),
    ("hld", "On hold", "196,138,214"),
    ("omt", "Omitted", "190,84,84"),
    ("vwd", "Viewed", "128,160,190"),
    ("na", "N/A", "110,114,122"),
    ("opn", "Open", "226,160,63"),
    ("clsd", "Closed", "110,114,122"),
    ("act", "Active", "88,190,128"),
    ("dis", "Disabled", "110,114,122"),
];

/// What shots, sequences and assets go through.
pub(super) const ENTITY: &[(&str, &str)] = &[
    ("wtg", "Waiting to start"),
    ("rdy", "Ready to start"),
    ("ip", "In progress"),
    ("rev", "Pending review"),
    ("fin", "Final"),
    ("hld", "On hold"),
    ("omt", "Omitted"),
];

/// What tasks go through.
pub(super) const TASK: &[(&str, &str)] = &[
    ("wtg", "Waiting to start"),
    ("rdy", "Ready to start"),
    ("ip", "In progress"),
    ("rev", "Pending review"),
    ("apr", "Approved"),
    ("cmpt", "Complete"),
    ("fin", "Final"),
    ("hld", "On hold"),
    ("omt", "Omitted"),
];

/// What versions go through.
pub(super) const VERSION: &[(&str, &str)] = &[
    ("na", "N/A"),
    ("rev", "Pending review"),
    ("vwd", "Viewed"),
    ("apr", "Approved"),
    ("hld", "On hold"),
];

/// What notes go through.
pub(super) const NOTE: &[(&str, &str)] =
    &[("opn", "Open"), ("ip", "In progress"), ("clsd", "Closed")];

/// What published files go through.
pub(super) const FILE: &[(&str, &str)] = &[
    ("wtg", "Waiting to start"),
    ("ip", "In progress"),
    ("cmpt", "Complete"),
];

/// What people and departments are.
pub(super) const ACTIVE: &[(&str, &str)] = &[("act", "Active"), ("dis", "Disabled")];
