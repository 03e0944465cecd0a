"""Built-in trained models, the recipes behind them, and trained models by name."""
