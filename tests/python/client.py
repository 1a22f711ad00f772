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
    """How many bytes the process holds in files without a name; nothing where there is no telling."""
    descriptors = pathlib.Path(f"/proc/{process.pid}/fd")
    if not descriptors.exists():
        return None
    held = 0
    for descriptor in descriptors.iterdir():
        try:
            if os.readlink(descriptor).endswith("(deleted)"):
                held += os.stat(descriptor).st_size
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
        assert time.monotonic() < deadline, "Something of them stays behind"
        time.sleep(0.01)
    with Files() as files:
        sg.upload("Shot", 4, files.write("long.bin", b"x" * 5_000_000))
    if before is not None:
        assert temporary_files(sandbox.process) >= before + 5_000_000, "And this is how one would be noticed"


# ----------------------------------------------------------------------------
# Links to files and pages, sessions of a site that is kept


def new_storage(sg, code, root):
    paths = {"linux_path": root, "mac_path": root, "windows_path": root.replace("/mnt", "M:").replace("/", "\\")}
    return sg.create("LocalStorage", {"code": code, **paths}, ["uuid"])


def publish(sg, path):
    made = sg.create("PublishedFile", {"code": "plate", "project": POLAR_NIGHT, "path": path})
    return made["id"], sg.find_one("PublishedFile", [["id", "is", made["id"]]], ["path"])["path"]


def it_links_to_local_files(sg, sandbox):
    storage = new_storage(sg, "primary", "/mnt/primary")
    new_storage(sg, "inner", "/mnt/primary/inner")
    assert len(storage["uuid"]) == 36, storage
    name = "夜 a.exr"
    for written in (
        {"local_path": f"/mnt/primary/show/{name}"},
        {"local_path": f"m:\\PRIMARY\\show\\{name}"},
        {"relative_path": f"show/{name}", "local_storage": {"type": "LocalStorage", "id": storage["id"]}},
    ):
        row, link = publish(sg, written)
        assert link["link_type"] == "local" and link["type"] == "Attachment" and link["name"] == name, link
        assert link["local_storage"] == {"type": "LocalStorage", "id": storage["id"], "name": "primary"}, link
        assert link["relative_path"] == f"show/{name}" and link["content_type"] == "image/x-exr", link
        assert link["local_path_linux"] == f"/mnt/primary/show/{name}", link
        assert link["local_path_windows"] == f"M:\\primary\\show\\{name}", link
        assert link["local_path"] and link["url"] == f"file://{link['local_path']}", "The client adds these"
        again = sg.update("PublishedFile", row, {"path": link})["path"]
        assert again == link, f"Written back it is the same, not {again}"
    assert publish(sg, {"local_path": "/mnt/primary/inner/b.mov"})[1]["local_storage"]["name"] == "inner"
    refusal(ShotgunFileDownloadError, lambda: sg.download_attachment(link["id"]))
    elsewhere = {"code": "plate", "project": POLAR_NIGHT, "path": {"local_path": "/elsewhere/a.exr"}}
    said = refusal(Fault, lambda: sg.create("PublishedFile", elsewhere))
    why = "API create() CRUD ERROR #6: Create failed for [Attachment]: Path /elsewhere/a.exr doesn't match any defined Local Storage."
    assert said == why, said
    batch = [{"request_type": "create", "entity_type": "PublishedFile", "data": elsewhere}]
    said = refusal(Fault, lambda: sg.batch(batch))
    assert said == f"API batch() request with index 0 failed.  All requests rolled back.\n{why}", said
    assert sg.update("PublishedFile", row, {"path": None})["path"] is None


