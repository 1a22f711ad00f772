//! What changes nothing is asked again where that may help; what writes never is.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use callboard::shotgun::{Client, Error, Exchange, Find, Observer, Timeouts};
use parking_lot::Mutex;

use super::server::{Ear, ONE_SHOT, Server, Then, answer, ok, spawn};

/// Trouble that passes, and leave to come back at once.
fn busy(status: u16) -> Vec<u8> {
    answer(&format!("{status} Busy\r\nRetry-After: 0"), "text/html", "")
}

/// Does the first `failures` times what `fail` does, then answers.
fn failing(
    failures: usize,
    fail: impl Fn(&mut std::net::TcpStream) -> Then + Send + Sync + 'static,
) -> Server {
    Server::start(move |number, _, stream| {
        if number < failures {
            return fail(stream);
        }
        stream.write_all(&ok(ONE_SHOT)).unwrap();
        Then::Keep
    })
}

/// A client that retries as every client does unless told otherwise.
fn patient(server: &Server) -> (Arc<Ear>, Client) {
    let ear = Arc::new(Ear::default());
    let builder = server.builder().retries(2).observer(Arc::clone(&ear) as _);
    (ear, builder.build().unwrap())
}

fn attempts(ear: &Ear) -> Vec<u32> {
    let exchanges = ear.exchanges.lock();
    exchanges.iter().map(|exchange| exchange.attempt).collect()
}

#[test]
fn each_kind_of_trouble_that_passes_is_outlived() {
    let cut = ok(ONE_SHOT);
    let cut = cut[..cut.len() - 5].to_vec();
    for (name, bytes, then) in [
        ("429", busy(429), Then::Keep),
        ("502", busy(502), Then::Keep),
        ("503", busy(503), Then::Keep),
        ("504", busy(504), Then::Keep),
        ("closed", Vec::new(), Then::Close),
        ("cut", cut, Then::Close),
    ] {
        let server = failing(1, move |stream| {
            stream.write_all(&bytes).unwrap();
            then
        });
        let (ear, client) = patient(&server);
        let rows = client.find("Shot", &[], &["code"]).unwrap();
        assert_eq!(rows.len(), 1, "{name}");
        assert_eq!(attempts(&ear), [1, 2], "{name}");
        assert_eq!(ear.finished.lock()[0].error, None, "{name}");
    }
}

#[test]
fn a_time_out_is_outlived() {
    let server = failing(1, |_| Then::Hang);
    let timeouts = Timeouts {
        idle: Duration::from_millis(500),
        ..Timeouts::default()
    };
    let builder = server.builder().timeouts(timeouts).retries(1);
    let rows = builder.build().unwrap().find("Shot", &[], &[]).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(server.requests.lock().len(), 2);
}

#[test]
fn nobody_listening_is_asked_three_times() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let ear = Arc::new(Ear::default());
    let client = super::server::builder(&format!("http://127.0.0.1:{port}"))
        .retries(2)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    let error = client.info().unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_eq!(attempts(&ear), [1, 2, 3]);
}

#[test]
fn a_client_makes_three_attempts_and_tells_the_error_of_the_last_one() {
    let server = Server::start(|number, _, stream| {
        stream.write_all(&busy(502 + number as u16)).unwrap();
        Then::Keep
    });
    let ear = Arc::new(Ear::default());
    let client = Client::builder(&server.url())
        .script("robot", "k3y")
        .proxy(None)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    let error = client.find("Shot", &[], &[]).unwrap_err();
    assert!(matches!(error, Error::Server { status: 504 }), "{error:?}");
    let told: Vec<_> = ear
        .exchanges
        .lock()
        .iter()
        .map(|exchange| (exchange.attempt, exchange.outcome.clone()))
        .collect();
    assert_eq!(told, [(1, Ok(502)), (2, Ok(503)), (3, Ok(504))]);
}

#[test]
fn pauses_lie_between_attempts_and_belong_to_none_of_them() {
    let server = failing(2, |stream| {
        stream.write_all(&answer("503 Busy", "", "")).unwrap();
        Then::Keep
    });
    let (ear, client) = patient(&server);
    client.find("Shot", &[], &[]).unwrap();
    let exchanges = ear.exchanges.lock();
    for (pair, least) in exchanges.windows(2).zip([100, 200]) {
        let end = pair[0].started + pair[0].total;
        assert_eq!(pair[0].phases.total(), pair[0].total);
        assert!(pair[1].started - end >= Duration::from_millis(least));
    }
    assert_eq!(exchanges.len(), 3);
}

