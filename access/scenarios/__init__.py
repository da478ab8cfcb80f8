"""What if: edits to clinics, applied and compared with how things stand; where next is in siting/, what a team keeps
is in store/. Tables that answer a page are in access.questions.
"""
