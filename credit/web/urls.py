"""Addresses of credit and reviews: nouns, the same for page and action."""

from django.urls import path

from credit.web import portal, public, reviewing

app_name = "credit"

urlpatterns = [
    path("credit/standard/", public.standard, name="standard"),
    path("shop/<slug:slug>/credit/", public.shop, name="shop"),
    path("shop/<slug:slug>/credit/summary/", public.summary, name="summary"),
    path("p/<uuid:listing_id>/reviews/", public.reviews, name="reviews"),
    path("orders/<str:number>/reviews/<uuid:line_id>/", reviewing.ReviewPage.as_view(), name="review"),
    path(
        "orders/<str:number>/reviews/<uuid:line_id>/follow-up/",
        reviewing.FollowUp.as_view(),
        name="follow-up",
    ),
    path("merchant/<slug:slug>/credit/", portal.ShopCredit.as_view(), name="shop-credit"),
    path("merchant/<slug:slug>/reviews/", portal.ShopReviews.as_view(), name="shop-reviews"),
    path(
        "merchant/<slug:slug>/reviews/<uuid:review_id>/reply/",
        portal.ShopReply.as_view(),
        name="shop-reply",
    ),
]
