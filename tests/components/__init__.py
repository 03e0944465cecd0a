"""The components without Streamlit: each on a page of its own, with a host that says what Python would say."""
