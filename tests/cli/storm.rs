//! `--data` and SIGKILL: the program is killed while many write, and whatever was answered is there at the next start.
//!
//! `CALLBOARD_STORM_ROUNDS=20` for a long night.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::thread;

use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use super::shell::{Running, callboard};

const WRITERS: u64 = 4;
/// Rows that one batch makes.
const BATCH: usize = 5;
const ROUNDS: u32 = 3;
/// A round is over once at most so many writes were answered.
const MOST_WRITES: usize = 150;

/// What writers were told.
#[derive(Default)]
struct Answered {
    writes: usize,
    /// Codes of shots.
    shots: BTreeSet<String>,
    /// Codes that all shots of a batch share.
    batches: BTreeSet<String>,
    /// The last number that was written into a shot, by its id.
    numbers: BTreeMap<u64, u64>,
}

/// A connection; whatever goes wrong on it means that the program is gone.
struct Line(TcpStream);

impl Line {
    fn open(url: &str) -> Option<Self> {
        TcpStream::connect(url.strip_prefix("http://")?)
            .ok()
            .map(Self)
    }

    fn call(&mut self, method: &str, argument: &Json) -> Option<Json> {
        let auth = json!({"script_name": "callboard", "script_key": "sandbox"});
        let body = json!({"method_name": method, "params": [auth, argument]}).to_string();
        let head = format!(
            "POST /api3/json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all((head + &body).as_bytes()).ok()?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.0.read_exact(&mut byte).ok()?;
            head.extend(byte);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let (_, length) = head.split_once("content-length: ").unwrap();
        let mut body = vec![0; length.lines().next().unwrap().parse().unwrap()];
        self.0.read_exact(&mut body).ok()?;
        let answer: Json = serde_json::from_slice(&body).unwrap();
        assert_eq!(answer.get("exception"), None, "{answer}");
        Some(answer["results"].clone())
    }
}

fn serve(folder: &Path) -> (Running, String) {
    let arguments = ["sandbox", "--quiet", "--seed", "small", "--data"];
    let mut running = callboard([&arguments[..], &[folder.to_str().unwrap()]].concat()).start();
    let line = running.line();
    let url = line.strip_prefix("listening on ").map(str::to_owned);
    let Some(url) = url else {
        panic!("it does not start: `{line}` {}", running.end());
    };
    (running, url)
}

fn create(code: &str) -> Json {
    json!({"request_type": "create", "type": "Shot", "fields": [
        {"field_name": "code", "value": code},
        {"field_name": "project", "value": {"type": "Project", "id": 1}},
        {"field_name": "sg_sequence", "value": {"type": "Sequence", "id": 1}},
    ]})
}

/// Writes until the program is gone.
fn hammer(url: &str, writer: u64, round: u32, answered: &Mutex<Answered>) -> Option<()> {
    let mut line = Line::open(url)?;
    for turn in 0.. {
        let code = format!("{round}-{writer}-{turn}");
        match turn % 3 {
            0 => {
                line.call("create", &create(&code))?;
                answered.lock().shots.insert(code);
            }
            1 => {
                let batch = vec![create(&code); BATCH];
                line.call("batch", &json!(batch))?;
                answered.lock().batches.insert(code);
            }
            _ => {
                let number = u64::from(round) * 100_000 + turn;
                let fields = json!([{"field_name": "sg_cut_in", "value": number}]);
                line.call(
                    "update",
                    &json!({"type": "Shot", "id": writer, "fields": fields}),
                )?;
                answered.lock().numbers.insert(writer, number);
            }
        }
        answered.lock().writes += 1;
    }
    None
}

/// Everything that was answered is there, and of each batch all or nothing.
fn check(url: &str, answered: &Answered) {
    let mut line = Line::open(url).unwrap();
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for page in 1.. {
        let argument = json!({
            "type": "Shot",
            "return_fields": ["code", "sg_cut_in"],
            "filters": {"logical_operator": "and", "conditions": []},
            "paging": {"entities_per_page": 500, "current_page": page},
        });
        let rows = line.call("read", &argument).unwrap()["entities"].take();
        let rows = rows.as_array().unwrap();
        for row in rows {
            *codes
                .entry(row["code"].as_str().unwrap().to_owned())
                .or_default() += 1;
            numbers.insert(row["id"].as_u64().unwrap(), row["sg_cut_in"].as_u64());
        }
        if rows.len() < 500 {
            break;
        }
    }
    for code in &answered.shots {
        assert_eq!(codes.get(code), Some(&1), "{code} was answered");
    }
    for code in &answered.batches {
        assert_eq!(codes.get(code), Some(&BATCH), "batch {code} was answered");
    }
    for (code, count) in codes {
        assert!(
            count == 1 || count == BATCH,
            "half a batch: {code}, {count}"
        );
    }
    for (id, number) in &answered.numbers {
        let kept = numbers[id].unwrap();
        assert!(
            kept >= *number,
            "{number} was answered for {id}, {kept} is there"
        );
    }
    // Each event is there that goes with a change: the site's record is written with it.
    let made = json!({
        "type": "EventLogEntry",
        "filters": {"logical_operator": "and", "conditions": [{"path": "event_type", "relation": "is", "values": ["Shotgun_Shot_New"]}]},
        "summaries": [{"field": "id", "type": "count"}],
    });
    let events = line.call("summarize", &made).unwrap()["summaries"]["id"]
        .as_u64()
        .unwrap();
    let shots = answered.shots.len() + answered.batches.len() * BATCH;
    assert!(events >= shots as u64, "{events} events of {shots} shots");
}

#[test]
fn a_kill_in_a_storm_of_writes_loses_none_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let rounds = std::env::var("CALLBOARD_STORM_ROUNDS").ok();
    let rounds: u32 = rounds.map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let answered = Mutex::new(Answered::default());
    for round in 1..=rounds {
        let (running, url) = serve(&site);
        check(&url, &answered.lock());
        let enough = answered.lock().writes + fastrand::usize(1..MOST_WRITES);
        thread::scope(|scope| {
            for writer in 1..=WRITERS {
                let (url, answered) = (&url, &answered);
                let write = move || hammer(url, writer, round, answered);
                thread::Builder::new().spawn_scoped(scope, write).unwrap();
            }
            while answered.lock().writes < enough {
                thread::yield_now();
            }
            running.end();
        });
    }
    let (_running, url) = serve(&site);
    check(&url, &answered.lock());
    let answered = answered.lock();
    println!(
        "{rounds} kills, {} answered writes, all there",
        answered.writes
    );
    assert!(answered.writes >= rounds as usize);
}
