//! A call that connects cannot be broken off: it returns at its time-out, and the cancellation says so.

use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use callboard::shotgun::{CancelToken, Error, Timeouts};
use socket2::{Domain, Socket, Type};

use super::server::builder;

/// On Linux, a listener whose queue is full lets those who come later knock without an answer.
#[test]
fn a_call_that_connects_returns_at_its_time_out_and_the_cancellation_says_so() {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    socket.bind(&any.into()).unwrap();
    socket.listen(0).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let knock = || TcpStream::connect_timeout(&address, Duration::from_millis(300));
    let _queue: Vec<_> = std::iter::from_fn(|| knock().ok()).collect();
    let timeouts = Timeouts {
        connect: Duration::from_secs(2),
        ..Timeouts::default()
    };
    let builder = builder(&format!("http://{address}")).timeouts(timeouts);
    let token = CancelToken::new();
    let client = builder.build().unwrap().with_cancel(&token);
    thread::scope(|scope| {
        let call = scope.spawn(|| client.info());
        while !is_knocking(address) {
            thread::yield_now();
        }
        let cancellation = token.cancel();
        assert_eq!(
            (
                cancellation.connections_closed,
                cancellation.still_connecting
            ),
            (0, 1)
        );
        assert!(matches!(call.join().unwrap(), Err(Error::Cancelled)));
    });
}

/// Whether the operating system is opening a connection to `address`.
fn is_knocking(address: SocketAddr) -> bool {
    const SYN_SENT: &str = "02";
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let port = format!(":{:04X}", address.port());
    table.lines().any(|line| {
        let mut columns = line.split_whitespace().skip(2);
        columns.next().is_some_and(|remote| remote.ends_with(&port))
            && columns.next() == Some(SYN_SENT)
    })
}
