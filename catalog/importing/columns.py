"""Our columns, by the names that people give them; and which of a file's columns is which of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.contents import LANGUAGES
from catalog.drafts import MOST_IMAGES
from catalog.models import Category
from catalog.schema import schema_of
from kernel.errors import N_, Invalid

# Names that spreadsheets of shops use for what every listing has, besides our own.
COMMON: dict[str, tuple[str, ...]] = {
    "code": (
        "商品编码",
        "商家编码",
        "货号",
        "款号",
        "商品編號",
        "貨號",
        "item code",
        "product code",
        "id",
    ),
    "category": ("类目", "分类", "品类", "類別", "分類"),
    "title_zh-hans": ("标题", "商品标题", "商品名称", "宝贝标题", "title", "name"),
    "title_zh-hant": ("標題", "商品標題", "商品名稱"),
    "title_en": ("英文标题", "英文標題", "english title"),
    "description_zh-hans": ("描述", "商品描述", "详情", "description"),
    "description_zh-hant": ("商品說明", "詳情"),
    "description_en": ("英文描述", "english description"),
    "price": ("价格", "售价", "单价", "一口价", "價格", "售價", "unit price"),
    "freight": ("运费", "邮费", "運費", "shipping", "postage"),
    "freight_template": ("运费模板", "運費模板", "freight template"),
    "weight": ("重量", "重量克", "克重", "weight", "grams"),
    "stock": ("库存", "数量", "库存数量", "庫存", "数量/件", "quantity"),
    "barcode": ("条码", "商品条码", "国际条码", "條碼", "ean", "gtin", "upc"),
    "excludes_return": (),
    "confirm_hours": ("确认时限", "確認時限"),
    "promises": ("承诺", "承諾"),
    "picture": ("图片", "主图", "圖片", "主圖", "image"),
    "picture_alt_zh-hans": ("图片说明", "alt"),
    "picture_alt_zh-hant": ("圖片說明",),
    "picture_alt_en": (),
    "picture_mat": (),
    **{
        f"picture{number}{rest}": (f"图片{number}", f"圖片{number}") if not rest else ()
        for number in range(2, MOST_IMAGES + 1)
        for rest in ("", *(f"_alt_{locale}" for locale in LANGUAGES), "_mat")
    },
    "sku": ("规格编码", "sku编码", "規格編號"),
    **{f"option{number}": (f"规格名{number}", f"規格名{number}") for number in (1, 2, 3)},
    **{f"value{number}": (f"规格值{number}", f"規格值{number}") for number in (1, 2, 3)},
    "variant_price": ("规格价格", "規格價格"),
    "variant_weight": ("规格重量", "規格重量", "variant weight"),
    "variant_pictures": ("规格图片", "規格圖片"),
}


class ColumnsUnclear(Invalid):
    code = "import_columns_unclear"
    message = N_("There is no column “%(column)s”. Choose one of the list, or leave the field empty.")


class ColumnTwice(Invalid):
    code = "import_column_twice"
    message = N_("“%(column)s” is chosen for two columns of the file. Choose it once.")


class CodeColumnMissing(Invalid):
    code = "import_code_column_missing"
    message = N_("Choose which column of the file holds your code; it names each listing.")


class CategoryMissing(Invalid):
    code = "import_category_missing"
    message = N_("Choose a category for the whole file, or the column that names one.")


def known() -> dict[str, set[str]]:
    """Our columns and every name each goes by, in small letters."""
    names = {key: {key, *each} for key, each in COMMON.items()}
    for row in Category.objects.order_by("position", "slug"):
        for spec in schema_of(row.schema).fields:
            said = {spec.labels.get(locale, "").casefold() for locale in LANGUAGES}
            names.setdefault(spec.key, {spec.key}).update(said - {""})
    return names


def guessed(header: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Which of ours each column of the file is: as last time, else by its name; each of ours once."""
    ours = known()
    by_name = {key: key for key in ours}
    for key, names in ours.items():
        for name in names:
            by_name.setdefault(name, key)
    found: dict[str, str] = {}
    for name in header:
        mine = before.get(name) or by_name.get(name.strip().casefold(), "")
        if name and mine and mine not in found.values():
            found[name] = mine
    return _named_by_sku(found)


def _named_by_sku(found: dict[str, str]) -> dict[str, str]:
    """Where nothing else names the listings, their SKU does."""
    if "code" in found.values() or "value1" in found.values():
        return found
    return {name: "code" if mine == "sku" else mine for name, mine in found.items()}


def checked(header: Sequence[str], columns: Mapping[str, str], category: str) -> dict[str, str]:
    """The map without what the file doesn't have and what was left empty.

    :raises ColumnsUnclear, ColumnTwice, CodeColumnMissing, CategoryMissing:
    """
    chosen = {name: ours.strip() for name, ours in columns.items() if name in header and ours.strip()}
    ours = known()
    for each in chosen.values():
        if each not in ours:
            raise ColumnsUnclear(column=each[:40])
        if list(chosen.values()).count(each) > 1:
            raise ColumnTwice(column=each)
    if "code" not in chosen.values():
        raise CodeColumnMissing
    if "category" not in chosen.values() and not Category.objects.filter(pk=category).exists():
        raise CategoryMissing
    return chosen
