"""Networks: teachers, students and their sizes (torch)."""
