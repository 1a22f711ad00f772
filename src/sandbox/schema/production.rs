//! The types that production plans with: projects, sequences, shots, assets, tasks and what tasks are made from.

use super::data_type::DataType;
use super::entity_type::EntityType;
use super::field::{Field, Source, field, link, links, list, number, status, text};
use super::statuses;

const PROJECT_STATUS: &[(&str, &str)] = &[
    ("Bidding", "Bidding"),
    ("Active", "Active"),
    ("Hold", "Hold"),
    ("Lost", "Lost"),
    ("Archive", "Archive"),
];
const ASSET_TYPE: &[(&str, &str)] = &[
    ("Character", "Character"),
    ("Creature", "Creature"),
    ("Environment", "Environment"),
    ("FX", "FX"),
    ("Matte Painting", "Matte Painting"),
    ("Prop", "Prop"),
    ("Vehicle", "Vehicle"),
];
const SHOT_TYPE: &[(&str, &str)] = &[
    ("VFX", "VFX"),
    ("Full CG", "Full CG"),
    ("Cleanup", "Cleanup"),
];

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    vec![
        project(),
        sequence(),
        shot(),
        asset(),
        task(),
        step(),
        task_template(),
    ]
}

fn project() -> EntityType {
    EntityType::new("Project", "Project", "name")
        .with_thumbnail()
        .fields([
            text("name", "Project Name").mandatory().unique(),
            list("sg_status", "Status", PROJECT_STATUS).default("Active"),
            text("sg_description", "Description"),
            text("code", "Code"),
            text("tank_name", "Tank Name"),
            field("start_date", "Start Date", DataType::Date),
            field("end_date", "End Date", DataType::Date),
            field("archived", "Archived", DataType::Checkbox),
            field("is_template", "Template", DataType::Checkbox),
            field("color", "Color", DataType::Color),
            field("sg_budget", "Budget", DataType::Currency),
            field(
                "last_accessed_by_current_user",
                "Last Accessed",
                DataType::DateTime,
            )
            .taken_from(Source::LastVisit),
            field(
                "tracking_settings",
                "Tracking Settings",
                DataType::Serializable,
            ),
            links("users", "People", &["HumanUser"]).other_end("projects"),
        ])
}

/// What can be worked on has these: a status, tasks, versions and notes.
fn worked_on() -> [Field; 6] {
    [
        text("description", "Description"),
        status(statuses::ENTITY).default("wtg"),
        links("tasks", "Tasks", &["Task"]).other_end("entity"),
        links("sg_versions", "Versions", &["Version"]).other_end("entity"),
        links("notes", "Notes", &["Note"]).other_end("note_links"),
        link("task_template", "Task Template", &["TaskTemplate"]),
    ]
}

/// The columns of the web application's tables: one for all tasks, and one for each pipeline step that a new site has.
fn pivots<const N: usize>(steps: [u32; N]) -> [Field; N] {
    steps.map(|step| {
        let (name, label) = match step {
            0 => ("step_0".to_owned(), "All Tasks".to_owned()),
            _ => (format!("step_{step}"), format!("Pipeline Step {step}")),
        };
        field(&name, &label, DataType::PivotColumn).read_only()
    })
}

fn sequence() -> EntityType {
    EntityType::new("Sequence", "Sequence", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Sequence Name").mandatory(),
            links("shots", "Shots", &["Shot"]).other_end("sg_sequence"),
            links("assets", "Assets", &["Asset"]).other_end("sequences"),
        ])
        .fields(worked_on())
}

fn shot() -> EntityType {
    EntityType::new("Shot", "Shot", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Shot Code").mandatory(),
            link("sg_sequence", "Sequence", &["Sequence"]).other_end("shots"),
            list("sg_shot_type", "Type", SHOT_TYPE),
            number("sg_cut_in", "Cut In"),
            number("sg_cut_out", "Cut Out"),
            number("sg_cut_duration", "Cut Duration"),
            number("sg_cut_order", "Cut Order"),
            number("head_in", "Head In"),
            number("head_out", "Head Out"),
            number("tail_in", "Tail In"),
            number("tail_out", "Tail Out"),
            text("sg_working_duration", "Working Range"),
            links("assets", "Assets", &["Asset"]).other_end("shots"),
            links("shots", "Sub Shots", &["Shot"]).other_end("parent_shots"),
            links("parent_shots", "Parent Shots", &["Shot"]).other_end("shots"),
        ])
        .fields(worked_on())
        .fields(pivots([0, 5, 6, 7, 8, 9, 10]))
}

fn asset() -> EntityType {
    EntityType::new("Asset", "Asset", "code")
        .in_project()
        .with_thumbnail()
        .fields([
            text("code", "Asset Name").mandatory(),
            list("sg_asset_type", "Type", ASSET_TYPE),
            links("shots", "Shots", &["Shot"]).other_end("assets"),
            links("sequences", "Sequences", &["Sequence"]).other_end("assets"),
            links("assets", "Sub Assets", &["Asset"]).other_end("parents"),
            links("parents", "Parent Assets", &["Asset"]).other_end("assets"),
        ])
        .fields(worked_on())
        .fields(pivots([0, 1, 2, 3, 4]))
}

fn task() -> EntityType {
    EntityType::new("Task", "Task", "content")
        .in_project()
        .with_thumbnail()
        .fields([
            text("content", "Task Name").mandatory(),
            link("entity", "Link", &["Asset", "Shot", "Sequence", "Project"]).other_end("tasks"),
            link("step", "Pipeline Step", &["Step"]),
            links("task_assignees", "Assigned To", &["HumanUser", "Group"]),
            status(statuses::TASK).default("wtg"),
            field("start_date", "Start Date", DataType::Date),
            field("due_date", "Due Date", DataType::Date),
            field("duration", "Duration", DataType::Duration),
            field("est_in_mins", "Bid", DataType::Duration),
            field("time_percent_of_est", "% of Bid", DataType::Percent),
            field("milestone", "Milestone", DataType::Checkbox),
            field("color", "Gantt Bar Color", DataType::Color).default("pipeline_step"),
            text("sg_description", "Description"),
            number("sg_sort_order", "Sort Order"),
            field(
                "system_task_type",
                "System Task Type",
                DataType::SystemTaskType,
            ),
            links("upstream_tasks", "Upstream Tasks", &["Task"]).other_end("downstream_tasks"),
            links("downstream_tasks", "Downstream Tasks", &["Task"]).other_end("upstream_tasks"),
            links("sg_versions", "Versions", &["Version"]).other_end("sg_task"),
            links("notes", "Notes", &["Note"]).other_end("tasks"),
            links("time_logs", "Time Logs", &["TimeLog"]).other_end("entity"),
        ])
}

fn step() -> EntityType {
    EntityType::new("Step", "Pipeline Step", "code").fields([
        text("code", "Step Name").mandatory(),
        text("short_name", "Short Code"),
        text("description", "Description"),
        field(
            "entity_type",
            "Associated Entity Type",
            DataType::EntityType,
        ),
        number("list_order", "List Order"),
        field("color", "Color", DataType::Color),
        link("department", "Department", &["Department"]),
    ])
}

fn task_template() -> EntityType {
    EntityType::new("TaskTemplate", "Task Template", "code").fields([
        text("code", "Template Name").mandatory(),
        field("entity_type", "Entity Type", DataType::EntityType),
    ])
}
