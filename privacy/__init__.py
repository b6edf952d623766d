"""People's data under the person's own key; who looked; what is kept and why."""
