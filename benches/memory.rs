//! How much memory the rows of an answer of 100,000 shots with 8 fields take: `max alloc` is the most held at any moment of
//! decoding, counted by the allocator.

mod shots;

use divan::{AllocProfiler, black_box};
use shots::{answer, decode_rows};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn main() -> serde_json::Result<()> {
    divan::main();
    let bytes = answer();
    let held = decode_rows(&bytes)?.heap_size();
    println!(
        "100,000 shots: {:.1} MB of JSON, rows hold {:.1} MB, ratio {:.2}",
        bytes.len() as f64 / 1e6,
        held as f64 / 1e6,
        held as f64 / bytes.len() as f64,
    );
    Ok(())
}

#[divan::bench(sample_count = 3)]
fn rows(bencher: divan::Bencher<'_, '_>) {
    let bytes = answer();
    bencher.bench(|| decode_rows(black_box(&bytes)));
}
