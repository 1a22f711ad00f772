//! How many writes a second the sandbox answers that are on its disk by then, with one writer and with many at once.
//!
//! `TMPDIR` says which disk.

mod line;

use std::time::Instant;

use callboard::sandbox::{Options, Sandbox, Seed};
use serde_json::{Value as Json, json};

use self::line::{Line, Outcome};

fn main() -> Outcome<()> {
    // `cargo bench -- --test` only proves that the benchmark works.
    let quick = std::env::args().any(|arg| arg == "--test");
    let each = if quick { 2 } else { 250 };
    for writers in [1, 4, 16] {
        let folder = tempfile::tempdir()?;
        let site = Sandbox::with(Options {
            seed: Seed::Small,
            data: Some(folder.path().join("site")),
            ..Options::default()
        })?;
        report(&site, writers, each)?;
    }
    Ok(())
}

/// Lets all of them write at once, each its share, and prints what that comes to.
#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn report(site: &Sandbox, writers: u32, each: u32) -> Outcome<()> {
    let started = Instant::now();
    std::thread::scope(|scope| -> Outcome<()> {
        let mut working = Vec::new();
        for writer in 1..=writers {
            let work = move || write(site, writer, each);
            working.push(std::thread::Builder::new().spawn_scoped(scope, work)?);
        }
        for writer in working {
            writer.join().map_err(|_panic| "a writer panicked")??;
        }
        Ok(())
    })?;
    let rate = f64::from(writers * each) / started.elapsed().as_secs_f64();
    println!("{writers} writers: {rate:.0} writes/s ({each} by each)");
    Ok(())
}

fn write(site: &Sandbox, writer: u32, count: u32) -> Outcome<()> {
    let mut line = Line::open(site)?;
    for turn in 0..count {
        line.call("update", &update(writer, turn))?;
    }
    Ok(())
}

fn update(shot: u32, number: u32) -> Json {
    let fields = json!([{"field_name": "sg_cut_in", "value": number}]);
    json!({"type": "Shot", "id": shot, "fields": fields})
}
