"""What runs by itself is there, in the supervised loop and under Celery alike."""

from celery import current_app

from config import schedule


def test_every_beat_entry_names_a_task_that_exists():
    current_app.loader.import_default_modules()
    missing = {entry["task"] for entry in schedule.BEAT.values()} - set(current_app.tasks)
    assert missing == set()


def test_every_step_of_the_loop_says_how_much_it_did():
    assert len(set(schedule.LOOP)) == len(schedule.LOOP)
    assert all(callable(step) for step in schedule.LOOP)
