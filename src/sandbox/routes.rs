//! From a request to what happens on its connection: which path, which method, which fault.

use std::collections::BTreeSet;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value as Json;

use super::connections::Ticket;
use super::control;
use super::error::Fault;
use super::faults::{Call, Misbehavior, THUMBNAIL, Verdict, whole_seconds};
use super::files::{self, PENDING};
use super::http::{Intake, Outcome, Pace, Request, Response};
use super::json;
use super::log::RequestLine;
use super::methods::{self, Answer};
use super::server::Server;
use super::thumbnails;

/// Where every RPC goes.
const RPC: &str = "/api3/json";
const NOTHING: &Json = &Json::Null;
/// How often a call that waits looks whether its peer is still there.
const GLANCE_EVERY: Duration = Duration::from_millis(100);

/// A request on its way to an answer.
struct Visit<'a> {
    server: &'a Server,
    ticket: &'a Ticket,
    started: Instant,
    line: RequestLine,
}

/// Where the body of a request goes: only files that have a place here may be long.
pub fn intake(server: &Server, request: &Request) -> Intake {
    let is_refused = control::stranger(&server.url(), request).is_some();
    if !is_refused && server.site.files().takes_file(request) {
        Intake::File
    } else {
        Intake::Memory
    }
}

/// Answers a request.
pub fn answer(server: &Server, ticket: &Ticket, request: &Request) -> Outcome {
    let line = RequestLine {
        at: SystemTime::now(),
        method: "http".to_owned(),
        subject: format!("{} {}", request.method, files::loggable(&request.path)),
        connection: ticket.number,
        status: 0,
        fault: None,
        bytes_in: request.body.len() as usize,
        bytes_out: 0,
        waited: Duration::ZERO,
        took: Duration::ZERO,
    };
    let visit = Visit {
        server,
        ticket,
        started: Instant::now(),
        line,
    };
    if let Some(why) = control::stranger(&server.url(), request) {
        return visit.plain(Response::text(403, &format!("Refused: {why}\n")));
    }
    let is_get = matches!(request.method.as_str(), "GET" | "HEAD");
    match request.path.as_str() {
        RPC if request.method == "POST" => visit.rpc(request.body.in_memory().unwrap_or_default()),
        RPC => visit.plain(Response::text(405, "Only POST here\n").with_header("Allow", "POST")),
        picture if (picture.starts_with(thumbnails::PATH) || picture == PENDING) && is_get => {
            visit.thumbnail(picture)
        }
        path if files::serves(path) => visit.file(request),
        path if control::serves(path) => visit.control(request),
        "/" if is_get => visit.plain(Response::text(
            200,
            "A Callboard sandbox. The API is at /api3/json\n",
        )),
        _unknown => visit.plain(Response::text(404, "Not found\n")),
    }
}

