#!/usr/bin/env python3
"""The unmodified Python client works against `callboard sandbox`.

    python -m venv venv && venv/bin/pip install -r tests/python/requirements.txt
    venv/bin/python tests/python/client.py [target/release/callboard]

Every function whose name begins with `it_` is a test. Each one gets a client that is connected as a script.
"""

import datetime
import http.client
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
import zlib

import shotgun_api3
from shotgun_api3 import (
    AuthenticationFault,
    Fault,
    MissingTwoFactorAuthenticationFault,
    Shotgun,
    ShotgunError,
    ShotgunFileDownloadError,
    ShotgunThumbnailNotReady,
    UserCredentialsNotAllowedForSSOAuthenticationFault,
)
from shotgun_api3.shotgun import UserCredentialsNotAllowedForOxygenAuthenticationFault

SCRIPT = ("pipeline", "a-key:with-colons")
USER = ("mira", "her password")
POLAR_NIGHT = {"type": "Project", "id": 1}
IN_POLAR_NIGHT = ["project", "is", POLAR_NIGHT]


class Sandbox:
    """`callboard sandbox` on a free port, for as long as the `with` lasts."""

    def __init__(self, program, *options):
        self.program = program
        self.options = options

    def __enter__(self):
        command = [
            self.program, "sandbox", "--port", "0", "--quiet",
            "--script", ":".join(SCRIPT), "--user", ":".join(USER), *self.options,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        greeting = self.process.stdout.readline()
        assert greeting.startswith("listening on http://127.0.0.1:"), f"It says where it listens, not {greeting!r}"
        self.url = greeting.split()[-1]
        return self

    def __exit__(self, *_error):
        self.process.kill()
        self.process.wait()

    def connect(self):
        return Shotgun(self.url, *SCRIPT)


def codes(rows):
    return [row["code"] for row in rows]


def refusal(error, call):
    """What `call` is refused with."""
    try:
        answer = call()
    except error as refused:
        return str(refused)
    raise AssertionError(f"It was not refused, but answered {answer!r}")


# ----------------------------------------------------------------------------
# Connecting


def it_connects_as_a_script(sg, sandbox):
    assert sg.server_info["version"][0] >= 8, "It passes for a current site"
    assert sg.find_one("Project", [])["id"] == 1, "A script with its key may read"


def it_connects_as_a_person(sg, sandbox):
    person = Shotgun(sandbox.url, login=USER[0], password=USER[1])
    found = person.find_one("Project", [["name", "is", "Polar Night"]], ["name"])
    assert found["name"] == "Polar Night", "A person may read"
    shot = person.create("Shot", {"code": "BY_MIRA", "project": POLAR_NIGHT}, ["created_by"])
    assert shot["created_by"]["name"] == "Mira Okafor", f"What a person makes bears the person's name, not {shot}"
    name = sg.authenticate_human_user(*USER)
    assert name and name["login"] == "mira", "A password can be checked"


def it_hands_out_a_session_token(sg, sandbox):
    token = Shotgun(sandbox.url, login=USER[0], password=USER[1]).get_session_token()
    assert Shotgun(sandbox.url, session_token=token).find_one("Project", [])["id"] == 1, "The token stands for the person"


def it_refuses_a_wrong_key(sg, sandbox):
    stranger = Shotgun(sandbox.url, SCRIPT[0], "guessed")
    said = refusal(AuthenticationFault, lambda: stranger.find("Shot", []))
    assert said == "Can't authenticate script 'pipeline'", said
    stranger = Shotgun(sandbox.url, login=USER[0], password="guessed")
    said = refusal(AuthenticationFault, lambda: stranger.find("Shot", []))
    assert said == "Can't authenticate user 'mira'.", said


def it_lets_a_script_act_for_a_person(sg, sandbox):
    acting = Shotgun(sandbox.url, *SCRIPT, sudo_as_login=USER[0])
    shot = acting.create("Shot", {"code": "FOR_MIRA", "project": POLAR_NIGHT}, ["created_by"])
    assert shot["created_by"]["name"] == "Mira Okafor", shot
    person = Shotgun(sandbox.url, login=USER[0], password=USER[1], sudo_as_login=USER[0])
    said = refusal(Fault, lambda: person.find_one("Shot", []))
    assert said.startswith("The user does not have permission to 'sudo':"), said


def it_keeps_passwords_to_itself_and_takes_new_ones(sg, sandbox):
    new = sg.create("HumanUser", {"name": "Noa", "login": "noa", "password_proxy": "first"}, ["password_proxy"])
    assert new["password_proxy"] == "*******", new
    assert sg.authenticate_human_user("noa", "first")["id"] == new["id"]
    sg.update("HumanUser", new["id"], {"password_proxy": "second"})
    refusal(AuthenticationFault, lambda: sg.authenticate_human_user("noa", "first"))
    assert sg.authenticate_human_user("noa", "second")["id"] == new["id"]
    token = Shotgun(sandbox.url, login="noa", password="second").get_session_token()
    sg.update("HumanUser", new["id"], {"sg_status_list": "dis"})
    refusal(AuthenticationFault, lambda: sg.authenticate_human_user("noa", "second"))
    said = refusal(AuthenticationFault, lambda: Shotgun(sandbox.url, session_token=token).find_one("Shot", []))
    assert said == f"Can't authenticate session token ending with '{token[-4:]}'", said


def it_asks_for_one_time_codes(sg, sandbox):
    codes = ["--one-time-code", "mira:111222", "--one-time-code", "mira:333444"]
    with Sandbox(sandbox.program, "--seed", "small", *codes) as strict:
        without = Shotgun(strict.url, login=USER[0], password=USER[1])
        refusal(MissingTwoFactorAuthenticationFault, lambda: without.find_one("Shot", []))
        # The constructor trades the code for a session.
        person = Shotgun(strict.url, login=USER[0], password=USER[1], auth_token="111222")
        assert person.find_one("Project", [])["id"] == 1 and person.find_one("Shot", [])["id"] == 1
        again = lambda: Shotgun(strict.url, login=USER[0], password=USER[1], auth_token="111222")
        refusal(AuthenticationFault, again)
        robot = strict.connect()
        assert robot.authenticate_human_user(*USER, auth_token="333444")["login"] == "mira"
        refusal(AuthenticationFault, lambda: robot.authenticate_human_user(*USER, auth_token="333444"))
        assert robot.find_one("Project", [])["id"] == 1, "A script needs none"


def it_may_use_single_sign_on(sg, sandbox):
    for method, fault in [
        ("saml2", UserCredentialsNotAllowedForSSOAuthenticationFault),
        ("oxygen", UserCredentialsNotAllowedForOxygenAuthenticationFault),
    ]:
        with Sandbox(sandbox.program, "--seed", "small", "--user-authentication", method) as site:
            assert site.connect().server_info["user_authentication_method"] == method
            person = Shotgun(site.url, login=USER[0], password=USER[1])
            refusal(fault, lambda: person.find_one("Shot", []))
            acting = Shotgun(site.url, *SCRIPT, sudo_as_login=USER[0])
            assert Shotgun(site.url, session_token=acting.get_session_token()).find_one("Project", [])["id"] == 1


# ----------------------------------------------------------------------------
# Files


def png():
    """A picture of one gray point."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


class Files:
    """A folder with files to upload."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        return self

    def __exit__(self, *_error):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, name, content):
        pathlib.Path(self.path(name)).write_bytes(content)
        return self.path(name)


