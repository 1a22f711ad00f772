//! Who asks: [`Credentials`](credentials::Credentials) as they are given, and the `Identity` that knows how they stand.

pub(super) mod credentials;
pub(super) mod identity;
pub(super) mod session;
