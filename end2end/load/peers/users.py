"""Adds the users of the benchmark, as server/benches/bench/world.rs names them."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 (models exist only after the setup)

for number in range(16):
    User.objects.create_user(f"bench{number}", password="correct horse battery staple")
