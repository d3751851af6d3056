"""What an enemy would hand in, made by code, and every door of the product that it goes through."""
