"""Addresses of complaints: nouns, the same for page and action."""

from django.urls import path

from complaints.web import buyer, filing, portal, record

app_name = "complaints"

urlpatterns = [
    path("shop/<slug:slug>/complaints/", record.shop_record, name="shop-record"),
    path("complaints/", buyer.CaseList.as_view(), name="list"),
    path("complaints/new/", buyer.Start.as_view(), name="start"),
    path("complaints/new/<slug:number>/", filing.Story.as_view(), name="file-story"),
    path("complaints/new/<slug:number>/evidence/", filing.Evidence.as_view(), name="file-evidence"),
    path(
        "complaints/new/<slug:number>/evidence/<uuid:file_id>/", filing.DropFile.as_view(), name="drop-file"
    ),
    path("complaints/new/<slug:number>/check/", filing.Check.as_view(), name="file-check"),
    path("complaints/<slug:number>/", buyer.Case.as_view(), name="case"),
    path("complaints/<slug:number>/statements/", buyer.Statements.as_view(), name="statements"),
    path("complaints/<slug:number>/confirm/", buyer.Confirm.as_view(), name="confirm"),
    path("complaints/<slug:number>/counter/", buyer.Counter.as_view(), name="counter"),
    path("complaints/<slug:number>/objection/", buyer.Objection.as_view(), name="objection"),
    path("complaints/<slug:number>/exhibits/<uuid:exhibit_id>/", buyer.ExhibitFile.as_view(), name="exhibit"),
    path("complaints/<slug:number>/<slug:choice>/", buyer.Choose.as_view(), name="choose"),
    path("merchant/<slug:slug>/complaints/", portal.ShopCases.as_view(), name="shop-cases"),
    path("merchant/<slug:slug>/complaints/<slug:number>/", portal.ShopCase.as_view(), name="shop-case"),
    path(
        "merchant/<slug:slug>/complaints/<slug:number>/answer/",
        portal.ShopAnswer.as_view(),
        name="shop-answer",
    ),
    path(
        "merchant/<slug:slug>/complaints/<slug:number>/retraction/",
        portal.ShopRetraction.as_view(),
        name="shop-retraction",
    ),
    path(
        "merchant/<slug:slug>/complaints/<slug:number>/performance/",
        portal.ShopPerformance.as_view(),
        name="shop-performance",
    ),
    path(
        "merchant/<slug:slug>/complaints/<slug:number>/statements/",
        portal.ShopStatements.as_view(),
        name="shop-statements",
    ),
    path(
        "merchant/<slug:slug>/complaints/<slug:number>/exhibits/<uuid:exhibit_id>/",
        portal.ShopExhibit.as_view(),
        name="shop-exhibit",
    ),
]
