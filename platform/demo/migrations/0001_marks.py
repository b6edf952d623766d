from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("reference", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
