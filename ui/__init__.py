"""Every Streamlit and Plotly idiom of the app, so that pages stay plain."""
