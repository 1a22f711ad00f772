//! Bodies that go out slowly, so many bytes per second.

use std::io::{self, Write};
use std::num::NonZeroU64;
use std::time::{Duration, Instant};

use super::super::faults::{Edition, Faults};
use super::Body;

/// How many pieces go out per second, unless they were smaller than a byte.
const PIECES_PER_SECOND: u64 = 20;

/// How fast a body goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// At most so many bytes.
    pub bytes_per_second: NonZeroU64,
    /// As long as the faults are of this edition; after that, as fast as it goes.
    pub edition: Edition,
}

/// Writes all of `body`, each piece when it is due.
pub fn drip(out: &mut impl Write, body: &Body, pace: Pace, faults: &Faults) -> io::Result<()> {
    let rate = pace.bytes_per_second.get();
    let piece = (rate / PIECES_PER_SECOND).max(1);
    let started = Instant::now();
    let mut sent = 0;
    while sent < body.len() {
        let next = body.slice(sent..sent + piece);
        let due = Duration::from_secs_f64((sent + next.len()) as f64 / rate as f64);
        let left = due.saturating_sub(started.elapsed());
        if !faults.wait_by(pace.edition, left) {
            // If that was the stop, the socket is shut, and this fails.
            return body.slice(sent..body.len()).write_to(out);
        }
        next.write_to(out)?;
        sent += next.len();
    }
    Ok(())
}
