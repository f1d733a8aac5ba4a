# may_change.sh: what abidiff is to overlook; sourced.
#
# may_change HEADERS prints it: structs that the headers leave opaque, and fields
# more at the end of structs that begin with their size.
may_change() {
	opaque=$(cat "$1"/bgp/*.h | awk '
	    /^struct bgp_[a-z_]+;/ { sub(/;.*/, "", $2); named[$2] = 1 }
	    /^struct bgp_[a-z_]+ \{/ { whole[$2] = 1 }
	    END { for (n in named) if (!(n in whole)) printf "%s|", n }')
	sized=$(cat "$1"/bgp/*.h | awk '
	    /^struct bgp_[a-z_]+ \{/ { name = $2; getline }
	    /^\tsize_t size;/ && name != "" { printf "%s|", name }
	    { name = "" }')
	printf '[suppress_type]\n  type_kind = struct\n'
	printf '  name_regexp = ^(%sbgp__.*|plan_.*)$\n  drop = yes\n\n' "$opaque"
	printf '[suppress_type]\n  type_kind = struct\n'
	printf '  name_regexp = ^(%sbgp_none)$\n' "$sized"
	printf '  has_data_member_inserted_at = end\n'
}
