"""The last touch to a PDF before it is written: what PDF/A-3a and PDF/UA-1 ask beyond WeasyPrint.

WeasyPrint hands over the objects of the document (its ``finisher``). Here what is no content
becomes an artifact, a table that goes on over pages becomes one table, heads say what they
head, words of the other language say which it is, and the metadata name both standards.
"""

from collections.abc import Container, Iterator

from pydyf import PDF, Array, String
from pydyf import Dictionary as Element

ARTIFACT = "artifact"
"""The title of a drawing that is no content, such as a watermark."""
_OTHER_LANGUAGE = {"zh-CN": "en", "en": "zh-CN"}
_POINTS_A_PIXEL = 0.75
_CONTAINERS = frozenset({"/Div", "/Sect", "/NonStruct", "/Table", "/Part", "/P", "/Span"})
_INLINE = frozenset({"/Span", "/NonStruct"})
_LEAVES = frozenset({"/P", "/H1", "/H2", "/TH", "/TD", "/Span"})
_STANDARDS = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li>
</rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""


def finish(_document: object, pdf: PDF) -> None:
    """Make a tagged PDF/A-3a of WeasyPrint's a PDF/UA-1 as well; see the module."""
    tree = _Tree(pdf)
    tree.drop_drawings_of_no_content()
    tree.join_tables()
    for element in tree.elements():
        tree.explain(element)
    tree.flatten(tree.document)
    tree.mark_artifacts()
    _name_standards(pdf)
    pdf.catalog["AF"] = Array(dict.fromkeys(pdf.catalog["AF"]))  # Each is told twice.


