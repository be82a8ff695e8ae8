"""OpenDocument packages: parts in, the bytes of a file out, always the same for the same parts. What .odt and .ods have in common."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from warehouse.report.parts import Report

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
        "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
        "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)


def _face(name: str, kind: str, *families: str) -> str:
    listed = ", ".join(f"&apos;{family}&apos;" for family in families)
    return f'<style:font-face style:name="{name}" svg:font-family="{listed}" style:font-family-generic="{kind}" style:font-pitch="variable"/>'


#: What the office's machines have, then what comes close to it. Chinese and Latin letters have faces of their own, as official documents do.
SERIF, SANS = ("標楷體", "Times New Roman"), ("微軟正黑體", "Arial")
FACES = "<office:font-face-decls>{}</office:font-face-decls>".format(
    "".join(
        (
            _face("本文", "roman", SERIF[0], "DFKai-SB", "BiauKai", "Noto Serif TC", "Noto Serif CJK TC"),
            _face("本文西文", "roman", SERIF[1], "Liberation Serif"),
            _face("標題", "swiss", SANS[0], "Microsoft JhengHei", "PingFang TC", "Noto Sans TC", "Noto Sans CJK TC"),
            _face("標題西文", "swiss", SANS[1], "Liberation Sans"),
        )
    )
)

#: Digits and Latin letters are told to be English: LibreOffice breaks numbers in two where they are told to be Chinese.
LANGUAGE = 'fo:language="en" fo:country="US" style:language-asian="zh" style:country-asian="TW"'


def document(kind: str, body: str) -> str:
    """A part of the package: <office:document-content …>."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-{kind} {NAMESPACES} office:version="1.3">{body}</office:document-{kind}>'


def fonts(size: str, face: str = "本文") -> str:
    """Attributes that set face and size for Chinese and for Latin letters alike."""
    return f'style:font-name="{face}西文" style:font-name-asian="{face}" fo:font-size="{size}" style:font-size-asian="{size}"'


def bold() -> str:
    """Attributes for bold."""
    return 'fo:font-weight="bold" style:font-weight-asian="bold"'


def said(text: str) -> str:
    """Text for an element: escaped, without characters that XML has no place for."""
    return escape("".join(char for char in text if char >= " " or char == "\t"))


def attribute(text: str) -> str:
    """Text for an attribute, quoted."""
    return quoteattr("".join(char for char in text if char >= " "))


def meta(report: Report) -> str:
    """meta.xml: title, language, the moment of the data version."""
    moment = f"{report.made:%Y-%m-%dT%H:%M:%S}Z"
    return document(
        "meta",
        f"<office:meta><meta:generator>service-quality</meta:generator><dc:title>{said(report.full_title)}</dc:title><dc:creator>{said(report.agency)}</dc:creator>"
        f"<dc:subject>{said(report.window.label)}</dc:subject><dc:language>zh-TW</dc:language><meta:creation-date>{moment}</meta:creation-date><dc:date>{moment}</dc:date></office:meta>",
    )


def package(mimetype: str, parts: Mapping[str, str | bytes], made: datetime) -> bytes:
    """The file: mimetype first and stored, the manifest, the parts; every entry dated like the data."""
    kinds = {".xml": "text/xml", ".png": "image/png"}
    listed = "".join(
        f'<manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type="{kinds[name[-4:]]}"/>' for name in parts
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{mimetype}"/>{listed}</manifest:manifest>'
    )
    return zipped({"mimetype": mimetype, "META-INF/manifest.xml": manifest, **parts}, made, stored=("mimetype",))


def zipped(parts: Mapping[str, str | bytes], made: datetime, stored: tuple[str, ...] = ()) -> bytes:
    """A zip whose bytes depend on the parts and the date given alone."""
    stream = io.BytesIO()
    moment = (max(made.year, 1980), made.month, made.day, made.hour, made.minute, made.second // 2 * 2)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return stream.getvalue()
