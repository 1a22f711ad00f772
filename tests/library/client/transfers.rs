//! Files under way: how far they are, how little of them is in memory, and what is left of those that are ended.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use callboard::shotgun::{CancelToken, EntityId, Error, Progress, Upload};
use parking_lot::Mutex;
use tempfile::TempDir;

use super::server::{Request, Server, Then, answer, builder, ok, spawn};
use super::uploads::{PLAIN, file, forms, site};

/// Far longer than anything here takes.
const NET: Duration = Duration::from_mins(1);

const LARGE: u64 = 200 << 20;

/// What may be on its way at most: in the sockets of both sides and in our buffers.
const UNDER_WAY: u64 = 48 << 20;

/// A large file that takes no room on the disk.
fn large_file() -> (TempDir, std::path::PathBuf) {
    let (folder, path) = file("large.mov", b"");
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(LARGE)
        .unwrap();
    (folder, path)
}

/// Reads and throws away, counting in `read`, until there is nothing or `enough` says so.
fn drain(stream: &mut TcpStream, read: &AtomicU64, enough: impl Fn(u64) -> bool) {
    let mut buffer = vec![0; 256 << 10];
    while !enough(read.load(Ordering::SeqCst)) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(bytes) => read.fetch_add(bytes as u64, Ordering::SeqCst),
        };
    }
}

/// Progress as it is told, checked as it comes.
#[derive(Default)]
struct Told(RefCell<Vec<Progress>>);

impl Told {
    fn tell(&self, progress: Progress) {
        let mut told = self.0.borrow_mut();
        if let Some(last) = told.last() {
            assert!(last.done < progress.done, "{last:?} before {progress:?}");
        }
        told.push(progress);
    }

    fn last(&self) -> (u64, Option<u64>) {
        let Progress { done, total } = *self.0.borrow().last().unwrap();
        (done, total)
    }
}

#[test]
fn a_large_file_goes_up_no_faster_than_the_site_takes_it() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&taken);
    let peer = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        super::server::read_request(&mut stream).unwrap();
        stream.write_all(&ok(PLAIN)).unwrap();
        // The head of the form is in what is counted, and all of the file.
        drain(&mut stream, &counter, |read| read > LARGE);
        stream
            .write_all(&answer("200 OK", "text/plain", "1:7701\n"))
            .unwrap();
        drain(&mut stream, &counter, |_| false);
    });
    let (_folder, path) = large_file();
    let client = builder(&url).build().unwrap();
    let told = Told::default();
    let id = client.upload_with_progress(&Upload::new("Version", 5, path), &|progress| {
        let ahead = progress.done.saturating_sub(taken.load(Ordering::SeqCst));
        assert!(ahead <= UNDER_WAY, "{ahead} bytes ahead");
        told.tell(progress);
    });
    assert_eq!(id.unwrap(), EntityId(7701));
    assert_eq!(told.last(), (LARGE, Some(LARGE)));
    // By the megabyte, and by the tenth of a second.
    assert!(told.0.borrow().len() >= 100);
    drop(client);
    peer.join().unwrap();
}

#[test]
fn a_large_file_comes_down_no_faster_than_it_is_written() {
    for says_length in [true, false] {
        let sent = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&sent);
        let server = Server::start(move |_, _, stream| {
            let length = if says_length {
                format!("Content-Length: {LARGE}\r\n")
            } else {
                "Connection: close\r\n".into()
            };
            let head = format!("HTTP/1.1 200 OK\r\n{length}\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let zeros = vec![0; 256 << 10];
            for _ in 0..LARGE / (256 << 10) {
                stream.write_all(&zeros).unwrap();
                counter.fetch_add(zeros.len() as u64, Ordering::SeqCst);
            }
            Then::Close
        });
        let elsewhere = builder("http://127.0.0.1:1").build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large.mov");
        let told = Told::default();
        let received = elsewhere.download_attachment_with_progress(
            &*format!("{}/large.mov", server.url()),
            &path,
            &|progress| {
                let ahead = sent.load(Ordering::SeqCst).saturating_sub(progress.done);
                assert!(ahead <= UNDER_WAY, "{ahead} bytes ahead");
                if says_length {
                    told.tell(progress);
                } else if progress.total.is_some() {
                    // Only the end knows how long it was.
                    assert_eq!(progress.done, LARGE);
                }
            },
        );
        assert_eq!(received.unwrap(), LARGE);
        assert_eq!(fs::metadata(&path).unwrap().len(), LARGE);
        if says_length {
            assert_eq!(told.last(), (LARGE, Some(LARGE)));
        }
    }
}

/// Tells of the first form, and then does nothing until the client goes away.
fn stalling() -> (Server, Receiver<()>) {
    let (sender, stalled) = channel();
    let sender = Mutex::new(sender);
    let server = site(PLAIN, move |_, _| {
        sender.lock().send(()).unwrap();
        Then::Hang
    });
    (server, stalled)
}

