//! The pages of one call: side by side where the site counts them, in order, and never too many.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use callboard::shotgun::{Client, Error, Find};
use parking_lot::{Condvar, Mutex};
use serde_json::{Value as Json, json};

use super::server::{Ear, Server, Then, ok, spawn};

/// Rows per page in these tests.
const SIZE: u64 = 10;

/// What a server has seen so far; its connections wait for one another by it.
#[derive(Default)]
struct Seen {
    pages: Mutex<Vec<u64>>,
    changed: Condvar,
}

impl Seen {
    fn add(&self, page: u64) {
        self.pages.lock().push(page);
        self.changed.notify_all();
    }

    fn wait_until(&self, enough: impl Fn(&[u64]) -> bool) {
        let mut pages = self.pages.lock();
        while !enough(&pages) {
            self.changed.wait(&mut pages);
        }
    }
}

/// Answers `read` out of `total` rows, each page after `before` has let it. It counts them if it is asked to and `counts`.
fn shots(total: u64, counts: bool, before: impl Fn(u64) + Send + Sync + 'static) -> Server {
    Server::start(move |_, request, stream| {
        let asked: Json = serde_json::from_str(&request.body).unwrap();
        let argument = &asked["params"][1];
        let page = argument["paging"]["current_page"].as_u64().unwrap();
        assert_eq!(argument["paging"]["entities_per_page"], SIZE);
        before(page);
        let last = total.min(page * SIZE);
        let rows: Vec<Json> = ((page - 1) * SIZE + 1..=last)
            .map(|id| json!({ "type": "Shot", "id": id, "code": format!("sh{id:03}") }))
            .collect();
        let mut results = json!({ "entities": rows });
        if argument["return_paging_info_without_counts"] == true
            || (argument["return_paging_info"] == true && !counts)
        {
            results["paging_info"] = json!({ "has_next_page": last < total });
        } else if argument["return_paging_info"] == true {
            results["paging_info"] = json!({
                "current_page": page, "page_count": total.div_ceil(SIZE),
                "entity_count": total, "entities_per_page": SIZE,
            });
        }
        let answer = ok(&json!({ "results": results }).to_string());
        // Nobody may be there any more to hear it.
        stream.write_all(&answer).ok();
        Then::Keep
    })
}

fn client(server: &Server) -> Client {
    let builder = server.builder().records_per_page(SIZE as u32);
    builder.build().unwrap()
}

fn assert_ids(rows: &callboard::shotgun::Rows, expected: u64) {
    let ids: Vec<u64> = rows.iter().map(|row| row.id().0).collect();
    assert_eq!(ids, (1..=expected).collect::<Vec<_>>());
}

#[test]
fn page_two_may_wait_until_page_three_was_asked_for() {
    let seen = Arc::new(Seen::default());
    let waiting = Arc::clone(&seen);
    let server = shots(35, true, move |page| {
        waiting.add(page);
        if page == 2 {
            waiting.wait_until(|pages| pages.contains(&3));
        }
    });
    assert_ids(&client(&server).find("Shot", &[], &["code"]).unwrap(), 35);
    assert_eq!(server.requests.lock().len(), 4);
}

#[test]
fn eight_pages_are_under_way_at_once_and_never_nine() {
    let seen = Arc::new(Seen::default());
    let (waiting, now, most) = (
        Arc::clone(&seen),
        AtomicUsize::new(0),
        Arc::new(AtomicUsize::new(0)),
    );
    let highest = Arc::clone(&most);
    let server = shots(200, true, move |page| {
        highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        waiting.add(page);
        if page > 1 {
            // The first page and eight more.
            waiting.wait_until(|pages| pages.len() >= 9);
        }
        now.fetch_sub(1, Ordering::SeqCst);
    });
    assert_ids(&client(&server).find("Shot", &[], &[]).unwrap(), 200);
    assert_eq!(most.load(Ordering::SeqCst), 8);
    assert_eq!(server.requests.lock().len(), 20);
    assert!(server.connections.load(Ordering::SeqCst) <= 8);
}

#[test]
fn a_limit_is_kept_and_no_page_beyond_it_is_asked_for() {
    let server = shots(200, true, |_| ());
    let client = client(&server);
    for (limit, requests) in [(35, 4), (30, 3), (11, 2), (10, 1)] {
        let before = server.requests.lock().len();
        let rows = client.find_all(&Find::new("Shot").limit(limit)).unwrap();
        assert_ids(&rows, limit.into());
        assert_eq!(server.requests.lock().len() - before, requests, "{limit}");
    }
}

