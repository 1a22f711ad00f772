//! How fast an answer of 100,000 shots with 8 fields becomes rows, next to a generic tree of JSON.

mod rivals;
mod shots;

use divan::black_box;
use rivals::{Contender, Course, compare};
use serde_json::Value as Json;
use shots::{answer, decode_rows};

fn main() {
    divan::main();
    let bytes = answer();
    compare(
        "decoding 100,000 shots",
        Course::run_of(1),
        [
            Contender::new("rows", || drop(black_box(decode_rows(&bytes)))),
            Contender::new("json_value", || drop(black_box(decode_json(&bytes)))),
        ],
    );
}

fn decode_json(bytes: &[u8]) -> serde_json::Result<Json> {
    serde_json::from_slice(bytes)
}

#[divan::bench]
fn rows(bencher: divan::Bencher<'_, '_>) {
    let bytes = answer();
    bencher
        .counter(divan::counter::BytesCount::of_slice(&bytes))
        .bench(|| decode_rows(black_box(&bytes)));
}

#[divan::bench]
fn json_value(bencher: divan::Bencher<'_, '_>) {
    let bytes = answer();
    bencher
        .counter(divan::counter::BytesCount::of_slice(&bytes))
        .bench(|| decode_json(black_box(&bytes)));
}
