//! Who calls: scripts, people, and the sessions they open.
//!
//! Accounts are rows: an `ApiUser` with its key, a `HumanUser` with a password. So whoever is renamed, disabled or given a
//! new password through the API is that from the next call on.

mod accounts;
mod caller;
mod codes;
mod options;
pub mod password;
pub mod sessions;

pub use self::accounts::{Accounts, enroll, person};
pub use self::caller::{Caller, Uses};
pub use self::options::{LoginOptions, UnknownAuthentication, UserAuthentication};
