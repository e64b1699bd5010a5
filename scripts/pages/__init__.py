"""The pages of docs/ that are made from the code, and the checks that hold over all of the documents."""
