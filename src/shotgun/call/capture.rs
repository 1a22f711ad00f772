//! Turns an exchange into what an observer may see of it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::shotgun::agent::Sent;
use crate::shotgun::call::rpc::{Place, Rpc};
use crate::shotgun::call::talk::Talk;
use crate::shotgun::exchange::{Bytes, Captured, Exchange};
use crate::shotgun::files::file_of;
use crate::shotgun::redact::{KEPT_HEADERS, Redactor, address};
use crate::shotgun::request::{Method, Outgoing, Reply};

/// The body of a call as people may see it: built anew, without the credentials, rather than cleaned.
pub(in crate::shotgun) fn shown_body(
    redactor: &Redactor,
    rpc: &Rpc,
    auth: Option<Json>,
) -> (String, bool) {
    let params: Vec<_> = auth.into_iter().chain(rpc.argument.clone()).collect();
    redactor.request_body(json!({ "method_name": rpc.method, "params": params }))
}

/// All of an exchange.
pub(in crate::shotgun) fn exchange(
    talk: &Talk<'_>,
    outgoing: &Outgoing<'_>,
    sent: &Sent,
    place: Place,
    shown_body: (String, bool),
) -> Exchange {
    let redactor = &talk.client.redactor;
    let Sent {
        reply,
        failure,
        trip,
        phases,
        total,
    } = sent;
    let outcome = match (failure, reply) {
        (Some(failure), _) => Err(redactor.clean(&failure.headline()).into()),
        (None, Some(reply)) => Ok(reply.status),
        (None, None) => Err("nothing came back".into()),
    };
    let received = reply.as_ref().map_or(0, |reply| outgoing.received(reply));
    Exchange {
        call_id: talk.call_id,
        attempt: place.attempt,
        page: place.page,
        started: trip.started(),
        phases: *phases,
        total: *total,
        connection: trip.connection,
        outcome,
        bytes: Bytes {
            sent: trip.sent,
            received_wire: trip.received,
            received,
        },
        server_timing: reply
            .as_ref()
            .and_then(|reply| reply.header("server-timing"))
            .map(|value| redactor.header("server-timing", value).into()),
        request: request(redactor, outgoing, shown_body),
        response: reply
            .as_ref()
            .map(|reply| response(redactor, outgoing, reply))
            .unwrap_or_default(),
    }
}

fn request(redactor: &Redactor, outgoing: &Outgoing<'_>, (body, cut): (String, bool)) -> Captured {
    let line = format!("{} {}", outgoing.method.as_str(), address(outgoing.url));
    let first = (Arc::from(":request"), redactor.clean(&line).into());
    let headers = outgoing.headers.iter().map(|(name, value)| (*name, *value));
    Captured {
        head: std::iter::once(first)
            .chain(kept(redactor, headers))
            .collect(),
        body: body.into(),
        cut,
    }
}

fn response(redactor: &Redactor, outgoing: &Outgoing<'_>, reply: &Reply) -> Captured {
    let kind = reply
        .header("content-type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_text = kind.is_empty()
        || kind.starts_with("text/")
        || kind.contains("json")
        || kind.contains("javascript")
        || kind.contains("xml");
    let is_file = reply.is_good() && outgoing.method == Method::Get;
    let (body, cut) = if is_file {
        (file_of(outgoing.received(reply)), false)
    } else {
        redactor.response_body(&reply.body, is_text)
    };
    let first = (Arc::from(":status"), Arc::from(reply.status.to_string()));
    let headers = reply
        .headers
        .iter()
        .map(|(name, value)| (&**name, &**value));
    Captured {
        head: std::iter::once(first)
            .chain(kept(redactor, headers))
            .collect(),
        body: body.into(),
        cut,
    }
}

fn kept<'a>(
    redactor: &'a Redactor,
    headers: impl Iterator<Item = (&'a str, &'a str)> + 'a,
) -> impl Iterator<Item = (Arc<str>, Arc<str>)> + 'a {
    headers
        .filter(|(name, _)| KEPT_HEADERS.contains(name))
        .map(|(name, value)| (name.into(), redactor.header(name, value).into()))
}
