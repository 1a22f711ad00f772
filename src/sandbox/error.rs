//! The one error a request can end in: a Fault, which travels in an answer with status 200.

use serde_json::json;

/// Wrong or missing credentials.
const AUTHENTICATION: u16 = 102;
/// The password is right, the one-time code is missing.
const MISSING_CODE: u16 = 106;
/// Passwords are of no use: the site uses single sign-on.
const SSO: u16 = 108;
/// Passwords are of no use: the site uses Autodesk Identity.
const OXYGEN: u16 = 110;
/// The request makes no sense.
const INVALID: u16 = 103;
/// The request makes sense, but the data refuses it.
const REFUSED: u16 = 104;
/// The path leads nowhere.
const NAVIGATION: u16 = 107;

/// Why the site did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Shotgun's number for this sort of fault.
    pub code: u16,
    /// What people get to read.
    pub message: String,
}

impl Fault {
    /// The caller is nobody the site knows.
    pub fn authentication(message: impl Into<String>) -> Self {
        Self {
            code: AUTHENTICATION,
            message: message.into(),
        }
    }

    /// The password is right, but a one-time code is needed, too.
    pub fn missing_code(message: impl Into<String>) -> Self {
        Self {
            code: MISSING_CODE,
            message: message.into(),
        }
    }

    /// People log in by single sign-on only.
    pub fn sso(message: impl Into<String>) -> Self {
        Self {
            code: SSO,
            message: message.into(),
        }
    }

    /// People log in by Autodesk Identity only.
    pub fn oxygen(message: impl Into<String>) -> Self {
        Self {
            code: OXYGEN,
            message: message.into(),
        }
    }

    /// The request is malformed, or names something that does not exist.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self {
            code: INVALID,
            message: message.into(),
        }
    }

    /// The data layer says no.
    pub fn refused(message: impl Into<String>) -> Self {
        Self {
            code: REFUSED,
            message: message.into(),
        }
    }

    /// There is no such path in the tree of the site.
    pub fn navigation(message: impl Into<String>) -> Self {
        Self {
            code: NAVIGATION,
            message: message.into(),
        }
    }

    /// The answer's body.
    pub fn to_json(&self) -> String {
        json!({"exception": true, "message": self.message, "error_code": self.code}).to_string()
    }
}
