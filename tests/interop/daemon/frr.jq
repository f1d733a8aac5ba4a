# frr.jq: `show bgp FAMILY unicast json detail` as lines of nine words (see
# common.sh), of the paths that came from the peer $from.
def word: if . == null or . == "" then "-" else tostring end;
def words: (. // "") | split(" ") | join(",") |
    gsub("no-export"; "65535:65281") | word;

(.routes // {}) | to_entries[] | .key as $prefix | .value[] |
select(.peer.peerId == $from) |
[$prefix, (.nexthops[0].ip | word),
 ([.aspath.segments[]?.list[]? | tostring] | join(",") | word),
 (.metric | word), (.locPrf | word),
 (.community.string | words), (.largeCommunity.string | words),
 (.originatorId | word), ((.clusterList.list // []) | join(",") | word)] |
join(" ")
