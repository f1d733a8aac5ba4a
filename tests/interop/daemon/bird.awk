# bird.awk: `show route all` of BIRD 2, or of what speaks like it, as one line
# of nine words for each route (see common.sh).
function word(text)
{
	return text == "" ? "-" : text
}

# "(1,2) (3,4)" or "(1, 2, 3)" -> "1:2,3:4"
function tuples(text)
{
	gsub(/, */, ":", text)
	gsub(/\) *\(/, ",", text)
	gsub(/[() ]/, "", text)
	return text
}

function flush()
{
	if (prefix != "" && is_bgp)
		print prefix, word(hop), word(path), word(med), word(pref),
		    word(comms), word(larges), word(originator), word(clusters)
	hop = path = med = pref = comms = larges = originator = clusters = ""
	is_bgp = 0
}

/^[0-9a-f:][0-9a-f.:]*\/[0-9]+ / { flush(); prefix = $1 }
# A second path of the same prefix has blanks where the prefix was.
/^ +(unicast|blackhole|unreachable|prohibit) / { flush() }

/^\tBGP\.[a-z_]+:/ {
	is_bgp = 1
	key = $1
	sub(/^\tBGP\.[a-z_]+: */, "")
	if (key == "BGP.next_hop:") hop = $1
	else if (key == "BGP.as_path:") { path = $0; gsub(/ /, ",", path) }
	else if (key == "BGP.med:") med = $0
	else if (key == "BGP.local_pref:") pref = $0
	else if (key == "BGP.community:") comms = tuples($0)
	else if (key == "BGP.large_community:") larges = tuples($0)
	else if (key == "BGP.originator_id:") originator = $0
	else if (key == "BGP.cluster_list:") { clusters = $0
		gsub(/ /, ",", clusters) }
}

END { flush() }
