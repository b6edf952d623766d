"""The codes of places that a reader can choose: few, because kept pages differ by them."""

# As catalog/data/destinations.json lists them; tests/catalog/test_destinations.py compares the two.
CODES = frozenset(
    """
    CN-AH CN-BJ CN-CQ CN-FJ CN-GD CN-GS CN-GX CN-GZ CN-HA CN-HB CN-HE CN-HI CN-HK CN-HL CN-HN CN-JL CN-JS
    CN-JX CN-LN CN-MO CN-NM CN-NX CN-QH CN-SC CN-SD CN-SH CN-SN CN-SX CN-TJ CN-TW CN-XJ CN-XZ CN-YN CN-ZJ
    AT AU BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT JP KR LT LU LV MT MY NL NO NZ PL PT RO SE
    SG SI SK TH US VN
    """.split()
)
