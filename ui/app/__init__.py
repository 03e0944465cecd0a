"""Common to all pages: navigation, frame, theme, addresses, routes, and the services of this server."""
