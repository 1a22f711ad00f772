//! `callboard download`: a file from the site.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::Args as ClapArgs;

use super::ask::{AskArgs, ask};
use super::file_name;
use super::{output, progress};
use crate::shotgun::{Attachment, Client, EntityId};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Prints where the file is.

Examples:
  callboard download 7701
  callboard download 7701 --output /tmp/sh010_v002.mov --force")]
pub(super) struct DownloadArgs {
    /// The id of an attachment, or the address of a file
    #[arg(value_name = "ID|URL", value_parser = source)]
    source: Source,
    /// Where to put it, a file or a folder [default: the current folder, under the name it has on the site]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    ask: AskArgs,
}

/// What to download, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Id(u64),
    Url(String),
}

impl Source {
    fn attachment(&self) -> Attachment {
        match self {
            Self::Id(id) => (*id).into(),
            Self::Url(url) => url.as_str().into(),
        }
    }
}

pub(super) fn run(args: &DownloadArgs) -> anyhow::Result<()> {
    let path = ask(&args.ask, |client| {
        let path = place(args, client)?;
        if !args.force && path.exists() {
            bail!(
                "{} is there already. Name another file with --output, or overwrite it with --force.",
                path.display()
            );
        }
        let attachment = args.source.attachment();
        progress::shown(|tell| client.download_attachment_with_progress(attachment, &path, tell))?;
        Ok(path)
    })?;
    output::line(path.display())?;
    Ok(())
}

/// The file to write. Only its name on the site is asked for, and only if none was given.
fn place(args: &DownloadArgs, client: &Client) -> anyhow::Result<PathBuf> {
    let folder = match &args.output {
        Some(path) if !path.is_dir() => return Ok(path.clone()),
        Some(folder) => folder.as_path(),
        None => Path::new(""),
    };
    let name = match &args.source {
        Source::Id(id) => file_name::of_attachment(client, EntityId(*id))?,
        Source::Url(url) => match attachment_at(client, url) {
            Some(id) => file_name::of_attachment(client, id)?,
            None => file_name::of_url(url),
        },
    };
    Ok(folder.join(name))
}

/// The attachment that the site itself has at `url`.
fn attachment_at(client: &Client, url: &str) -> Option<EntityId> {
    let path = url.strip_prefix(&*client.site().origin()).unwrap_or(url);
    let rest = path.strip_prefix("/file_serve/attachment/")?;
    let id = rest.split(['?', '#']).next()?;
    id.parse().ok().map(EntityId)
}

fn source(text: &str) -> Result<Source, String> {
    if let Ok(id) = text.parse() {
        return Ok(Source::Id(id));
    }
    if text.contains("://") || text.starts_with('/') {
        return Ok(Source::Url(text.to_owned()));
    }
    Err("that is neither the id of an attachment nor an address such as https://…".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_id_and_whatever_leads_somewhere_an_address() {
        assert_eq!(source("7701"), Ok(Source::Id(7701)));
        for url in ["https://h/a.mov", "/thumbnail/7"] {
            assert_eq!(source(url), Ok(Source::Url(url.to_owned())));
        }
        for wrong in ["", "a.mov", "-1", "7701x"] {
            assert!(source(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_attachment_is_known_by_its_address_on_the_site_only() {
        let client = Client::builder("https://h").build().unwrap();
        let at = |url| attachment_at(&client, url);
        assert_eq!(at("https://h/file_serve/attachment/77"), Some(EntityId(77)));
        assert_eq!(
            at("https://h/file_serve/attachment/77?a=b"),
            Some(EntityId(77))
        );
        assert_eq!(at("/file_serve/attachment/77"), Some(EntityId(77)));
        assert_eq!(at("https://h.other/file_serve/attachment/77"), None);
        assert_eq!(at("https://other/file_serve/attachment/77"), None);
        assert_eq!(at("https://h/file_serve/attachment/"), None);
    }
}
