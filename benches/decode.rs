//! How fast an answer of 10,000 shots with 8 fields becomes rows, next to a generic tree of JSON.

use callboard::shotgun::Rows;
use serde::Deserialize;
use serde_json::{Value as Json, json};

fn main() {
    divan::main();
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

#[divan::bench]
fn rows(bencher: divan::Bencher<'_, '_>) {
    let bytes = answer();
    bencher
        .counter(divan::counter::BytesCount::of_slice(&bytes))
        .bench(|| {
            serde_json::from_slice::<Answer<Rows>>(divan::black_box(&bytes))
                .map(|answer| answer.results.entities.len())
        });
}

#[divan::bench]
fn json_value(bencher: divan::Bencher<'_, '_>) {
    let bytes = answer();
    bencher
        .counter(divan::counter::BytesCount::of_slice(&bytes))
        .bench(|| {
            serde_json::from_slice::<Json>(divan::black_box(&bytes))
                .map(|answer| answer["results"]["entities"].as_array().map(Vec::len))
        });
}