#[test]
fn an_upload_that_waits_for_its_answer_is_ended_with_an_unknown_outcome() {
    let (server, stalled) = stalling();
    let token = CancelToken::new();
    let client = server.client().with_cancel(&token);
    let (_folder, path) = file("a.mov", b"moving");
    let worker = spawn(move || client.upload(&Upload::new("Version", 5, path)));
    stalled.recv_timeout(NET).unwrap();
    assert_eq!(token.cancel().connections_closed, 1);
    assert_eq!(
        worker.join().unwrap().unwrap_err().headline(),
        "Whether `upload` was done is unknown: The call was cancelled"
    );
    assert_eq!(forms(&server).len(), 1);
}

#[test]
fn an_upload_that_is_half_out_is_ended_and_was_not_done() {
    let (_folder, path) = large_file();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, stalled) = channel();
    let peer = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        super::server::read_request(&mut stream).unwrap();
        stream.write_all(&ok(PLAIN)).unwrap();
        drain(&mut stream, &AtomicU64::new(0), |read| read > 1 << 20);
        sender.send(()).unwrap();
        stream
    });
    let token = CancelToken::new();
    let client = builder(&url).build().unwrap().with_cancel(&token);
    let worker = spawn(move || client.upload(&Upload::new("Version", 5, path)));
    stalled.recv_timeout(NET).unwrap();
    token.cancel();
    let error = worker.join().unwrap().unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error:?}");
    peer.join().unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

#[test]
fn a_download_that_is_ended_leaves_nothing_behind() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nmoving",
        // Looks whole when it is cut: its length is where the connection ends.
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nmoving",
    ] {
        let server = Server::saying(head, Then::Hang);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mov");
        let token = CancelToken::new();
        let client = builder("http://127.0.0.1:1")
            .build()
            .unwrap()
            .with_cancel(&token);
        let address = format!("{}/a.mov", server.url());
        let during = RefCell::new(Vec::new());
        let outcome = client.download_attachment_with_progress(&*address, &path, &|_| {
            during.borrow_mut().extend(names(folder.path()));
            token.cancel();
        });
        assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
        let during = during.into_inner();
        let ending = during[0].split('.').next_back();
        assert_eq!(ending, Some("part"), "{during:?}");
        assert!(names(folder.path()).is_empty());
    }
}

#[test]
fn a_callback_that_panics_leaves_nothing_behind() {
    let server = Server::saying(answer("200 OK", "", "moving"), Then::Keep);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    let client = builder("http://127.0.0.1:1").build().unwrap();
    let address = format!("{}/a.mov", server.url());
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        client.download_attachment_with_progress(&*address, &path, &|_| panic!("told"))
    }));
    assert!(outcome.is_err());
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_file_that_becomes_shorter_on_its_way_is_named_and_was_not_uploaded() {
    let (_folder, path) = large_file();
    let shorten = File::options().write(true).open(&path).unwrap();
    let server = site(PLAIN, |_: &Request, stream| {
        stream
            .write_all(&answer("200 OK", "text/plain", "1:7701\n"))
            .unwrap();
        Then::Keep
    });
    let upload = Upload::new("Version", 5, &path);
    let error = server
        .client()
        .upload_with_progress(&upload, &|_| shorten.set_len(1 << 20).unwrap())
        .unwrap_err();
    assert_eq!(
        error.headline(),
        format!(
            "{}: the file became shorter while it was read",
            path.display()
        )
    );
    assert!(forms(&server).is_empty());
}

#[test]
fn progress_stands_still_while_a_part_is_sent_again() {
    const LENGTH: u64 = 45_000_000;
    let puts = AtomicU64::new(0);
    let storage = Server::start(move |_, _, stream| {
        let status = match puts.fetch_add(1, Ordering::SeqCst) {
            1 => "503 Slow Down\r\nRetry-After: 0",
            _ => "200 OK\r\nETag: \"e\"",
        };
        stream.write_all(&answer(status, "", "")).unwrap();
        Then::Keep
    });
    let place = storage.url();
    let info = r#"{"version": [8], "s3_direct_uploads_enabled": true, "s3_enabled_upload_types": {"*": "*"}}"#;
    let site = site(info, move |_, stream| {
        let text = format!("1:7701\n{place}/x\nT\nAttachment\nid\n");
        stream.write_all(&answer("200 OK", "", &text)).unwrap();
        Then::Keep
    });
    let (_folder, path) = file("a.mov", b"");
    let long = File::options().write(true).open(&path).unwrap();
    long.set_len(LENGTH).unwrap();
    let told = Told::default();
    let client = site.builder().retries(2).build().unwrap();
    let upload = Upload::new("Shot", 5, path);
    client
        .upload_with_progress(&upload, &|progress| told.tell(progress))
        .unwrap();
    assert_eq!(told.last(), (LENGTH, Some(LENGTH)));
    assert_eq!(storage.requests.lock().len(), 4);
}