#[test]
fn what_would_fail_again_is_not_asked_again() {
    let fault = r#"{"exception": true, "message": "no", "error_code": 103}"#;
    for bytes in [
        ok(fault),
        ok("nonsense"),
        busy(500),
        busy(403),
        answer("200 OK", "text/html", "<html>"),
    ] {
        let server = Server::saying(bytes, Then::Keep);
        let (_, client) = patient(&server);
        client.find("Shot", &[], &[]).unwrap_err();
        assert_eq!(server.requests.lock().len(), 1);
    }
}

#[test]
fn a_write_is_never_sent_again() {
    for status in [429, 502, 503, 504] {
        let server = Server::saying(busy(status), Then::Keep);
        let (ear, client) = patient(&server);
        client.create("Shot", &[], &[]).unwrap_err();
        client.update("Shot", 1, &[]).unwrap_err();
        client.delete("Shot", 1).unwrap_err();
        client.revive("Shot", 1).unwrap_err();
        assert_eq!(server.requests.lock().len(), 4);
        assert_eq!(attempts(&ear), [1, 1, 1, 1]);
    }
    let server = Server::start(|_, _, _| Then::Close);
    let (_, client) = patient(&server);
    let error = client.create("Shot", &[], &[]).unwrap_err();
    assert!(matches!(error, Error::UnknownOutcome { .. }), "{error:?}");
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_server_that_wants_peace_for_longer_than_the_budget_gets_it() {
    let server = Server::saying(
        answer("429 Slow down\r\nRetry-After: 3600", "text/html", ""),
        Then::Keep,
    );
    let (ear, client) = patient(&server);
    let error = client.find("Shot", &[], &[]).unwrap_err();
    let hour = Some(Duration::from_hours(1));
    assert!(
        matches!(error, Error::RateLimited { retry_after } if retry_after == hour),
        "{error:?}"
    );
    assert_eq!(attempts(&ear), [1]);
}

#[test]
fn without_a_budget_there_is_no_pause_and_so_no_other_attempt() {
    let server = Server::start(|_, _, _| Then::Close);
    let builder = server.builder().retries(9).retry_budget(Duration::ZERO);
    let error = builder.build().unwrap().find("Shot", &[], &[]).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn one_page_of_many_is_asked_again_on_its_own() {
    let failed = Mutex::new(false);
    let server = Server::start(move |_, request, stream| {
        let page = |number: u32| request.body.contains(&format!("\"current_page\":{number}"));
        let bytes = if page(2) && !std::mem::replace(&mut *failed.lock(), true) {
            busy(503)
        } else {
            let number = (1..=3).find(|number| page(*number)).unwrap();
            let info = r#"{"current_page":1,"page_count":3}"#;
            let info = if number == 1 { info } else { "null" };
            ok(&format!(
                r#"{{"results":{{"entities":[{{"type":"Shot","id":{number}}}],"paging_info":{info}}}}}"#
            ))
        };
        stream.write_all(&bytes).unwrap();
        Then::Keep
    });
    let (ear, client) = patient(&server);
    let rows = client.find_all(&Find::new("Shot").page_size(1).limit(3));
    let ids: Vec<_> = rows.unwrap().iter().map(|row| row.id().0).collect();
    assert_eq!(ids, [1, 2, 3]);
    let mut told: Vec<_> = ear
        .exchanges
        .lock()
        .iter()
        .map(|exchange| (exchange.page.unwrap(), exchange.attempt))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(1, 1), (2, 1), (2, 2), (3, 1)]);
}

/// Says when an exchange is over.
struct Bell(Mutex<Sender<()>>);

impl Observer for Bell {
    fn exchange(&self, _: &Exchange) {
        self.0.lock().send(()).unwrap();
    }
}

#[test]
fn a_shutdown_ends_a_pause() {
    let server = Server::saying(
        answer("503 Busy\r\nRetry-After: 3600", "text/html", ""),
        Then::Keep,
    );
    let (ring, rung) = mpsc::channel();
    let client = server
        .builder()
        .retries(1)
        .retry_budget(Duration::from_hours(2))
        .observer(Arc::new(Bell(Mutex::new(ring))))
        .build()
        .unwrap();
    let worker = client.clone();
    let (done, outcome) = mpsc::channel();
    spawn(move || done.send(worker.find("Shot", &[], &[])).unwrap());
    rung.recv().unwrap();
    client.shutdown();
    let outcome = outcome.recv_timeout(Duration::from_mins(1)).unwrap();
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    assert_eq!(server.requests.lock().len(), 1);
}
