//! From a request to what happens on its connection: which path, which method, which fault.

use std::time::{Duration, Instant, SystemTime};

use serde_json::Value as Json;

use super::error::Fault;
use super::faults::{Misbehavior, THUMBNAIL, Verdict};
use super::files::{self, PENDING};
use super::http::{Intake, Outcome, Request, Response};
use super::json;
use super::log::RequestLine;
use super::methods::Answer;
use super::server::Server;
use super::thumbnails;

/// Where every RPC goes.
const RPC: &str = "/api3/json";
const NOTHING: &Json = &Json::Null;

/// A request on its way to an answer.
struct Visit<'a> {
    server: &'a Server,
    started: Instant,
    line: RequestLine,
}

/// Where the body of a request goes: only files may be long.
pub fn intake(request: &Request) -> Intake {
    if files::serves(&request.path) {
        Intake::File
    } else {
        Intake::Memory
    }
}

/// Answers a request.
pub fn answer(server: &Server, connection: u64, request: &Request) -> Outcome {
    let line = RequestLine {
        at: SystemTime::now(),
        method: "http".to_owned(),
        subject: format!("{} {}", request.method, files::loggable(&request.path)),
        connection,
        status: 0,
        fault: None,
        bytes_in: request.body.len() as usize,
        bytes_out: 0,
        waited: Duration::ZERO,
        took: Duration::ZERO,
    };
    let visit = Visit {
        server,
        started: Instant::now(),
        line,
    };
    let is_get = matches!(request.method.as_str(), "GET" | "HEAD");
    match request.path.as_str() {
        RPC if request.method == "POST" => visit.rpc(request.body.in_memory().unwrap_or_default()),
        RPC => visit.plain(Response::text(405, "Only POST here\n").with_header("Allow", "POST")),
        picture if (picture.starts_with(thumbnails::PATH) || picture == PENDING) && is_get => {
            visit.thumbnail(picture)
        }
        path if files::serves(path) => visit.file(request),
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
        self.with_faults(method, |server| {
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
        self.with_faults(THUMBNAIL, |server| {
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
        self.with_faults(method, |server| server.site.file(request))
    }

    /// Lets happen to the call what the faults have in mind, then what was asked for.
    fn with_faults(
        mut self,
        method: &str,
        work: impl FnOnce(&Server) -> (Response, Option<String>),
    ) -> Outcome {
        self.server.log.arrived(method);
        let Verdict {
            wait,
            misbehavior,
            edition,
        } = self.server.faults.verdict(method);
        if !wait.is_zero() {
            self.line.waited = wait;
            if !self.server.faults.wait(wait) {
                return Outcome::Close;
            }
        }
        self.line.fault = misbehavior.map(|misbehavior| format!("{misbehavior:?}"));
        if misbehavior == Some(Misbehavior::BlackHole) {
            self.unanswered();
            return Outcome::Hang(edition);
        }
        if let Some(refusal) = misbehavior.and_then(refusal) {
            return Outcome::Answer(self.finish(refusal));
        }
        let (mut response, fault) = work(self.server);
        self.line.fault = self.line.fault.or(fault);
        match misbehavior {
            Some(Misbehavior::Truncate) => Outcome::Truncate(self.finish(response)),
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
            // What does not look at the request has been dealt with above.
            None
            | Some(
                Misbehavior::Status(_)
                | Misbehavior::Redirect
                | Misbehavior::Html
                | Misbehavior::BlackHole,
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
        if let Some(hook) = &self.server.hook {
            hook(&self.line);
        }
        self.server.log.push(self.line);
        took
    }
}

/// What a misbehaving site sends without looking at the request.
fn refusal(misbehavior: Misbehavior) -> Option<Response> {
    match misbehavior {
        Misbehavior::Status(status) => Some(Response::text(
            status,
            "The sandbox was told to refuse this request\n",
        )),
        Misbehavior::Redirect => Some(
            Response::text(302, "Elsewhere\n")
                .with_header("Location", "http://elsewhere.invalid/api3/json"),
        ),
        Misbehavior::Html => Some(Response::html(
            "<!doctype html><title>Hotel Wi-Fi</title><p>Please log in.</p>\n",
        )),
        Misbehavior::InvalidJson
        | Misbehavior::Truncate
        | Misbehavior::Reset
        | Misbehavior::NeverAnswer
        | Misbehavior::BlackHole => None,
    }
}

/// What a call is about, for the log.
fn subject(argument: &Json) -> String {
    if let Some(requests) = argument.as_array() {
        return format!("{} requests", requests.len());
    }
    argument["type"].as_str().unwrap_or_default().to_owned()
}
