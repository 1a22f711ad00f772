//! Whatever a server sends and whatever people type ends in a value or an error.
//!
//! `cargo test` tries a few hundred inputs of each kind. A million of each:
//!
//! ```text
//! CALLBOARD_CASES=1000000 cargo test --release --no-default-features --features client --lib never_panics::
//! ```

use std::collections::BTreeMap;
use std::hint::black_box;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::shotgun::call::answer::read;
use crate::shotgun::call::plain::Plain;
use crate::shotgun::change::BatchSeed;
use crate::shotgun::decode::FirstOf;
use crate::shotgun::entity::FieldName;
use crate::shotgun::filter::Filter;
use crate::shotgun::find::Find;
use crate::shotgun::redact::Redactor;
use crate::shotgun::request::Reply;
use crate::shotgun::rows::Rows;
use crate::shotgun::rows::decode::{EntitySeed, PageSeed, RowsSeed};
use crate::shotgun::schema::{FieldSchemas, Schema};
use crate::shotgun::value::Value;

/// Answers as a server sends them, which are then garbled.
const ANSWERS: [&str; 6] = [
    r#"{"results":{"entities":[{"type":"Shot","id":12,"code":"sh010","sg_cut_in":1001,"due":"2026-03-01","project":{"type":"Project","id":70,"name":"Demo"},"assets":[{"type":"Asset","id":9,"name":"Bunny"},{"type":"Asset","id":10}]},{"type":"Shot","id":13,"code":null,"at":"2026-03-01T10:20:30Z","ratio":-1.5e3,"tags":["a","b &lt; c"]}],"paging_info":{"has_next_page":false}}}"#,
    r#"{"exception":true,"message":"API read() Shot.nope doesn't exist.<br>","error_code":103}"#,
    r#"{"results":[{"type":"Shot","id":13,"file":{"link_type":"upload","type":"Attachment","id":77,"url":"https://x/"}},true],"more":[[[{}]]]}"#,
    r#"{"sg_status_list":{"name":{"value":"Status","editable":true},"data_type":{"value":"status_list"},"properties":{"valid_values":{"value":["wtg"]},"display_values":{"value":{"wtg":"Waiting"}},"default_value":{"value":null}}}}"#,
    r#"{"results":{"entities":[{"type":"EventLogEntry","id":1,"meta":{"type":"attribute_change","old_value":null,"new_value":"\u00e4\ud83d\ude00\n"}}],"paging_info":{"current_page":1,"page_count":3}}}"#,
    r#"{"type":"Shot","id":13,"code":"sh020"}"#,
];

/// What JSON consists of, as far as it matters here.
const TOKENS: [&str; 34] = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "\"",
    "\"type\":",
    "\"id\":",
    "\"name\":",
    "\"Shot\"",
    "\"results\":",
    "\"entities\":",
    "\"paging_info\":",
    "\"has_next_page\":",
    "\"exception\":true",
    "\"message\":",
    "\"error_code\":",
    "7",
    "-1",
    "1.5",
    "1e999",
    "9223372036854775808",
    "null",
    "true",
    "false",
    "\"2026-03-01\"",
    "\"2026-03-01T10:20:30Z\"",
    "\"\\ud800\"",
    "\"&lt;\"",
    "\"url\":",
    "\\",
    " ",
    "\u{feff}",
];

/// What people type, and what they mistype.
const WORDS: [&str; 40] = [
    " ",
    " ",
    " ",
    "  ",
    "code",
    "id",
    "sg_sequence.Sequence.code",
    "$FROM$Task.entity.content",
    "a..b",
    "is",
    "is_not",
    "in",
    "between",
    "in_last",
    "in_calendar_day",
    "name_contains",
    "contains",
    "like",
    "7",
    "-1.5",
    "1e5",
    "--",
    ".",
    "2026-03-01",
    "2026-13-41",
    "WEEKS",
    "Project:70",
    "Project:",
    "'",
    "\"",
    "'a, b'",
    ",",
    "{\"type\":\"Asset\",\"id\":9}",
    "[1, null",
    "]",
    "null",
    "None",
    "ä",
    "\u{2028}",
    "\u{0}",
];

