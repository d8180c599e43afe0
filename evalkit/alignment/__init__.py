"""Align what a system wrote with the reference: one hypothesis per reference segment."""

from __future__ import annotations

from evalkit.alignment.aligner import Aligner, Alignment

__all__ = ["Aligner", "Alignment"]
