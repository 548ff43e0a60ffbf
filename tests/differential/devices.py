# SPDX-License-Identifier: LGPL-2.1-or-later
"""The part of a document that is compared: the interfaces and hostdevs of a <domain>, or the whole <network>."""
import re
from xml.parsers import expat

COMPARED = (["domain", "devices", "interface"], ["domain", "devices", "hostdev"], ["network"])

# Other interfaces and hostdevs in a domain are not ours.
OTHER = re.compile(r"<interface\s(?![^>]*\btype\s*=\s*[\"'](hostdev|network)[\"'])|<interface>"
                   r"|<hostdev\s(?![^>]*\btype\s*=\s*[\"'](pci|usb)[\"'])")


def ours(devices):
    return [device for device in devices if not OTHER.match(" ".join(device.split()))]


def devices_of(document):
    """The text of each device, in the document's order, without the indentation that it has in there."""
    found, path, starts = [], [], []
    parser = expat.ParserCreate()

    def start(name, _):
        path.append(name)
        starts.append(parser.CurrentByteIndex)

    def end(_):
        begin = starts.pop()
        if path in COMPARED:
            after = parser.CurrentByteIndex
            # of an empty element it is the index of its start, else that of its end tag
            finish = document.index(b">", after) + 1
            found.append(dedented(document[begin:finish].decode(), indentation(document, begin)))
        path.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(document, True)
    return ours(found)


def indentation(document, begin):
    line = document[document.rfind(b"\n", 0, begin) + 1:begin]
    return line[:len(line) - len(line.lstrip(b" \t"))].decode()


def dedented(text, prefix):
    """Only what all lines have in common with the first: a wrong indentation inside stays visible."""
    return "\n".join(line.removeprefix(prefix) for line in text.split("\n"))
