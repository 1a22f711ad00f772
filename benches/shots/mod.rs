//! The answer that the benchmarks of decoding read.

use callboard::shotgun::Rows;
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// An answer to `read`, with entities of one kind or another.
#[derive(Deserialize)]
pub struct Answer<T> {
    results: Results<T>,
}

#[derive(Deserialize)]
struct Results<T> {
    entities: T,
}

/// 100,000 entities of 8 fields, with `type` and `id` besides.
pub fn answer() -> Vec<u8> {
    const STATUSES: [&str; 4] = ["wtg", "ip", "rev", "fin"];
    let shots: Vec<Json> = (0..100_000_u64)
        .map(|id| {
            json!({
                "type": "Shot", "id": id, "code": format!("SH{id:06}"), "sg_status_list": STATUSES[id as usize % 4],
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

/// As rows, in the way of the client: it looks once whether all of it is UTF-8.
pub fn decode_rows(bytes: &[u8]) -> serde_json::Result<Rows> {
    let answer: Answer<Rows> = match str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }?;
    Ok(answer.results.entities)
}
