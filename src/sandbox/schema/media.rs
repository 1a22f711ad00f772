//! The types of review: versions, playlists, notes, replies, and the files behind them.

use super::data_type::DataType;
use super::entity_type::EntityType;
use super::field::{addressing, field, link, links, list, number, status, text};
use super::statuses;

const NOTE_TYPE: &[(&str, &str)] = &[("Internal", "Internal"), ("Client", "Client")];

/// The types that files can be linked to without a field.
const WITH_FILES: &[&str] = &[
    "Project",
    "Sequence",
    "Shot",
    "Asset",
    "Task",
    "Version",
    "Playlist",
    "Note",
    "Reply",
    "PublishedFile",
    "HumanUser",
    "Group",
];

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    vec![
        version(),
        playlist(),
        note(),
        reply(),
        attachment(),
        published_file(),
        EntityType::new("PublishedFileType", "Published File Type", "code").fields([
            text("code", "Type Name").mandatory(),
            text("short_name", "Short Name"),
        ]),
        EntityType::new("LocalStorage", "Local File Storage", "code").fields([
            text("code", "Storage Name").mandatory(),
            text("linux_path", "Linux Path"),
            text("mac_path", "Mac Path"),
            text("windows_path", "Windows Path"),
            field("uuid", "UUID", DataType::Uuid).read_only(),
        ]),
        EntityType::new("Tag", "Tag", "name").fields([text("name", "Tag Name").mandatory()]),
    ]
}

fn version() -> EntityType {
    EntityType::new("Version", "Version", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Version Name").mandatory(),
            link("entity", "Link", &["Asset", "Shot", "Sequence"]).other_end("sg_versions"),
            link("sg_task", "Task", &["Task"]).other_end("sg_versions"),
            link("user", "Artist", &["HumanUser", "ApiUser"]),
            text("description", "Description"),
            status(statuses::VERSION).default("rev"),
            text("sg_path_to_frames", "Path to Frames"),
            text("sg_path_to_movie", "Path to Movie"),
            field("sg_uploaded_movie", "Uploaded Movie", DataType::Url),
            number("sg_first_frame", "First Frame"),
            number("sg_last_frame", "Last Frame"),
            number("frame_count", "Frame Count"),
            text("frame_range", "Frame Range"),
            field(
                "sg_frames_aspect_ratio",
                "Frames Aspect Ratio",
                DataType::Float,
            ),
            field("client_approved", "Client Approved", DataType::Checkbox),
            links("playlists", "Playlists", &["Playlist"]).other_end("versions"),
            links("published_files", "Published Files", &["PublishedFile"]).other_end("version"),
            links("notes", "Notes", &["Note"]).other_end("note_links"),
        ])
}

fn playlist() -> EntityType {
    EntityType::new("Playlist", "Playlist", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Playlist Name").mandatory(),
            text("description", "Description"),
            field("sg_date_and_time", "Date and Time", DataType::DateTime),
            field("locked", "Locked", DataType::Checkbox),
            links("versions", "Versions", &["Version"]).other_end("playlists"),
            links("notes", "Notes", &["Note"]).other_end("note_links"),
        ])
}

fn note() -> EntityType {
    EntityType::new("Note", "Note", "subject")
        .in_project()
        .with_thumbnail()
        .fields([
            text("subject", "Subject").mandatory(),
            text("content", "Body"),
            list("sg_note_type", "Type", NOTE_TYPE).default("Internal"),
            status(statuses::NOTE).default("opn"),
            link("user", "Author", &["HumanUser", "ApiUser"]).author(),
            links(
                "note_links",
                "Links",
                &["Shot", "Asset", "Sequence", "Version", "Playlist"],
            )
            .other_end("notes"),
            links("tasks", "Tasks", &["Task"]).other_end("notes"),
            addressing("addressings_to", "To"),
            addressing("addressings_cc", "CC"),
            link("playlist", "Playlist", &["Playlist"]),
            links("replies", "Replies", &["Reply"]).other_end("entity"),
            links("attachments", "Attachments", &["Attachment"]).other_end("attachment_links"),
        ])
}

fn reply() -> EntityType {
    EntityType::new("Reply", "Reply", "content").fields([
        text("content", "Content").mandatory(),
        link("entity", "Link", &["Note"]).other_end("replies"),
        link("user", "Author", &["HumanUser", "ApiUser"]).author(),
    ])
}

fn attachment() -> EntityType {
    EntityType::new("Attachment", "File", "display_name")
        .with_thumbnail()
        .fields([
            link("project", "Project", &["Project"]),
            field("this_file", "File", DataType::Url).mandatory(),
            text("display_name", "File Name"),
            text("filename", "Original File Name"),
            number("file_size", "File Size"),
            text("description", "Description"),
            links("attachment_links", "Links", WITH_FILES).other_end("attachments"),
        ])
}

fn published_file() -> EntityType {
    EntityType::new("PublishedFile", "Published File", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Published File Name").mandatory(),
            text("name", "Name"),
            text("description", "Description"),
            status(statuses::FILE).default("cmpt"),
            field("path", "Path", DataType::Url),
            text("path_cache", "Path Cache"),
            number("version_number", "Version Number"),
            link(
                "published_file_type",
                "Published File Type",
                &["PublishedFileType"],
            ),
            link("entity", "Link", &["Asset", "Shot", "Sequence"]),
            link("task", "Task", &["Task"]),
            link("version", "Version", &["Version"]).other_end("published_files"),
            links(
                "upstream_published_files",
                "Upstream Published Files",
                &["PublishedFile"],
            )
            .other_end("downstream_published_files"),
            links(
                "downstream_published_files",
                "Downstream Published Files",
                &["PublishedFile"],
            )
            .other_end("upstream_published_files"),
        ])
}
