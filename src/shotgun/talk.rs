//! One call while it lasts: its exchanges, what it tells the observer, the time its decoding took.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
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
use super::retry::{Attempts, Failed};

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

/// Where an exchange stands in its call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Which page it asks for, if there are pages.
    pub(super) page: Option<u32>,
    /// Which try it is, from 1.
    pub(super) attempt: u32,
}

impl Place {
    /// Neither a page nor a try of several.
    pub(super) const ONLY: Self = Self {
        page: None,
        attempt: 1,
    };
}

/// A call under way. However it ends, the observer hears of it. Threads of its own may share it while it lasts.
pub(super) struct Talk<'a> {
    pub(super) client: &'a Inner,
    pub(super) call_id: CallId,
    method: Arc<str>,
    tally: Mutex<Tally>,
}

/// What a call adds up.
#[derive(Default)]
struct Tally {
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
        work: impl FnOnce(&Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let call_id = CallId::next();
        let span = tracing::debug_span!(
            "call",
            id = call_id.0,
            method,
            entity_type = entity_type.map(EntityType::as_str)
        );
        let _entered = span.enter();
        // The error stands unless the work comes to an end: only a panic skips the last lines.
        let talk = Self {
            client,
            call_id,
            method: method.into(),
            tally: Mutex::new(Tally {
                error: Some("The call broke off".into()),
                ..Tally::default()
            }),
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
        let outcome = work(&talk);
        talk.tally.lock().error = outcome
            .as_ref()
            .err()
            .map(|error| client.redactor.clean(&error.headline()).into());
        outcome
    }

    /// Says how many rows there are so far.
    pub(super) fn add_rows(&self, rows: usize) {
        *self.tally.lock().rows.get_or_insert(0) += rows;
    }

    /// Asks, and decodes what is answered. What changes nothing is asked again if that may help.
    pub(super) fn ask<T, S>(&self, rpc: &Rpc, seed: S) -> Result<T, Error>
    where
        S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
    {
        let Inner { host, redactor, .. } = self.client;
        self.persist(rpc, |reply| {
            answer::read(reply, host, redactor, seed.clone())
        })
    }

    /// The same for an answer that is text.
    pub(super) fn ask_text(&self, rpc: &Rpc) -> Result<String, Error> {
        let Inner { host, redactor, .. } = self.client;
        self.persist(rpc, |reply| answer::text(reply, host, redactor))
    }

    fn persist<T>(&self, rpc: &Rpc, read: impl Fn(&Reply) -> Result<T, Error>) -> Result<T, Error> {
        let Inner { agent, retries, .. } = self.client;
        let mut attempts = Attempts::new(*retries);
        loop {
            let failed = match self.attempt(rpc, attempts.number(), &read) {
                Ok(value) => return Ok(value),
                Err(failed) => failed,
            };
            let pause = if rpc.write {
                None
            } else {
                attempts.again(&failed, Instant::now(), fastrand::f64())
            };
            let Some(pause) = pause else {
                return Err(failed.error);
            };
            tracing::debug!(error = %failed.error, ?pause, "another attempt");
            if !agent.pause(pause) {
                return Err(Error::Cancelled);
            }
        }
    }

    fn attempt<T>(
        &self,
        rpc: &Rpc,
        number: u32,
        read: impl Fn(&Reply) -> Result<T, Error>,
    ) -> Result<T, Failed> {
        let reply = self.post(rpc, number)?;
        let started = Instant::now();
        let decoded = read(&reply);
        *self.tally.lock().decode.get_or_insert_default() += started.elapsed();
        decoded.map_err(|error| Failed {
            retry_after: answer::retry_after(&reply),
            error: self.after_sending(rpc, Some(&reply), error),
        })
    }

    /// What an error means once the request is out.
    fn after_sending(&self, rpc: &Rpc, reply: Option<&Reply>, error: Error) -> Error {
        if rpc.write && !reply.is_some_and(Reply::is_refusal) {
            error.after_sending(&self.method)
        } else {
            error
        }
    }

    fn post(&self, rpc: &Rpc, attempt: u32) -> Result<Reply, Error> {
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
        let place = Place {
            page: rpc.page,
            attempt,
        };
        let mut sent = self.exchange(&outgoing, place, || capture::shown_body(client, rpc))?;
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
        place: Place,
        shown_body: impl FnOnce() -> (String, bool),
    ) -> Result<Sent, Error> {
        let Place { page, attempt } = place;
        let span = tracing::debug_span!("exchange", page, attempt);
        let _entered = span.enter();
        // Nothing went out: the client is shut down.
        let sent = self.client.agent.send(outgoing).ok_or(Error::Cancelled)?;
        tracing::debug!(status = sent.reply.as_ref().map(|reply| reply.status), total = ?sent.total, failed = sent.failure.is_some(), "exchange over");
        if let Some(observer) = &self.client.observer {
            observer.exchange(&capture::exchange(
                self,
                outgoing,
                &sent,
                place,
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
        let Tally {
            decode,
            rows,
            error,
        } = std::mem::take(self.tally.get_mut());
        if let Some(error) = &error {
            tracing::debug!(%error, "call failed");
        }
        if let Some(observer) = &self.client.observer {
            observer.call_finished(&CallFinished {
                call_id: self.call_id,
                finished: Instant::now(),
                decode,
                rows,
                error,
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
