"""The commands of `python -m aecore`, one file each; every one has `main(arguments) -> exit status`."""