fn config() -> ProptestConfig {
    let cases = std::env::var("CALLBOARD_CASES").ok();
    ProptestConfig {
        cases: cases.and_then(|cases| cases.parse().ok()).unwrap_or(500),
        // The seed is printed, and a case that matters becomes a test with a name.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// One change to some bytes.
#[derive(Clone, Debug)]
enum Garble {
    Cut(Index),
    Replace(Index, u8),
    Insert(Index, &'static str),
    Remove(Index, u8),
    /// Doubles what stands there.
    Repeat(Index, u8),
}

impl Garble {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let len = bytes.len();
        let range =
            |at: &Index, count: u8| at.index(len)..(at.index(len) + usize::from(count)).min(len);
        match self {
            Self::Cut(at) => bytes.truncate(at.index(len)),
            Self::Replace(at, byte) => bytes[at.index(len)] = *byte,
            Self::Insert(at, token) => {
                drop(bytes.splice(at.index(len)..at.index(len), token.bytes()));
            }
            Self::Remove(at, count) => drop(bytes.drain(range(at, *count))),
            Self::Repeat(at, count) => {
                let again = bytes[range(at, *count)].to_vec();
                bytes.splice(at.index(len)..at.index(len), again);
            }
        }
    }
}

fn garble() -> impl Strategy<Value = Garble> {
    let at = any::<Index>;
    prop_oneof![
        1 => at().prop_map(Garble::Cut),
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Garble::Replace(at, byte)),
        4 => (at(), select(&TOKENS[..])).prop_map(|(at, token)| Garble::Insert(at, token)),
        2 => (at(), 1..30_u8).prop_map(|(at, count)| Garble::Remove(at, count)),
        2 => (at(), 1..60_u8).prop_map(|(at, count)| Garble::Repeat(at, count)),
    ]
}

fn garbled_answer() -> impl Strategy<Value = Vec<u8>> {
    (select(&ANSWERS[..]), prop::collection::vec(garble(), 0..6)).prop_map(|(answer, garbles)| {
        let mut bytes = answer.as_bytes().to_vec();
        for garble in garbles {
            garble.apply(&mut bytes);
        }
        bytes
    })
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(&TOKENS[18..30]).prop_map(str::to_owned),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        "\"[a-z<&;]{0,6}\"",
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = select(&["type", "id", "name", "url", "code", "x"][..]);
        let pair = (key, inner.clone()).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(pair, 0..6).prop_map(|pairs| format!("{{{}}}", pairs.join(","))),
        ]
    })
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    let list = |json: String| {
        format!(r#"{{"results":{{"entities":[{{"type":"T","id":1,"x":{json}}},{json}]}}}}"#)
    };
    prop_oneof![
        6 => garbled_answer(),
        3 => json().prop_map(move |json| list(json).into_bytes()),
        2 => prop::collection::vec(select(&TOKENS[..]), 0..40).prop_map(|tokens| tokens.concat().into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..80),
    ]
}

/// Everything that reads an answer.
fn read_all(bytes: &[u8]) {
    let reply = Reply {
        status: 200,
        headers: Vec::new(),
        body: bytes.into(),
    };
    let (host, redactor) = ("h".into(), Redactor::default());
    let fields: [FieldName; 2] = ["code".into(), "x".into()];
    let seed = RowsSeed::new(&fields);
    if let Ok((rows, info)) = read(&reply, &host, &redactor, PageSeed(seed.clone())) {
        black_box(info.more());
        use_rows(rows);
    }
    let entity = EntitySeed(seed);
    if let Ok(entity) = read(&reply, &host, &redactor, FirstOf(entity.clone())) {
        use_rows(entity.into_rows());
    }
    read(&reply, &host, &redactor, BatchSeed(vec![entity; 2])).ok();
    read(&reply, &host, &redactor, Plain::<FieldSchemas>::new()).ok();
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        black_box(format!("{value} {value:?} {:?}", value.text()));
        black_box(Value::from(value.to_json()));
    }
}

fn use_rows(mut rows: Rows) {
    for row in &rows {
        black_box(format!("{row:?} {} {}", row.to_ref(), row.text("code")));
        row.deserialize::<BTreeMap<String, Value>>().ok();
    }
    let again: Rows =
        serde_json::from_value(serde_json::to_value(&rows).unwrap_or_default()).unwrap_or_default();
    black_box(rows.heap_size());
    rows.extend(again);
    rows.truncate(1);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn reading_an_answer_never_panics(bytes in input()) {
        read_all(&bytes);
    }

    #[test]
    fn reading_a_filter_never_panics_and_what_is_read_prints_back(words in prop::collection::vec(select(&WORDS[..]), 0..12), any in "\\PC{0,12}", with in 0..4_u8) {
        let typed = match with {
            0 => format!("{any}{}", words.concat()),
            1 => format!("{}{any}", words.concat()),
            // Likely enough to be a filter.
            _ => format!("code is {}", words.concat()),
        };
        if let Ok(filter) = typed.parse::<Filter>() {
            let read_back = filter.to_string().parse::<Filter>();
            prop_assert_eq!(read_back.ok(), Some(filter.clone()), "{}", typed);
            black_box(filter.to_wire());
            filter.check_against("Shot", &schema()).ok();
            Find::new("Shot").filter(filter).check(&schema()).ok();
        }
    }
}

/// A small one: what a schema can do to a check, its own tests say.
fn schema() -> Schema {
    let json = r#"{"code":{"data_type":{"value":"text"}},"sg_sequence":{"data_type":{"value":"entity"},"properties":{"valid_types":{"value":["Shot"]}}}}"#;
    let fields: FieldSchemas = serde_json::from_str(json).unwrap_or_default();
    Schema::from([("Shot".into(), fields)])
}

#[test]
fn the_answers_that_get_garbled_are_sound() {
    for answer in ANSWERS {
        serde_json::from_str::<serde_json::Value>(answer).unwrap();
    }
    assert_eq!(schema()["Shot"].len(), 2);
}

#[test]
fn a_good_part_of_the_inputs_is_read_in_full_and_a_good_part_is_not() {
    let mut runner = TestRunner::deterministic();
    let strategy = input();
    let outcomes: Vec<bool> = (0..1000)
        .map(|_| {
            let bytes = strategy.new_tree(&mut runner).unwrap().current();
            serde_json::from_slice::<Value>(&bytes).is_ok()
        })
        .collect();
    let sound = outcomes.iter().filter(|sound| **sound).count();
    assert!((200..800).contains(&sound), "{sound} of 1000");
}
