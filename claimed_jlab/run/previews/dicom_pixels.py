"""From the numbers of a DICOM frame to what a screen shows: rescaled, windowed, the right way round."""

from __future__ import annotations

from typing import Any


def shades(header: Any, frame: Any) -> Any:
    """A frame as bytes from 0 (black) to 255 (white), or as RGB. header: the dataset that describes it."""
    import numpy as np

    if frame.ndim == 3:
        return frame if frame.dtype == np.uint8 else (frame >> max(0, int(header.BitsStored) - 8)).astype(np.uint8)
    values = frame.astype(np.float32) * _number(header, "RescaleSlope", 1.0) + _number(header, "RescaleIntercept", 0.0)
    low, high = _window(header, values, frame)
    share = np.clip((values - low) / max(high - low, 1e-6), 0.0, 1.0)
    if str(header.PhotometricInterpretation) == "MONOCHROME1":
        # Its smallest value is white.
        share = 1.0 - share
    return np.round(np.nan_to_num(share) * 255).astype(np.uint8)


def _window(header: Any, values: Any, frame: Any) -> tuple[float, float]:
    """The values of black and of white: as the header has it, else such that 1 % is darker and 1 % brighter."""
    import numpy as np

    width, centre = _number(header, "WindowWidth", 0.0), _number(header, "WindowCenter", 0.0)
    if width >= 1:
        # The linear function of the standard: a window of n values has n - 1 steps, and its centre is half a step off.
        return centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2
    padding = header.get("PixelPaddingValue")
    seen = values if padding is None else values[frame != padding]
    if not seen.size:
        return 0.0, 1.0
    low, high = np.percentile(seen, (1, 99))
    return float(low), float(high)


def _number(header: Any, name: str, otherwise: float) -> float:
    """A number of the header; of several windows the first."""
    value = header.get(name)
    if value is None or value == "":
        return otherwise
    return float(value if isinstance(value, int | float) else value[0])
