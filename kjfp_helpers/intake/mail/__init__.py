"""E-mail messages: headers, attachments, senders, links, file names."""
