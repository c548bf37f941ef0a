"""Where dumps come from and articles go to: one reader and one writer function a format, chosen through a dict."""
