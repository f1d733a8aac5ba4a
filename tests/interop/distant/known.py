"""known.py - what ends another client's session though it should not, each
with the reason why that daemon is wrong.

A row is (daemon, what the message is called, what the reflector logs, why).
Messages of a row are not sent with the others; distant.py sends one of each
row alone (--long: three); that session must still end, and none that no row
names: a row that has become needless fails the test.
"""

# Values of the numeric components of a flow specification that are longer
# than the field they are compared with.
LONG_VALUES = (r'^ipv[46]-flowspec (octet 1 is 0[3-8ab]|'
               r'type ([3-8]|1[01]) operator (91|a1|b1))$')

KNOWN = [
    ('frr', r'^attribute 22 octet 1 is (7f|80|ff)$', r'Optional Attribute',
     'it resets for a PMSI tunnel of a type that it does not know; RFC 6514 5 '
     'and RFC 7606 8 leave the route out'),
    ('frr', r'^ipv6-(unicast|labeled) next hop of 32$|'
     r'^ipv[46]-flowspec next hop of (12|16|24|32|48)$',
     r'Invalid Network Field',
     'a second next hop that is not link-local, or the next hop of a flow '
     'specification, which RFC 8955 4 has it ignore, make it treat the route '
     'as withdrawn; it then reads the rest of the attributes as classic NLRI '
     'and resets for what is not there'),
    ('gobgp', r'^route-target octet 2 is (5e|[6-9a-f].), room behind$',
     r'Connection closed',
     'it ends itself, by a nil pointer in propagateUpdate, at many route '
     'targets of length 0, the default one, which RFC 4684 4 has'),
    ('bird', LONG_VALUES, r'Malformed Attribute List',
     'it resets for values in more octets than RFC 8955 4.2.2 says they '
     'SHOULD have; the NLRI can be told apart and withdrawn, RFC 7606 5.3'),
    ('frr', LONG_VALUES, r'Optional Attribute',
     'the same as of BIRD'),
]