impl Visit<'_> {
    fn rpc(mut self, body: &[u8]) -> Outcome {
        let body: Json = match json::parse(body) {
            Ok(body) => body,
            Err(error) => {
                return self.fault(&Fault::invalid(format!(
                    "API request is not valid JSON: {error}"
                )));
            }
        };
        let Some(method) = body["method_name"].as_str() else {
            return self.fault(&Fault::invalid("API request has no 'method_name'"));
        };
        let params = body["params"].as_array().map_or(&[][..], Vec::as_slice);
        let (auth, argument) = (
            params.first().unwrap_or(NOTHING),
            params.get(1).unwrap_or(NOTHING),
        );
        method.clone_into(&mut self.line.method);
        self.line.subject = subject(argument);
        let call = Call {
            method,
            entity_types: entity_types(argument),
        };
        self.with_faults(&call, |server| {
            match server.site.call(method, auth, argument) {
                Ok(Answer::Json(json)) => (Response::json(json), None),
                Ok(Answer::Csv(table)) => (Response::csv(table), None),
                Err(fault) => (Response::json(fault.to_json()), Some(fault.message)),
            }
        })
    }

    fn thumbnail(mut self, path: &str) -> Outcome {
        THUMBNAIL.clone_into(&mut self.line.method);
        files::loggable(path).clone_into(&mut self.line.subject);
        let call = Call {
            method: THUMBNAIL,
            entity_types: thumbnails::entity_type(path).into_iter().collect(),
        };
        self.with_faults(&call, |server| {
            let uploaded = server.site.with_store(|store| store.pictures().file(path));
            let drawn = || match path {
                PENDING => thumbnails::pending(),
                path => server.site.with_store(|store| thumbnails::png(store, path)),
            };
            let picture = uploaded.map(|file| Response::file(file.content_type, file.body));
            let picture = picture.or_else(|| drawn().map(Response::png));
            let missing = || Response::text(404, "No such picture\n");
            (picture.unwrap_or_else(missing), None)
        })
    }

    fn file(mut self, request: &Request) -> Outcome {
        let method = files::method(&request.path);
        method.clone_into(&mut self.line.method);
        self.with_faults(&Call::of(method), |server| server.site.file(request))
    }

    /// Whoever only looks leaves no trace: a page of the log would fill it with itself.
    fn control(mut self, request: &Request) -> Outcome {
        let response = control::answer(self.server, request);
        if request.method == "GET" && response.status == 200 {
            return Outcome::Answer(response);
        }
        "control".clone_into(&mut self.line.method);
        self.server.log.arrived("control");
        Outcome::Answer(self.finish(response))
    }

    /// Lets happen to the call what the faults have in mind, then what was asked for.
    fn with_faults(
        mut self,
        call: &Call<'_>,
        work: impl FnOnce(&Server) -> (Response, Option<String>),
    ) -> Outcome {
        self.server.log.arrived(counted(call.method));
        let verdict = self.server.faults.verdict(call);
        let Some(waited) = self.wait(verdict.wait) else {
            return Outcome::Close;
        };
        self.line.waited = waited;
        self.line.fault = verdict
            .misbehavior
            .map(|misbehavior| misbehavior.to_string());
        match verdict.misbehavior {
            Some(Misbehavior::BlackHole) => {
                self.unanswered();
                return Outcome::Hang(verdict.edition);
            }
            Some(Misbehavior::ResetBefore) => {
                self.unanswered();
                return Outcome::Reset;
            }
            Some(Misbehavior::ExpireSessions) => {
                if let Err(fault) = self.server.site.expire_sessions() {
                    return self.fault(&fault);
                }
            }
            other => {
                if let Some(refusal) = other.and_then(refusal) {
                    return Outcome::Answer(self.finish(refusal));
                }
            }
        }
        let (response, fault) = work(self.server);
        self.line.fault = self.line.fault.or(fault);
        self.ending(response, verdict)
    }

    /// Waits, and says how long: that is shorter if the peer hangs up. Sites do not know of that and carry the call out all
    /// the same, but here nobody else has to wait for its place. Nothing if the site stopped meanwhile.
    fn wait(&self, time: Duration) -> Option<Duration> {
        let started = Instant::now();
        let mut left = time;
        while !left.is_zero() {
            if !self.server.faults.wait(left.min(GLANCE_EVERY)) {
                return None;
            }
            left = time.saturating_sub(started.elapsed());
            if !left.is_zero() && self.ticket.peer_is_gone() {
                return Some(started.elapsed());
            }
        }
        Some(time)
    }

    /// How the answer to a call that was carried out goes out, if it does.
    fn ending(self, mut response: Response, verdict: Verdict) -> Outcome {
        let edition = verdict.edition;
        response.pace = verdict.bytes_per_second.map(|bytes_per_second| Pace {
            bytes_per_second,
            edition,
        });
        match verdict.misbehavior {
            Some(Misbehavior::Truncate) => Outcome::Truncate(self.finish(response)),
            Some(Misbehavior::ResetMidway) => Outcome::ResetMidway(self.finish(response)),
            Some(Misbehavior::InvalidJson) => {
                response.body = response.body.slice(0..response.body.len() / 2);
                Outcome::Answer(self.finish(response))
            }
            Some(Misbehavior::Reset) => {
                self.unanswered();
                Outcome::Reset
            }
            Some(Misbehavior::NeverAnswer) => {
                self.unanswered();
                Outcome::Hang(edition)
            }
            // What does not look at the request has been dealt with before.
            None
            | Some(
                Misbehavior::Status(_)
                | Misbehavior::RetryLater { .. }
                | Misbehavior::Redirect
                | Misbehavior::Html
                | Misbehavior::ResetBefore
                | Misbehavior::BlackHole
                | Misbehavior::ExpireSessions,
            ) => Outcome::Answer(self.finish(response)),
        }
    }

    fn fault(mut self, fault: &Fault) -> Outcome {
        self.server.log.arrived("http");
        self.line.fault = Some(fault.message.clone());
        Outcome::Answer(self.finish(Response::json(fault.to_json())))
    }

    fn plain(self, response: Response) -> Outcome {
        self.server.log.arrived("http");
        Outcome::Answer(self.finish(response))
    }

    /// Logs the request, before the answer can be seen anywhere.
    fn finish(mut self, response: Response) -> Response {
        self.line.status = response.status;
        self.line.bytes_out = response.body.len() as usize;
        let took = self.unanswered();
        response.with_header(
            "Server-Timing",
            format!("app;dur={:.3}", took.as_secs_f64() * 1000.0),
        )
    }

    fn unanswered(mut self) -> Duration {
        let took = self.started.elapsed();
        self.line.took = took;
        let line = self.line.tidied();
        if let Some(hook) = &self.server.hook {
            hook(&line);
        }
        self.server.log.push(line);
        took
    }
}

