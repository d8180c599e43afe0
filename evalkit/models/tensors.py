"""Tensors in nested mappings and sequences, as transformers and unbabel-comet pass them around."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def move(inputs: Any, device: str) -> Any:
    """Move the tensors of a batch to a device."""
    if isinstance(inputs, Mapping):
        return {name: move(value, device) for name, value in inputs.items()}
    if isinstance(inputs, (tuple, list)):
        return type(inputs)(move(value, device) for value in inputs)
    return inputs.to(device) if hasattr(inputs, "to") else inputs


def run_in_bf16(encoder: Any, device: str) -> None:
    """Make an encoder compute in bfloat16 by autocast, and return fp32.

    What follows the encoder computes in fp32: in bfloat16, scores would have steps of 0.004.
    """
    import torch

    forward = encoder.forward

    def forward_in_bf16(*args: Any, **kwargs: Any) -> Any:
        with torch.autocast(device.partition(":")[0], dtype=torch.bfloat16):
            return _convert_to_fp32(forward(*args, **kwargs))

    encoder.forward = forward_in_bf16


def _convert_to_fp32(outputs: Any) -> Any:
    if isinstance(outputs, Mapping):
        return {name: _convert_to_fp32(value) for name, value in outputs.items()}
    if isinstance(outputs, (tuple, list)):
        return [_convert_to_fp32(value) for value in outputs]
    is_float = hasattr(outputs, "is_floating_point") and outputs.is_floating_point()
    return outputs.float() if is_float else outputs
