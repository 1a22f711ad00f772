//! What one exchange of a call asks, and how that goes over the wire.

use std::borrow::Cow;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde_json::Value as Json;

use crate::shotgun::auth::credentials::Credentials;
use crate::shotgun::error::Error;
use crate::shotgun::find::Find;

/// What one exchange of a call asks.
pub(in crate::shotgun) struct Rpc {
    /// The method's name on the wire, which is not always the one people know.
    pub(in crate::shotgun) method: Cow<'static, str>,
    /// Left out if there is none.
    pub(in crate::shotgun) argument: Option<Json>,
    pub(in crate::shotgun) auth: Auth,
    /// Whether it changes something, so that nobody may repeat it blindly.
    pub(in crate::shotgun) write: bool,
    /// Which page is asked for, if there are pages.
    pub(in crate::shotgun) page: Option<u32>,
    /// What to ask if nobody answers, to find out whether a write was done.
    pub(in crate::shotgun) check: Option<Arc<Find>>,
}

impl Rpc {
    /// A question that changes nothing.
    pub(in crate::shotgun) fn read(
        method: impl Into<Cow<'static, str>>,
        argument: Option<Json>,
    ) -> Self {
        Self {
            method: method.into(),
            argument,
            auth: Auth::Client,
            write: false,
            page: None,
            check: None,
        }
    }

    /// A request that changes something.
    pub(in crate::shotgun) fn write(method: impl Into<Cow<'static, str>>, argument: Json) -> Self {
        Self {
            method: method.into(),
            argument: Some(argument),
            auth: Auth::Client,
            write: true,
            page: None,
            check: None,
        }
    }

    /// The same; `check` finds out whether it was done.
    pub(in crate::shotgun) fn checked_by(self, check: Option<Find>) -> Self {
        Self {
            check: check.map(Arc::new),
            ..self
        }
    }

    /// The body of the request, with the auth object.
    pub(in crate::shotgun) fn wire_body(
        &self,
        auth: Option<&Json>,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let params: Vec<&Json> = auth.into_iter().chain(&self.argument).collect();
        let body = Body {
            method_name: &self.method,
            params: &params,
        };
        serde_json::to_vec(&body)
            .map(Zeroizing::new)
            .map_err(|error| Error::decode(format!("the request cannot be written: {error}")))
    }
}

/// Who asks.
#[derive(Debug)]
pub(in crate::shotgun) enum Auth {
    /// The server does not want to know.
    Nobody,
    /// The client, as its credentials stand.
    Client,
    /// Somebody else, for once.
    As(Credentials),
}

/// A request as it goes over the wire.
#[derive(Serialize)]
struct Body<'a> {
    method_name: &'a str,
    params: &'a [&'a Json],
}

/// Where an exchange stands in its call.
#[derive(Clone, Copy, Debug)]
pub(in crate::shotgun) struct Place {
    /// Which page it asks for, if there are pages.
    pub(in crate::shotgun) page: Option<u32>,
    /// Which try it is, from 1.
    pub(in crate::shotgun) attempt: u32,
}

impl Place {
    /// Neither a page nor a try of several.
    pub(in crate::shotgun) const ONLY: Self = Self {
        page: None,
        attempt: 1,
    };
}
