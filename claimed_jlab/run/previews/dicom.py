"""DICOM: the middle slice as a picture, and a few facts that tell nobody's name.

Only the tags below are ever read: names, numbers of patients, dates, UIDs and institutions stay in the file. A picture
that says it has such things written into it is not shown.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from claimed_jlab.run.previews.dicom_pixels import shades
from claimed_jlab.run.previews.png import png
from claimed_jlab.run.previews.shown import Shown, facts, figure, line, plain

SUFFIXES = (".dcm", ".dicom")
_INSTALL = "To see it here: pip install 'claimed_jlab[dicom]'"
_FILE_BYTES = 1 << 30
_FRAME_BYTES = 128 << 20
_COMPRESSED_BYTES = 256 << 20
_FILES = 10_000
_HEADERS = 500
_DEFER = 64 << 10
_DEFLATED = "1.2.840.10008.1.2.1.99"
_SHAPE = ["Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated", "BitsStored"]
_LOOK = ["PhotometricInterpretation", "RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth"]
_TOLD = ["Modality", "BodyPartExamined", "PixelSpacing", "SliceThickness"]
_TAGS = [*_SHAPE, *_LOOK, *_TOLD, "PixelPaddingValue", "PixelRepresentation", "BurnedInAnnotation"]
# Read to put the files of a folder in order, and never shown.
_ORDER = ["SeriesInstanceUID", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient"]


class _NotShown(Exception):
    """Why there is no picture, in one line."""


def is_dicom(path: Path) -> bool:
    """Whether a file is DICOM, by its name or by what stands at its byte 128."""
    if path.suffix.lower() in SUFFIXES:
        return True
    with path.open("rb") as file:
        file.seek(128)
        return file.read(4) == b"DICM"


def series_files(folder: Path) -> list[Path]:
    """The DICOM files of a folder by their names, links aside; none if it has none."""
    with os.scandir(folder) as entries:
        return sorted(
            Path(entry.path)
            for entry in islice(entries, _FILES)
            if entry.name.lower().endswith(SUFFIXES) and entry.is_file(follow_symlinks=False)
        )


def dicom(path: Path) -> Shown:
    """The middle frame of a file."""
    return _shown(path, [])


def series(files: Sequence[Path]) -> Shown:
    """The middle slice of the files of a folder; of several series, of the largest."""
    count = f"{len(files):,}" if len(files) < _FILES else f"{_FILES:,} or more"
    try:
        path, note = _middle(files)
    except ImportError:
        return line(f"A folder of {count} DICOM files. {_INSTALL}")
    return _shown(path, [("Files", f"{count}{note}")])


def _shown(path: Path, rows: list[tuple[str, str]]) -> Shown:
    try:
        header = _header(path, _TAGS)
        rows = [*rows, *_facts(header)]
        reason = _hidden(path, header)
    except ImportError:
        return line(f"A DICOM file. {_INSTALL}")
    except _NotShown as error:
        return line(f"A DICOM file; {error}.")
    except Exception:  # The reader raises whatever a malformed file brings about, with what was in it.
        return line("A DICOM file that can't be read: it is malformed.")
    try:
        if reason:
            raise _NotShown(reason)
        picture, caption = _picture(path, header)
    except _NotShown as error:
        rows.append(("Picture", f"Not shown: {error}."))
        return Shown({"text/html": facts("DICOM", rows), "text/plain": plain("DICOM", rows)})
    page = figure("image/png", picture, caption) + facts("DICOM", rows)
    return Shown({"text/html": page, "text/plain": plain("DICOM", rows)})


def _header(path: Path, tags: Sequence[str]) -> Any:
    """Some tags of a file's header. Raises _NotShown for one that is too large or would have to be inflated first."""
    from pydicom import dcmread
    from pydicom.filereader import read_file_meta_info

    if path.stat().st_size > _FILE_BYTES:
        raise _NotShown("it is too large to be looked at")
    if read_file_meta_info(path).get("TransferSyntaxUID") == _DEFLATED:
        raise _NotShown("it is deflated as a whole, which is not looked into")
    return dcmread(path, stop_before_pixels=True, defer_size=_DEFER, specific_tags=list(tags))


