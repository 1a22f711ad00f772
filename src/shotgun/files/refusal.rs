//! What it means when there is no file to be had, or none to be left.

use std::sync::Arc;

use crate::shotgun::call::answer::{retry_after, said};
use crate::shotgun::error::Error;
use crate::shotgun::redact::{Redactor, address};
use crate::shotgun::request::Reply;

/// Why a download has come to nothing.
pub(super) fn of_download(reply: &Reply, url: &str, redactor: &Redactor) -> Error {
    let what = || -> Arc<str> { redactor.clean(&address(url)).into() };
    match reply.status {
        400 | 404 => Error::NotFound { what: what() },
        // The file is being looked at for malware.
        409 => Error::NotReady {
            what: format!("{} ({})", what(), said(reply, redactor)).into(),
        },
        410 => Error::Forbidden {
            message: format!(
                "the file is in quarantine because of malware ({})",
                said(reply, redactor)
            )
            .into(),
        },
        _ => of_storage(reply, redactor),
    }
}

/// What a storage, or any other server of files, means by its status.
pub(super) fn of_storage(reply: &Reply, redactor: &Redactor) -> Error {
    let message = message(reply, redactor);
    match reply.status {
        401 => Error::Unauthorized {
            message,
            code: None,
        },
        403 => Error::Forbidden { message },
        429 => Error::RateLimited {
            retry_after: retry_after(reply),
        },
        status @ 500..=599 => Error::Server { status },
        _ => Error::Rejected {
            message,
            code: None,
        },
    }
}

/// The server's own words; of a storage's XML the sentence in it.
fn message(reply: &Reply, redactor: &Redactor) -> Arc<str> {
    let text = String::from_utf8_lossy(&reply.body);
    let sentence = text
        .split_once("<Message>")
        .and_then(|(_, rest)| rest.split_once("</Message>"))
        .map(|(sentence, _)| sentence.trim())
        .filter(|sentence| !sentence.is_empty() && sentence.len() <= 300);
    match sentence {
        Some(sentence) => redactor.clean(&unescaped(sentence)).into(),
        None => said(reply, redactor),
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headline(status: u16, body: &str) -> String {
        let reply = Reply {
            status,
            headers: Vec::new(),
            body: body.into(),
        };
        of_download(&reply, "https://h/a.mov?sig=1", &Redactor::default()).headline()
    }

    #[test]
    fn each_status_of_a_download_gets_one_clear_sentence() {
        const S3: &str = "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired &amp; more</Message></Error>";
        for (status, body, expected) in [
            (400, "", "https://h/a.mov?[hidden] is not there"),
            (404, "<html>", "https://h/a.mov?[hidden] is not there"),
            (403, S3, "Access is denied: Request has expired & more"),
            (403, "<html>", "Access is denied: HTTP 403"),
            (
                409,
                "This file is undergoing a malware scan, please try again in a few minutes",
                "https://h/a.mov?[hidden] (This file is undergoing a malware scan, please try again in a few minutes) is not ready yet",
            ),
            (
                410,
                "File scanning has detected malware and the file has been quarantined",
                "Access is denied: the file is in quarantine because of malware (File scanning has detected malware and the file has been quarantined)",
            ),
            (
                416,
                "no such range",
                "The site refused the request: no such range",
            ),
        ] {
            assert_eq!(headline(status, body), expected);
        }
    }
}
