"""Letters of the office: receipt, feedback, correction, reminder, visits, replies to objections."""