def _facts(header: Any) -> list[tuple[str, str]]:
    """What is told. A value that is not of its kind may be anything else of the file: it is left out."""
    if not all(isinstance(header.get(name, 1), int) for name in _SHAPE):
        raise _NotShown("it is malformed")
    spacing = header.get("PixelSpacing")
    thickness = header.get("SliceThickness")
    told = [
        ("Modality", _code(header, "Modality")),
        ("Body part", _code(header, "BodyPartExamined")),
        ("Rows × columns", f"{header.get('Rows')} × {header.get('Columns')}" if "Rows" in header else ""),
        ("Frames", str(_frames(header)) if _frames(header) > 1 else ""),
        ("Pixel spacing", f"{float(spacing[0]):g} × {float(spacing[1]):g} mm" if spacing else ""),
        ("Slice thickness", f"{float(thickness):g} mm" if thickness else ""),
        ("Colours", _code(header, "PhotometricInterpretation")),
    ]
    return [(name, value) for name, value in told if value]


def _code(header: Any, name: str) -> str:
    """The value of a tag if it is a code as the standard has them: 16 capitals, digits, spaces, underscores."""
    value = str(header.get(name) or "")
    return value if re.fullmatch(r"[A-Z0-9_ ]{1,16}", value) else ""


def _frames(header: Any) -> int:
    return max(1, int(header.get("NumberOfFrames") or 1))


def _hidden(path: Path, header: Any) -> str | None:
    """Why a header has no picture to show, or None."""
    if str(header.get("BurnedInAnnotation") or "") == "YES":
        return "the file says that something is written into the picture, which may be a name"
    if "Rows" not in header or "PhotometricInterpretation" not in header:
        return "the file has no picture"
    if str(header.PhotometricInterpretation) == "PALETTE COLOR":
        return "its colours come from a palette"
    size = header.Rows * header.Columns * (header.get("SamplesPerPixel") or 1) * (header.get("BitsAllocated") or 8) // 8
    compressed = header.file_meta.TransferSyntaxUID.is_compressed
    if size > _FRAME_BYTES or (compressed and path.stat().st_size > _COMPRESSED_BYTES):
        return "it is too large"
    return None


def _picture(path: Path, header: Any) -> tuple[bytes, str]:
    """The middle frame as PNG, and a line on it. Raises _NotShown."""
    frames = _frames(header)
    at = frames // 2
    try:
        from pydicom.pixels import pixel_array

        content = png(shades(header, pixel_array(path, index=at)))
    except ImportError:
        raise _NotShown("pip install numpy brings what reads it") from None
    except Exception as error:  # A decoder that is missing, and all that malformed pixels bring about.
        syntax = header.file_meta.TransferSyntaxUID
        if syntax.is_compressed:
            raise _NotShown(f"there is no decoder here for {syntax.name}, or the file is malformed") from error
        raise _NotShown("its pixels are malformed") from error
    caption = f", frame {at + 1:,} of {frames:,}" if frames > 1 else " image"
    return content, f"{_code(header, 'Modality') or 'DICOM'}{caption}"


def _middle(files: Sequence[Path]) -> tuple[Path, str]:
    """The file in the middle, and what is to say of the order."""
    if len(files) > _HEADERS:
        return files[len(files) // 2], ", in the order of their names"
    placed: list[tuple[str, float, Path]] = []
    for path in files:
        try:
            header = _header(path, _ORDER)
            placed.append((str(header.get("SeriesInstanceUID") or ""), _place(header), path))
        except ImportError:
            raise
        except Exception:  # As above: one malformed file leaves the others to be shown.
            continue
    if not placed:
        return files[len(files) // 2], ""
    sizes = Counter(name for name, _, _ in placed)
    largest = sizes.most_common(1)[0][0]
    chosen = sorted((place, path) for name, place, path in placed if name == largest)
    note = f" of {len(sizes)} series, the largest of which has {len(chosen):,}" if len(sizes) > 1 else ""
    return chosen[len(chosen) // 2][1], note


def _place(header: Any) -> float:
    """Where a slice lies along the normal of its plane, else its number."""
    position, plane = header.get("ImagePositionPatient"), header.get("ImageOrientationPatient")
    if position and plane and len(position) == 3 and len(plane) == 6:
        a, b, c, d, e, f = (float(value) for value in plane)
        x, y, z = (float(value) for value in position)
        return (b * f - c * e) * x + (c * d - a * f) * y + (a * e - b * d) * z
    return float(header.get("InstanceNumber") or 0)
