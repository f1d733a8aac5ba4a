# openbgpd.jq: `bgpctl -j show rib detail` as lines of nine words (see
# common.sh).
def word: if . == null or . == "" then "-" else tostring end;
def list: (. // []) | join(",") | gsub("NO_EXPORT"; "65535:65281") | word;

.rib[]? |
[.prefix, (.exit_nexthop | word),
 ((.aspath // "") | split(" ") | join(",") | word),
 (.metric | word), (.localpref | word),
 (.communities | list), (.large_communities | list),
 ([.attributes[]?.originator // empty] | list),
 ([.attributes[]?.cluster_list[]?] | list)] |
join(" ")
