//! What rows come to together. Every number here was worked out by hand.

use serde_json::{Value as Json, json};

use super::{condition, create, delete, fault_of};
use crate::sandbox::{Line, small};

/// A project with four tasks and two versions.
struct Studio {
    line: Line,
    project: Json,
    shots: [Json; 2],
}

impl Studio {
    fn build(line: Line) -> Self {
        let mut line = line;
        let project = create(&mut line, "Project", &json!({"name": "Sums"}));
        let step = create(&mut line, "Step", &json!({"code": "Comp"}));
        let mut row = |entity_type: &str, mut fields: Json| {
            fields["project"] = project.clone();
            create(&mut line, entity_type, &fields)
        };
        let shots = ["sh010", "sh020"].map(|code| row("Shot", json!({"code": code})));
        let tasks = [
            ("light", &shots[0], "ip", 100, true, "2026-11-23"),
            ("Layout", &shots[0], "fin", 15, false, "2026-11-24"),
            ("comp", &shots[1], "ip", 5, false, "2026-12-31"),
        ];
        for (content, entity, status, duration, milestone, due) in tasks {
            let fields = json!({
                "content": content, "entity": entity, "sg_status_list": status, "duration": duration,
                "milestone": milestone, "due_date": due, "step": step,
            });
            row("Task", fields);
        }
        row("Task", json!({"content": "empty", "sg_status_list": null}));
        let gone = row("Task", json!({"content": "gone", "duration": 1_000_000}));
        for (code, aspect) in [("a", json!(1.5)), ("b", json!(2.25))] {
            row(
                "Version",
                json!({"code": code, "entity": shots[0], "sg_frames_aspect_ratio": aspect}),
            );
        }
        delete(&mut line, &gone);
        Self {
            line,
            project,
            shots,
        }
    }

    fn ask(&mut self, entity_type: &str, summaries: &Json, grouping: &Json) -> Json {
        let argument = self.argument(entity_type, summaries, grouping);
        self.line.call("summarize", &argument)
    }

    fn argument(&self, entity_type: &str, summaries: &Json, grouping: &Json) -> Json {
        let ours = condition("project", "is", &json!([self.project]));
        json!({"type": entity_type, "filters": super::group("and", &[ours]), "summaries": summaries, "grouping": grouping})
    }

    /// What one summary of the four tasks is.
    fn one(&mut self, field: &str, sort: &str) -> Json {
        let summaries = json!([{"field": field, "type": sort}]);
        self.ask("Task", &summaries, &Json::Null)["summaries"][field].take()
    }

    /// Name, value and number of rows of each group of tasks.
    fn groups(&mut self, field: &str, sort: &str, direction: &str) -> Vec<Json> {
        let grouping = json!([{"field": field, "type": sort, "direction": direction}]);
        let summaries = json!([{"field": "id", "type": "record_count"}]);
        let answer = self.ask("Task", &summaries, &grouping);
        let groups = answer["groups"].as_array().unwrap().iter();
        groups
            .map(|group| {
                json!([
                    group["group_name"],
                    group["group_value"],
                    group["summaries"]["id"]
                ])
            })
            .collect()
    }
}

fn with_studio(test: impl FnOnce(&mut Studio)) {
    let sandbox = small();
    test(&mut Studio::build(Line::open(&sandbox)));
}

#[test]
fn each_type_of_summary_comes_to_what_it_says() {
    with_studio(|studio| {
        for (field, sort, expected) in [
            ("id", "record_count", json!(4)),
            ("due_date", "record_count", json!(4)),
            ("due_date", "count", json!(3)),
            ("entity", "count", json!(3)),
            ("task_assignees", "count", json!(0)),
            ("milestone", "count", json!(4)),
            ("duration", "sum", json!(120)),
            ("duration", "maximum", json!(100)),
            ("duration", "minimum", json!(5)),
            ("duration", "average", json!(40.0)),
            ("est_in_mins", "sum", json!(0)),
            ("est_in_mins", "maximum", Json::Null),
            ("est_in_mins", "average", Json::Null),
            ("due_date", "earliest", json!("2026-11-23")),
            ("due_date", "latest", json!("2026-12-31")),
            ("start_date", "latest", Json::Null),
            ("milestone", "checked", json!(1)),
            ("milestone", "unchecked", json!(3)),
            ("milestone", "percentage", json!(25)),
            ("sg_status_list", "status_list", json!("ip")),
            ("sg_status_list", "status_percentage", json!(0)),
            ("sg_status_list", "status_percentage_as_float", json!(0.0)),
            ("entity.Shot.code", "count", json!(3)),
            ("step.Step.list_order", "sum", json!(0)),
        ] {
            assert_eq!(studio.one(field, sort), expected, "{sort} of {field}");
        }
        let of_one_status = json!([{"field": "sg_status_list", "type": "status_percentage_as_float", "value": "fin"}]);
        let answer = studio.ask("Task", &of_one_status, &Json::Null);
        assert_eq!(
            answer,
            json!({"summaries": {"sg_status_list": 25.0}, "groups": []})
        );
        let aspect = |sort: &str| json!([{"field": "sg_frames_aspect_ratio", "type": sort}]);
        for (sort, expected) in [("sum", 3.75), ("average", 1.875), ("minimum", 1.5)] {
            let answer = studio.ask("Version", &aspect(sort), &Json::Null);
            assert_eq!(
                answer["summaries"]["sg_frames_aspect_ratio"], expected,
                "{sort}"
            );
        }
    });
}

