#!/bin/sh
# plan.sh: the program plan as its users meet it: every option, wrong options and
# files, and the tutorial's cluster in every form of output.
#
# In the environment: PLAN (the program), SOURCE (the project).
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
data=$SOURCE/tests/plan
mesh=$data/nodes.yaml
reflectors="$data/nodes-labelled.yaml $data/reflectors.yaml $data/mesh-off.yaml"
. "$(dirname "$0")/tap.sh"

# plan ARGUMENT...: what it says on both, its status.
plan() {
	timeout 20 "$PLAN" "$@" > "$tmp/said" 2> "$tmp/moaned"
	status=$?
	cat "$tmp/said" "$tmp/moaned"
	return $status
}

# refuses PATTERN ARGUMENT...: exit status 2, and one line that has the pattern.
refuses() {
	pattern=$1
	shift
	plan "$@"
	[ $? -eq 2 ] && [ ! -s "$tmp/said" ] &&
	    [ "$(wc -l < "$tmp/moaned")" -eq 1 ] &&
	    grep -q -e "$pattern" "$tmp/moaned"
}

# says COUNT PATTERN ARGUMENT...: exit status 0, COUNT lines have the pattern.
says() {
	want=$1
	pattern=$2
	shift 2
	plan "$@" || return 1
	[ ! -s "$tmp/moaned" ] || return 1
	[ "$(grep -c -e "$pattern" "$tmp/said")" -eq "$want" ]
}

# finds PATTERN ARGUMENT...: exit status 1, a line has the pattern.
finds() {
	pattern=$1
	shift
	plan "$@"
	[ $? -eq 1 ] && grep -q -e "$pattern" "$tmp/said"
}

# warns PATTERN ARGUMENT...: exit status 0, with a line on stderr.
warns() {
	pattern=$1
	shift
	plan "$@" && grep -q -e "$pattern" "$tmp/moaned"
}

file() {
	printf '%s\n' "$@" > "$tmp/file.yaml"
}

helps() {
	plan --help || return 1
	for word in node family json text dot check quiet help; do
		grep -q -e "--$word " "$tmp/said" || return 1
	done
}

from_input() {
	plan - < "$mesh" && [ "$(wc -l < "$tmp/said")" -eq 20 ]
}

full_disk() {
	[ -e /dev/full ] || return 0
	timeout 20 "$PLAN" "$mesh" > /dev/full 2> "$tmp/moaned"
	[ $? -eq 2 ] && grep -q 'standard output' "$tmp/moaned"
}

