"""On the device: predictor and stream, numpy and onnxruntime only."""
