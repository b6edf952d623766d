"""Reading what is on sale: search, filters, one offer."""

from __future__ import annotations

from django.core.paginator import Paginator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog import access, destinations
from catalog.api.serializers import ListingDetailSerializer, PageSerializer
from catalog.models import SHIPS_FROM, Listing
from catalog.search import SORTS, Wish, find
from kernel import clock
from kernel.errors import NotFound

PER_PAGE = 50
PARAMETERS = [
    OpenApiParameter(
        "q", str, description="words, two Chinese characters are enough; pinyin, codes, barcodes"
    ),
    OpenApiParameter("category", str),
    OpenApiParameter("from", str, description="lowest all-in price in yuan, 12.50"),
    OpenApiParameter("to", str, description="highest all-in price in yuan"),
    OpenApiParameter("return", str, enum=["7"], description="only what can be returned without reason"),
    OpenApiParameter("grade", str, enum=["A", "B"], description="sellers of that grade or better"),
    OpenApiParameter("ships", str, enum=SHIPS_FROM, description="from which side of the border it is sent"),
    OpenApiParameter("origin", str, description="part of the stated origin"),
    OpenApiParameter("full", str, enum=["1"], description="only with every optional fact told"),
    OpenApiParameter("cert", str, enum=["1"], description="only with a certificate number"),
    OpenApiParameter("stock", str, enum=["1"], description="only what is in stock"),
    OpenApiParameter("to", str, description="where it goes, CN-ZJ or DE: prices and order are all-in for it"),
    OpenApiParameter("sort", str, enum=[key for key in SORTS if key]),
    OpenApiParameter("page", int),
]


class Listings(APIView):
    """What is on sale now."""

    permission_classes = [AllowAny]
    authentication_classes = ()

    @extend_schema(parameters=PARAMETERS, responses=PageSerializer, operation_id="listings_search")
    def get(self, request: Request) -> Response:
        place = destinations.known(request.query_params.get("to", ""))
        shelf = find(Wish.read(request.query_params.dict(), place=place), at=clock.now())
        pages: Paginator[Listing] = Paginator(shelf, PER_PAGE)  # type: ignore[arg-type]
        page = pages.get_page(request.query_params.get("page", "1"))
        found = {
            "total": shelf.count(),
            "page": page.number,
            "next": page.next_page_number() if page.has_next() else None,
            "results": list(page.object_list),
        }
        return Response(PageSerializer(found, context={"place": place}).data)


class ListingDetail(APIView):
    """One offer; 404 also for what was withdrawn or suspended."""

    permission_classes = [AllowAny]
    authentication_classes = ()

    @extend_schema(
        parameters=[OpenApiParameter("to", str, description="where it goes, such as CN-ZJ or DE")],
        responses=ListingDetailSerializer,
        operation_id="listings_read",
    )
    def get(self, request: Request, key: str) -> Response:
        place = destinations.known(request.query_params.get("to", ""))
        return Response(ListingDetailSerializer(on_sale(key), context={"place": place}).data)


def on_sale(key: str) -> Listing:
    """:raises NotFound: never published, off sale, or its shop doesn't sell"""
    listing = access.public_listing(key)
    if not (listing.is_live and listing.merchant.sells):
        raise NotFound
    return listing
