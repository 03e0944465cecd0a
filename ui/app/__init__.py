"""What every page stands in: navigation, frame, theme, addresses, routes, and the services of this server."""
