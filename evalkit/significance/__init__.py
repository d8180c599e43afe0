"""Confidence intervals and paired tests by resampling."""

from __future__ import annotations

from evalkit.significance.units import Bootstrap

__all__ = ["Bootstrap"]
