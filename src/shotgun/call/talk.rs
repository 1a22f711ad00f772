//! One call while it lasts: its exchanges, what it tells the observer, the time its decoding took.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeSeed;
use serde_json::Value as Json;

use crate::shotgun::agent::Sent;
use crate::shotgun::auth::credentials::Credentials;
use crate::shotgun::auth::identity::{Current, Identity};
use crate::shotgun::auth::session::Session;
use crate::shotgun::call::answer;
use crate::shotgun::call::capture;
use crate::shotgun::call::interrupt::{Interrupt, Membership};
use crate::shotgun::call::plain::Plain;
use crate::shotgun::call::retry::{Attempts, Failed, Retries};
use crate::shotgun::call::rpc::{Auth, Place, Rpc};
use crate::shotgun::client::{Client, Inner};
use crate::shotgun::entity::EntityType;
use crate::shotgun::error::Error;
use crate::shotgun::exchange::{CallFinished, CallId, CallStarted, Phase};
use crate::shotgun::find::Find;
use crate::shotgun::request::{Method, Outgoing, Patience, Payload, Reply};
use crate::shotgun::timeouts::Deadline;

/// A call under way. However it ends, the observer hears of it. Threads of its own may share it while it lasts.
pub(in crate::shotgun) struct Talk<'a> {
    pub(in crate::shotgun) client: &'a Inner,
    pub(in crate::shotgun) call_id: CallId,
    pub(in crate::shotgun) method: Arc<str>,
    interrupt: Arc<Interrupt>,
    /// In the groups that may end it, for as long as it lasts.
    _memberships: [Option<Membership>; 2],
    deadline: Option<Deadline>,
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
    pub(in crate::shotgun) fn hold<T>(
        Client {
            inner: client,
            bounds,
        }: &'a Client,
        method: &str,
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
        let interrupt = Interrupt::new(call_id);
        let memberships = [
            Some(client.agent.join(&interrupt)),
            bounds.cancel.as_ref().map(|token| token.join(&interrupt)),
        ];
        // The error stands unless the work comes to an end: only a panic skips the last lines.
        let talk = Self {
            client,
            call_id,
            method: method.into(),
            interrupt,
            _memberships: memberships,
            deadline: bounds.deadline.and_then(Deadline::after),
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
    pub(in crate::shotgun) fn add_rows(&self, rows: usize) {
        *self.tally.lock().rows.get_or_insert(0) += rows;
    }

    /// Asks, and decodes what is answered. What changes nothing is asked again if that may help.
    pub(in crate::shotgun) fn ask<T, S>(&self, rpc: &Rpc, seed: S) -> Result<T, Error>
    where
        S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
    {
        let Inner { host, redactor, .. } = self.client;
        self.persist(rpc, |reply| {
            answer::read(reply, host, redactor, seed.clone())
        })
    }

    /// The same for an answer that is JSON or text.
    pub(in crate::shotgun) fn ask_either(&self, rpc: &Rpc) -> Result<Json, Error> {
        let Inner { host, redactor, .. } = self.client;
        self.persist(rpc, |reply| answer::either(reply, host, redactor))
    }

    /// The same for an answer that is text.
    pub(in crate::shotgun) fn ask_text(&self, rpc: &Rpc) -> Result<String, Error> {
        let Inner { host, redactor, .. } = self.client;
        self.persist(rpc, |reply| answer::text(reply, host, redactor))
    }

    fn persist<T>(&self, rpc: &Rpc, read: impl Fn(&Reply) -> Result<T, Error>) -> Result<T, Error> {
        // A code that may have been used is used.
        let is_used = matches!(&rpc.auth, Auth::As(credentials) if credentials.works_once());
        let retries = if rpc.write || is_used {
            Retries::NONE
        } else {
            self.client.retries
        };
        let mut asker = self.asker(rpc)?;
        let mut renewed = false;
        self.persevere(Attempts::new(retries), |number| {
            let failed = match self.attempt(rpc, asker.as_ref(), number, &read) {
                Ok(value) => return Ok(value),
                Err(failed) => failed,
            };
            let refused = asker.as_ref().filter(|_| !renewed);
            let refused = refused.filter(|_| Identity::knows_no_more(&failed.error));
            let cured = refused.map_or(Ok(false), |refused| self.renew(refused))?;
            if cured {
                renewed = true;
                asker = self.asker(rpc)?;
            }
            Err(Failed { cured, ..failed })
        })
    }

    /// Makes attempts, by their numbers, until one succeeds or no other is worth it.
    pub(in crate::shotgun) fn persevere<T>(
        &self,
        mut attempts: Attempts,
        mut attempt: impl FnMut(u32) -> Result<T, Failed>,
    ) -> Result<T, Error> {
        loop {
            let failed = match attempt(attempts.number()) {
                Ok(value) => return Ok(value),
                Err(failed) => failed,
            };
            if failed.cured {
                attempts.besides();
                continue;
            }
            let pause = attempts.again(&failed, Instant::now(), fastrand::f64());
            let in_time = |pause: &Duration| self.deadline.is_none_or(|end| *pause < end.left());
            let Some(pause) = pause.filter(in_time) else {
                return Err(failed.error);
            };
            tracing::debug!(error = %failed.error, ?pause, "another attempt");
            if !self.interrupt.pause(pause) {
                return Err(Error::Cancelled);
            }
        }
    }

    /// Whom the site will see asking.
    fn asker(&self, rpc: &Rpc) -> Result<Option<Current>, Error> {
        match &rpc.auth {
            Auth::Nobody => Ok(None),
            Auth::As(credentials) => Ok(Some(Current::once(credentials))),
            Auth::Client => self.client_itself().map(Some),
        }
    }

    /// The client, as its credentials stand.
    pub(in crate::shotgun) fn client_itself(&self) -> Result<Current, Error> {
        let open = |credentials: &Credentials| self.open_session(credentials);
        self.client.identity.current(open, || self.go_on())
    }

    /// Whether there is still time, and nobody has ended the call.
    fn go_on(&self) -> Result<(), Error> {
        if self.interrupt.is_raised() {
            return Err(Error::Cancelled);
        }
        match self.deadline {
            Some(Deadline { after, .. }) if self.is_late() => Err(Error::Deadline { after }),
            Some(_) | None => Ok(()),
        }
    }

    fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| deadline.left().is_zero())
    }

    /// Opens a session for credentials that work only once, so this is never tried again.
    fn open_session(&self, credentials: &Credentials) -> Result<SecretString, Error> {
        let Inner { host, redactor, .. } = self.client;
        let rpc = Rpc::read("get_session_token", None);
        let session: Result<Session, Failed> =
            self.attempt(&rpc, Some(&Current::once(credentials)), 1, |reply| {
                answer::read(reply, host, redactor, Plain::new())
            });
        let token = session.map_err(|failed| failed.error)?.into_token();
        redactor.add(&token);
        Ok(token)
    }

    /// The site refused a session that is over: whether there is another one now. Nothing was done, so a write may go out again.
    pub(in crate::shotgun) fn renew(&self, refused: &Current) -> Result<bool, Error> {
        let Inner {
            identity, redactor, ..
        } = self.client;
        identity.renew(refused, |token| redactor.add(token), || self.go_on())
    }

    fn attempt<T>(
        &self,
        rpc: &Rpc,
        asker: Option<&Current>,
        number: u32,
        read: impl Fn(&Reply) -> Result<T, Error>,
    ) -> Result<T, Failed> {
        let reply = self.post(rpc, asker, number)?;
        let started = Instant::now();
        let decoded = read(&reply);
        *self.tally.lock().decode.get_or_insert_default() += started.elapsed();
        decoded.map_err(|error| {
            let error = self.after_sending(rpc, Some(&reply), error);
            Failed::told(error, answer::retry_after(&reply))
        })
    }

    /// What an error means once the request is out.
    fn after_sending(&self, rpc: &Rpc, reply: Option<&Reply>, error: Error) -> Error {
        if rpc.write && !reply.is_some_and(Reply::is_refusal) {
            let is_clean = |check: &&Arc<Find>| {
                let text = check.to_string();
                self.client.redactor.clean(&text) == text
            };
            // Errors are printed.
            error.after_sending(&self.method, rpc.check.as_ref().filter(is_clean))
        } else {
            error
        }
    }

    fn post(&self, rpc: &Rpc, asker: Option<&Current>, attempt: u32) -> Result<Reply, Error> {
        let client = self.client;
        let auth = asker.map(|asker| client.identity.to_wire(asker));
        let body = rpc.wire_body(auth.as_ref())?;
        let mut headers = vec![("content-type", "application/json; charset=utf-8")];
        if let Some(basic) = &client.basic {
            headers.push(("authorization", basic.expose_secret()));
        }
        if client.localized {
            headers.push(("locale", "auto"));
        }
        let mut outgoing = Outgoing {
            method: Method::Post,
            url: &client.api_url,
            host: &client.host,
            headers,
            body: Payload::Bytes(&body),
            sink: None,
            limit: client.max_answer,
            patience: Patience::Call(self.deadline),
        };
        let place = Place {
            page: rpc.page,
            attempt,
        };
        let mut sent = self.exchange(&mut outgoing, place, || {
            let auth = asker.map(|asker| client.identity.to_shown(asker));
            capture::shown_body(&client.redactor, rpc, auth)
        })?;
        // What went out in part only, no server does.
        let is_out = sent.trip.sent >= body.len() as u64;
        if is_out && matches!(sent.trip.phase(), Phase::Wait | Phase::Receive) {
            let reply = sent.reply.as_ref();
            sent.failure = sent
                .failure
                .map(|error| self.after_sending(rpc, reply, error));
        }
        finished(sent)
    }

    /// One exchange: sent, measured, told to the observer.
    pub(in crate::shotgun) fn exchange(
        &self,
        outgoing: &mut Outgoing<'_>,
        place: Place,
        shown_body: impl FnOnce() -> (String, bool),
    ) -> Result<Sent, Error> {
        let Place { page, attempt } = place;
        let span = tracing::debug_span!("exchange", page, attempt);
        let _entered = span.enter();
        if let Patience::Call(Some(deadline)) = outgoing.patience
            && deadline.left().is_zero()
        {
            let Deadline { after, .. } = deadline;
            return Err(Error::Deadline { after });
        }
        let sent = self.client.agent.send(outgoing, &self.interrupt);
        // Nothing went out: the call has been ended.
        let sent = sent.ok_or(Error::Cancelled)?;
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
pub(in crate::shotgun) fn finished(sent: Sent) -> Result<Reply, Error> {
    match (sent.failure, sent.reply) {
        (Some(failure), _) => Err(failure),
        (None, Some(reply)) => Ok(reply),
        (None, None) => Err(Error::Cancelled),
    }
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