#[test]
fn fields_have_one_summary_each_and_the_last_one_wins() {
    with_studio(|studio| {
        let summaries = json!([
            {"field": "duration", "type": "sum"}, {"field": "due_date", "type": "latest"}, {"field": "duration", "type": "count"},
        ]);
        let answer = studio.ask("Task", &summaries, &Json::Null);
        assert_eq!(
            answer,
            json!({"summaries": {"duration": 3, "due_date": "2026-12-31"}, "groups": []})
        );
    });
}

#[test]
fn groups_nest_and_bear_links_as_their_values() {
    with_studio(|studio| {
        let grouping = json!([
            {"field": "entity", "type": "exact", "direction": "asc"},
            {"field": "sg_status_list", "type": "exact", "direction": "desc"},
        ]);
        let answer = studio.ask(
            "Task",
            &json!([{"field": "duration", "type": "sum"}]),
            &grouping,
        );
        let [one, two] = &studio.shots;
        let leaf = |name: &str, value: Json, sum: u64| json!({"group_name": name, "group_value": value, "summaries": {"duration": sum}});
        let expected = json!({
            "summaries": {"duration": 120},
            "groups": [
                {
                    "group_name": "sh010",
                    "group_value": {"type": "Shot", "id": one["id"], "name": "sh010", "valid": "valid"},
                    "summaries": {"duration": 115},
                    "groups": [leaf("ip", json!("ip"), 100), leaf("fin", json!("fin"), 15)],
                },
                {
                    "group_name": "sh020",
                    "group_value": {"type": "Shot", "id": two["id"], "name": "sh020", "valid": "valid"},
                    "summaries": {"duration": 5},
                    "groups": [leaf("ip", json!("ip"), 5)],
                },
                {"group_name": "", "group_value": null, "summaries": {"duration": 0}, "groups": [leaf("", Json::Null, 0)]},
            ],
        });
        assert_eq!(answer, expected);
    });
}

#[test]
fn each_type_of_grouping_puts_together_what_its_name_says() {
    with_studio(|studio| {
        let table = r#"
            milestone | exact | asc | ["[ ]", false, 3], ["[X]", true, 1]
            duration | exact | asc | ["5", 5, 1], ["15", 15, 1], ["100", 100, 1], ["", null, 1]
            duration | exact | desc | ["", null, 1], ["100", 100, 1], ["15", 15, 1], ["5", 5, 1]
            duration | tens | asc | ["0-9", 0, 1], ["10-19", 10, 1], ["100-109", 100, 1], ["", null, 1]
            duration | hundreds | asc | ["0-99", 0, 2], ["100-199", 100, 1], ["", null, 1]
            duration | thousands | asc | ["0-999", 0, 3], ["", null, 1]
            duration | tensofthousands | asc | ["0-9999", 0, 3], ["", null, 1]
            duration | hundredsofthousands | asc | ["0-99999", 0, 3], ["", null, 1]
            duration | millions | asc | ["0-999999", 0, 3], ["", null, 1]
            due_date | day | desc | ["", null, 1], ["2026-12-31", "2026-12-31", 1], ["2026-11-24", "2026-11-24", 1], ["2026-11-23", "2026-11-23", 1]
            due_date | oneday | asc | ["2026-11-23", "2026-11-23", 1], ["2026-11-24", "2026-11-24", 1], ["2026-12-31", "2026-12-31", 1], ["", null, 1]
            due_date | fivedays | asc | ["2026-11-23 to 2026-11-27", "2026-11-23", 2], ["2026-12-28 to 2027-01-01", "2026-12-28", 1], ["", null, 1]
            due_date | week | asc | ["Week of 2026-11-23", "2026-11-23", 2], ["Week of 2026-12-28", "2026-12-28", 1], ["", null, 1]
            due_date | month | asc | ["November 2026", "2026-11-01", 2], ["December 2026", "2026-12-01", 1], ["", null, 1]
            due_date | quarter | asc | ["Q4 2026", "2026-10-01", 3], ["", null, 1]
            due_date | year | asc | ["2026", "2026-01-01", 3], ["", null, 1]
            due_date | clustered_date | asc | ["Yesterday", "Yesterday", 1], ["Today", "Today", 1], ["Later", "Later", 1], ["", null, 1]
            created_at | year | asc | ["2026", "2026-01-01", 4]
            entity | entitytype | asc | ["Shot", "Shot", 3], ["", null, 1]
            entity | firstletter | asc | ["S", "S", 3], ["", null, 1]
            content | firstletter | asc | ["C", "C", 1], ["E", "E", 1], ["L", "L", 2]
        "#;
        for line in table.trim().lines() {
            let mut cells = line.split('|').map(str::trim);
            let mut cell = || cells.next().unwrap();
            let (field, sort, direction, groups) = (cell(), cell(), cell(), cell());
            let expected: Json = serde_json::from_str(&format!("[{groups}]")).unwrap();
            let groups = studio.groups(field, sort, direction);
            assert_eq!(json!(groups), expected, "{line}");
        }
    });
}

