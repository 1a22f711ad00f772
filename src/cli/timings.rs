//! `--timings`: where the time of each request went.

use std::time::Duration;

use parking_lot::Mutex;

use super::output;
use crate::shotgun::{CallFinished, Exchange, Observer};

/// A line for each request and for each decoding, in the order they ended.
#[derive(Default)]
pub(super) struct Timings {
    lines: Mutex<Vec<String>>,
}

impl Timings {
    /// To stderr, where they are in the way of no result.
    pub(super) fn print(&self) {
        self.lines.lock().iter().for_each(output::note);
    }
}

impl Observer for Timings {
    fn exchange(&self, exchange: &Exchange) {
        self.lines.lock().push(line(exchange));
    }

    fn call_finished(&self, call: &CallFinished) {
        if let Some(decode) = call.decode {
            self.lines.lock().push(format!("decode {}", ms(decode)));
        }
    }
}

/// Like `page 2: 12.3 ms = wait 11.0 ms + receive 1.3 ms (connection reused, 4711 bytes)`.
fn line(exchange: &Exchange) -> String {
    let page = exchange.page.map(|page| format!("page {page}: "));
    let attempt = (exchange.attempt > 1).then(|| format!("attempt {}: ", exchange.attempt));
    let phases: Vec<String> = exchange
        .phases
        .iter()
        .map(|(phase, took)| format!("{} {}", phase.name(), ms(took)))
        .collect();
    let connection = match &exchange.connection {
        None => "no connection",
        Some(connection) if connection.reused => "connection reused",
        Some(_) => "new connection",
    };
    let failed = match &exchange.outcome {
        Ok(200) => String::new(),
        Ok(status) => format!(", HTTP {status}"),
        Err(reason) => format!(", {reason}"),
    };
    format!(
        "{}{}{} = {} ({connection}, {} bytes{failed})",
        page.unwrap_or_default(),
        attempt.unwrap_or_default(),
        ms(exchange.total),
        phases.join(" + "),
        exchange.bytes.received_wire
    )
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
