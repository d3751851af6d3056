"""What lies sealed on the disk and in the database: papers and identity numbers (docs/decisions/0026)."""
