//! Sequences, shots, assets and their tasks. What state they are in follows from their dates.

use super::planter::{Made, Planter};
use super::projects::Plan;
use super::words::{ASSETS, SEQUENCES, SHOT_DESCRIPTIONS};
use crate::sandbox::value::{Ref, Value};

/// The first frame of every cut, as most studios have it.
const FIRST_FRAME: i64 = 1001;
/// How many frames a shot has before and after its cut.
const HANDLES: i64 = 8;
/// The schedule of the sequences spreads over these days from today.
const FIRST_DAY: i32 = -200;
const SCHEDULE: i32 = 340;
/// How far the shots of one sequence are apart.
const SCATTER: i32 = 60;
/// From the start of one task to the start of the next.
const TASK_DAYS: i32 = 9;
const MINUTES_PER_DAY: i64 = 8 * 60;
/// Steps the order of the schedule away from that of the codes, so that the first rows are not all alike.
const SCHEDULE_STEP: usize = 23;
const SCHEDULE_START: usize = 27;

/// Something that versions can be made of.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub row: Ref,
    pub code: String,
    pub status: &'static str,
    pub frames: i64,
    /// The task that was worked on last, who does it, and when, in days from today.
    pub task: Option<Ref>,
    pub artist: Option<Ref>,
    pub step: &'static str,
    pub day: i32,
}

/// Fills a project. Gives back its shots, then its assets.
pub(super) fn plant(planter: &mut Planter<'_>, plan: &Plan, project: Ref) -> Vec<Subject> {
    let assets = plant_assets(planter, plan, project);
    let mut subjects = Vec::with_capacity(plan.sequences * plan.shots_per_sequence + assets.len());
    for place in 0..plan.sequences {
        let name = SEQUENCES
            .get((place + usize::from(plan.code.len() as u8 % 2) * 7) % SEQUENCES.len())
            .copied();
        let made = Made {
            by: planter.someone(0),
            created: FIRST_DAY - 120,
            updated: -20,
        };
        let sequence = planter.add(
            "Sequence",
            made,
            [
                ("code", name.unwrap_or_default().into()),
                ("project", project.into()),
                ("sg_status_list", "ip".into()),
            ],
        );
        let slot = (place * SCHEDULE_STEP + SCHEDULE_START) % plan.sequences.max(1);
        let start = FIRST_DAY
            + SCHEDULE * i32::try_from(slot).unwrap_or(0)
                / i32::try_from(plan.sequences).unwrap_or(1);
        for number in 0..plan.shots_per_sequence {
            let spot = Spot {
                project,
                sequence,
                place,
                number,
                start,
            };
            subjects.extend(plant_shot(planter, plan, &spot, &assets));
        }
    }
    subjects.extend(assets);
    subjects
}

/// Where a shot belongs.
struct Spot {
    project: Ref,
    sequence: Option<Ref>,
    place: usize,
    number: usize,
    start: i32,
}

fn plant_shot(
    planter: &mut Planter<'_>,
    plan: &Plan,
    spot: &Spot,
    assets: &[Subject],
) -> Option<Subject> {
    let order = spot.place * plan.shots_per_sequence + spot.number;
    let code = spot.code(plan);
    let frames = i64::from(planter.chance.u16(40..156));
    let last = FIRST_FRAME + frames - 1;
    let start = spot.start + planter.chance.i32(-SCATTER..SCATTER);
    let steps = shot_steps(order);
    let status = shot_status(planter, start, steps.len());
    let description = SHOT_DESCRIPTIONS[(order * 7 + spot.place) % SHOT_DESCRIPTIONS.len()];
    let used: Vec<Ref> = (0..3)
        .filter_map(|_| planter.chance.choice(assets).map(|asset| asset.row))
        .collect();
    let made = Made {
        by: planter.someone(0),
        created: start - 90,
        updated: (start + 40).min(-1),
    };
    let row = planter.add(
        "Shot",
        made,
        [
            ("code", code.as_str().into()),
            ("project", spot.project.into()),
            (
                "sg_sequence",
                spot.sequence.map_or(Value::Null, Value::Link),
            ),
            ("description", description.into()),
            ("sg_status_list", status.into()),
            ("sg_shot_type", shot_type(order).into()),
            ("sg_cut_in", FIRST_FRAME.into()),
            ("sg_cut_out", last.into()),
            ("sg_cut_duration", frames.into()),
            ("sg_cut_order", i64::try_from(order + 1).unwrap_or(0).into()),
            ("head_in", (FIRST_FRAME - HANDLES).into()),
            ("head_out", (FIRST_FRAME - 1).into()),
            ("tail_in", (last + 1).into()),
            ("tail_out", (last + HANDLES).into()),
            ("assets", unique(used).into()),
        ],
    )?;
    let mut subject = Subject {
        row,
        code,
        status,
        frames,
        task: None,
        artist: None,
        step: "",
        day: start,
    };
    plant_tasks(planter, spot.project, &mut subject, steps, start);
    Some(subject)
}

