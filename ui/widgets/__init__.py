"""Widgets that several pages share: forms of settings, figures, pictures, uploads and exports."""