def picture(sg, entity, entity_id, field="image"):
    return sg.find_one(entity, [["id", "is", entity_id]], [field])[field]


def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.headers["Content-Type"], answer.read()


def new_version(sg, code):
    return sg.create("Version", {"code": code, "project": POLAR_NIGHT})["id"]


def it_uploads_to_a_field_and_downloads_again(sg, sandbox):
    content = os.urandom(3_000_000) + b"\r\n--" + os.urandom(20)
    with Files() as files:
        version = new_version(sg, "UPLOAD_1")
        made = datetime.datetime(2026, 1, 2, 3, 4, 5)
        attachment = sg.upload(
            "Version", version, files.write("take é.mov", content), "sg_uploaded_movie", "Take 4", "a,b", created_at=made,
        )
        link = sg.find_one("Version", [["id", "is", version]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
        assert (link["link_type"], link["name"], link["id"]) == ("upload", "Take 4", attachment), link
        assert link["content_type"] == "video/quicktime", link
        row = sg.find_one("Attachment", [["id", "is", attachment]], ["this_file", "filename", "file_size", "created_at"])
        assert row["this_file"] == link and row["file_size"] == len(content), row
        assert row["filename"] == "take é.mov", row
        assert row["created_at"].astimezone(datetime.timezone.utc).replace(tzinfo=None) == made, row
        assert sg.download_attachment(link) == content, "By the field's value"
        assert sg.download_attachment({"type": "Attachment", "id": attachment}) == content, "By the attachment"
        assert sg.download_attachment(attachment) == content, "By its id"
        assert sg.download_attachment(link, file_path=files.path("copy")) == files.path("copy")
        assert pathlib.Path(files.path("copy")).read_bytes() == content, "To a file"


def it_uploads_without_a_field(sg, sandbox):
    with Files() as files:
        attachment = sg.upload("Shot", 4, files.write("notes.txt", b"Read me"))
        row = sg.find_one("Attachment", [["id", "is", attachment]], ["attachment_links", "display_name", "project"])
        assert [(link["type"], link["id"]) for link in row["attachment_links"]] == [("Shot", 4)], row
        assert row["display_name"] == "notes.txt" and row["project"]["id"] == 1, row
        assert sg.download_attachment(attachment) == b"Read me"


def it_explains_what_is_wrong_with_an_upload(sg, sandbox):
    with Files() as files:
        path = files.write("a.txt", b"a")
        said = refusal(ShotgunError, lambda: sg.upload("Nope", 1, path))
        assert "There is no entity type 'Nope'." in said, said
        said = refusal(ShotgunError, lambda: sg.upload("Version", 10**6, path, "sg_uploaded_movie"))
        assert "does not exist" in said, said
        said = refusal(ShotgunError, lambda: sg.upload("Version", 1, path, "nope"))
        assert "Version.nope doesn't exist." in said, said
        stranger = Shotgun(sandbox.url, SCRIPT[0], "guessed")
        said = refusal(ShotgunError, lambda: stranger.upload("Version", 1, path))
        assert "Can't authenticate script 'pipeline'" in said, said
    said = refusal(ShotgunFileDownloadError, lambda: sg.download_attachment(10**6))
    assert "Attachment may not exist or is a local file?" in said, said


def it_uploads_thumbnails(sg, sandbox):
    with Files() as files:
        path = files.write("thumb.png", png())
        version = new_version(sg, "THUMBNAIL_1")
        for upload, field in [(sg.upload_thumbnail, "image"), (sg.upload_filmstrip_thumbnail, "filmstrip_image")]:
            assert isinstance(upload("Version", version, path), int)
            pending = picture(sg, "Version", version, field)
            assert "/images/status/transient/" in pending, f"First it is pending, not {pending}"
            assert fetch(pending)[0] == "image/png", "There is something to show meanwhile"
            ready = picture(sg, "Version", version, field)
            assert "/transient/" not in ready and fetch(ready) == ("image/png", png()), ready
        sg.update("Version", version, {"image": None})
        assert picture(sg, "Version", version) is None, "It can be cleared"
        assert picture(sg, "Version", version, "filmstrip_image") is None, "And the filmstrip goes with it"
        made = sg.create("Version", {"code": "THUMBNAIL_2", "project": POLAR_NIGHT, "image": path}, ["image"])
        assert "/transient/" in made["image"], made
        assert fetch(picture(sg, "Version", made["id"]))[1] == png()


def it_shares_thumbnails(sg, sandbox):
    with Files() as files:
        path = files.write("thumb.png", png())
        version = {"type": "Version", "id": new_version(sg, "SHARED_1")}
        targets = [{"type": "Shot", "id": 4}, {"type": "Asset", "id": 2}]
        uploaded = sg.upload_thumbnail("Version", version["id"], path)
        refusal(ShotgunThumbnailNotReady, lambda: sg.share_thumbnail(list(targets), source_entity=version))
        assert sg.share_thumbnail(list(targets), source_entity=version) == uploaded
        shown = {picture(sg, entity["type"], entity["id"]) for entity in [version, *targets]}
        assert len(shown) == 1, shown
        assert isinstance(sg.share_thumbnail([version], thumbnail_path=path), int), "One alone is an upload"
        said = refusal(ShotgunError, lambda: sg.share_thumbnail([{"type": "Shot", "id": 10**6}], source_entity=targets[0]))
        assert "does not exist" in said, said


def it_takes_files_by_way_of_storage(sg, sandbox):
    with Sandbox(sandbox.program, "--seed", "small", "--direct-uploads") as site, Files() as files:
        direct = site.connect()
        assert direct.server_info["s3_direct_uploads_enabled"] is True
        content = os.urandom(45_000_001)
        link = direct.upload("Version", 1, files.write("long.mov", content), "sg_uploaded_movie")
        assert direct.download_attachment(link) == content, "Three parts become one file"
        value = direct.find_one("Version", [["id", "is", 1]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
        assert (value["name"], value["content_type"]) == ("long.mov", "video/quicktime"), value
        made = datetime.datetime(2026, 1, 2, 3, 4, 5)
        short = direct.upload("Shot", 1, files.write("short.txt", b"short"), created_at=made)
        assert direct.download_attachment(short) == b"short"
        at = direct.find_one("Attachment", [["id", "is", short]], ["created_at"])["created_at"]
        assert at.astimezone(datetime.timezone.utc).replace(tzinfo=None) == made, at
        direct.upload_thumbnail("Shot", 1, files.write("thumb.png", png()))
        assert "/transient/" in picture(direct, "Shot", 1)
        assert fetch(picture(direct, "Shot", 1)) == ("image/png", png())


def temporary_files(process):
    """How many files without a name the process holds; nothing where there is no telling."""
    descriptors = pathlib.Path(f"/proc/{process.pid}/fd")
    if not descriptors.exists():
        return None
    held = 0
    for descriptor in descriptors.iterdir():
        try:
            held += os.readlink(descriptor).endswith("(deleted)")
        except FileNotFoundError:
            pass  # it was closed meanwhile
    return held


def it_leaves_nothing_of_bad_uploads(sg, sandbox):
    def post(content_type, body, length=None):
        line = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=60)
        line.putrequest("POST", "/upload/upload_file")
        line.putheader("Content-Type", content_type)
        line.putheader("Content-Length", str(length or len(body)))
        line.endheaders(body)
        if length:
            return line.close()
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        return answer.status, text

    before = temporary_files(sandbox.process)
    long = b"--b\r\n" + b"x" * 5_000_000
    assert post("multipart/form-data; boundary=b", long)[0] == 400
    status, text = post("multipart/form-data", long)
    assert status == 400 and "boundary" in text, text
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="../../evil"\r\n\r\n'
    status, text = post("multipart/form-data; boundary=b", head + b"x" * 5_000_000 + b"\r\n--b--\r\n")
    assert status == 200 and text.startswith("0\nMissing or invalid authentication"), text
    post("multipart/form-data; boundary=b", long, length=50_000_000)
    deadline = time.monotonic() + 60
    while temporary_files(sandbox.process) != before:
        assert time.monotonic() < deadline, "A temporary file stays behind"
        time.sleep(0.01)
    with Files() as files:
        sg.upload("Shot", 4, files.write("long.bin", b"x" * 5_000_000))
    if before is not None:
        assert temporary_files(sandbox.process) == before + 1, "And this is how one would be noticed"


# ----------------------------------------------------------------------------
# Finding


def it_finds_all_pages(sg, sandbox):
    shots = sg.find("Shot", [IN_POLAR_NIGHT], ["code"])
    assert len(shots) >= 3000, f"Polar Night has 3,000 shots, not {len(shots)}: more than a page holds"
    assert len({shot["id"] for shot in shots}) == len(shots), "No shot comes twice"


def it_answers_on_a_kept_connection_without_stalls(sg, sandbox):
    began = time.monotonic()
    for _ in range(50):
        sg.find_one("Shot", [["id", "is", 4]])
    took = time.monotonic() - began
    # Without TCP_NODELAY each answer waits 40 ms for an acknowledgement: 2 s in all.
    assert took < 1.5, f"50 calls took {took:.2f} s"


def it_finds_with_text_operators(sg, sandbox):
    def found(*condition):
        return codes(sg.find("Shot", [IN_POLAR_NIGHT, list(condition)], ["code"]))

    assert found("code", "is", "PN_100_0040") == ["PN_100_0040"]
    assert set(found("code", "in", ["PN_100_0040", "PN_100_0050"])) == {"PN_100_0040", "PN_100_0050"}
    assert len(found("code", "starts_with", "PN_100_")) == 50, "A sequence has 50 shots"
    assert all(code.endswith("_0040") for code in found("code", "ends_with", "_0040"))
    assert all("_10" in code for code in found("code", "contains", "_10"))
    assert not any("PN_" in code for code in found("code", "not_contains", "PN_")), "Each seeded shot is named PN_…"
    assert "PN_100_0040" not in found("code", "is_not", "PN_100_0040")


def it_finds_with_numbers_and_dates(sg, sandbox):
    short = sg.find("Shot", [IN_POLAR_NIGHT, ["sg_cut_duration", "between", 20, 40]], ["sg_cut_duration"])
    assert short and all(20 <= shot["sg_cut_duration"] <= 40 for shot in short), "between holds both ends"
    long = sg.find("Shot", [IN_POLAR_NIGHT, ["sg_cut_duration", "greater_than", 100]], ["sg_cut_duration"], limit=50)
    assert long and all(shot["sg_cut_duration"] > 100 for shot in long)
    due = sg.find("Task", [IN_POLAR_NIGHT, ["due_date", "in_next", 2, "WEEK"]], ["due_date"], limit=500)
    days = sorted(datetime.date.fromisoformat(task["due_date"]) for task in due)
    assert due and (days[-1] - days[0]).days <= 14, f"Two weeks are at most 14 days: {days[0]} to {days[-1]}"
    made = sg.find_one("Shot", [["code", "is", "PN_100_0040"]], ["created_at"])["created_at"]
    assert made.tzinfo is not None, "Moments come with their time zone"
    later = sg.find("Shot", [["id", "is", 4], ["created_at", "greater_than", made]])
    assert later == [], "A moment comes back as it was sent"


def it_finds_with_links(sg, sandbox):
    shot = sg.find_one("Shot", [["code", "is", "PN_100_0040"]], ["sg_sequence", "assets", "tasks"])
    same = sg.find("Shot", [["sg_sequence", "is", shot["sg_sequence"]]])
    assert len(same) == 50, "A link can be asked for"
    tasks = sg.find("Task", [["entity", "is", {"type": "Shot", "id": shot["id"]}]], ["content", "entity"])
    assert {task["id"] for task in tasks} == {task["id"] for task in shot["tasks"]}, "Both ends of a link agree"
    on_assets = sg.find("Task", [IN_POLAR_NIGHT, ["entity", "type_is", "Asset"]], ["entity"], limit=20)
    assert on_assets and all(task["entity"]["type"] == "Asset" for task in on_assets)
    with_asset = sg.find("Shot", [["assets", "in", [shot["assets"][0]]]])
    assert shot["id"] in {other["id"] for other in with_asset}, "One of many links is enough"
    without = sg.find("Shot", [IN_POLAR_NIGHT, ["assets", "is", None]], ["assets"], limit=5)
    assert all(other["assets"] == [] for other in without)


def it_finds_with_nested_groups(sg, sandbox):
    group = {
        "filter_operator": "any",
        "filters": [
            ["sg_status_list", "is", "hld"],
            {"filter_operator": "all", "filters": [["sg_status_list", "is", "ip"], ["sg_cut_duration", "less_than", 60]]},
        ],
    }
    found = sg.find("Shot", [IN_POLAR_NIGHT, group], ["sg_status_list", "sg_cut_duration"])
    kinds = {shot["sg_status_list"] for shot in found}
    assert kinds == {"hld", "ip"}, f"Both branches of the group count, but only they: {kinds}"
    assert all(shot["sg_cut_duration"] < 60 for shot in found if shot["sg_status_list"] == "ip"), "The inner group is an and"
    either = sg.find("Shot", [["code", "is", "PN_100_0040"], ["code", "is", "PN_100_0050"]], ["code"], filter_operator="any")
    assert len(either) == 2, "The outer operator can be any"


def it_finds_deep_fields(sg, sandbox):
    deep = "sg_sequence.Sequence.project.Project.name"
    shot = sg.find_one("Shot", [["code", "is", "PN_100_0040"]], ["sg_sequence.Sequence.code", deep])
    assert shot["sg_sequence.Sequence.code"] == "Ice shelf", shot
    assert shot[deep] == "Polar Night", shot
    found = sg.find("Shot", [["sg_sequence.Sequence.code", "is", "Ice shelf"]], ["sg_sequence"])
    assert {shot["sg_sequence"]["name"] for shot in found} == {"Ice shelf"}, "A deep field can be asked for"


def it_orders_limits_and_pages(sg, sandbox):
    order = [{"field_name": "code", "direction": "desc"}]
    first = codes(sg.find("Shot", [IN_POLAR_NIGHT, ["code", "starts_with", "PN_"]], ["code"], order=order, limit=3))
    assert first == sorted(first, reverse=True) and len(first) == 3, first
    third = sg.find("Shot", [IN_POLAR_NIGHT], ["code"], order=[{"field_name": "id", "direction": "asc"}], limit=10, page=3)
    assert [shot["id"] for shot in third] == list(range(21, 31)), "The third page begins where the second ends"


def it_finds_one_or_none(sg, sandbox):
    shot = sg.find_one("Shot", [["code", "is", "PN_100_0040"]], ["code", "image", "sg_status_list"])
    assert shot["type"] == "Shot" and shot["code"] == "PN_100_0040"
    assert shot["image"].startswith(sandbox.url), "A picture has an address that can be opened"
    assert sg.find_one("Shot", [["code", "is", "none is called so"]]) is None


# ----------------------------------------------------------------------------
# Writing


def it_creates_updates_deletes_and_revives(sg, sandbox):
    values = {"code": "NEW_0010", "project": POLAR_NIGHT, "description": "Ein Käfer – 夜", "sg_cut_in": 1001}
    shot = sg.create("Shot", values, ["code", "sg_status_list", "created_by"])
    assert shot["sg_status_list"] == "wtg", "What was not given has its default"
    assert shot["created_by"]["type"] == "ApiUser", "What a script makes bears the script's name"
    changed = sg.update("Shot", shot["id"], {"sg_status_list": "ip", "sg_cut_in": None})
    assert changed["sg_status_list"] == "ip" and changed["sg_cut_in"] is None, changed
    read = sg.find_one("Shot", [["id", "is", shot["id"]]], ["description", "sg_status_list"])
    assert read["description"] == values["description"], "Text of any script comes back as it was sent"
    assert sg.delete("Shot", shot["id"]) is True
    assert sg.find_one("Shot", [["id", "is", shot["id"]]]) is None, "What was deleted is not found"
    assert sg.find_one("Shot", [["id", "is", shot["id"]]], retired_only=True), "…unless it is looked for"
    assert sg.delete("Shot", shot["id"]) is False, "It cannot be deleted twice"
    assert sg.revive("Shot", shot["id"]) is True and sg.find_one("Shot", [["id", "is", shot["id"]]])


def it_adds_to_and_removes_from_links(sg, sandbox):
    shot = sg.create("Shot", {"code": "LINKS_0010", "project": POLAR_NIGHT})
    assets = sg.find("Asset", [IN_POLAR_NIGHT], limit=3)
    sg.update("Shot", shot["id"], {"assets": assets[:2]})
    sg.update("Shot", shot["id"], {"assets": assets[2:]}, multi_entity_update_modes={"assets": "add"})
    sg.update("Shot", shot["id"], {"assets": assets[:1]}, multi_entity_update_modes={"assets": "remove"})
    linked = sg.find_one("Shot", [["id", "is", shot["id"]]], ["assets"])["assets"]
    assert {asset["id"] for asset in linked} == {asset["id"] for asset in assets[1:]}, linked


def it_carries_out_a_batch_whole(sg, sandbox):
    shot = {"request_type": "create", "entity_type": "Shot"}
    made = sg.batch([
        {**shot, "data": {"code": "BATCH_0010", "project": POLAR_NIGHT}},
        {**shot, "data": {"code": "BATCH_0020", "project": POLAR_NIGHT}},
        {"request_type": "update", "entity_type": "Shot", "entity_id": 5, "data": {"description": "Seen"}},
    ])
    assert [row["type"] for row in made] == ["Shot"] * 3 and made[2]["id"] == 5, made
    done = sg.batch([{"request_type": "delete", "entity_type": "Shot", "entity_id": row["id"]} for row in made[:2]])
    assert done == [True, True], done


def it_rolls_back_a_batch_that_fails(sg, sandbox):
    requests = [
        {"request_type": "create", "entity_type": "Shot", "data": {"code": "HALF_0010", "project": POLAR_NIGHT}},
        {"request_type": "update", "entity_type": "Shot", "entity_id": 999_999_999, "data": {"code": "x"}},
    ]
    said = refusal(Fault, lambda: sg.batch(requests))
    assert said.startswith("API batch() request with index 1 failed.  All requests rolled back."), said
    assert sg.find_one("Shot", [["code", "is", "HALF_0010"]]) is None, "The first request was taken back"


def it_summarizes(sg, sandbox):
    before = sg.summarize("Shot", [IN_POLAR_NIGHT], [{"field": "id", "type": "count"}])["summaries"]["id"]
    assert before == len(sg.find("Shot", [IN_POLAR_NIGHT])), "It counts what find finds"
    by_status = sg.summarize(
        "Shot", [IN_POLAR_NIGHT], [{"field": "id", "type": "count"}],
        grouping=[{"field": "sg_status_list", "type": "exact", "direction": "asc"}],
    )["groups"]
    assert sum(group["summaries"]["id"] for group in by_status) == before, "Each shot is in one group"
    names = [group["group_name"] for group in by_status]
    assert names == sorted(names) and "fin" in names, names


# ----------------------------------------------------------------------------
# Schema, and what is wrong


def it_describes_its_schema(sg, sandbox):
    schema = sg.schema_read()
    assert {"Project", "Shot", "Asset", "Task", "Version", "Note", "HumanUser"} <= set(schema)
    fields = sg.schema_field_read("Shot")
    assert set(fields) == set(schema["Shot"]), "Both ways to ask name the same fields"
    assert fields["code"]["data_type"]["value"] == "text"
    assert fields["sg_sequence"]["properties"]["valid_types"]["value"] == ["Sequence"]
    assert "ip" in fields["sg_status_list"]["properties"]["valid_values"]["value"]
    assert set(sg.schema_field_read("Shot", "code")) == {"code"}, "A field can be asked for alone"
    assert "Shot" in sg.schema_entity_read()
    shot = sg.find_one("Shot", [["code", "is", "PN_100_0040"]], list(fields))
    assert set(shot) == set(fields) | {"type", "id"}, "What the schema names can be read"


def it_explains_what_is_wrong(sg, sandbox):
    said = refusal(Fault, lambda: sg.find("Shot", [["nope", "is", 1]]))
    assert said == "API read() Shot.nope doesn't exist.", said
    said = refusal(Fault, lambda: sg.find("Shot", [["code", "foo", "x"]]))
    assert "doesn't support 'foo'" in said and "starts_with" in said, said
    said = refusal(Fault, lambda: sg.find("Nope", []))
    assert "Nope" in said, said
    said = refusal(Fault, lambda: sg.create("Shot", {"code": "x"}))
    assert said.startswith("API create() missing 'project' attribute:"), said
    said = refusal(Fault, lambda: sg.update("Shot", 4, {"nope": 1}))
    assert "nope" in said, said
    said = refusal(Fault, lambda: sg.update("Shot", 4, {"sg_cut_in": "a text"}))
    assert "sg_cut_in" in said, said
    assert sg.find_one("Project", [])["id"] == 1, "After all that it still answers"


# ----------------------------------------------------------------------------


def main():
    default = pathlib.Path(__file__).parents[2] / "target" / "release" / "callboard"
    program = sys.argv[1] if len(sys.argv) > 1 else str(default)
    tests = [(name, test) for name, test in globals().items() if name.startswith("it_")]
    failed = 0
    print(f"shotgun_api3 {shotgun_api3.__version__} against {program}")
    with Sandbox(program) as sandbox:
        for name, test in tests:
            try:
                test(sandbox.connect(), sandbox)
                print(f"test {name} ... ok")
            except Exception:  # a test may fail with anything, and the others still run
                failed += 1
                print(f"test {name} ... FAILED\n{traceback.format_exc()}")
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
