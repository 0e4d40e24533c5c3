"""Resource limits of intake: sizes in bytes, times in seconds, per message or per file.

A file that exceeds a limit gets a finding; no file is read in part without one.
"""

MAX_MEMBER_BYTES = 60_000_000
"""Largest file inside an archive; photographs are about a tenth of it."""
MAX_JOINED_BYTES = 150_000_000
"""Volumes of cut archives that are held together in memory until all are there."""
MAX_MESSAGE_BYTES = 600_000_000
"""All files of one message together, including those in nested archives."""
MAX_MESSAGE_FILES = 1000
"""Files of one message, archive members included."""
MAX_NESTING_DEPTH = 3
"""Nesting depth of archives in archives or of forwarded messages."""
MAX_EXPANSION_RATIO = 150
"""Members above ``MIN_BOMB_BYTES`` that expand by more than this factor are refused."""
MIN_BOMB_BYTES = 8_000_000
"""Members below this size are not treated as bombs, only as padded files."""
MIN_ARCHIVE_BOMB_BYTES = 50_000_000
"""Archives whose files expand by that factor are refused from this total size on."""
MAX_DIRECTORY_BYTES = 4_000_000
"""Largest central directory of an archive, about 40,000 entries."""
MAX_NAME_BYTES = 240
"""Length of a file name in UTF-8 that every file system accepts."""

MAX_XML_PART_BYTES = 12_000_000
"""Largest XML part of an Office file that is parsed."""
MAX_XML_PART_TAGS = 900_000
"""Most opening angle brackets in such a part; parsing time grows with the elements."""
MAX_WORKBOOK_BYTES = 30_000_000
"""All parts of a workbook together."""
MAX_WORKSHEETS = 300
"""Sheets of a workbook; opening takes time even for empty sheets."""
MAX_XLS_CELLS = 3_000_000
"""Rows times columns spanned by the cells of a .xls workbook."""
MAX_TEXT_BYTES = 5_000_000
"""Largest HTML file that is read."""
MAX_PLAIN_TEXT_BYTES = 1_000_000
"""Largest plain text or CSV that is read, fifty times the longest summary."""
MAX_PDF_PAGES = 60
MAX_PDF_BYTES = 60_000_000
MAX_PDF_STREAM_BYTES = 40_000_000
"""Largest decompressed stream of a PDF, images excluded; a page of text is a thousandth."""
MAX_PDF_DECOMPRESSED_BYTES = 120_000_000
"""All decompressed streams of a PDF together, images excluded."""

MAX_SUBJECT_CHARS = 500
"""Characters of a subject that are kept."""
MAX_HEADER_CHARS = 20_000
"""Characters of one header that are decoded."""
MAX_HEADERS = 500
"""Headers of one message; mail programs write far fewer."""
MAX_BODY_CHARS = 2_000_000
"""Characters of a message body that are searched for links and forms, without pictures in it."""
MAX_FORM_LINES = 10_000
"""Lines of a plain text among which those of a form are looked for."""
MAX_MIME_DEPTH = 60
"""Deepest nesting of MIME parts that is followed; mail programs use a tenth of it."""

MAX_IMAGE_PIXELS = 150_000_000
"""Larger images are not opened; the largest phone cameras produce 108 million pixels."""
MAX_HASHED_PIXELS = 50_000_000
"""Largest image that is decoded for its perceptual hash."""
MAX_HASHED_SCANS = 40
"""Most scans of a progressive JPEG that is hashed: each costs a full decoding."""
MAX_PADDING_BYTES = 4096
"""Bytes after the end of an image, or of filler inside it, that programs leave by themselves."""

SANDBOX_SECONDS = 7
"""Longest time for one call in the sandbox process."""
SANDBOX_MEMORY_BYTES = 560_000_000
"""Address space of the sandbox process; its resident memory is smaller."""
LIBREOFFICE_FILE_SECONDS = 10
"""CPU time LibreOffice may take for one file, start-up included: the same on a busy machine."""
LIBREOFFICE_WAITING_SECONDS = 60
"""Longest time LibreOffice may take for one file by the clock."""
LIBREOFFICE_RUN_SECONDS = 600
"""Longest time for all conversions of one run."""
LIBREOFFICE_MEMORY_BYTES = 420_000_000
"""Resident memory at which LibreOffice is killed."""
MAX_OFFICE_FILE_BYTES = 40_000_000
"""Largest file given to LibreOffice, and the largest it may write."""
