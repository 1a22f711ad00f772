//! One call from its question to its answer.
//!
//! A [`Talk`](talk::Talk) holds a call while it lasts. It sends an [`Rpc`](rpc::Rpc) in as many attempts as
//! [`retry`] allows, reads the reply with [`answer`], and tells the observer what [`capture`] leaves of it. An
//! [`Interrupt`](interrupt::Interrupt) ends it from another thread.

pub(super) mod answer;
pub(super) mod cancel;
pub(super) mod capture;
pub(super) mod interrupt;
pub(super) mod plain;
pub(super) mod retry;
pub(super) mod rpc;
pub(super) mod talk;
