"""Office files with the same bytes whenever they are made: fixed zip dates and properties."""

import io
import re
import zipfile

FIXED = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_TIME = rb"\g<1>1980-01-01T00:00:00Z\g<3>"


def repack(content: bytes) -> bytes:
    """Return an xlsx, docx or zip file packed again, in order, without times."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "docProps/core.xml":
                data = _STAMP.sub(_TIME, data)
            entry = zipfile.ZipInfo(item.filename, FIXED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return packed.getvalue()
