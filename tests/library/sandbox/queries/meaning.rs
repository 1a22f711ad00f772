//! What each relation finds, on a handful of rows whose values are plain to see.

use serde_json::{Value as Json, json};

use super::{condition, create, delete, group, ids, query};
use crate::sandbox::{Line, small};

/// A project with shots that are called by a letter each.
struct Shots {
    line: Line,
    project: Json,
    letters: Vec<(char, u64)>,
}

impl Shots {
    /// The letters of the shots that pass, in order.
    fn found(&mut self, path: &str, relation: &str, values: &Json) -> String {
        self.passing(&condition(path, relation, values))
    }

    /// Checks a table: path, relation, values and which shots are found; `names` stand for rows in the values.
    fn check(&mut self, table: &str, names: &[(&str, &Json)]) {
        for line in table.trim().lines() {
            let mut cells = line.split('|').map(str::trim);
            let mut cell = || cells.next().unwrap_or_default();
            let (path, relation, values, expected) = (cell(), cell(), cell(), cell());
            let named = names.iter().fold(values.to_owned(), |values, (name, row)| {
                values.replace(name, &row.to_string())
            });
            let values: Json = serde_json::from_str(&named).unwrap();
            assert_eq!(self.found(path, relation, &values), expected, "{line}");
        }
    }

    fn passing(&mut self, filter: &Json) -> String {
        let ours = condition("project", "is", &json!([self.project]));
        let found = ids(
            &mut self.line,
            "Shot",
            &group("and", &[ours, filter.clone()]),
        );
        let shots = self.letters.iter();
        let shots = shots.filter(|(_, id)| found.contains(id));
        shots.map(|(letter, _)| *letter).collect()
    }

    fn add(&mut self, letter: char, mut fields: Json) -> Json {
        fields["project"] = self.project.clone();
        if fields["code"].is_null() {
            fields["code"] = json!(letter.to_string());
        }
        let shot = create(&mut self.line, "Shot", &fields);
        self.letters.push((letter, shot["id"].as_u64().unwrap()));
        shot
    }

    fn row(&mut self, entity_type: &str, mut fields: Json) -> Json {
        fields["project"] = self.project.clone();
        create(&mut self.line, entity_type, &fields)
    }
}

fn with_shots(test: impl FnOnce(&mut Shots)) {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = create(&mut line, "Project", &json!({"name": "Filters"}));
    let letters = Vec::new();
    test(&mut Shots {
        line,
        project,
        letters,
    });
}

#[test]
fn text_is_compared_without_case_and_null_passes_what_is_negated() {
    with_shots(|site| {
        site.add('a', json!({"description": "Ice Shelf"}));
        site.add('b', json!({"description": "ice"}));
        site.add('c', json!({"description": "Über Eis"}));
        site.add('n', json!({"description": null}));
        let table = r#"
            description | is | ["ICE"] | b
            description | is | [" ice "] | b
            description | is | ["über eis"] | c
            description | is | [null] | n
            description | is_not | [null] | abc
            description | is_not | ["ice"] | acn
            description | contains | ["ICE"] | ab
            description | contains | ["e s"] | a
            description | contains | ["ÜBER"] | c
            description | not_contains | ["ice"] | cn
            description | starts_with | ["ICE"] | ab
            description | starts_with | ["shelf"] |
            description | ends_with | ["SHELF"] | a
            description | in | ["ICE", "über EIS"] | bc
            description | in | ["ice", null] | bn
            description | not_in | ["ICE", "ice shelf"] | cn
        "#;
        site.check(table, &[]);
    });
}

#[test]
fn numbers_are_compared_and_zero_is_not_null() {
    with_shots(|site| {
        for (letter, number) in [
            ('0', json!(0)),
            ('5', json!(5)),
            ('9', json!(9)),
            ('n', Json::Null),
        ] {
            site.add(letter, json!({"sg_cut_in": number}));
        }
        let table = r#"
            sg_cut_in | is | [5] | 5
            sg_cut_in | is | ["5"] | 5
            sg_cut_in | is | [5.5] |
            sg_cut_in | is | [null] | n
            sg_cut_in | is_not | [null] | 059
            sg_cut_in | is_not | [5] | 09n
            sg_cut_in | less_than | [5] | 0
            sg_cut_in | less_than | [5.5] | 05
            sg_cut_in | less_than | [null] |
            sg_cut_in | greater_than | [5] | 9
            sg_cut_in | between | [0, 5] | 05
            sg_cut_in | between | [5, 0] | 05
            sg_cut_in | between | [null, 5] |
            sg_cut_in | between | [5, null] |
            sg_cut_in | not_between | [0, 5] | 9n
            sg_cut_in | in | [9, 0] | 09
            sg_cut_in | in | [9, null] | 9n
            sg_cut_in | not_in | [9, 0] | 5n
        "#;
        site.check(table, &[]);
    });
}

