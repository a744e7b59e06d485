"""DICOM: the middle slice, and nothing that tells who it is of."""

from __future__ import annotations

import base64
import io
import re
import warnings
import zlib

import pytest

from claimed_jlab.run.preview import preview
from claimed_jlab.run.record import ArtifactValue

np = pytest.importorskip("numpy")
pydicom = pytest.importorskip("pydicom")
Image = pytest.importorskip("PIL.Image")

from pydicom.dataset import FileDataset, FileMetaDataset  # noqa: E402
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEG2000Lossless, generate_uid  # noqa: E402

SECRETS = {
    "PatientName": "Lovelace^Ada",
    "PatientID": "ID-4711",
    "PatientBirthDate": "18151210",
    "StudyDate": "20260102",
    "StudyDescription": "Knee of Ada",
    "InstitutionName": "Hospital of Nowhere",
    "ReferringPhysicianName": "House^Gregory",
    "AccessionNumber": "ACC-99",
}


def write(path, pixels, *, photometric="MONOCHROME2", syntax=ExplicitVRLittleEndian, **tags):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    meta.MediaStorageSOPInstanceUID = generate_uid()
    data = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
    data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    data.Modality, data.BodyPartExamined = "CT", "KNEE"
    data.PixelSpacing, data.SliceThickness = [0.5, 0.5], 2
    colours = 3 if photometric in ("RGB", "YBR_FULL") else 1
    shape = pixels.shape[:-1] if colours == 3 else pixels.shape
    data.Rows, data.Columns = shape[-2:]
    if len(shape) == 3:
        data.NumberOfFrames = shape[0]
    data.SamplesPerPixel, data.PhotometricInterpretation = colours, photometric
    if colours == 3:
        data.PlanarConfiguration = 0
    data.BitsAllocated = data.BitsStored = pixels.dtype.itemsize * 8
    data.HighBit = data.BitsStored - 1
    data.PixelRepresentation = int(pixels.dtype.kind == "i")
    data.PixelData = pixels.tobytes()
    for name, value in {**SECRETS, **tags}.items():
        setattr(data, name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data.save_as(path, enforce_file_format=True)
    return path


def shown(path):
    size = path.stat().st_size if path.is_file() else 0
    return preview(ArtifactValue(type="Dataset", uri=path.as_uri(), name="scan", size=size)).mimebundle


def picture(bundle):
    data = re.search(r'src="data:image/png;base64,([^"]+)"', bundle["text/html"])[1]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


RAMP = np.tile(np.arange(0, 2048, 32, dtype=np.int16), (48, 1))


def test_a_ct_slice_is_rescaled_and_windowed_as_its_header_says(tmp_path):
    file = write(
        tmp_path / "a.dcm",
        RAMP,
        RescaleSlope=1,
        RescaleIntercept=-1024,
        WindowCenter=[40, 500],
        WindowWidth=[400, 2000],
    )
    grey = picture(shown(file))
    assert grey.shape == (48, 64)
    assert grey[0, 0] == 0 and grey[0, -1] == 255
    # Where the numbers are 1056, that is 32 of 40 ± 200 Hounsfield units.
    assert abs(int(grey[0, 33]) - round((32 - 39.5 + 199.5) / 399 * 255)) <= 1


def test_without_a_window_the_values_themselves_give_one(tmp_path):
    grey = picture(shown(write(tmp_path / "a.dcm", RAMP)))
    assert grey.min() == 0 and grey.max() == 255


def test_monochrome1_is_inverted(tmp_path):
    grey = picture(shown(write(tmp_path / "a.dcm", RAMP, photometric="MONOCHROME1")))
    assert grey[0, 0] == 255 and grey[0, -1] == 0


def test_of_many_frames_the_middle_one_is_shown(tmp_path):
    frames = np.zeros((5, 16, 16), dtype=np.uint8)
    frames[2, :8] = 200
    bundle = shown(write(tmp_path / "a.dcm", frames))
    assert picture(bundle)[0, 0] == 255
    assert "frame 3 of 5" in bundle["text/html"]
    assert "Frames: 5" in bundle["text/plain"]


def test_colours_stay_colours(tmp_path):
    pixels = np.zeros((8, 8, 3), dtype=np.uint8)
    pixels[..., 0] = 250
    assert picture(shown(write(tmp_path / "a.dcm", pixels, photometric="RGB")))[0, 0].tolist() == [250, 0, 0]


def test_a_large_slice_is_thinned(tmp_path):
    assert picture(shown(write(tmp_path / "a.dcm", np.ones((3000, 20), dtype=np.uint8)))).shape == (1000, 7)


def test_facts_are_told_and_nobody_is_named(tmp_path):
    file = write(tmp_path / "a.dcm", RAMP)
    told = "".join(str(value) for value in shown(file).values())
    assert "Modality: CT" in told and "Body part: KNEE" in told and "Pixel spacing: 0.5 × 0.5 mm" in told
    for secret in (*SECRETS.values(), "Lovelace", str(pydicom.dcmread(file).SOPInstanceUID)):
        assert secret not in told


def test_a_picture_with_something_written_into_it_is_not_shown(tmp_path):
    bundle = shown(write(tmp_path / "a.dcm", RAMP, BurnedInAnnotation="YES"))
    assert "<img" not in bundle["text/html"]
    assert "may be a name" in bundle["text/plain"]


def test_a_file_is_known_by_its_content(tmp_path):
    assert "Modality: CT" in shown(write(tmp_path / "IM0001", RAMP))["text/plain"]


def test_of_a_series_the_middle_slice_by_position_is_shown(tmp_path):
    series = generate_uid()
    for at, place in enumerate([30, 10, 20]):
        level = np.full((8, 8), place, dtype=np.uint8)
        write(
            tmp_path / f"{at}.dcm", level, SeriesInstanceUID=series, WindowCenter=20, WindowWidth=41,
            ImagePositionPatient=[0, 0, place], ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        )  # fmt: skip
    (tmp_path / "broken.dcm").write_bytes(b"x" * 500)
    (tmp_path / "link.dcm").symlink_to(tmp_path / "0.dcm")
    bundle = shown(tmp_path)
    assert "Files: 4" in bundle["text/plain"]
    assert abs(int(picture(bundle)[0, 0]) - 128) <= 4


def test_without_pydicom_a_line_says_how_to_get_it(tmp_path, monkeypatch):
    file = write(tmp_path / "a.dcm", RAMP)
    monkeypatch.setitem(__import__("sys").modules, "pydicom", None)
    assert shown(file)["text/plain"] == "A DICOM file. To see it here: pip install 'claimed_jlab[dicom]'"
    assert (
        shown(tmp_path)["text/plain"] == "A folder of 1 DICOM files. To see it here: pip install 'claimed_jlab[dicom]'"
    )


def test_a_compression_without_a_decoder_is_named(tmp_path):
    from pydicom.encaps import encapsulate

    file = write(tmp_path / "a.dcm", RAMP)
    data = pydicom.dcmread(file)
    data.file_meta.TransferSyntaxUID = JPEG2000Lossless
    data.PixelData = encapsulate([b"no picture at all"])
    data["PixelData"].is_undefined_length = True
    data.save_as(file)
    bundle = shown(file)
    assert "no decoder here for JPEG 2000" in bundle["text/plain"]
    assert "Lovelace" not in str(bundle)


def deflated(tmp_path):
    file = write(tmp_path / "source.dcm", RAMP)
    data = pydicom.dcmread(file)
    data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    data.save_as(tmp_path / "deflated.dcm")
    return (tmp_path / "deflated.dcm").read_bytes()


@pytest.mark.parametrize("kind", ["empty", "nonsense", "cut", "deflated", "frames", "length"])
def test_a_malformed_file_gives_a_line_and_no_names(tmp_path, kind):
    whole = write(tmp_path / "whole.dcm", RAMP).read_bytes()
    many = write(tmp_path / "many.dcm", RAMP, NumberOfFrames=2_000_000_000).read_bytes()
    content = {
        "empty": b"",
        "nonsense": zlib.compress(b"x" * 5000),
        "cut": whole[:400],
        "deflated": deflated(tmp_path),
        "frames": many,
        "length": whole.replace(b"\x28\x00\x10\x00US\x02\x00", b"\x28\x00\x10\x00US\xff\xff"),
    }[kind]
    file = tmp_path / "odd.dcm"
    file.write_bytes(content)
    bundle = shown(file)
    assert "<img" not in str(bundle)
    assert "Lovelace" not in str(bundle)
    assert bundle["text/plain"]
