"""Is a month fit for use (validate), and which of its trips are (clean)?"""
