"""The words of `manage privacy`: one module each, listed in `privacy/management/commands/privacy.py`.

A module gives NAME, HELP, `add_arguments(parser)` and `run(options, tell)`; its result is printed as JSON,
`tell` writes a line of progress for a person. What goes wrong is raised as a DomainError or a CommandError.
"""
