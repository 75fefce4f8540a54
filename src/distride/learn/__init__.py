"""Training, distillation, transfer and honest evaluation (torch)."""
