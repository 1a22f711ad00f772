//! The app's classes of jobs, and how a job's calls end with it.

use crate::offload::{Lane, Told, on_stop};
use crate::shotgun::{CancelToken, Client};

/// What the user waits for.
pub const INTERACTIVE: Lane = Lane::interactive("Interactive");

/// What will be good to have: counts, later pages, tabs that are not on show.
pub const BACKGROUND: Lane = Lane::background("Background", 8);

/// Pictures: many, and never urgent.
pub const THUMBNAILS: Lane = Lane::background("Thumbnails", 4);

/// Runs `work` with a client whose calls end as soon as the job is told to stop: their connections are closed, and the worker
/// is free.
pub(super) fn stoppable<T>(client: &Client, work: impl FnOnce(&Client) -> T) -> T {
    let token = CancelToken::new();
    let of_job = token.clone();
    let _hook = on_stop(move || {
        if of_job.cancel().connections_closed > 0 {
            Told::BrokenOff
        } else {
            Told::Noted
        }
    });
    work(&client.with_cancel(&token))
}