#[test]
fn many_links_are_one_group_and_texts_of_another_case_are_two() {
    with_studio(|studio| {
        let [one, two] = studio.shots.clone();
        let asset = json!({"code": "Bear", "project": studio.project, "shots": [one, two]});
        create(&mut studio.line, "Asset", &asset);
        for code in ["bear", "BEAR"] {
            create(
                &mut studio.line,
                "Asset",
                &json!({"code": code, "project": studio.project}),
            );
        }
        let count = json!([{"field": "id", "type": "count"}]);
        let groups = |studio: &mut Studio, field: &str| {
            let grouping = json!([{"field": field, "type": "exact", "direction": "asc"}]);
            studio.ask("Asset", &count, &grouping)["groups"].take()
        };
        let by_shots = groups(studio, "shots");
        let link = |shot: &Json, name: &str| json!({"type": "Shot", "id": shot["id"], "name": name, "valid": "valid"});
        let both = json!([link(&one, "sh010"), link(&two, "sh020")]);
        assert_eq!(
            by_shots[0],
            json!({"group_name": "sh010, sh020", "group_value": both, "summaries": {"id": 1}})
        );
        assert_eq!(
            by_shots[1],
            json!({"group_name": "", "group_value": null, "summaries": {"id": 2}})
        );
        let by_code = groups(studio, "code");
        let names: Vec<&Json> = by_code
            .as_array()
            .unwrap()
            .iter()
            .map(|group| &group["group_name"])
            .collect();
        assert_eq!(names, ["BEAR", "Bear", "bear"]);
        for shot in [&one, &two] {
            delete(&mut studio.line, shot);
        }
        assert_eq!(
            groups(studio, "shots")[0]["summaries"]["id"],
            3,
            "links to retired rows are none"
        );
    });
}

#[test]
fn what_cannot_be_summarized_is_refused_in_words() {
    with_studio(|studio| {
        let summary =
            |field: &str, sort: &str| (json!([{"field": field, "type": sort}]), Json::Null);
        let grouping =
            |field: &str, sort: &str| (json!([]), json!([{"field": field, "type": sort}]));
        for ((summaries, grouping), expected) in [
            (summary("nope", "count"), "Task.nope doesn't exist."),
            (
                summary("content", "sum"),
                "Task.content's 'text' data type doesn't support the type \"sum\".",
            ),
            (
                summary("duration", "latest"),
                "Task.duration's 'duration' data type doesn't support the type \"latest\".",
            ),
            (
                summary("duration", "checked"),
                "Task.duration's 'duration' data type doesn't support the type \"checked\".",
            ),
            (
                grouping("due_date", "tens"),
                "Task.due_date's 'date' data type doesn't support the type \"tens\".",
            ),
            (
                grouping("duration", "month"),
                "Task.duration's 'duration' data type doesn't support the type \"month\".",
            ),
            (
                grouping("image", "exact"),
                "Task.image's 'image' data type doesn't support the type \"exact\".",
            ),
            (
                (json!({}), Json::Null),
                "invalid/missing array 'summaries': {}",
            ),
        ] {
            let argument = studio.argument("Task", &summaries, &grouping);
            let said = fault_of(&mut studio.line, "summarize", &argument);
            assert_eq!(said, Some((103, format!("API summarize() {expected}"))));
        }
        for (field, (summaries, grouping)) in [
            ("record_count", summary("id", "zz")),
            ("exact", grouping("id", "zz")),
        ] {
            let argument = studio.argument("Task", &summaries, &grouping);
            let (_, said) = fault_of(&mut studio.line, "summarize", &argument).unwrap();
            assert!(
                said.contains(field) && said.ends_with("not \"zz\""),
                "{said}"
            );
        }
    });
}
