//! The control endpoint: makes the site slow or broken over HTTP, while it runs, on the port that it serves.
//!
//! ```sh
//! C='curl -H X-Callboard:sandbox http://127.0.0.1:8000/callboard'
//! $C/health                                                    # whether it runs, and how many connections it has
//! $C/presets                                                   # plans by name
//! $C/faults                                                    # the plan as it is
//! $C/faults -X PUT -d '{"preset": "flaky-vpn", "seed": 7}'     # another plan; chance starts over
//! $C/faults -X PUT -d '{"rules": [{"method": "read", "entity_type": "Version", "latency": "2s"}]}'
//! $C/faults -X DELETE                                          # nothing goes wrong any more
//! $C/faults/once -d '{"ends_in": 503, "method": "read"}'       # the next such call ends in this
//! $C/expire_sessions -d ''                                     # everybody has to log in again
//! $C/requests?last=20                                          # what was asked and how long it took, oldest first
//! ```
//!
//! What a plan looks like is with [`FaultPlan::to_json`](super::FaultPlan::to_json). Mistakes are answered with status
//! 400, the key and where it stands: `{"at": "rules[0].latency", "error": "…"}`.
//!
//! Every web page that is open in a browser on this machine can send requests to loopback. So a request needs a header of
//! its own, which makes the browser ask first, and that question is answered with 403 and no permission; and its `Host` has
//! to be loopback's, which a page that has its own name point here cannot make it. Faults do not hold for this endpoint:
//! a black hole can be ended.

mod answers;
mod guard;

pub use self::answers::{PATH, answer, serves};
pub use self::guard::stranger;
