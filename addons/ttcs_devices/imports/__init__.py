"""Lists from Excel about devices, for the import engine of the add-ons below."""
