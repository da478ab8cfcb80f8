"""Publishers' bytes on their way in: downloads, replies of services, and the copies that are kept of them.

What the bytes mean is not read here, but where each publisher has its file; nothing else in the library opens a
connection.
"""