def it_links_to_web_pages_and_keeps_uploads_that_are_written_back(sg, sandbox):
    version = new_version(sg, "links")
    link = sg.update("Version", version, {"sg_uploaded_movie": {"url": "https://example.com/", "name": "docs"}})
    link = link["sg_uploaded_movie"]
    assert link == {
        "link_type": "web", "type": "Attachment", "id": link["id"], "name": "docs", "content_type": None,
        "url": "https://example.com/",
    }, link
    row = sg.find_one("Attachment", [["id", "is", link["id"]]], ["this_file", "display_name"])
    assert row["this_file"] == link and row["display_name"] == "docs", row
    with tempfile.NamedTemporaryFile(suffix=".mov") as movie:
        movie.write(b"a movie")
        movie.flush()
        attachment = sg.upload("Version", version, movie.name, field_name="sg_uploaded_movie")
    upload = sg.find_one("Version", [["id", "is", version]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
    assert upload["id"] == attachment and upload["link_type"] == "upload", upload
    again = sg.update("Version", version, {"sg_uploaded_movie": upload})["sg_uploaded_movie"]
    assert again == upload, f"Written back it is the same, not {again}"
    copy = sg.create("Version", {"code": "copy", "project": POLAR_NIGHT, "sg_uploaded_movie": upload})
    assert copy["sg_uploaded_movie"] == upload and sg.download_attachment(copy["sg_uploaded_movie"]) == b"a movie"
    sg.delete("Attachment", attachment)
    gone = sg.find_one("Version", [["id", "is", version]], ["sg_uploaded_movie"])["sg_uploaded_movie"]
    assert gone is None, f"What is retired is not shown: {gone}"


def it_keeps_sessions_and_used_codes_from_one_start_to_the_next(sg, sandbox):
    with tempfile.TemporaryDirectory() as folder:
        options = ["--seed", "small", "--data", folder, "--one-time-code", "mira:111222"]
        with Sandbox(sandbox.program, *options) as first:
            person = Shotgun(first.url, login=USER[0], password=USER[1], auth_token="111222")
            token = person.get_session_token()
        with Sandbox(sandbox.program, *options) as second:
            assert Shotgun(second.url, session_token=token).find_one("Project", [])["id"] == 1
            again = lambda: Shotgun(second.url, login=USER[0], password=USER[1], auth_token="111222")
            refusal(AuthenticationFault, again)
            ask = urllib.request.Request(f"{second.url}/callboard/expire_sessions", b"", {"X-Callboard": "sandbox"})
            urllib.request.urlopen(ask).close()
        with Sandbox(sandbox.program, *options) as third:
            said = refusal(AuthenticationFault, lambda: Shotgun(third.url, session_token=token).find_one("Shot", []))
            assert said == f"Can't authenticate session token ending with '{token[-4:]}'", said
        for path in pathlib.Path(folder).iterdir():
            assert path.is_dir() or token.encode() not in path.read_bytes(), f"The token is in {path}"


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
# Fields made at run time


def it_makes_changes_and_deletes_fields(sg, sandbox):
    name = sg.schema_field_create("Version", "number", "Monkey Count", properties={"description": "How many were needed"})
    assert name == "sg_monkey_count", name
    assert sg.schema_field_create("Version", "number", "Monkey Count") == "sg_monkey_count_1", "A taken name gets a number"
    sg.update("Version", 3, {name: 12})
    found = sg.find("Version", [[name, "greater_than", 10]], [name])
    assert found == [{"type": "Version", "id": 3, name: 12}], found
    assert sg.schema_field_update("Version", name, {"description": "How many turned up", "default_value": 5}) is True
    field = sg.schema_field_read("Version", name)[name]
    assert field["description"]["value"] == "How many turned up" and field["data_type"]["value"] == "number"
    made = sg.create("Version", {"code": "MONKEYS", "project": POLAR_NIGHT}, [name])
    assert made[name] == 5, f"A new row starts with the default, not with {made[name]}"
    assert sg.schema_field_delete("Version", name) is True
    assert name not in sg.schema_field_read("Version")
    assert "forever" in refusal(Fault, lambda: sg.schema_field_create("Version", "number", "Monkey Count"))
    sg.schema_field_create("Version", "list", "Mood", properties={"valid_values": ["good", "bad"]})
    assert sg.schema_read()["Version"]["sg_mood"]["properties"]["valid_values"]["value"] == ["good", "bad"]
    sg.schema_field_create("Version", "multi_entity", "Seen With", properties={"valid_types": ["Shot", "Asset"]})
    sg.update("Version", 3, {"sg_seen_with": [{"type": "Shot", "id": 1}, {"type": "Asset", "id": 1}]})
    assert sg.find_one("Version", [["sg_seen_with", "is", {"type": "Asset", "id": 1}]])["id"] == 3


def it_hides_a_field_in_one_project(sg, sandbox):
    def visible(project=None):
        return sg.schema_field_read("Asset", name, project)[name]["visible"]

    name = sg.schema_field_create("Asset", "text", "Project Visibility Test")
    other = {"type": "Project", "id": 2}
    assert sg.schema_field_update("Asset", name, {"visible": False}, POLAR_NIGHT)
    assert visible(POLAR_NIGHT) == {"value": False, "editable": True}
    assert visible(other) == {"value": True, "editable": True} == visible(), "Other projects show it"
    assert sg.schema_read(POLAR_NIGHT)["Asset"][name]["visible"]["value"] is False
    assert "Asset" in sg.schema_entity_read(POLAR_NIGHT)
    assert sg.schema_field_read("Asset", "code")["code"]["visible"]["editable"] is False, "Built-in fields stay"
    assert "for a project" in refusal(Fault, lambda: sg.schema_field_update("Asset", name, {"visible": False}))


# ----------------------------------------------------------------------------
# Searching, following, presets


def it_searches_names(sg, sandbox):
    bunny = sg.create("Asset", {"code": "Bunny_runner", "project": POLAR_NIGHT})
    answer = sg.text_search("BUNNY run", {"Asset": []}, project_ids=[1])
    assert set(answer) == {"matches", "terms"} and answer["terms"] == ["bunny", "run"], answer
    assert answer["matches"] == [{
        "type": "Asset", "id": bunny["id"], "name": "Bunny_runner", "project_id": 1,
        "image": None, "links": ["", ""], "status": "wtg",
    }], answer
    known = sg.find_one("Task", [["entity", "type_is", "Shot"]], ["content", "entity"])
    (task,) = sg.text_search(known["content"], {"Task": [["id", "is", known["id"]]]})["matches"]
    assert task["links"] == ["Shot", known["entity"]["name"]], task
    for entity_type in ("Asset", "Shot"):
        sg.batch([
            {"request_type": "create", "entity_type": entity_type, "data": {"code": f"Ordered Search {number}", "project": POLAR_NIGHT}}
            for number in range(5)
        ])
    filters = {
        "Shot": [["code", "ends_with", "3"]],
        "Asset": [{"filter_operator": "any", "filters": [["code", "ends_with", "4"]]}],
    }
    told = [(match["type"], match["name"]) for match in sg.text_search("ordered search", filters)["matches"]]
    assert told == [("Shot", "Ordered Search 3"), ("Asset", "Ordered Search 4")], told
    assert "at least 3" in refusal(Fault, lambda: sg.text_search("bu", {"Asset": []}))


def it_follows(sg, sandbox):
    user, shot = {"type": "HumanUser", "id": 3}, {"type": "Shot", "id": 12}
    assert sg.follow(user, shot) == {"followed": True, "user": user, "entity": shot}
    (follower,) = sg.followers(shot)
    assert follower["id"] == 3 and follower["status"] == "act" and follower["valid"] == "valid", follower
    assert sg.following(user) == [shot] == sg.following(user, project=POLAR_NIGHT, entity_type="Shot")
    assert sg.following(user, entity_type="Task") == []
    assert sg.unfollow(user, shot)["unfollowed"] is True
    assert sg.followers(shot) == []


def it_finds_what_is_latest(sg, sandbox):
    latest = [{"preset_name": "LATEST", "latest_by": "ENTITIES_CREATED_AT"}]
    shot = sg.find_one("Version", [["entity", "type_is", "Shot"], IN_POLAR_NIGHT], ["entity"])["entity"]
    version = sg.create("Version", {"code": "LATEST_V1", "entity": shot, "project": POLAR_NIGHT})
    found = sg.find("Version", [["entity", "is", shot]], additional_filter_presets=latest)
    assert [row["id"] for row in found] == [version["id"]], found
    per_shot = sg.find("Version", [IN_POLAR_NIGHT], ["entity"], additional_filter_presets=latest)
    subjects = [(row["entity"]["type"], row["entity"]["id"]) for row in per_shot]
    assert len(subjects) == len(set(subjects)) > 500, "One version of each"
    for presets in (
        "LATEST", ["LATEST"], [{"latest_by": "ENTITIES_CREATED_AT"}], [{"preset_name": "NOPE"}], latest * 2,
        [{"preset_name": "LATEST", "latest_by": "REVISION_NUMBER"}],
    ):
        said = refusal(Fault, lambda: sg.find("Version", [], additional_filter_presets=presets))
        assert "additional_filter_presets" in said, said


# ----------------------------------------------------------------------------
# What happened


def it_keeps_a_log_that_can_be_followed(sg, sandbox):
    newest = sg.find_one("EventLogEntry", [], order=[{"field_name": "id", "direction": "desc"}])["id"]
    shot = sg.create("Shot", {"code": "EVENT_0010", "project": POLAR_NIGHT})
    sg.update("Shot", shot["id"], {"sg_status_list": "ip"})
    sg.delete("Shot", shot["id"])
    events = sg.find(
        "EventLogEntry", [["id", "greater_than", newest]],
        ["event_type", "attribute_name", "meta", "entity", "project", "user", "created_at"],
        order=[{"field_name": "id", "direction": "asc"}],
    )
    told = [(event["event_type"], event["attribute_name"]) for event in events]
    assert told == [
        ("Shotgun_Shot_New", None), ("Shotgun_Shot_Change", "code"), ("Shotgun_Shot_Change", "project"),
        ("Shotgun_Shot_Change", "sg_status_list"), ("Shotgun_Shot_Retirement", None),
    ], told
    assert events[1]["meta"]["in_create"] is True and "in_create" not in events[3]["meta"]
    assert (events[3]["meta"]["old_value"], events[3]["meta"]["new_value"]) == ("wtg", "ip"), events[3]
    assert events[0]["entity"] is None and events[0]["meta"]["entity_id"] == shot["id"], "The shot is gone"
    assert events[0]["user"]["name"] == SCRIPT[0] and events[0]["project"]["name"] == "Polar Night"
    assert isinstance(events[0]["created_at"], datetime.datetime)


def it_marks_events_with_the_session(sg, sandbox):
    sg.set_session_uuid("0f1e2d3c")
    sg.update("Shot", 21, {"description": "From a page"})
    assert sg.find_one("EventLogEntry", [["session_uuid", "is", "0f1e2d3c"]], ["attribute_name"])["attribute_name"] == "description"


def it_streams_activity(sg, sandbox):
    shot = sg.create("Shot", {"code": "ACTIVITY_0010", "project": POLAR_NIGHT, "sg_status_list": "ip"})
    note = sg.create("Note", {"subject": "Less blue", "note_links": [shot], "project": POLAR_NIGHT})
    sg.create("Reply", {"content": "Done", "entity": note})
    stream = sg.activity_stream_read("Shot", shot["id"], {"Shot": ["created_by.HumanUser.image"]})
    assert set(stream) == {"entity_type", "entity_id", "earliest_update_id", "latest_update_id", "updates"}
    told = [(update["update_type"], update["meta"]["entity_type"]) for update in stream["updates"]]
    assert told == [("create_reply", "Reply"), ("create", "Note"), ("create", "Shot")], told
    primary = stream["updates"][-1]["primary_entity"]
    assert primary == {
        "type": "Shot", "id": shot["id"], "name": "ACTIVITY_0010", "status": "ip", "created_by.HumanUser.image": None,
    }, primary
    author = stream["updates"][0]["created_by"]
    assert set(author) == {"type", "id", "name", "status", "image"} and author["type"] == "ApiUser", author
    older = sg.activity_stream_read("Shot", shot["id"], max_id=stream["latest_update_id"], limit=1)
    assert [update["id"] for update in older["updates"]] == [stream["updates"][1]["id"]]


def it_reads_a_thread_of_notes(sg, sandbox):
    note = sg.create("Note", {"subject": "s", "content": "Test!", "project": POLAR_NIGHT, "addressings_to": [{"type": "HumanUser", "id": 2}]})
    reply = sg.create("Reply", {"content": "Reply content", "entity": note})
    asked = {"Note": ["created_by.HumanUser.image", "addressings_to", "user"], "Reply": ["content"]}
    first, second = sg.note_thread_read(note["id"], asked)
    names = ["content", "created_at", "created_by", "id", "type", *asked["Note"]]
    assert first == sg.find_one("Note", [["id", "is", note["id"]]], names) and set(first) == set(names), first
    del second["user"]["image"]
    assert second == sg.find_one("Reply", [["id", "is", reply["id"]]], ["content", "created_at", "user"]), second


# ----------------------------------------------------------------------------
# The site itself


def it_shows_the_site_as_a_tree(sg, sandbox):
    root = sg.nav_expand("/")
    assert len(root["children"]) == len(sg.find("Project", []))
    shots = sg.nav_expand("/Project/1/Shot")
    sequences = [child for child in shots["children"] if child["ref"]["kind"] == "entity"]
    assert len(sequences) == 60 and shots["parent_path"] == "/Project/1", "Sixty sequences"
    sequence = sg.nav_expand(sequences[0]["path"])
    assert len(sequence["children"]) == 50 and not sequence["children"][0]["has_children"]
    target = sequence["target_entities"]
    versions = sg.find(target["type"], [], ["entity"], additional_filter_presets=target["additional_filter_presets"])
    assert versions and all(row["entity"]["type"] == "Shot" for row in versions)
    (found,) = sg.nav_search_string("/Project/1", "pn_100_0040")
    assert found["label"] == "PN_100_0040" and found["incremental_path"][0] == "/Project/1" and found["project_id"] == 1
    shot = sg.find_one("Shot", [["code", "is", "PN_100_0040"]])
    (same,) = sg.nav_search_entity("/", shot)
    assert same["ref"] == found["ref"] == {"type": "Shot", "id": shot["id"]}
    said = refusal(Fault, lambda: sg.nav_expand("/Project/99999"))
    assert said == "Unexpected result looking for project: 99999: 0 found.", said


def it_knows_its_preferences(sg, sandbox):
    everything = sg.preferences_read()
    assert everything["hours_per_day"] == 8.0 and "view_master_settings" in everything
    some = sg.preferences_read(["date_component_order", "support_local_storage", "email_notifications"])
    assert set(some) == {"date_component_order", "support_local_storage"}, some


def it_plans_working_days(sg, sandbox):
    def week():
        return sg.work_schedule_read("2012-01-01", "2012-01-07", project, user)

    project = {"type": "Project", "id": 1, "name": "Polar Night"}
    user = {"type": "HumanUser", "id": 2, "name": sg.find_one("HumanUser", [["id", "is", 2]], ["name"])["name"]}
    expected = week()
    assert [day["working"] for _, day in sorted(expected.items())] == [False, True, True, True, True, True, False]
    for number, (reason, on) in enumerate([("STUDIO", {}), ("PROJECT", {"project": project}), ("USER", {"user": user})]):
        day = f"2012-01-0{number + 2}"
        told = sg.work_schedule_update(day, False, reason, **on)
        assert told == {"date": day, "working": False, "description": reason, "project": None, "user": None, **on}, told
        expected[day] = {"working": False, "description": reason, "reason": f"{reason}_EXCEPTION"}
        assert week() == expected


def it_exports_pages(sg, sandbox):
    page = sg.create("Page", {"entity_type": "Status"})["id"]
    gone = f"Export for Page id={page} not available"
    assert refusal(Fault, lambda: sg.export_page(page, "csv")) == gone
    assert refusal(Fault, lambda: sg.export_page(page, "csv", layout_name="My Layout")) == gone
    assert "'format' missing" in refusal(Fault, lambda: sg.export_page(11, None))
    assert "'page_id' missing" in refusal(Fault, lambda: sg.export_page(None, "csv"))
    sg.update("Page", page, {"api_exportable": True})
    table = sg.export_page(page, "csv")
    table = table.decode() if isinstance(table, bytes) else table
    assert table.splitlines()[:2] == ["Id,Status Name", "1,Waiting to start"], table


def it_keeps_licenses_and_visits(sg, sandbox):
    assert sg.user_subscriptions_create([{"humanUserId": 2, "subscription": None}]) is True
    licenses = {row["humanUserId"]: row["subscription"] for row in sg.user_subscriptions_read()}
    assert licenses[2] is None and licenses[3], licenses
    field = "last_accessed_by_current_user"
    person = Shotgun(sandbox.url, login=USER[0], password=USER[1])
    person.update_project_last_accessed({"type": "Project", "id": 2})
    (visited,) = person.find("Project", [[field, "is_not", None]], [field])
    assert visited["id"] == 2 and isinstance(visited[field], datetime.datetime), visited
    assert sg.find("Project", [[field, "is_not", None]]) == [], "Others have not been there"
    sg.update_project_last_accessed({"type": "Project", "id": 3}, {"type": "HumanUser", "id": 2})


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
