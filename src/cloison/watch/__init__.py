"""What is happening now? Growing logs and pushed events, read and judged as `investigate` judges what was taken."""
