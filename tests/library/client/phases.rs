//! Measured times add up, and what did not happen is absent.

use std::sync::Arc;
use std::time::Duration;

use callboard::shotgun::{Client, Exchange, Phase, Timeouts};

use super::server::{Ear, ONE_SHOT, Server, Then, builder};

fn names(exchange: &Exchange) -> Vec<Phase> {
    exchange.phases.iter().map(|(phase, _)| phase).collect()
}

fn listening(server: &Server) -> (Arc<Ear>, Client) {
    let ear = Arc::new(Ear::default());
    let client = server
        .builder()
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    (ear, client)
}

#[test]
fn a_reused_connection_neither_connects_nor_looks_up() {
    let server = Server::json(ONE_SHOT);
    let (ear, client) = listening(&server);
    for _ in 0..3 {
        client.find("Shot", &[], &["code"]).unwrap();
    }
    let exchanges = ear.exchanges.lock();
    assert_eq!(
        names(&exchanges[0]),
        [Phase::Connect, Phase::Send, Phase::Wait, Phase::Receive]
    );
    for exchange in &exchanges[1..] {
        assert_eq!(names(exchange), [Phase::Send, Phase::Wait, Phase::Receive]);
    }
    for exchange in &*exchanges {
        assert_eq!(exchange.phases.total(), exchange.total);
        assert_eq!(exchange.outcome, Ok(200));
        assert_eq!((exchange.attempt, exchange.page), (1, Some(1)));
        assert_eq!(exchange.bytes.received, ONE_SHOT.len() as u64);
        assert!(
            exchange.bytes.received_wire > exchange.bytes.received && exchange.bytes.sent > 100
        );
    }
    let reused: Vec<_> = exchanges
        .iter()
        .map(|exchange| exchange.connection.unwrap().reused)
        .collect();
    assert_eq!(reused, [false, true, true]);
    assert!(
        exchanges
            .iter()
            .all(|exchange| exchange.connection.map(|c| c.id)
                == exchanges[0].connection.map(|c| c.id))
    );
    assert_eq!(
        server.connections.load(std::sync::atomic::Ordering::SeqCst),
        1
    );
}

#[test]
fn a_name_is_looked_up_once_a_minute() {
    // Said beforehand: a connection that closes unannounced may be reused just before it does.
    let answer = String::from_utf8(super::server::ok(ONE_SHOT)).unwrap();
    let answer = answer.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    let server = Server::saying(answer, Then::Close);
    let ear = Arc::new(Ear::default());
    let client = builder(&format!("http://localhost:{}", server.port))
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    for _ in 0..2 {
        client.find("Shot", &[], &[]).unwrap();
    }
    let exchanges = ear.exchanges.lock();
    assert_eq!(names(&exchanges[0])[..2], [Phase::Dns, Phase::Connect]);
    assert_eq!(names(&exchanges[1])[0], Phase::Connect);
}

#[test]
fn an_address_that_leads_nowhere_is_looked_up_anew() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let ear = Arc::new(Ear::default());
    let client = builder(&format!("http://localhost:{port}"))
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    for _ in 0..2 {
        client.info().unwrap_err();
    }
    for exchange in &*ear.exchanges.lock() {
        assert_eq!(names(exchange), [Phase::Dns, Phase::Connect]);
    }
}

#[test]
fn a_failed_exchange_keeps_the_phases_it_got_through() {
    let server = Server::saying("", Then::Hang);
    let ear = Arc::new(Ear::default());
    let timeouts = Timeouts {
        idle: Duration::from_millis(100),
        ..Timeouts::default()
    };
    let client = server
        .builder()
        .timeouts(timeouts)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    client.find("Shot", &[], &[]).unwrap_err();
    let exchanges = ear.exchanges.lock();
    assert_eq!(
        names(&exchanges[0]),
        [Phase::Connect, Phase::Send, Phase::Wait]
    );
    assert_eq!(exchanges[0].phases.total(), exchanges[0].total);
    assert!(exchanges[0].phases.wait.unwrap() >= timeouts.idle);
    assert_eq!(
        exchanges[0].outcome.as_ref().unwrap_err().as_ref(),
        "The answer took longer than 100 ms"
    );
    let finished = ear.finished.lock();
    assert_eq!(
        finished[0].error.as_deref(),
        Some("The answer took longer than 100 ms")
    );
    assert_eq!(finished[0].decode, None);
}

#[test]
fn a_refused_connection_spent_its_time_connecting() {
    let ear = Arc::new(Ear::default());
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let client = builder(&format!("http://127.0.0.1:{port}"))
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    client.info().unwrap_err();
    let exchanges = ear.exchanges.lock();
    assert_eq!(names(&exchanges[0]), [Phase::Connect]);
    assert_eq!(exchanges[0].phases.total(), exchanges[0].total);
    assert_eq!(exchanges[0].connection, None);
}

#[test]
fn every_call_starts_and_finishes_exactly_once() {
    let server = Server::json(ONE_SHOT);
    let (ear, client) = listening(&server);
    client.find("Shot", &[], &["code"]).unwrap();
    client.create("Shot", &[], &[]).unwrap_err();
    let (started, finished) = (ear.started.lock(), ear.finished.lock());
    let told: Vec<_> = started
        .iter()
        .map(|call| (&*call.method, call.entity_type.as_deref()))
        .collect();
    assert_eq!(told, [("find", Some("Shot")), ("create", Some("Shot"))]);
    assert!(started[0].call_id < started[1].call_id);
    assert_eq!(
        started.iter().map(|call| call.call_id).collect::<Vec<_>>(),
        finished.iter().map(|call| call.call_id).collect::<Vec<_>>()
    );
    assert_eq!(
        (finished[0].rows, finished[0].error.as_deref()),
        (Some(1), None)
    );
    assert!(finished[0].decode.is_some());
    assert!(
        finished[1]
            .error
            .as_deref()
            .unwrap()
            .starts_with("Whether `create` was done is unknown")
    );
    assert!(started[0].thread.is_some());
}

#[test]
fn many_threads_share_one_client() {
    let server = Server::json(ONE_SHOT);
    let (ear, client) = listening(&server);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
                }
            });
        }
    });
    let exchanges = ear.exchanges.lock();
    assert_eq!(exchanges.len(), 160);
    assert!(
        exchanges.iter().all(
            |exchange| exchange.phases.total() == exchange.total && exchange.outcome == Ok(200)
        )
    );
    // As many connections as threads, and not one more: the pool keeps them all.
    assert!(server.connections.load(std::sync::atomic::Ordering::SeqCst) <= 8);
}
