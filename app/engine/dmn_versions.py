"""Decision tables as DMN 1.1, 1.2, 1.4 or 1.5 and other programs write them, read as DMN 1.3, which dmn-js writes.

What a table says has not changed between these versions, only the names of the namespaces and of some types.
"""

import re

from lxml import etree

CURRENT = "https://www.omg.org/spec/DMN/20191111/"
_VERSION = re.compile(r"https?://www\.omg\.org/spec/DMN/\d{8}/(MODEL/|dmn\.xsd|dmn11\.xsd|DMNDI/)")
_PLACES = {"MODEL/": "MODEL/", "dmn.xsd": "MODEL/", "dmn11.xsd": "MODEL/", "DMNDI/": "DMNDI/"}
_TYPES = {"integer": "number", "long": "number", "double": "number"}
"""Types of Camunda 7, which DMN does not know."""


def read_as_current(root: etree._Element) -> None:
    """Rename, in place, what another version calls otherwise. Anything but a decision table stays as it is."""
    if not _VERSION.fullmatch(etree.QName(root).namespace or ""):
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element)
        version = _VERSION.fullmatch(name.namespace or "")
        if version and name.namespace != CURRENT + _PLACES[version[1]]:
            element.tag = f"{{{CURRENT}{_PLACES[version[1]]}}}{name.localname}"
        if (given := element.get("typeRef")) is not None:
            type_ = given.removeprefix("feel:")
            element.set("typeRef", _TYPES.get(type_, type_))
    etree.cleanup_namespaces(root)
