//! One call while it lasts: its exchanges, what it tells the observer, the time its decoding took.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret as _;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer};
use serde_json::Value as Json;

use super::agent::{Outgoing, Reply, Sent};
use super::answer;
use super::capture;
use super::client::Inner;
use super::entity::EntityType;
use super::error::Error;
use super::exchange::{CallFinished, CallId, CallStarted, Phase};

/// What one exchange of a call asks.
pub(super) struct Rpc {
    /// The method's name on the wire, which is not always the one people know.
    pub(super) method: &'static str,
    /// Left out if there is none.
    pub(super) argument: Option<Json>,
    /// Whether the server wants to know who asks.
    pub(super) auth: bool,
    /// Whether it changes something, so that nobody may repeat it blindly.
    pub(super) write: bool,
    /// Which page is asked for, if there are pages.
    pub(super) page: Option<u32>,
}

impl Rpc {
    /// A question that changes nothing.
    pub(super) const fn read(method: &'static str, argument: Option<Json>) -> Self {
        Self {
            method,
            argument,
            auth: true,
            write: false,
            page: None,
        }
    }

    /// A request that changes something.
    pub(super) const fn write(method: &'static str, argument: Json) -> Self {
        Self {
            method,
            argument: Some(argument),
            auth: true,
            write: true,
            page: None,
        }
    }
}

/// A call under way. However it ends, the observer hears of it.
pub(super) struct Talk<'a> {
    pub(super) client: &'a Inner,
    pub(super) call_id: CallId,
    method: Arc<str>,
    decode: Option<Duration>,
    rows: Option<usize>,
    error: Option<Arc<str>>,
}

impl<'a> Talk<'a> {
    /// Starts a call, does `work` in it, and tells what came of it.
    pub(super) fn hold<T>(
        client: &'a Inner,
        method: &'static str,
        entity_type: Option<&EntityType>,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let call_id = CallId::next();
        let span = tracing::debug_span!(
            "call",
            id = call_id.0,
            method,
            entity_type = entity_type.map(EntityType::as_str)
        );
        let _entered = span.enter();
        let mut talk = Self {
            client,
            call_id,
            method: method.into(),
            decode: None,
            rows: None,
            error: None,
        };
        if let Some(observer) = &client.observer {
            observer.call_started(&CallStarted {
                call_id,
                method: Arc::clone(&talk.method),
                entity_type: entity_type.map(EntityType::to_shared),
                started: Instant::now(),
                thread: thread::current().name().map(Arc::from),
            });
        }
        // Stands unless the work comes to an end: only a panic skips the next lines.
        talk.error = Some("The call broke off".into());
        let outcome = work(&mut talk);
        talk.error = outcome
            .as_ref()
            .err()
            .map(|error| client.redactor.clean(&error.headline()).into());
        outcome
    }

    /// Says how many rows there are so far.
    pub(super) fn add_rows(&mut self, rows: usize) {
        *self.rows.get_or_insert(0) += rows;
    }

    /// Asks once, and decodes what is answered.
    pub(super) fn ask<T, S>(&mut self, rpc: &Rpc, seed: S) -> Result<T, Error>
    where
        S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
    {
        let client = self.client;
        let reply = self.post(rpc)?;
        let started = Instant::now();
        let decoded = answer::read(&reply, &client.host, &client.redactor, seed);
        *self.decode.get_or_insert_default() += started.elapsed();
        decoded.map_err(|error| self.after_sending(rpc, Some(&reply), error))
    }

    /// What an error means once the request is out.
    fn after_sending(&self, rpc: &Rpc, reply: Option<&Reply>, error: Error) -> Error {
        if rpc.write && !reply.is_some_and(Reply::is_refusal) {
            error.after_sending(&self.method)
        } else {
            error
        }
    }

    fn post(&self, rpc: &Rpc) -> Result<Reply, Error> {
        let client = self.client;
        let body = wire_body(client, rpc)?;
        let mut headers = vec![("content-type", "application/json; charset=utf-8")];
        if let Some(basic) = &client.basic {
            headers.push(("authorization", basic.expose_secret()));
        }
        let outgoing = Outgoing {
            url: &client.api_url,
            host: &client.host,
            headers,
            body: Some(&body),
            limit: client.max_answer,
        };
        let mut sent = self.exchange(&outgoing, rpc.page, || capture::shown_body(client, rpc))?;
        if matches!(sent.trip.phase(), Phase::Wait | Phase::Receive) {
            let reply = sent.reply.as_ref();
            sent.failure = sent
                .failure
                .map(|error| self.after_sending(rpc, reply, error));
        }
        finished(sent)
    }

    /// One exchange: sent, measured, told to the observer.
    pub(super) fn exchange(
        &self,
        outgoing: &Outgoing<'_>,
        page: Option<u32>,
        shown_body: impl FnOnce() -> (String, bool),
    ) -> Result<Sent, Error> {
        let span = tracing::debug_span!("exchange", page);
        let _entered = span.enter();
        // Nothing went out: the client is shut down.
        let sent = self.client.agent.send(outgoing).ok_or(Error::Cancelled)?;
        tracing::debug!(status = sent.reply.as_ref().map(|reply| reply.status), total = ?sent.total, failed = sent.failure.is_some(), "exchange over");
        if let Some(observer) = &self.client.observer {
            observer.exchange(&capture::exchange(
                self,
                outgoing,
                &sent,
                page,
                shown_body(),
            ));
        }
        Ok(sent)
    }
}

/// The reply of an exchange that came to its end.
pub(super) fn finished(sent: Sent) -> Result<Reply, Error> {
    match (sent.failure, sent.reply) {
        (Some(failure), _) => Err(failure),
        (None, Some(reply)) => Ok(reply),
        (None, None) => Err(Error::Cancelled),
    }
}

/// A call as it goes over the wire.
#[derive(Serialize)]
struct Body<'a> {
    method_name: &'a str,
    params: &'a [&'a Json],
}

fn wire_body(client: &Inner, rpc: &Rpc) -> Result<Zeroizing<Vec<u8>>, Error> {
    let auth = if rpc.auth {
        let nobody = || Error::Unauthorized {
            message: "no credentials were given".into(),
            code: None,
        };
        Some(client.credentials.as_ref().ok_or_else(nobody)?.to_wire())
    } else {
        None
    };
    let params: Vec<&Json> = auth.iter().chain(&rpc.argument).collect();
    let body = Body {
        method_name: rpc.method,
        params: &params,
    };
    serde_json::to_vec(&body)
        .map(Zeroizing::new)
        .map_err(|error| Error::decode(format!("the request cannot be written: {error}")))
}

impl Drop for Talk<'_> {
    fn drop(&mut self) {
        if let Some(error) = &self.error {
            tracing::debug!(%error, "call failed");
        }
        if let Some(observer) = &self.client.observer {
            let Self {
                call_id,
                decode,
                rows,
                error,
                ..
            } = self;
            observer.call_finished(&CallFinished {
                call_id: *call_id,
                finished: Instant::now(),
                decode: *decode,
                rows: *rows,
                error: error.take(),
            });
        }
    }
}

/// The seed of a type that decodes itself.
pub(super) struct Plain<T>(PhantomData<fn() -> T>);

impl<T> Plain<T> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Plain<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for Plain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain")
    }
}

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Plain<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}
