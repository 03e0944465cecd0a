"""Reference classifiers: small networks trained on real pictures, whose features and predictions
other metrics use.
"""
