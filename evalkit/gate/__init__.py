"""A gate for CI: its rules, and the verdict on runs."""

from __future__ import annotations

from evalkit.gate.rules import Gate

__all__ = ["Gate"]