impl Spot {
    /// Like `PN_100_0010`.
    fn code(&self, plan: &Plan) -> String {
        let (sequence, number) = (100 + self.place * 10, (self.number + 1) * 10);
        format!("{}_{sequence:03}_{number:04}", plan.code)
    }
}

/// Two shots of five have effects.
fn shot_steps(order: usize) -> &'static [&'static str] {
    if matches!(order % 5, 0 | 2) {
        &["ANM", "FX", "LGT", "CMP"]
    } else {
        &["ANM", "LGT", "CMP"]
    }
}

fn shot_type(order: usize) -> &'static str {
    if order.is_multiple_of(9) {
        "Full CG"
    } else {
        "VFX"
    }
}

fn plant_assets(planter: &mut Planter<'_>, plan: &Plan, project: Ref) -> Vec<Subject> {
    let mut assets: Vec<Subject> = Vec::with_capacity(plan.assets);
    for place in 0..plan.assets {
        let (name, sort) = ASSETS[place % ASSETS.len()];
        let series = place / ASSETS.len();
        let code = if series == 0 {
            name.to_owned()
        } else {
            format!("{name} {:02}", series + 1)
        };
        let start = FIRST_DAY - 60 + i32::try_from(place % 40).unwrap_or(0) * 8;
        let steps: &[&str] = &["ART", "MOD", "LKD"];
        let status = shot_status(planter, start, steps.len());
        let made = Made {
            by: planter.someone(0),
            created: start - 30,
            updated: (start + 40).min(-1),
        };
        let row = planter.add(
            "Asset",
            made,
            [
                ("code", code.as_str().into()),
                ("project", project.into()),
                ("sg_asset_type", sort.into()),
                ("sg_status_list", status.into()),
            ],
        );
        let Some(row) = row else { continue };
        let mut asset = Subject {
            row,
            code,
            status,
            frames: 100,
            task: None,
            artist: None,
            step: "",
            day: start,
        };
        plant_tasks(planter, project, &mut asset, steps, start);
        assets.push(asset);
    }
    assets
}

fn plant_tasks(
    planter: &mut Planter<'_>,
    project: Ref,
    subject: &mut Subject,
    steps: &[&'static str],
    start: i32,
) {
    let mut begins = start;
    for short in steps {
        let Some((_, step)) = planter
            .steps
            .iter()
            .find(|(known, _)| known == short)
            .copied()
        else {
            continue;
        };
        let days = planter.chance.i32(4..14);
        let due = begins + days;
        let status = task_status(planter, subject.status, begins, due);
        let department = super::words::STEPS
            .iter()
            .find(|known| known.0 == *short)
            .map_or(0, |known| known.4);
        let artist = planter.someone(department);
        let second = if planter.chance.u8(0..5) == 0 {
            planter.someone(department)
        } else {
            None
        };
        let made = Made {
            by: planter.someone(0),
            created: start - 60,
            updated: due.min(-1),
        };
        let task = planter.add(
            "Task",
            made,
            [
                ("content", task_name(short).into()),
                ("project", project.into()),
                ("entity", subject.row.into()),
                ("step", step.into()),
                (
                    "task_assignees",
                    unique(artist.into_iter().chain(second).collect()).into(),
                ),
                ("sg_status_list", status.into()),
                ("start_date", planter.day(begins)),
                ("due_date", planter.day(due)),
                ("duration", (i64::from(days) * MINUTES_PER_DAY).into()),
                (
                    "est_in_mins",
                    (i64::from(days) * MINUTES_PER_DAY * 3 / 4).into(),
                ),
            ],
        );
        if begins <= 0 || subject.task.is_none() {
            (subject.task, subject.artist, subject.step, subject.day) = (task, artist, short, due);
        }
        begins += TASK_DAYS;
    }
}

/// What state something is in whose first task starts on the day `start`.
fn shot_status(planter: &mut Planter<'_>, start: i32, tasks: usize) -> &'static str {
    let end = start + TASK_DAYS * i32::try_from(tasks).unwrap_or(0);
    let luck = planter.chance.u8(0..100);
    match luck {
        0..2 => "omt",
        2..5 => "hld",
        _ if end < 0 && luck < 90 => "fin",
        _ if end < 0 => "rev",
        _ if start > 7 => "wtg",
        _ if start > 0 => "rdy",
        _ if luck < 40 => "rev",
        _ => "ip",
    }
}

fn task_status(
    planter: &mut Planter<'_>,
    subject: &'static str,
    begins: i32,
    due: i32,
) -> &'static str {
    if matches!(subject, "omt" | "hld" | "fin") {
        return subject;
    }
    let luck = planter.chance.u8(0..100);
    match luck {
        0..4 if due < 0 => "ip",
        _ if due < -20 => "fin",
        _ if due < 0 => "apr",
        _ if begins > 5 => "wtg",
        _ if begins > 0 => "rdy",
        0..35 => "rev",
        _ => "ip",
    }
}

fn task_name(step: &str) -> &'static str {
    super::words::STEPS
        .iter()
        .find(|known| known.0 == step)
        .map_or("Task", |known| known.1)
}

fn unique(mut links: Vec<Ref>) -> Vec<Ref> {
    links.sort_unstable();
    links.dedup();
    links
}
