# gobgp.jq: `gobgp -j neighbor ADDRESS adj-in` as lines of nine words (see
# common.sh).  Attributes come by their numbers.
def word: if . == null or . == "" then "-" else tostring end;
def list: join(",") | word;

select(.error == null) | to_entries[] | .key as $prefix | .value[] |
(reduce .attrs[] as $attr ({}; .[$attr.type | tostring] = $attr)) as $a |
[$prefix,
 (($a["14"] // $a["3"]).nexthop | word),
 ([$a["2"].as_paths[]?.asns[]? | tostring] | list),
 ($a["4"].metric | word), ($a["5"].value | word),
 ([$a["8"].communities[]? | "\((. / 65536) | floor):\(. % 65536)"] | list),
 ([$a["32"].value[]? | "\(.ASN):\(.LocalData1):\(.LocalData2)"] | list),
 ($a["9"].value | word), ([$a["10"].value[]?] | list)] |
join(" ")
