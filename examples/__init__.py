"""Programs and exports to try the pack on."""
