//! Versions, notes with replies, playlists and published files.

use super::planter::{Made, Planter};
use super::production::Subject;
use super::projects::Plan;
use super::words::{NOTES, REPLIES, VERSION_DESCRIPTIONS};
use crate::sandbox::value::{Ref, Value};

const FIRST_FRAME: i64 = 1001;
/// How many versions a playlist shows.
const PLAYLIST_LENGTH: usize = 12;
/// Every so manieth note has a reply, every so manieth version a file.
const REPLY_EVERY: usize = 3;
const FILE_EVERY: usize = 10;
/// The newest versions are about this many days old.
const NEWEST: i32 = -1;

/// A version, as far as notes and playlists need it.
struct Shown {
    row: Ref,
    subject: Ref,
    code: String,
    artist: Option<Ref>,
    day: i32,
}

/// Fills a project.
pub(super) fn plant(planter: &mut Planter<'_>, plan: &Plan, project: Ref, subjects: &[Subject]) {
    let versions = plant_versions(planter, plan, project, subjects);
    plant_notes(planter, plan.notes, project, &versions);
    plant_playlists(planter, plan.playlists, project, &versions);
    for version in versions.iter().step_by(FILE_EVERY) {
        plant_file(planter, plan, project, version);
    }
}

fn plant_versions(
    planter: &mut Planter<'_>,
    plan: &Plan,
    project: Ref,
    subjects: &[Subject],
) -> Vec<Shown> {
    let mut counts: Vec<usize> = subjects
        .iter()
        .map(|subject| usual_count(subject.status))
        .collect();
    adjust(&mut counts, subjects, plan.versions);
    let mut shown = Vec::with_capacity(plan.versions);
    for (subject, count) in subjects.iter().zip(counts) {
        for number in 1..=count {
            shown.extend(plant_version(
                planter,
                plan,
                project,
                subject,
                (number, count),
            ));
        }
    }
    shown
}

/// How many versions something in this state has.
fn usual_count(status: &str) -> usize {
    match status {
        "fin" | "rev" => 3,
        "ip" => 2,
        "hld" => 1,
        _not_begun => 0,
    }
}

/// Adds or takes versions of what has been begun until there are `total`.
fn adjust(counts: &mut [usize], subjects: &[Subject], total: usize) {
    let begun: Vec<usize> = (0..counts.len())
        .filter(|place| usual_count(subjects[*place].status) > 0)
        .collect();
    if begun.is_empty() {
        return;
    }
    let mut sum: usize = counts.iter().sum();
    // From the end, where the assets are.
    for place in begun.iter().rev().cycle() {
        if sum == total {
            return;
        }
        if sum < total {
            counts[*place] += 1;
            sum += 1;
        } else if counts[*place] > 0 {
            counts[*place] -= 1;
            sum -= 1;
        }
    }
}

fn plant_version(
    planter: &mut Planter<'_>,
    plan: &Plan,
    project: Ref,
    subject: &Subject,
    (number, count): (usize, usize),
) -> Option<Shown> {
    let code = format!(
        "{}_{}_v{number:03}",
        subject.code.replace(' ', "_"),
        subject.step.to_lowercase()
    );
    let last = FIRST_FRAME + subject.frames - 1;
    let newest = number == count;
    let status = match subject.status {
        "fin" if newest => "apr",
        "rev" if newest => "rev",
        "hld" => "hld",
        _older => "vwd",
    };
    let day = subject.day.min(NEWEST) - i32::try_from(count - number).unwrap_or(0) * 3;
    let path = format!(
        "/shows/{}/{}/{code}",
        plan.code.to_lowercase(),
        subject.code.replace(' ', "_")
    );
    let made = Made {
        by: subject.artist,
        created: day,
        updated: day + 1,
    };
    let description = planter.pick(VERSION_DESCRIPTIONS).unwrap_or_default();
    let row = planter.add(
        "Version",
        made,
        [
            ("code", code.as_str().into()),
            ("project", project.into()),
            ("entity", subject.row.into()),
            ("sg_task", subject.task.map_or(Value::Null, Value::Link)),
            ("user", subject.artist.map_or(Value::Null, Value::Link)),
            ("description", description.into()),
            ("sg_status_list", status.into()),
            ("sg_first_frame", FIRST_FRAME.into()),
            ("sg_last_frame", last.into()),
            ("frame_count", subject.frames.into()),
            ("frame_range", format!("{FIRST_FRAME}-{last}").into()),
            ("sg_frames_aspect_ratio", 2.39.into()),
            ("sg_path_to_movie", format!("{path}.mov").into()),
            ("sg_path_to_frames", format!("{path}.%04d.exr").into()),
        ],
    )?;
    Some(Shown {
        row,
        subject: subject.row,
        code,
        artist: subject.artist,
        day,
    })
}

