"""Tables as people save them: encodings, separators, workbooks; and files that mean harm."""

import gzip
import io
import tracemalloc
import zipfile

import openpyxl
import pytest

from catalog.importing import encodings, workbooks
from catalog.importing.reading import BAD_BYTES, BAD_SHAPE, FileUnreadable, opened

HEADER = ["code", "title_zh-hans", "price"]
SIMPLE = [HEADER, ["T-1", "龙井茶叶礼盒，明前采摘", "128.00"], ["T-2", "紫砂壶手工制作三百毫升", "299.00"]]
TRADITIONAL = [
    HEADER,
    ["T-1", "阿里山烏龍茶葉禮盒，春茶", "128.00"],
    ["T-2", "手工柴燒陶壺三百毫升", "299.00"],
]


def text(rows, between=","):
    return "\r\n".join(between.join(row) for row in rows) + "\r\n"


def read(content):
    table = opened(io.BytesIO(content))
    return table, [list(row.cells.values()) for row in table.rows]


def a_book(rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        for row in more:
            book.create_sheet(title).append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class TestText:
    @pytest.mark.parametrize(
        ("content", "encoding", "rows"),
        [
            (text(SIMPLE).encode(), "utf-8", SIMPLE),
            (text(SIMPLE).encode("utf-8-sig"), "utf-8-sig", SIMPLE),
            (text(SIMPLE).encode("utf-16"), "utf-16", SIMPLE),
            (text(SIMPLE).encode("utf-16-le"), "utf-16-le", SIMPLE),
            (text(SIMPLE).encode("gb18030"), "gb18030", SIMPLE),
            (text(TRADITIONAL).encode("big5"), "big5hkscs", TRADITIONAL),
            (text(TRADITIONAL).encode(), "utf-8", TRADITIONAL),
            (gzip.compress(text(SIMPLE).encode("gb18030")), "gb18030", SIMPLE),
            (text(SIMPLE, ";").encode(), "utf-8", SIMPLE),
            (text(SIMPLE, "\t").encode("utf-16"), "utf-16", SIMPLE),
            (text(SIMPLE).replace("\r\n", "\n").encode(), "utf-8", SIMPLE),
        ],
    )
    def test_is_read_as_it_was_saved(self, content, encoding, rows):
        table, found = read(content)
        assert (table.encoding, list(table.header), found) == (encoding, rows[0], rows[1:])

    def test_a_sample_may_end_inside_a_letter(self):
        row = "T-1,龙井茶叶礼盒明前采摘,1\n" * 20_000
        for shift in range(3):
            assert encodings.of(("x" * shift + row).encode()[: encodings.SAMPLE]) == "utf-8"

    def test_a_line_pasted_from_elsewhere_refuses_itself_only(self):
        good = text(SIMPLE * 4).encode()
        table = opened(io.BytesIO(good.replace("紫砂壶".encode(), "紫砂壶".encode("gb18030"), 1)))
        problems = [row.problem for row in table.rows]
        assert problems.count(BAD_BYTES) == 1 and problems.count("") == len(problems) - 1

    def test_more_cells_than_names(self):
        table = opened(io.BytesIO(b"code,price\nA,1,2\nB,1,\n"))
        assert [row.problem for row in table.rows] == [BAD_SHAPE, ""]

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\n\n",
            b"\x00\x01\x02\x03" * 40,
            b"%PDF-1.7\n\xe2\xe3\xcf\xd3\x01\x02\x03",
            b"\x1f\x8bnot packed at all",
        ],
    )
    def test_what_is_no_table_is_refused(self, content):
        with pytest.raises(FileUnreadable):
            read(content)


class TestWorkbooks:
    def test_cells_come_as_the_sheet_shows_them(self):
        rows = [
            HEADER,
            ["T-1", "茶", 39.0],
            ["T-2", "壶", 39.5],
            [6901234567892.0, "杯", None],
            [True, "x", ""],
        ]
        table, found = read(a_book(rows))
        assert table.encoding == "xlsx" and list(table.header) == HEADER
        assert found == [
            ["T-1", "茶", "39"],
            ["T-2", "壶", "39.5"],
            ["6901234567892", "杯"],
            ["1", "x", ""],
        ]

    def test_row_numbers_are_those_of_the_sheet(self):
        table = opened(io.BytesIO(a_book([HEADER, [], ["T-1", "茶", "1"], [None, None], ["T-2", "壶", "2"]])))
        assert [row.number for row in table.rows] == [3, 5]

    def test_a_formula_without_a_kept_result_is_an_empty_cell(self):
        _table, found = read(a_book([HEADER, ["T-1", '=HYPERLINK("http://x.example","茶")', "=1+1"]]))
        assert found == [["T-1", "", ""]]

    def test_a_bomb_is_refused_before_it_is_unpacked(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
        tracemalloc.start()
        with pytest.raises(workbooks.WorkbookTooBig):
            read(out.getvalue())
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 8_000_000

    def test_entities_that_multiply_are_refused(self):
        evil = (
            '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
            + "]><worksheet>&j;</worksheet>"
        )
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(a_book(SIMPLE))) as good, zipfile.ZipFile(out, "w") as packed:
            for name in good.namelist():
                packed.writestr(name, evil if name.endswith("sheet1.xml") else good.read(name))
        with pytest.raises((workbooks.WorkbookUnreadable, FileUnreadable)):
            read(out.getvalue())

    def test_a_sheet_that_claims_a_million_columns_costs_nothing(self):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(a_book(SIMPLE))) as good, zipfile.ZipFile(out, "w") as packed:
            for name in good.namelist():
                content = good.read(name).replace(
                    b'<dimension ref="A1:C3" />', b'<dimension ref="A1:XFD1048576" />'
                )
                packed.writestr(name, content)
        _table, found = read(out.getvalue())
        assert found == SIMPLE[1:]

    @pytest.mark.parametrize("content", [b"PK\x03\x04 and then nothing", b"PK\x03\x04" + b"\0" * 500])
    def test_a_broken_workbook(self, content):
        with pytest.raises(workbooks.WorkbookUnreadable):
            read(content)

    def test_a_packed_file_that_holds_another_thing(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("a.txt", "hello")
        with pytest.raises(workbooks.WorkbookUnreadable):
            read(out.getvalue())


def test_a_packed_bomb_ends_at_the_limit(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(workbooks.WorkbookTooBig):
        read(gzip.compress(b"a,b\n" * 1_000_000))
