"""Files that are made after an act: the package of a closed case, the PDF beside a paper."""
