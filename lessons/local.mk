# SPDX-License-Identifier: GPL-3.0-or-later
# Packs and lessons; installed below $(pkgdatadir).
