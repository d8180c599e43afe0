"""Pages in one file: a template with its style, script and data. A policy in it forbids all requests."""

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
_POLICY = (
    "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
"""Content security policy: only the page's own script may run, and nothing may be loaded or sent."""


def render_page(template: str, *, scripts: Sequence[str], data: Any = None, **context: Any) -> str:
    """Render a page.

    Args:
        template: in ``templates``, extending ``page.html.j2``.
        scripts: JavaScript files in ``templates``, run in this order after ``page.js``.
        data: what the scripts read, as JSON.
        context: names that the template uses.
    """
    script = "\n" + "\n".join(map(_read, ("page.js", *scripts)))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # the project's own files, not input: they need no escaping
    return (
        _load_environment()
        .get_template(template)
        .render(
            style=Markup(_read("page.css")),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=_POLICY.format(digest),
            data=embed_json(data),
            **context,
        )
    )


def embed_json(data: Any) -> Markup:
    """JSON for a script element: it has no ``<``, so it contains neither ``</script>`` nor ``<!--``."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


@lru_cache(maxsize=1)
def _load_environment() -> Environment:
    """Templates escape everything they show, and fail on unknown names."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # one part of an anchor such as #d/SYSTEM/DOCUMENT: slashes are escaped because they separate the parts
    environment.filters["part"] = lambda text: quote(text, safe="")
    return environment


def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
