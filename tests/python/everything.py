#!/usr/bin/env python3
"""Everything that the schema says there is can be read, sorted by and asked for, by the unmodified Python client.

    venv/bin/python tests/python/everything.py [target/release/callboard]

What is asked is made from `schema_read`, not listed here: a new entity type or field is covered as soon as it exists.
"""

import sys
import tempfile

from client import Sandbox, refusal
from shotgun_api3 import Fault
from shotgun_api3.lib.mockgun import Shotgun as Mockgun
from shotgun_api3.lib.mockgun import generate_schema

TEXT = ["is", "is_not", "contains", "not_contains", "starts_with", "ends_with", "in", "not_in"]
NUMBER = ["is", "is_not", "less_than", "greater_than", "between", "in", "not_in"]
MOMENT = NUMBER + [
    "in_last", "not_in_last", "in_next", "not_in_next",
    "in_calendar_day", "in_calendar_week", "in_calendar_month", "in_calendar_year",
]
CHOICE = ["is", "is_not", "in", "not_in"]
LINK = CHOICE + ["type_is", "type_is_not", "name_is", "name_contains", "name_not_contains"]

# For each data type the relations it has, and a value that any field of it may be compared with.
ASKED = {
    "text": (TEXT, "a"),
    "footage": (TEXT, "10-05"),
    "number": (NUMBER + ["not_between"], 7),
    "percent": (NUMBER, 7),
    "duration": (NUMBER, 7),
    "timecode": (NUMBER, 7),
    "float": (NUMBER, 7.5),
    "currency": (NUMBER + ["not_between"], 7.5),
    "date": (MOMENT, "2026-03-01"),
    "date_time": (MOMENT, "2026-03-01T10:20:30Z"),
    "checkbox": (["is", "is_not"], True),
    "list": (CHOICE, "x"),
    "status_list": (CHOICE, "ip"),
    "color": (CHOICE, "255,0,0"),
    "system_task_type": (CHOICE, "x"),
    "uuid": (CHOICE, "00000000-0000-0000-0000-000000000000"),
    "entity_type": (CHOICE, "Shot"),
    "entity": (LINK, None),
    "multi_entity": (LINK, None),
    "addressing": (LINK + ["contains", "not_contains", "name_starts_with", "name_ends_with"], None),
    "tag_list": (["is", "is_not", "name_contains", "name_not_contains", "name_id"], "a"),
    "image": (["is", "is_not"], None),
}
# What cannot be asked for, and what cannot be sorted by.
SILENT = ["url", "password", "serializable", "jsonb", "summary", "calculated", "pivot_column"]
UNSORTED = ["pivot_column"]


def values(relation, data_type, value):
    """What stands after the relation."""
    if relation in ("between", "not_between"):
        return [[value, value]]
    if relation in ("in", "not_in"):
        return [[value]]
    if relation.startswith(("in_last", "not_in_last", "in_next", "not_in_next")):
        return [2, "WEEK"]
    if relation.startswith("in_calendar"):
        return [0]
    if relation.startswith("type_"):
        return ["Shot"]
    if relation == "name_id":
        return [1]
    if relation.startswith("name_") or (data_type == "addressing" and "contains" in relation):
        return ["a"]
    return [value]


def it_reads_every_type_with_all_its_fields_at_once(sg, schema):
    for entity_type, fields in schema.items():
        rows = sg.find(entity_type, [], list(fields), limit=3)
        for row in rows:
            missing = set(fields) - set(row)
            assert not missing, f"{entity_type}: {missing}"
    return f"{len(schema)} types, {sum(map(len, schema.values()))} fields"


def it_sorts_every_type_by_any_of_its_fields(sg, schema):
    sorts = 0
    for entity_type, fields in schema.items():
        for field, description in fields.items():
            for direction in ("asc", "desc"):
                order = [{"field_name": field, "direction": direction}]
                if description["data_type"]["value"] in UNSORTED:
                    refusal(Fault, lambda: sg.find(entity_type, [], [field], order=order, limit=2))
                else:
                    sg.find(entity_type, [], [field], order=order, limit=2)
                sorts += 1
    return f"{sorts} sorts"


def it_takes_every_relation_of_every_field(sg, schema):
    asked = 0
    for entity_type, fields in schema.items():
        whole = sg.summarize(entity_type, [], [{"field": "id", "type": "count"}])["summaries"]["id"]
        for field, description in fields.items():
            data_type = description["data_type"]["value"]
            if data_type in SILENT:
                refusal(Fault, lambda: sg.find(entity_type, [[field, "is", "x"]]))
                continue
            relations, value = ASKED[data_type]
            if field == "id":
                relations = NUMBER
            if relations is LINK or data_type == "addressing":
                valid = description["properties"]["valid_types"]["value"]
                value = {"type": valid[0], "id": 1}
            counts = {}
            for relation in relations:
                condition = [field, relation, *values(relation, data_type, value)]
                counts[relation] = sg.summarize(entity_type, [condition], [{"field": "id", "type": "count"}])["summaries"]["id"]
                asked += 1
            # A relation and its opposite share the rows out between them.
            for relation in relations:
                opposite = "is_not" if relation == "is" else f"not_{relation}"
                if opposite in counts and "between" not in relation:
                    together = counts[relation] + counts[opposite]
                    assert together == whole, f"{entity_type}.{field}: {relation} and {opposite} are {together} of {whole}"
            refusal(Fault, lambda: sg.find(entity_type, [[field, "resembles", value]]))
    return f"{asked} filters"


def it_gives_mockgun_its_schema(sg, _schema):
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/schema", f"{folder}/entities"]
        generate_schema(sg, *paths)
        Mockgun.set_schema_paths(*paths)
        mock = Mockgun("https://mock.invalid", "script", "key")
        made = mock.create("Shot", {"code": "SH0010"})
        assert mock.find_one("Shot", [["code", "is", "SH0010"]]) == {"type": "Shot", "id": made["id"]}


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "target/release/callboard"
    tests = [(name, test) for name, test in globals().items() if name.startswith("it_")]
    with Sandbox(program, "--seed", "small") as sandbox:
        sg = sandbox.connect()
        schema = sg.schema_read()
        for name, test in tests:
            print(f"ok     {name.replace('_', ' ')}: {test(sg, schema) or ''}")


if __name__ == "__main__":
    main()
