"""The app as an installed package: the command `autoencoder-explorer`,
and beside it `app.py`, `pages/` and `ui/` in a wheel.
"""
