//! How fast an answer of 10,000 shots with 8 fields becomes rows, next to a generic tree of JSON.

mod rivals;

use callboard::shotgun::Rows;
use divan::black_box;
use rivals::{Contender, Course, compare};
use serde::Deserialize;
use serde_json::{Value as Json, json};

fn main() {
    divan::main();
    let bytes = answer();
    compare(
        "decoding 10,000 shots",
        Course::run_of(1),
        [
            Contender::new("rows", || drop(black_box(decode_rows(&bytes)))),
            Contender::new("json_value", || drop(black_box(decode_json(&bytes)))),
        ],
    );
}

#[derive(Deserialize)]
struct Answer<T> {
    results: Results<T>,
}

#[derive(Deserialize)]
struct Results<T> {
    entities: T,
}

/// 10,000 entities of 8 fields, with `type` and `id` besides.
fn answer() -> Vec<u8> {
    const STATUSES: [&str; 4] = ["wtg", "ip", "rev", "fin"];
    let shots: Vec<Json> = (0..10_000_u64)
        .map(|id| {
            json!({
                "type": "Shot", "id": id, "code": format!("SH{id:05}"), "sg_status_list": STATUSES[id as usize % 4],
                "description": format!("The heroine crosses the ice, take {id}"), "sg_cut_in": 1001 + id % 100, "sg_cut_out": 1101 + id % 100,
                "sg_sequence": {"type": "Sequence", "id": id / 50, "name": format!("SQ{:03}", id / 50)},
                "project": {"type": "Project", "id": 70, "name": "Polar Night"}, "updated_at": "2026-03-01T10:20:30Z",
            })
        })
        .collect();
    json!({ "results": { "entities": shots, "paging_info": { "has_next_page": false } } })
        .to_string()
        .into_bytes()
}

fn decode_rows(bytes: &[u8]) -> serde_json::Result<usize> {
    serde_json::from_slice::<Answer<Rows>>(bytes).map(|answer| answer.results.entities.len())
}

fn decode_json(bytes: &[u8]) -> serde_json::Result<Option<usize>> {
    serde_json::from_slice::<Json>(bytes)
        .map(|answer| answer["results"]["entities"].as_array().map(Vec::len))
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
