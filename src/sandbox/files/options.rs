//! How a sandbox deals with files.

/// Which way files take, and what is made of them.
///
/// ```
/// use callboard::sandbox::{FileOptions, Options, Sandbox, Seed};
///
/// let files = FileOptions { direct_uploads: true, ..FileOptions::default() };
/// let sandbox = Sandbox::with(Options { seed: Seed::Small, files, ..Options::default() })?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileOptions {
    /// Clients put files into storage by themselves, which is this site too, instead of sending forms.
    pub direct_uploads: bool,
    /// How many looks at an uploaded thumbnail show that it is not ready.
    pub pending_looks: u32,
    /// Downloads need the cookie `_session_id` with the token of a session. The Python client sends none to a loopback
    /// address.
    pub downloads_need_session: bool,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self {
            direct_uploads: false,
            pending_looks: 1,
            downloads_need_session: false,
        }
    }
}
