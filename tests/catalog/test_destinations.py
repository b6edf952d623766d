"""Where goods go: provinces and countries, and whether an address lies there."""

import pytest

from catalog import destinations, freight
from web.places import CODES
from web.preferences import COOKIE, Preferences


class TestPlaces:
    def test_thirty_four_of_china_and_forty_countries(self):
        codes = destinations.places()
        assert len([each for each in codes if each.startswith("CN-")]) == 34
        assert len([each for each in codes if destinations.is_country(each)]) == 40
        assert len(destinations.mainland()) == 31

    def test_the_display_cookie_knows_the_same_ones(self):
        assert frozenset(destinations.places()) == CODES

    @pytest.mark.parametrize(
        ("code", "leaves"), [("", False), ("CN-XJ", False), ("CN-TW", True), ("DE", True)]
    )
    def test_a_fixed_freight_ends_where_goods_leave_the_mainland(self, code, leaves):
        assert destinations.leaves_mainland(code) is leaves
        assert freight.flat_reaches(code) is not leaves

    def test_all_names_stand_in_three_languages(self):
        for each in destinations.places().values():
            assert all(each.names[locale].strip() for locale in ("zh-hans", "zh-hant", "en")), each.code


class TestFits:
    @pytest.mark.parametrize(
        ("address", "chosen"),
        [
            ("浙江省杭州市西湖区", "CN-ZJ"),
            ("中国 上海市浦东新区", "CN-SH"),
            ("臺灣臺北市", "CN-TW"),
            ("Zhejiang, Hangzhou", "CN-ZJ"),
            ("12 Nathan Road, Kowloon, Hong Kong", "CN-HK"),
            ("西湖路 1 号, Shanghai, China", "CN-SH"),
            ("杭州市西湖区", "CN-ZJ"),
            ("杭州市西湖区", ""),
            ("浙江省杭州市", ""),
            ("Friedrichstr. 1\n10117 Berlin\nGermany", "DE"),
            ("德国柏林弗里德里希大街 1 号", "DE"),
            ("德國柏林", "DE"),
            ("Friedrichstr. 1, 10117 Berlin", "DE"),
            ("1 Raffles Place, Singapore 238859", "SG"),
            ("5 Denmark Street, London", "GB"),
            ("1 China Street, London", "GB"),
        ],
        ids=str,
    )
    def test_an_address_that_may_lie_there(self, address, chosen):
        assert destinations.fits(address, chosen)

    @pytest.mark.parametrize(
        ("address", "chosen"),
        [
            ("新疆伊宁市", "CN-ZJ"),
            ("Friedrichstr. 1, 10117 Berlin, Germany", "FR"),
            ("Friedrichstr. 1, 10117 Berlin, Germany", "CN-ZJ"),
            ("Friedrichstr. 1, 10117 Berlin, Germany", ""),
            ("香港九龙弥敦道 12 号", ""),
            ("日本东京都千代田区", "KR"),
            ("浙江省杭州市", "DE"),
            ("中国杭州市西湖区", "DE"),
            ("Xihu Road 1, Hangzhou, China", "DE"),
        ],
        ids=str,
    )
    def test_an_address_that_names_another_place(self, address, chosen):
        assert not destinations.fits(address, chosen)


class TestTheCookie:
    @pytest.mark.parametrize(
        ("said", "place"), [("DE", "DE"), ("elder.CN-ZJ", "CN-ZJ"), ("QQ", ""), ("CN-QQ", ""), ("de", "")]
    )
    def test_holds_no_place_that_there_isn_t(self, rf, said, place):
        request = rf.get("/")
        request.COOKIES[COOKIE] = said
        assert Preferences.of(request).place == place
