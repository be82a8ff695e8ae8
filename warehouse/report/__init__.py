"""The quarterly report: what is said (`content`) apart from how it is written (`odt`, `pdf`, `ods`, `docx`), checked, issued, and read back."""