fn plant_notes(planter: &mut Planter<'_>, count: usize, project: Ref, versions: &[Shown]) {
    for place in 0..count {
        let Some(version) = versions.get(place * versions.len() / count.max(1)) else {
            return;
        };
        let Some((subject, content)) = planter.pick(NOTES) else {
            return;
        };
        let author = planter.someone(1);
        let closed = version.day < -14;
        let made = Made {
            by: author,
            created: version.day + 1,
            updated: version.day + 2,
        };
        let note = planter.add(
            "Note",
            made,
            [
                ("subject", format!("{subject}, {}", version.code).into()),
                ("content", content.into()),
                ("project", project.into()),
                ("user", author.map_or(Value::Null, Value::Link)),
                ("note_links", vec![version.row, version.subject].into()),
                (
                    "addressings_to",
                    version.artist.into_iter().collect::<Vec<_>>().into(),
                ),
                ("sg_status_list", if closed { "clsd" } else { "opn" }.into()),
                (
                    "sg_note_type",
                    if place % 8 == 0 { "Client" } else { "Internal" }.into(),
                ),
            ],
        );
        let reply = planter.pick(REPLIES).filter(|_| place % REPLY_EVERY == 0);
        if let (Some(note), Some(reply)) = (note, reply) {
            let made = Made {
                by: version.artist,
                created: version.day + 2,
                updated: version.day + 2,
            };
            planter.add(
                "Reply",
                made,
                [
                    ("content", reply.into()),
                    ("entity", note.into()),
                    ("user", version.artist.map_or(Value::Null, Value::Link)),
                ],
            );
        }
    }
}

fn plant_playlists(planter: &mut Planter<'_>, count: usize, project: Ref, versions: &[Shown]) {
    let mut by_day: Vec<&Shown> = versions.iter().collect();
    by_day.sort_by_key(|version| std::cmp::Reverse(version.day));
    let step = (by_day.len() / count.max(1)).max(1);
    for (place, chunk) in by_day.chunks(step).take(count).enumerate() {
        let day = chunk.first().map_or(NEWEST, |version| version.day + 1);
        let rows: Vec<Ref> = chunk
            .iter()
            .take(PLAYLIST_LENGTH)
            .map(|version| version.row)
            .collect();
        let date = planter.day(day);
        let sort = if place % 4 == 3 {
            "Client review"
        } else {
            "Dailies"
        };
        let made = Made {
            by: planter.someone(0),
            created: day,
            updated: day,
        };
        let screening = planter.moment(day);
        planter.add(
            "Playlist",
            made,
            [
                (
                    "code",
                    format!(
                        "{sort} {}, {:02}",
                        date.as_text().unwrap_or_default(),
                        count - place
                    )
                    .into(),
                ),
                ("project", project.into()),
                ("sg_date_and_time", screening),
                ("versions", rows.into()),
            ],
        );
    }
}

fn plant_file(planter: &mut Planter<'_>, plan: &Plan, project: Ref, version: &Shown) {
    let sort = planter
        .kind("PublishedFileType")
        .map_or(Value::Null, |kind| Value::Link(Ref { kind, id: 1 }));
    let made = Made {
        by: version.artist,
        created: version.day,
        updated: version.day,
    };
    planter.add(
        "PublishedFile",
        made,
        [
            ("code", format!("{}.%04d.exr", version.code).into()),
            ("name", version.code.as_str().into()),
            ("project", project.into()),
            ("entity", version.subject.into()),
            ("version", version.row.into()),
            ("version_number", 1_i64.into()),
            ("published_file_type", sort),
            (
                "path_cache",
                format!(
                    "{}/publish/{}.%04d.exr",
                    plan.code.to_lowercase(),
                    version.code
                )
                .into(),
            ),
        ],
    );
}
