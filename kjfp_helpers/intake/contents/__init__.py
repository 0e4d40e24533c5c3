"""Content of a file by what it is: form, stock-take, summary, exhibition text, caption."""
