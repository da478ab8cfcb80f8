"""Tables that answer: one module a question (care near me, gaps, ranks, what if, where next ...). Sentences about an
answer are in access.words, pages and files in access.documents.
"""
