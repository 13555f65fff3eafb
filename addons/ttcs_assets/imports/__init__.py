"""Lists of assets from Excel, for the import engine of the add-on below."""
