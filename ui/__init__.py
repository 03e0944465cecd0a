"""The user interface: everything that uses Streamlit and Plotly, below the pages."""
