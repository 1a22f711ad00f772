"""What a studio's own tests may look like: each test has a site to itself."""

import pytest
import shotgun_api3


def publish(sg, project, shot_code, name):
    """Something to test: the next version of a file on a shot."""
    shot = sg.find_one("Shot", [["project", "is", project], ["code", "is", shot_code]])
    if shot is None:
        raise LookupError(f"no shot is called {shot_code}")
    published = [["entity", "is", shot], ["name", "is", name]]
    highest = sg.summarize("PublishedFile", published, [{"field": "version_number", "type": "maximum"}])
    number = (highest["summaries"]["version_number"] or 0) + 1
    code = f"{name}.v{number:03}"
    return sg.create("PublishedFile", {"project": project, "entity": shot, "name": name, "code": code, "version_number": number})


@pytest.fixture
def project(sg):
    return sg.find_one("Project", [], order=[{"field_name": "id", "direction": "asc"}])


def test_versions_count_up(sg, project):
    shot = sg.find_one("Shot", [["project", "is", project]], ["code"])
    assert publish(sg, project, shot["code"], "layout")["code"] == "layout.v001"
    assert publish(sg, project, shot["code"], "layout")["code"] == "layout.v002"
    assert publish(sg, project, shot["code"], "comp")["code"] == "comp.v001"


def test_each_test_has_a_site_to_itself(sg):
    assert sg.find("PublishedFile", [["name", "is", "layout"]]) == []


def test_a_mistake_is_a_fault(sg, project):
    with pytest.raises(shotgun_api3.Fault):
        sg.create("PublishedFile", {"project": project, "version_number": "many"})
    with pytest.raises(LookupError):
        publish(sg, project, "no such shot", "layout")
