"""The package of a closed case (归档包): a zip that anybody can read and verify without the product."""
