"""From labelled pages and dumps to the model files: align, fit, cross-validate. Needs the extra `[train]`."""
