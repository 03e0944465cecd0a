"""Analyses of trained models: features, anomaly detection, denoising, codecs and rate-distortion."""
