"""What several pages share: forms made of settings, figures, pictures, uploads and exports."""
