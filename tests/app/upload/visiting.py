"""A visit of the Upload page with fake lanes: no TensorFlow, no browser."""

from __future__ import annotations

import re
from concurrent.futures import Future

import numpy as np
from streamlit.testing.v1 import AppTest

from models.lanes import Lane, Times
from models.runtimes.worker.messages import Answer

# All parts that are folded at first.
PARTS = tuple(
    f"upload-part-{name}"
    for name in ("images", "differences", "confusion", "figures", "skipped", "notes", "cuts")
)


class Worker:
    """Reads every digit as 3, but in the graph model as ``graph`` if the first pixel is white."""

    graph = 3
    waiting = False

    def submit(self, _folder, lane: Lane, pixels, **_limits):
        answers = np.zeros((len(pixels), 10), np.float32)
        answers[:, 3] = 1
        if lane.format == "graph":
            changed = pixels[:, 0, 0] == 1
            answers[changed] = np.eye(10)[self.graph]
        future: Future[Answer] = Future()
        if not self.waiting:
            future.set_result(Answer(0, answers, Times(steady_ms=(10.0,))))
        return future


def new_page() -> AppTest:
    """The page, not run yet."""

    def script() -> None:
        from app.upload import page as upload

        upload.page()

    return AppTest.from_function(script, default_timeout=30)


def upload(page: AppTest, *named: tuple[str, bytes]) -> AppTest:
    page.file_uploader[0].set_value([(name, content, "") for name, content in named]).run()
    assert not page.exception
    return page


def run(page: AppTest) -> AppTest:
    page.button("upload-run").click().run()
    assert not page.exception
    return page


def text(page: AppTest) -> str:
    html = [element.proto.body for element in page.get("html")]
    plain = [
        str(each.value) for kind in ("markdown", "caption", "error") for each in page.get(kind)
    ]
    return "\n".join([*html, *plain])


def images(page: AppTest):
    return next(each.value for each in page.dataframe if "picture" in each.value.columns)


def headline(page: AppTest) -> str:
    return re.findall('class="dp-headline">([^<]*)<', text(page))[0]
