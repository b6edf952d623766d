"""Relations between models point downwards; a string foreign key is invisible to the import check."""

from django.apps import apps
from django.db import models

from tests.architecture import tree


def _fields() -> list[tuple[type[models.Model], models.ForeignKey]]:
    return [
        (model, field)
        for model in apps.get_models()
        if model._meta.app_label in tree.packages()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
    ]


def _abroad(model: type[models.Model], field: models.ForeignKey) -> bool:
    """Whether the relation leads to another app of ours."""
    target = field.remote_field.model._meta.app_label
    return target != model._meta.app_label and target in tree.packages()


def test_no_relation_points_up() -> None:
    up = []
    for model, field in _fields():
        target = field.remote_field.model._meta.app_label
        here = model._meta.app_label
        if target in tree.packages() and target != here and tree.floor(target) >= tree.floor(here):
            up.append(f"{model._meta.label}.{field.name} -> {target}")
    assert not up


def test_relations_across_apps_leave_no_name_on_the_other_side() -> None:
    named = [
        f"{model._meta.label}.{field.name}"
        for model, field in _fields()
        if _abroad(model, field) and not (field.remote_field.related_name or "").endswith("+")
    ]
    assert not named


def test_nothing_is_deleted_along_with_something_of_another_app() -> None:
    dropped = [
        f"{model._meta.label}.{field.name}"
        for model, field in _fields()
        if not isinstance(field, models.ManyToManyField)
        and _abroad(model, field)
        and field.remote_field.on_delete is not models.PROTECT
    ]
    assert not dropped


def test_every_package_has_a_floor() -> None:
    known = {name for names in tree.FLOORS for name in names}
    assert set(tree.packages()) <= known
