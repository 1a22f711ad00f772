//! The board of calls, joined from a real client, a real executor and a sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

mod bounds;
mod frames;
mod joined;
mod recording;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use callboard::calls::{CallRecord, Recorder};
use callboard::offload::{Executor, Job};
use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
use callboard::shotgun::{Client, Error, Rows};

/// How long a test waits for what must come.
const NET: Duration = Duration::from_mins(1);

/// A site, a client of it, workers, and the board that hears of all of them.
struct Board {
    sandbox: Sandbox,
    client: Client,
    recorder: Arc<Recorder>,
    executor: Executor,
    woken: Receiver<()>,
}

impl Board {
    fn start() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let sandbox = Sandbox::with(Options {
            seed: Seed::Small,
            ..options
        })
        .unwrap();
        let recorder = Arc::new(Recorder::default());
        let client = Client::builder(&sandbox.url())
            .script(SCRIPT_NAME, SCRIPT_KEY)
            .retries(0)
            .observer(Arc::clone(&recorder) as _)
            .build()
            .unwrap();
        let (wake, woken) = channel();
        let executor = Executor::pool(1, move || {
            wake.send(()).ok();
        })
        .unwrap();
        Self {
            sandbox,
            client,
            recorder,
            executor,
            woken,
        }
    }

    #[track_caller]
    fn ask(&self) -> Job<Rows, Error> {
        let client = self.client.clone();
        self.executor
            .run("find Shot", move || client.find("Shot", &[], &["code"]))
    }

    /// Waits until the answer of one job is stored.
    fn wait(&self) {
        self.woken.recv_timeout(NET).expect("no answer came");
    }

    fn calls(&self) -> Vec<Arc<CallRecord>> {
        self.recorder.snapshot().calls.clone()
    }
}
