import os
import subprocess

import pytest
import shotgun_api3


@pytest.fixture
def sg():
    command = [os.environ.get("CALLBOARD", "callboard"), "sandbox", "--port", "0", "--seed", "small", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
        url = sandbox.stdout.readline().split()[-1]
        yield shotgun_api3.Shotgun(url, script_name="callboard", api_key="sandbox")
        sandbox.terminate()
