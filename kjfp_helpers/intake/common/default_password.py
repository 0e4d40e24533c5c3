"""Office files encrypted with the password that the programs themselves know.

Excel and WPS encrypt a workbook whose structure is protected with a built-in password and open it
without asking; a reader has to do the same.
"""

import io

from kjfp_helpers.intake.common.sandbox import (
    SandboxedCallFailed,
    SandboxLimitExceeded,
    run_sandboxed,
)

_DEFAULT_PASSWORD = "VelvetSweatshop"
MAX_ENCRYPTED_BYTES = 40_000_000


def decrypt_with_default_password(data: bytes) -> bytes | None:
    """Return the file without its encryption, ``None`` if it needs a password of its own."""
    if len(data) > MAX_ENCRYPTED_BYTES:
        return None
    try:
        return run_sandboxed(decrypt, data)
    except (SandboxLimitExceeded, SandboxedCallFailed):
        return None


def decrypt(data: bytes) -> bytes:
    """Decrypt an Office file with the built-in password; runs in the sandbox."""
    import msoffcrypto
    from msoffcrypto.format.ooxml import OOXMLFile

    office_file = msoffcrypto.OfficeFile(io.BytesIO(data))
    # The older formats always verify the password, and their reader takes no such argument.
    verified = {"verify_password": True} if isinstance(office_file, OOXMLFile) else {}
    office_file.load_key(password=_DEFAULT_PASSWORD, **verified)
    target = io.BytesIO()
    office_file.decrypt(target)
    return target.getvalue()