#[test]
fn statuses_ignore_case_and_checkboxes_are_never_null() {
    with_shots(|site| {
        let shot = site.add('a', json!({"sg_status_list": "ip"}));
        site.add('b', json!({"sg_status_list": "fin"}));
        site.row(
            "Task",
            json!({"content": "x", "entity": shot, "milestone": true}),
        );
        assert_eq!(site.found("sg_status_list", "is", &json!(["IP"])), "a");
        assert_eq!(
            site.found("sg_status_list", "in", &json!(["IP", "FIN"])),
            "ab"
        );
        assert_eq!(site.found("sg_status_list", "not_in", &json!(["IP"])), "b");
        assert_eq!(
            site.found("tasks.Task.milestone", "is", &json!([true])),
            "a"
        );
        assert_eq!(
            site.found("tasks.Task.milestone", "is", &json!(["TRUE"])),
            "a"
        );
        assert_eq!(
            site.found("tasks.Task.milestone", "is_not", &json!([true])),
            "b"
        );
    });
}

#[test]
fn a_window_of_time_has_the_borders_of_the_calendar() {
    // The site's clock starts on Tuesday, 2026-11-24.
    with_shots(|site| {
        for (letter, day) in [
            ('p', json!("2026-10-31")),
            ('m', json!("2026-11-01")),
            ('s', json!("2026-11-22")),
            ('y', json!("2026-11-23")),
            ('t', json!("2026-11-24")),
            ('u', json!("2026-11-29")),
            ('w', json!("2026-11-30")),
            ('j', json!("2027-01-01")),
            ('n', Json::Null),
        ] {
            let shot = site.add(letter, json!({}));
            site.row(
                "Task",
                json!({"content": "x", "entity": shot, "due_date": day}),
            );
        }
        let table = r#"
            tasks.Task.due_date | in_calendar_day | [0] | t
            tasks.Task.due_date | in_calendar_day | [-1] | y
            tasks.Task.due_date | in_calendar_week | [0] | ytu
            tasks.Task.due_date | in_calendar_week | [-1] | s
            tasks.Task.due_date | in_calendar_week | [1] | w
            tasks.Task.due_date | in_calendar_month | [0] | msytuw
            tasks.Task.due_date | in_calendar_month | [-1] | p
            tasks.Task.due_date | in_calendar_year | [0] | pmsytuw
            tasks.Task.due_date | in_calendar_year | [1] | j
            tasks.Task.due_date | in_last | [1, "DAY"] | yt
            tasks.Task.due_date | in_last | [1, "MONTH"] | pmsyt
            tasks.Task.due_date | in_next | [6, "DAY"] | tuw
            tasks.Task.due_date | in_next | [1, "WEEK"] | tuw
            tasks.Task.due_date | not_in_next | [1, "YEAR"] | pmsyn
            tasks.Task.due_date | not_in_last | [1, "YEAR"] | uwjn
            tasks.Task.due_date | less_than | ["2026-11-22"] | pm
            tasks.Task.due_date | greater_than | ["2026-11-29"] | wj
            tasks.Task.due_date | between | ["2026-11-29", "2026-11-23"] | ytu
            tasks.Task.due_date | is | ["2026-11-24T23:00:00Z"] | t
            tasks.Task.due_date | is | [null] | n
            tasks.Task.due_date | is_not | ["2026-11-24"] | pmsyuwjn
        "#;
        site.check(table, &[]);
        let made = site.found("created_at", "in_calendar_day", &json!([0]));
        let moved_on = site.found("created_at", "in_last", &json!([1, "HOUR"]));
        assert_eq!((made.len(), moved_on.len()), (9, 9));
        assert_eq!(
            site.found("created_at", "in_last", &json!([1, "YEAR"]))
                .len(),
            9
        );
        let later = site.found("created_at", "in_calendar_day", &json!([1]));
        assert_eq!(later, "");
    });
}

#[test]
fn links_are_told_by_row_type_and_name() {
    with_shots(|site| {
        let one = site.row("Sequence", json!({"code": "North"}));
        let two = site.row("Sequence", json!({"code": "Northwest"}));
        let [bear, gull] = ["Bear", "Gull"].map(|code| site.row("Asset", json!({"code": code})));
        site.add('a', json!({"sg_sequence": one, "assets": [bear, gull]}));
        site.add('b', json!({"sg_sequence": two, "assets": [gull]}));
        site.add('n', json!({}));
        let table = r#"
            sg_sequence | is | [$one] | a
            sg_sequence | is | [null] | n
            sg_sequence | is_not | [$one] | bn
            sg_sequence | in | [$one, $two] | ab
            sg_sequence | in | [$one, null] | an
            sg_sequence | not_in | [$one] | bn
            sg_sequence | type_is | ["Sequence"] | ab
            sg_sequence | type_is | [null] | n
            sg_sequence | type_is_not | [null] | ab
            sg_sequence | type_is_not | ["Sequence"] | n
            sg_sequence | name_is | ["NORTH"] | a
            sg_sequence | name_contains | ["west"] | b
            sg_sequence | name_not_contains | ["west"] | an
            assets | is | [$gull] | ab
            assets | is | [$bear] | a
            assets | is | [null] | n
            assets | is_not | [$bear] | bn
            assets | is_not | [null] | ab
            assets | in | [$bear, $one] | a
            assets | not_in | [$bear] | bn
            assets | name_contains | ["EAR"] | a
            assets | type_is | ["Asset"] | ab
            sg_sequence.Sequence.code | is | ["north"] | a
            sg_sequence.Sequence.code | is | [null] | n
            sg_sequence.Sequence.code | not_contains | ["west"] | an
            assets.Asset.code | is | ["bear"] | a
            assets.Asset.code | in | ["bear", "gull"] | ab
            assets.Asset.shots.Shot.sg_sequence | is | [$two] | ab
        "#;
        site.check(
            table,
            &[
                ("$one", &one),
                ("$two", &two),
                ("$bear", &bear),
                ("$gull", &gull),
            ],
        );
    });
}

