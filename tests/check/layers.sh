#!/bin/sh
# tests/check/layers.sh - every include points where design.md section 2 lets it.
#
# A room may include itself and the rooms of its line; a foreign library's
# header stands only in the rooms of its line. The mains under server/ count
# as the rooms their program is linked from.
set -u

table='
room base
room wire base
room model base
room store model base
room frr model base
room system wire base
room parent system wire base
room engine frr store model wire base
room api engine store model wire base
room http wire base
room multihomed.c parent wire base
room multihomed-engine.c api engine frr store model wire base
room multihomed-http.c http wire base
room cli base
foreign sodium.h base
foreign jansson.h model frr api cli
foreign sqlite3.h store
foreign ucl.h parent
foreign microhttpd.h http
foreign gnutls http
foreign curl cli
'

found=$(find server clients -name '*.[ch]' -exec \
    grep -HnE '^[[:space:]]*#[[:space:]]*include' {} + |
{ printf '%s\n' "$table"; cat; } | awk '
$1 == "room" {
	known[$2] = may[$2, $2] = 1
	for (i = 3; i <= NF; i++)
		may[$2, $i] = 1
	next
}
$1 == "foreign" {
	foreign[$2] = 1
	for (i = 3; i <= NF; i++)
		may[$i, "<" $2] = 1
	next
}
NF == 0 { next }
{
	n = split($0, field, ":")
	split(field[1], path, "/")
	room = path[2]
	where = field[1] ":" field[2]
	if (!(room in known)) {
		print where ": the room " room " is not in the table"
		next
	}
	name = $0
	if (name ~ /</) {
		sub(/^[^<]*</, "", name)
		sub(/>.*/, "", name)
		split(name, part, "/")
		if (part[1] in foreign && !((room, "<" part[1]) in may))
			print where ": " room " may not include <" name ">"
		next
	}
	sub(/^[^"]*"/, "", name)
	sub(/".*/, "", name)
	if (split(name, part, "/") < 2)
		print where ": \"" name "\" does not name its room"
	else if (!((room, part[1]) in may))
		print where ": " room " may not include \"" name "\""
}')

[ -z "$found" ] && exit 0
printf '%s\n' "$found" >&2
exit 1
