//! What stands over the page until it is answered.

pub mod connect;
