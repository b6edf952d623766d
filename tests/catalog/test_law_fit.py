"""The schemas and the law packs speak of the same duties and the same grounds."""

from datetime import UTC, datetime

import pytest

from catalog import offers
from catalog.completeness import COMMON
from kernel.errors import NotFound
from law.returns import ground_of
from rulebook import current, queries
from tests.builders.shops import SLUGS, a_listing, the_catalogue, the_schema

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_duty_can_be_read_in_three_languages(slug):
    the_catalogue()
    schema = the_schema(slug)
    for duty in (
        {spec.duty for spec in schema.fields} | {schema.returns.duty} | {duty for _k, duty, _l in COMMON}
    ):
        for locale in ("zh-hans", "zh-hant", "en"):
            try:
                assert queries.citation(duty, locale, at=AT).sentence
            except NotFound:
                pytest.fail(f"{slug}: no rule {duty}")


@pytest.mark.parametrize("slug", SLUGS)
def test_what_a_schema_excludes_has_a_ground_in_law(slug):
    the_catalogue()
    schema, pack = the_schema(slug), current.pack("CN", AT)
    cases = [({}, schema.returns.excludes_return)]
    cases += [({key: values[0]}, excludes) for key, values, excludes, _reason in schema.returns.by_field]
    for attributes, excludes in cases:
        terms = offers.terms_of(schema, {"attributes": attributes})
        facts = offers.legal_facts({"category": slug, "terms": terms})
        ground = ground_of(pack=pack, facts=facts, at=AT)
        assert (str(ground.kind) if ground else None) == excludes, (slug, attributes)


def test_custom_made_goods_carry_the_ground_in_their_revision():
    terms = a_listing(category="custom-made").live_revision.content["terms"]
    assert (terms["excludes_return"], terms["exclusion"]) == ("never", "custom_made")
