"""The wheel and the image, tried as strangers would use them: `make wheel-test` and `make docker-test`."""
