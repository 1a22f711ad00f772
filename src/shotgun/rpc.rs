//! What one exchange of a call asks, and how that goes over the wire.

use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use serde_json::Value as Json;

use super::credentials::Credentials;
use super::error::Error;

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

    /// The body of the request, with the credentials.
    pub(super) fn wire_body(
        &self,
        credentials: Option<&Credentials>,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let auth = if self.auth {
            let nobody = || Error::Unauthorized {
                message: "no credentials were given".into(),
                code: None,
            };
            Some(credentials.ok_or_else(nobody)?.to_wire())
        } else {
            None
        };
        let params: Vec<&Json> = auth.iter().chain(&self.argument).collect();
        let body = Body {
            method_name: self.method,
            params: &params,
        };
        serde_json::to_vec(&body)
            .map(Zeroizing::new)
            .map_err(|error| Error::decode(format!("the request cannot be written: {error}")))
    }
}

/// A request as it goes over the wire.
#[derive(Serialize)]
struct Body<'a> {
    method_name: &'a str,
    params: &'a [&'a Json],
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
