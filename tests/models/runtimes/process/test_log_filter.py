"""Which of TensorFlow's messages are passed on."""

import io
import subprocess
import sys

import pytest

from models.runtimes.process import log_filter

NOISE = b"""WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
E0000 00:00:1795850754.502769   31992 cuda_dnn.cc:8579] Unable to register cuDNN factory: Attempting
I0000 00:00:1795850758.939589   31992 single_machine.cc:374] Starting new session
2026-11-28 07:25:54.383346: E external/local_xla/xla/stream_executor/cuda/cuda_fft.cc:467] Unable
2026-11-28 07:25:59.082805: W tensorflow/core/framework/node_def_util.cc:680] NodeDef mentions TArgs
"""
CRASH = b"""Traceback (most recent call last):
  File "a.py", line 1, in <module>
F0000 00:00:1795850754.502769   31992 tensor.cc:1] Check failed: 1 == 2
2026-11-28 07:25:54.383346: F tensorflow/core/framework/tensor.cc:1] Check failed
terminate called after throwing an instance of 'std::bad_alloc'
"""


def test_the_reason_for_a_crash_is_passed_on_and_noise_is_not(capsys):
    log_filter.pass_on(io.BytesIO(NOISE + CRASH + NOISE))
    assert capsys.readouterr().err == CRASH.decode()


@pytest.mark.parametrize("wanted", [False, True])
def test_a_commands_stderr_is_pythons_unless_the_rest_is_asked_for(monkeypatch, wanted):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    if wanted:
        monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    quiet = "from models.runtimes.process.log_filter import quiet; quiet()"
    # Python 3.13 shows the script's line below its traceback, so it must not hold the word.
    script = f"import os; {quiet}; os.write(2, bytes([99, 104, 97, 116])); 1 / 0"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "ZeroDivisionError" in done.stderr and ("chat" in done.stderr) == wanted