class _Tree:
    """The structure tree of a PDF that is being made; its objects are found by reference."""

    def __init__(self, pdf: PDF) -> None:
        self._pdf = pdf
        self._objects = {found.reference: found for found in pdf.objects}
        self.root: Element = self._objects[pdf.catalog["StructTreeRoot"]]
        self.document: Element = self._objects[self.root["K"][0]]
        self._other = _OTHER_LANGUAGE[str(pdf.catalog["Lang"].string)]
        self._heights = {
            reference: self._objects[reference]["MediaBox"][3] for reference in pdf.page_references
        }

    def elements(self) -> list[Element]:
        """Return all elements that hang in the tree, in reading order."""
        return list(self._below(self.root))

    def drop_drawings_of_no_content(self) -> None:
        """Take watermarks out of the tree."""
        for element in self.elements():
            alternative = element.get("Alt")
            if alternative is not None and alternative.string == ARTIFACT:
                self._unhang(element)

    def join_tables(self) -> None:
        """Make one table of what stands on several pages; its repeated heads are no content."""
        for table, first in self._continuations():
            for part in self._children(table):
                self._unhang(part)
                if part["S"] != "/THead":
                    part["P"] = first.reference
                    first["K"].append(part.reference)

    def _continuations(self) -> list[tuple[Element, Element]]:
        """Return tables that go on from the page before, each with the table that it goes on.

        Such a table begins a page, follows another with as many heads, and nothing stands between.
        """
        found: list[tuple[Element, Element]] = []
        first: Element | None = None
        page, inside = b"", frozenset[bytes]()
        for element in self.elements():
            if element["S"] == "/Table":
                goes_on = first is not None and element["Pg"] != page
                if first is not None and goes_on and self._heads(element) == self._heads(first):
                    found.append((element, first))
                else:
                    first = element if self._heads(element) else None
                inside = frozenset(one.reference for one in self._below(element))
            elif _has_content(element):
                page = element["Pg"]
                if element.reference not in inside:
                    first = None
        return found

    def explain(self, element: Element) -> None:
        """Say of one element what WeasyPrint leaves open."""
        match element["S"]:
            case "/TH":
                element.pop("ID", None)
                element["A"]["Scope"] = self._scope(element)
            case "/TD":
                element["A"].pop("Headers", None)
                if set(element["A"]) == {"O"}:
                    del element["A"]
            case "/Link":  # No link: text of the other language; see ``wording``.
                element["S"] = "/Span"
                element["Lang"] = String(self._other)
            case "/Figure":
                left, top, right, bottom = (edge * _POINTS_A_PIXEL for edge in element["A"]["BBox"])
                height = self._heights[element["Pg"]]
                element["A"]["BBox"] = Array((left, height - bottom, right, height - top))
            case _:  # Says all that it has to.
                pass

    def flatten(self, element: Element) -> None:
        """Take out what holds nothing, and what only stands around the content of its parent."""
        kids = Array()
        for kid in element["K"]:
            if isinstance(kid, int):
                kids.append(kid)
                continue
            child = self._objects[kid]
            self.flatten(child)
            if self._is_hull(child, element):
                self._adopt(element, child)
                kids.extend(child["K"])
            elif child["K"] or child["S"] not in _CONTAINERS:
                kids.append(kid)
        element["K"] = kids

    def mark_artifacts(self) -> None:
        """Mark all that hangs in no tree as an artifact: running heads, watermarks, repeats."""
        elements = self.elements()
        owners: dict[bytes, dict[int, bytes]] = {page: {} for page in self._pdf.page_references}
        for element in elements:
            for kid in element["K"]:
                if isinstance(kid, int):
                    owners[element["Pg"]][kid] = element.reference
        numbers = self._objects[self.root["ParentTree"]]["Nums"]
        for page, known in zip(self._pdf.page_references, numbers[1::2], strict=True):
            known[:] = [owners[page].get(place, "null") for place in range(len(known))]
            _unmark(self._objects[self._objects[page]["Contents"]].stream, owners[page].keys())
        hanging = {found.reference for found in elements}
        for found in self._pdf.objects:
            if _is_element(found) and found.reference not in hanging:
                found.clear()  # Its number stays; nothing refers to it.

    def _is_hull(self, child: Element, parent: Element) -> bool:
        """Whether an element says nothing that its parent does not say already."""
        is_same = child["S"] == parent["S"] or child["S"] in _INLINE
        tells = {"A", "Alt", "Lang"} & set(child)
        return is_same and not tells and parent["S"] in _LEAVES and child["Pg"] == parent.get("Pg")

    def _adopt(self, parent: Element, child: Element) -> None:
        for grandchild in self._children(child):
            grandchild["P"] = parent.reference

    def _heads(self, table: Element) -> int:
        """Return how many heads stand above the columns of a table."""
        parts = [part for part in self._children(table) if part["S"] == "/THead"]
        return sum(found["S"] == "/TH" for part in parts for found in self._below(part))

    def _scope(self, head: Element) -> str:
        if "ColSpan" in head["A"]:
            return "/Both"  # The name of a group of rows, over all columns.
        above = self._objects[self._objects[head["P"]]["P"]]
        return "/Column" if above["S"] == "/THead" else "/Row"

    def _below(self, element: Element) -> Iterator[Element]:
        for child in self._children(element):
            yield child
            yield from self._below(child)

    def _children(self, element: Element) -> list[Element]:
        return [self._objects[kid] for kid in element["K"] if isinstance(kid, bytes)]

    def _unhang(self, element: Element) -> None:
        self._objects[element["P"]]["K"].remove(element.reference)


def _is_element(found: object) -> bool:
    return isinstance(found, Element) and found.get("Type") == "/StructElem"


def _has_content(element: Element) -> bool:
    return any(isinstance(kid, int) for kid in element["K"])


def _unmark(stream: list[object], kept: Container[int]) -> None:
    """Turn marked content of other numbers than these into artifacts."""
    for place, operand in enumerate(stream):
        if not isinstance(operand, Element) or "MCID" not in operand:
            continue
        if operand["MCID"] not in kept:
            stream[place - 1 : place + 1] = ["/Artifact", Element({"Type": "/Pagination"})]


def _name_standards(pdf: PDF) -> None:
    metadata = next(found for found in pdf.objects if found.reference == pdf.catalog["Metadata"])
    metadata.stream = [part.replace(b"</rdf:RDF>", _STANDARDS) for part in metadata.stream]
