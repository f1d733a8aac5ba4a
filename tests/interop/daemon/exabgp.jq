# exabgp.jq: the JSON lines of ExaBGP's API, played from the first to the last,
# as lines of nine words (see common.sh).  A session that goes down takes all
# with it.
def word: if . == null or . == "" then "-" else tostring end;
def list: join(",") | word;
def tuples: [.[]? | map(tostring) | join(":")] | list;

def route($hop): . as $a |
[$hop, ([$a["as-path"][]? | tostring] | list),
 ($a.med | word), ($a["local-preference"] | word),
 ($a.community | tuples), ($a["large-community"] | tuples),
 ($a["originator-id"] | word), ([$a["cluster-list"][]?] | list)] | join(" ");

reduce (inputs | fromjson? | .type as $type | .neighbor | select(. != null) |
    . + {type: $type}) as $n ({};
  if $n.type == "state" then
    if $n.state == "down" then {} else . end
  else
    $n.message.update as $u |
    reduce ($u.withdraw // {} | .[] | .[].nlri) as $prefix (.;
      del(.[$prefix])) |
    reduce ($u.announce // {} | .[] | to_entries[] | .key as $hop |
        select(.value | type == "array") | .value[] | select(.nlri != null) |
        [.nlri, $hop]) as $pair
      (.; .[$pair[0]] = ($u.attribute | route($pair[1])))
  end) |
to_entries[] | "\(.key) \(.value)"
