//! How far a file has come, on one line of the terminal that is written over and over.

use std::cell::{Cell, RefCell};
use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use crate::shotgun::Progress;

/// Does `transfer`, and shows on stderr how far it has come. Nothing is shown where nobody looks: in a file or a pipe.
pub(super) fn shown<T>(transfer: impl FnOnce(&dyn Fn(Progress)) -> T) -> T {
    if io::stderr().is_terminal() {
        let line = Line::new(io::stderr());
        transfer(&|progress| line.show(progress))
    } else {
        transfer(&|_| ())
    }
}

/// The line, empty again when it is dropped.
struct Line<W: Write> {
    terminal: RefCell<W>,
    started: Instant,
    /// How many characters are to be written over.
    width: Cell<usize>,
}

impl<W: Write> Line<W> {
    fn new(terminal: W) -> Self {
        Self {
            terminal: RefCell::new(terminal),
            started: Instant::now(),
            width: Cell::new(0),
        }
    }

    fn show(&self, progress: Progress) {
        self.write(&text(progress, self.started.elapsed()));
    }

    /// A terminal that is gone is no reason to stop.
    fn write(&self, text: &str) {
        let width = self.width.replace(text.len());
        let mut terminal = self.terminal.borrow_mut();
        write!(terminal, "\r{text:width$}").ok();
        if text.is_empty() {
            write!(terminal, "\r").ok();
        }
        terminal.flush().ok();
    }
}

impl<W: Write> Drop for Line<W> {
    fn drop(&mut self) {
        if self.width.get() > 0 {
            self.write("");
        }
    }
}

/// Like ` 45%  12.3 MB of 27.0 MB  8.1 MB/s`.
fn text(Progress { done, total }: Progress, took: Duration) -> String {
    let rate = done as f64 / took.as_secs_f64().max(0.001);
    let rate = bytes(rate as u64);
    let done_bytes = bytes(done);
    match total.filter(|total| *total > 0) {
        Some(total) => {
            let percent = u128::from(done) * 100 / u128::from(total);
            let total = bytes(total);
            format!("{percent:>3}%  {done_bytes} of {total}  {rate}/s")
        }
        None => format!("{done_bytes}  {rate}/s"),
    }
}

/// Like `12.3 MB`: thousands of thousands of bytes.
fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(size, _)| count >= *size) {
        Some((size, unit)) => format!("{:.1} {unit}", count as f64 / *size as f64),
        None => format!("{count} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_percent_bytes_and_rate() {
        let told =
            |done, total, millis| text(Progress { done, total }, Duration::from_millis(millis));
        assert_eq!(
            told(12_300_000, Some(27_000_000), 1_500),
            " 45%  12.3 MB of 27.0 MB  8.2 MB/s"
        );
        assert_eq!(told(999, None, 1_000), "999 bytes  999 bytes/s");
        assert_eq!(told(5, Some(5), 0), "100%  5 bytes of 5 bytes  5.0 kB/s");
        assert_eq!(told(0, Some(0), 0), "0 bytes  0 bytes/s");
    }

    #[test]
    fn a_line_is_written_over_and_empty_in_the_end() {
        let mut terminal = Vec::new();
        let line = Line::new(&mut terminal);
        for text in ["a longer one", "short"] {
            line.write(text);
        }
        drop(line);
        let written = String::from_utf8(terminal).unwrap();
        assert_eq!(written, "\ra longer one\rshort       \r     \r");
    }

    #[test]
    fn a_line_that_was_never_shown_leaves_the_terminal_alone() {
        let mut terminal = Vec::new();
        drop(Line::new(&mut terminal));
        assert!(terminal.is_empty());
    }
}
