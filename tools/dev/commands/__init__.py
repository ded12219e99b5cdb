"""One module for each sub-command: `add_arguments(parser)` and `main(args) -> exit status`."""