/// The name that calls of `method` are counted under: its own if there is such a method, or else that of all others.
fn counted(method: &str) -> &'static str {
    let known = methods::NAMES.iter().chain(&files::METHODS);
    let known = known.chain(&[THUMBNAIL]).find(|known| **known == method);
    known.copied().unwrap_or("other")
}

/// What a misbehaving site sends without looking at the request.
fn refusal(misbehavior: Misbehavior) -> Option<Response> {
    let refused = |status| Response::text(status, "The sandbox was told to refuse this request\n");
    match misbehavior {
        Misbehavior::Status(status) => Some(refused(status)),
        Misbehavior::RetryLater { status, after } => {
            let after = whole_seconds(after).to_string();
            Some(refused(status).with_header("Retry-After", after))
        }
        Misbehavior::Redirect => Some(
            Response::text(302, "Elsewhere\n")
                .with_header("Location", "http://elsewhere.invalid/api3/json"),
        ),
        Misbehavior::Html => Some(Response::html(
            "<!doctype html><title>Hotel Wi-Fi</title><p>Please log in.</p>\n",
        )),
        Misbehavior::InvalidJson
        | Misbehavior::Truncate
        | Misbehavior::ResetBefore
        | Misbehavior::ResetMidway
        | Misbehavior::Reset
        | Misbehavior::NeverAnswer
        | Misbehavior::BlackHole
        | Misbehavior::ExpireSessions => None,
    }
}

/// What a call is about, for the log.
fn subject(argument: &Json) -> String {
    if let Some(requests) = argument.as_array() {
        return format!("{} requests", requests.len());
    }
    argument["type"].as_str().unwrap_or_default().to_owned()
}

/// What a call is about, for the faults: each type once.
fn entity_types(argument: &Json) -> Vec<&str> {
    let requests = argument.as_array().map_or(&[][..], Vec::as_slice);
    let types = std::iter::once(argument).chain(requests);
    let types: BTreeSet<_> = types
        .filter_map(|request| request["type"].as_str())
        .collect();
    types.into_iter().collect()
}
