"""How much of what arrives is read: every design limit of intake, in one place.

They hold for one message or one file. A file beyond them is named in a finding; none is read in
part without saying so. Sizes are in bytes, times in seconds.
"""

MAX_MEMBER_BYTES = 60_000_000
"""Largest file inside an archive; a photograph has a tenth of it."""
MAX_MESSAGE_BYTES = 600_000_000
"""All files of one message together, however deep its archives nest."""
MAX_MESSAGE_FILES = 1000
"""Files of one message, members of its archives included."""
MAX_NESTING_DEPTH = 3
"""Archives in archives, or forwarded messages in forwarded messages."""
MAX_EXPANSION_RATIO = 150
"""Members above ``MIN_BOMB_BYTES`` that grow more than this many times are refused."""
MIN_BOMB_BYTES = 8_000_000
"""Below this a small photograph blown up with zeros is no bomb, but padded."""
MIN_ARCHIVE_BOMB_BYTES = 50_000_000
"""All files of one archive that together grow as much are refused from this size on."""
MAX_DIRECTORY_BYTES = 4_000_000
"""Largest table of contents of an archive, some 40,000 entries."""
MAX_NAME_BYTES = 240
"""Bytes of a file name (UTF-8) that every system can hold."""

MAX_XML_PART_BYTES = 12_000_000
"""Largest XML part of an Office file that is parsed."""
MAX_XML_PART_TAGS = 900_000
"""Most opening brackets in such a part; parsing costs by the element."""
MAX_WORKBOOK_BYTES = 30_000_000
"""All parts of a workbook together."""
MAX_WORKSHEETS = 300
"""Sheets of a workbook; opening one costs, however empty it is."""
MAX_XLS_CELLS = 3_000_000
"""Rows times columns that the cells of an old workbook span."""
MAX_TEXT_BYTES = 5_000_000
"""Largest text or HTML file that is read."""
MAX_PDF_PAGES = 60
MAX_PDF_BYTES = 60_000_000
MAX_PDF_STREAM_BYTES = 40_000_000
"""Largest stream of a PDF once unfolded, pictures aside; a page of text has a thousandth."""
MAX_PDF_DECOMPRESSED_BYTES = 120_000_000
"""All streams of a PDF once unfolded, pictures aside."""

MAX_SUBJECT_CHARS = 500
"""Signs of a subject that are kept."""
MAX_HEADER_CHARS = 20_000
"""Signs of one header that are decoded."""
MAX_HEADERS = 500
"""Headers of one letter; more are made by no mail program."""
MAX_BODY_BYTES = 1_000_000
"""Bytes of a letter's own words that are searched for links and forms."""
MAX_MIME_DEPTH = 60
"""Deepest nesting of parts that is followed; no mail program makes a tenth of it."""

MAX_IMAGE_PIXELS = 150_000_000
"""Larger pictures are not opened; the largest phone cameras make 108 million pixels."""
MAX_HASHED_PIXELS = 50_000_000
"""Largest picture that is unfolded to compare it with others."""
MAX_HASHED_SCANS = 40
"""Most scans of such a picture: each costs as much as the whole."""
MAX_PADDING_BYTES = 4096
"""Bytes behind a picture's end, or of filler inside it, that programs leave of themselves."""

SANDBOX_SECONDS = 7
"""Longest time for one file in the guarded process."""
SANDBOX_MEMORY_BYTES = 560_000_000
"""Address space of the guarded process; what it holds in memory is less."""
LIBREOFFICE_FILE_SECONDS = 8
"""Longest time LibreOffice may take over one file, its start included."""
LIBREOFFICE_RUN_SECONDS = 600
"""Longest time for all conversions of one run."""
LIBREOFFICE_MEMORY_BYTES = 420_000_000
"""Memory in use at which LibreOffice is stopped."""
MAX_OFFICE_FILE_BYTES = 40_000_000
"""Largest file given to LibreOffice, and the largest it may write."""
