"""Browser tests; a package, so that its conftest and that of the other tests keep their names apart."""