#[test]
fn a_site_that_does_not_count_is_asked_page_by_page() {
    for width in [1, 8] {
        let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
        let highest = Arc::clone(&most);
        let seen = Arc::new(Seen::default());
        let noted = Arc::clone(&seen);
        let server = shots(45, width == 1, move |page| {
            noted.add(page);
            highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            now.fetch_sub(1, Ordering::SeqCst);
        });
        let builder = server.builder().records_per_page(SIZE as u32);
        let client = builder.parallel_pages(width).build().unwrap();
        assert_ids(&client.find("Shot", &[], &["code"]).unwrap(), 45);
        assert_eq!(*seen.pages.lock(), [1, 2, 3, 4, 5]);
        assert_eq!(most.load(Ordering::SeqCst), 1);
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn every_page_is_heard_of_under_the_number_of_its_call() {
    let server = shots(75, true, |_| ());
    let ear = Arc::new(Ear::default());
    let client = server
        .builder()
        .records_per_page(SIZE as u32)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    client.find("Shot", &[], &["code"]).unwrap();
    let (started, finished) = (ear.started.lock(), ear.finished.lock());
    assert_eq!((started.len(), finished.len()), (1, 1));
    assert_eq!(finished[0].call_id, started[0].call_id);
    assert_eq!(
        (finished[0].rows, finished[0].error.as_deref()),
        (Some(75), None)
    );
    assert!(finished[0].decode.is_some());
    let exchanges = ear.exchanges.lock();
    let mut pages: Vec<_> = exchanges
        .iter()
        .map(|exchange| {
            assert_eq!(exchange.call_id, started[0].call_id);
            assert_eq!(exchange.phases.total(), exchange.total);
            assert!(exchange.started + exchange.total <= finished[0].finished);
            exchange.page.unwrap()
        })
        .collect();
    pages.sort_unstable();
    assert_eq!(pages, [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn a_page_that_fails_ends_the_call() {
    const FAULT: &str =
        r#"{"exception": true, "message": "API read() page three", "error_code": 104}"#;
    let server = Server::start(|_, request, stream| {
        let asked: Json = serde_json::from_str(&request.body).unwrap();
        let page = asked["params"][1]["paging"]["current_page"].as_u64();
        let rows = json!([{ "type": "Shot", "id": page }]);
        let info = json!({ "current_page": page, "page_count": 500 });
        let answer = json!({ "results": { "entities": rows, "paging_info": info } }).to_string();
        let answer = if page == Some(3) { FAULT } else { &answer };
        stream.write_all(&ok(answer)).unwrap();
        Then::Keep
    });
    let builder = server.builder().records_per_page(1).parallel_pages(2);
    let error = builder.build().unwrap().find("Shot", &[], &[]).unwrap_err();
    assert_eq!(
        error.headline(),
        "The site refused the request: API read() page three"
    );
    // How far the other thread has come by then is its own business.
    assert!(server.requests.lock().len() < 500);
}

#[test]
fn a_shutdown_ends_all_pages() {
    let seen = Arc::new(Seen::default());
    let waiting = Arc::clone(&seen);
    let server = shots(200, true, move |page| {
        waiting.add(page);
        if page > 1 {
            waiting.wait_until(|pages| pages.contains(&0));
        }
    });
    let client = client(&server);
    let worker = client.clone();
    let (done, outcome) = mpsc::channel();
    spawn(move || done.send(worker.find("Shot", &[], &[])).unwrap());
    seen.wait_until(|pages| pages.len() == 9);
    client.shutdown();
    let outcome = outcome.recv().unwrap();
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    assert_eq!(server.requests.lock().len(), 9);
    seen.add(0);
}

#[cfg(feature = "sandbox")]
#[test]
fn side_by_side_brings_the_same_bytes_as_one_by_one() {
    use callboard::sandbox::Sandbox;
    use callboard::shotgun::{Filter, Order};

    let sandbox = Sandbox::start().unwrap();
    let client = |width| {
        let builder = Client::builder(&sandbox.url()).script("callboard", "sandbox");
        builder.parallel_pages(width).build().unwrap()
    };
    let (one_by_one, side_by_side) = (client(1), client(8));
    let polar_night = Filter::is("project.Project.name", "Polar Night");
    let fields = ["code", "sg_sequence", "sg_status_list", "tasks", "nope"];
    let all = Find::new("Shot").filter(polar_night).fields(fields);
    for (find, rows) in [
        (all.clone(), 3000),
        (all.clone().page_size(97), 3000),
        (all.clone().page_size(1000), 3000),
        (
            all.clone().page_size(2999).order(Order::descending("code")),
            3000,
        ),
        (all.clone().page_size(3000), 3000),
        (all.clone().page_size(100).page(21), 1000),
        (
            all.clone()
                .page_size(100)
                .limit(1234)
                .order("sg_status_list"),
            1234,
        ),
        (all.clone().page_size(10).page(400), 0),
    ] {
        let expected = one_by_one.find_all(&find).unwrap();
        let found = side_by_side.find_all(&find).unwrap();
        assert_eq!(found.len(), rows, "{find:?}");
        assert_eq!(
            serde_json::to_vec(&found).unwrap(),
            serde_json::to_vec(&expected).unwrap(),
            "{find:?}"
        );
        assert_eq!(found, expected);
    }
}
