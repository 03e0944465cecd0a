"""Autoencoders: data, corruption, variants, training, runs. Imports neither Streamlit nor Plotly."""