#[test]
fn a_link_to_a_retired_row_is_none_and_nothing_is_found_through_it() {
    with_shots(|site| {
        let one = site.row("Sequence", json!({"code": "North"}));
        let two = site.row("Sequence", json!({"code": "Northwest"}));
        let bear = site.row("Asset", json!({"code": "Bear"}));
        site.add('a', json!({"sg_sequence": one, "assets": [bear]}));
        site.add('b', json!({"sg_sequence": two}));
        site.add('n', json!({}));
        delete(&mut site.line, &one);
        delete(&mut site.line, &bear);
        let table = r#"
            assets | is | [$bear] |
            assets | is | [null] | abn
            sg_sequence | is | [$one] |
            sg_sequence | is | [null] | an
            sg_sequence | type_is | ["Sequence"] | b
            sg_sequence.Sequence.code | is | ["North"] |
            sg_sequence.Sequence.code | is_not | ["x"] | bn
            assets.Asset.code | is_not | ["x"] | bn
        "#;
        site.check(table, &[("$one", &one), ("$bear", &bear)]);
    });
}

#[test]
fn links_are_followed_against_their_direction_too() {
    with_shots(|site| {
        let a = site.add('a', json!({}));
        let b = site.add('b', json!({}));
        site.add('n', json!({}));
        let step = create(&mut site.line, "Step", &json!({"code": "Lighting"}));
        let light = site.row(
            "Task",
            json!({"content": "Light", "entity": a, "step": step}),
        );
        site.row("Task", json!({"content": "Comp", "entity": b}));
        let version = site.row(
            "Version",
            json!({"code": "v1", "entity": a, "sg_task": light}),
        );
        site.row("Note", json!({"subject": "Darker", "note_links": [b]}));
        let table = r#"
            $FROM$Task.entity.content | is | ["light"] | a
            $FROM$Task.entity.content | is | [null] | n
            $FROM$Task.entity.content | is_not | ["light"] | bn
            $FROM$Task.entity.step | is | [$step] | a
            $FROM$Task.entity.step.Step.code | starts_with | ["LI"] | a
            $FROM$Version.entity.id | is | [$version] | a
            $FROM$Note.note_links.subject | is | ["darker"] | b
            tasks.Task.$FROM$Version.sg_task.code | is | ["V1"] | a
        "#;
        site.check(table, &[("$step", &step), ("$version", &version["id"])]);
        let step_with_tasks = condition("$FROM$Task.step.content", "is", &json!(["Light"]));
        let found = ids(&mut site.line, "Step", &step_with_tasks);
        assert_eq!(
            json!(found),
            json!([step["id"]]),
            "a link that no field shows at its other end"
        );
        let mut argument = query("Shot", &condition("id", "is", &json!([a["id"]])));
        argument["return_fields"] = json!(["$FROM$Task.entity.content", "code"]);
        let read = site.line.call("read", &argument);
        assert_eq!(
            read["entities"][0],
            json!({"type": "Shot", "id": a["id"], "code": "a"}),
            "many values are none"
        );
        delete(&mut site.line, &light);
        assert_eq!(
            site.found("$FROM$Task.entity.content", "is", &json!(["light"])),
            ""
        );
    });
}

#[test]
fn groups_nest_and_an_empty_one_holds() {
    with_shots(|site| {
        for letter in ['a', 'b', 'c'] {
            site.add(letter, json!({}));
        }
        let code = |code: &str| condition("code", "is", &json!([code]));
        let none = || group("and", &[code("a"), code("b")]);
        assert_eq!(site.passing(&group("or", &[code("a"), code("c")])), "ac");
        assert_eq!(site.passing(&none()), "");
        assert_eq!(site.passing(&group("or", &[none(), code("b")])), "b");
        assert_eq!(site.passing(&group("or", &[])), "abc");
        assert_eq!(site.passing(&group("and", &[])), "abc");
        let without = group(
            "and",
            &[
                condition("code", "is_not", &json!(["a"])),
                group("or", &[code("a"), code("b")]),
            ],
        );
        assert_eq!(site.passing(&without), "b");
    });
}
