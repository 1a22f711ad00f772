//! `callboard upload`: a file to an entity.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::ask::{AskArgs, ask};
use super::{output, progress};
use crate::shotgun::Upload;

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Prints the id of the attachment.

Examples:
  callboard upload Shot 862 frame.jpg --thumbnail
  callboard upload Version 6001 sh010_v002.mov --field sg_uploaded_movie --tag dailies")]
pub(super) struct UploadArgs {
    /// The type of the entity, such as Version
    #[arg(value_name = "TYPE")]
    entity_type: String,
    /// The id of the entity
    #[arg(value_name = "ID")]
    id: u64,
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The field that is to hold the file; without one it is only attached to the entity
    #[arg(long, value_name = "FIELD", conflicts_with_all = ["thumbnail", "filmstrip"])]
    field: Option<String>,
    /// How the site calls it [default: as the file is called]
    #[arg(long, value_name = "NAME", conflicts_with_all = ["thumbnail", "filmstrip"])]
    name: Option<String>,
    /// A tag of the attachment; may be repeated
    #[arg(long, value_name = "TAG", conflicts_with_all = ["thumbnail", "filmstrip"])]
    tag: Vec<String>,
    /// Make it the thumbnail of the entity
    #[arg(long, conflicts_with = "filmstrip")]
    thumbnail: bool,
    /// Make it the moving thumbnail: a strip of pictures, each 240 pixels wide
    #[arg(long)]
    filmstrip: bool,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &UploadArgs) -> anyhow::Result<()> {
    let upload = upload(args);
    let id = ask(&args.ask, |client| {
        Ok(progress::shown(|tell| {
            client.upload_with_progress(&upload, tell)
        })?)
    })?;
    output::line(id)?;
    Ok(())
}

fn upload(args: &UploadArgs) -> Upload {
    let UploadArgs {
        entity_type,
        id,
        file,
        field,
        name,
        tag,
        thumbnail,
        filmstrip,
        ..
    } = args;
    let tags: Vec<&str> = tag.iter().map(String::as_str).collect();
    let mut upload = Upload::new(entity_type.as_str(), *id, file).tag_list(&tags);
    let field = match (thumbnail, filmstrip) {
        (true, _) => Some("thumb_image"),
        (_, true) => Some("filmstrip_thumb_image"),
        (false, false) => field.as_deref(),
    };
    if let Some(field) = field {
        upload = upload.field(field);
    }
    if let Some(name) = name {
        upload = upload.display_name(name);
    }
    upload
}
