"""Pages in one file: a template, its style, its script and its data. Nothing is fetched, and the page forbids it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Everything that a template shows is escaped; what it does not know is an error."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["part"] = lambda text: quote(
        text, safe=""
    )  # of an anchor, whose parts are divided by slashes
    return found


def render(template: str, *, scripts: Sequence[str], data: Any = None, **context: Any) -> str:
    """A page.

    Args:
        template: in ``templates``, extending ``page.html.j2``.
        scripts: JavaScript files in ``templates``, which run in this order.
        data: what they read, as JSON.
    """
    script = "\n" + "\n".join(
        (TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.js", *scripts)
    )
    # files of the project, no input: not to be escaped
    inline = {"style": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")), "script": Markup(script)}  # noqa: S704
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        environment()
        .get_template(template)
        .render(**inline, script_hash=digest, data=json_in_html(data), **context)
    )


def json_in_html(data: Any) -> Markup:
    """JSON that may stand in a script element: no ``<``, so neither ``</script>`` nor ``<!--``."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704
