# SPDX-License-Identifier: GPL-3.0-or-later
# What people read, and the files of the tree that no other fragment names.
dist_doc_DATA = README.md doc/adding-a-protocol.md doc/architecture.md doc/lessons.md doc/oracle.md doc/packs.md
dist_man_MANS = doc/man/tracetutor.1 doc/man/tracetutor-pack.5
EXTRA_DIST += doc/pictures/explain.png
# doc/screens/record makes them anew.
EXTRA_DIST += doc/screens
EXTRA_DIST += bootstrap .ci/run .clang-format
EXTRA_DIST += tests/captures/make_captures.py tests/captures/make_machine.py tests/captures/make_applications.py