dot_is_read() {
	"$PLAN" --dot $reflectors > "$tmp/graph.dot" || return 1
	command -v dot > /dev/null || return 0
	dot -Tsvg "$tmp/graph.dot" > "$tmp/graph.svg" &&
	    [ "$(grep -c '<g id="edge' "$tmp/graph.svg")" -eq 9 ]
}

json_is_read() {
	"$PLAN" $reflectors > "$tmp/sessions.json" || return 1
	command -v python3 > /dev/null || return 0
	python3 - "$tmp/sessions.json" <<-'EOF'
	import json, sys
	keys = '''node family name type peer_ip port peer_as local_as
	    source_address passive route_reflector_client cluster_id next_hop
	    ttl_security_hops allow_local_as restart_time_s keepalive_s
	    password'''.split()
	rows = [json.loads(line) for line in open(sys.argv[1])]
	assert len(rows) == 18 and all(list(row) == keys for row in rows)
	EOF
}

check '--help names every option' helps
check 'no file' refuses 'no FILE given'
check 'an unknown option' refuses '--bogus' --bogus "$mesh"
check '--family without a value' refuses 'expected 4 or 6' "$mesh" --family
check '--family 5' refuses 'expected 4 or 6' --family 5 "$mesh"
check '--node without a value' refuses 'expected a name' "$mesh" --node
check 'a node that is none' refuses 'kube-moon' --node kube-moon "$mesh"
check 'a file that is none' refuses 'none.yaml: No such file' "$tmp/none.yaml"
check 'a directory' refuses "$tmp" "$tmp"
check 'the same file twice' refuses 'nodes.yaml:1: Node kube-master: .*there is' \
    "$mesh" "$mesh"

file 'kind: Node' 'metadata:' '  name: a' '  labels: &x'
check 'a mistake has file, line and column' \
    refuses 'file.yaml:4:11: anchors are not supported' "$tmp/file.yaml"
file 'kind: BGPPeer' 'metadata: {name: p}' 'spec: {peerIP: 10.0.0.300}'
check 'and so has a resource' \
    refuses 'file.yaml:1: BGPPeer p: peerIP: ' "$tmp/file.yaml"
head -c 100000 "$PLAN" > "$tmp/file.yaml"
check 'a file that is no text' refuses 'file.yaml:' "$tmp/file.yaml"
: > "$tmp/file.yaml"
check 'an empty file: nothing' says 0 . "$tmp/file.yaml"
check 'an empty file is sound' says 0 . --check "$tmp/file.yaml"

check 'the mesh: 20 sides, as JSON' says 20 '"type":"node-to-node mesh"' "$mesh"
check 'from standard input' from_input
check 'JSON has the documented keys in their order' json_is_read
check 'one node' says 4 '"node":"kube-node-1"' --node kube-node-1 "$mesh"
check 'the other family: nothing' says 0 . --family 6 "$mesh"
check 'tables: five' says 5 'PEER ADDRESS' --text --family 4 "$mesh"
check 'a family without an address' says 1 'IPv6 BGP is disabled' --text \
    --family 6 --node kube-node-1 "$mesh"
check 'a client has three peers' says 3 '| node specific ' --text \
    --node kube-node-4 $reflectors
check 'a reflector has four' says 4 '| node specific ' --text \
    --node kube-master $reflectors
check 'of which two are clients' says 2 '| client ' --text \
    --node kube-master $reflectors
check 'the graph: six arrows to clients' says 6 '\[dir=forward\]' --dot \
    $reflectors
check 'three reflectors, each once' says 3 'shape=box' --dot $reflectors
check 'of one node: its peerings, both sides' says 0 red --dot \
    --node kube-node-4 $reflectors
check 'all of them' says 3 ' -> ' --dot --node kube-node-4 $reflectors
check 'the mesh is gray' says 10 'color=gray' --dot "$mesh"
file 'kind: BGPPeer' 'metadata: {name: p}' 'spec:' '  node: kube-master' \
    '  peerIP: 10.192.0.6' '  asNumber: 65001'
check 'what one side alone declares is red, beside the mesh too' \
    says 1 'color=red' --dot "$mesh" "$tmp/file.yaml"
check 'Graphviz reads it' dot_is_read

check 'the tutorial is sound' says 1 '20 of 20 pairs reached, 20 whichever' \
    --check $reflectors
check 'whatever else is asked' says 1 '20 of 20 pairs reached' --check --json \
    $reflectors
check '--check --node says what it does' \
    warns 'looks at all nodes' --check --node kube-master $reflectors
check 'labels alone are not sound' \
    finds 'kube-master has no session: a reflector is not in the mesh' \
    --check "$data/nodes-labelled.yaml"
check 'nor is the mesh off alone' finds 'the mesh is off and no BGPPeer' \
    --check "$mesh" "$data/mesh-off.yaml"
file 'kind: BGPPeer' 'metadata: {name: p}' \
    'spec: {nodeSelector: "has(a", peerIP: 10.0.0.9, asNumber: 1}'
check 'a selector that does not parse is found' \
    finds 'BGPPeer p: nodeSelector: column 6: expected )' \
    --check "$mesh" "$tmp/file.yaml"
check 'or told beside the sessions' \
    warns 'nodeSelector: column 6' "$mesh" "$tmp/file.yaml"
cat > "$tmp/file.yaml" << 'EOF'
kind: BGPPeer
metadata: {name: tor}
spec:
  peerIP: 10.192.0.254:1790
  asNumber: 65100
  filters: [one, 'two "2"']
  maxRestartTime: 90s
  keepaliveTime: 20s
  reachableBy: 10.192.0.1
EOF
check 'JSON says what only some have' says 5 \
    '"restart_time_s":90,"keepalive_s":20,.*"reachable_by":"10.192.0.1","filters":\["one","two \\"2\\""\]}' \
    "$mesh" "$tmp/file.yaml"
check 'a table says eBGP' says 5 '| eBGP  *|' --text "$mesh" "$tmp/file.yaml"
check 'a router beyond the cluster is dashed, once' says 1 \
    '"10.192.0.254" \[style=dashed\]' --dot "$mesh" "$tmp/file.yaml"
check 'what it may join is only noted' says 1 \
    '^note: IPv4: .* by peers outside the cluster or not at all' --check \
    "$mesh" "$data/mesh-off.yaml" "$tmp/file.yaml"
check 'no peers' says 5 'No IPv4 peers' --text --family 4 "$mesh" \
    "$data/mesh-off.yaml"
i=1
while [ $i -le 120 ]; do
	echo "--- {kind: Node, metadata: {name: n$i}," \
	    "spec: {bgp: {ipv4Address: 10.0.0.$i}}}"
	i=$((i + 1))
done > "$tmp/file.yaml"
check 'a larger mesh' says 14280 '"node-to-node mesh"' "$tmp/file.yaml"
awk 'BEGIN { for (i = 0; i < 4097; i++) printf "--- {kind: BGPPeer, " \
    "metadata: {name: p%d}, spec: {peerSelector: all()}}\n", i }' \
    > "$tmp/file.yaml"
check 'more than the planner takes' refuses 'plan: BGPPeer: too many peers' \
    "$tmp/file.yaml"
file 'kind: IPPool' 'metadata: {name: p}' '---' 'kind: Node' \
    'metadata: {name: "a\nb"}' 'spec: {strange: 1, bgp: {ipv4Address: 10.0.0.1}}'
check 'what is skipped is told' warns 'kind IPPool is skipped' "$tmp/file.yaml"
check 'unless not wanted' says 0 . --quiet --check --family 6 "$tmp/file.yaml"
check 'a name is quoted' says 1 'a.u000ab' --quiet --dot "$tmp/file.yaml"
check 'a full disk' full_disk
done_testing
