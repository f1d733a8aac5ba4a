#!/usr/bin/env python3
"""decode.py - messages in hex to text, by the C library through ctypes.

    decode.py HEX...        UPDATEs with their headers; $LIBBGP: the library
"""
import os
import sys
from ctypes import (CDLL, POINTER, Structure, byref, c_bool, c_char_p, c_int,
                    c_size_t, c_uint8, c_uint16, c_uint32, c_void_p,
                    create_string_buffer)


class Family(Structure):
    _fields_ = [("family", c_uint32), ("add_path_in", c_bool),
                ("add_path_out", c_bool), ("ext_next_hop", c_bool),
                ("form", c_uint8), ("labels_in", c_uint8),
                ("labels_out", c_uint8), ("unknown_types", c_bool)]


class Codec(Structure):
    _fields_ = [("as4", c_bool), ("ebgp", c_bool), ("first_as_check", c_bool),
                ("local_as", c_uint32), ("peer_as", c_uint32),
                ("message_in_max", c_uint16), ("message_out_max", c_uint16),
                ("family_count", c_uint8), ("families", Family * 32),
                ("recall", c_void_p), ("recall_ctx", c_void_p),
                ("next_hop_check", c_bool)]


class Fault(Structure):
    _fields_ = [("remedy", c_int), ("code", c_uint8), ("subcode", c_uint8),
                ("attribute", c_uint8), ("offset", c_uint16),
                ("data_len", c_uint16), ("data", c_void_p),
                ("reason", c_char_p)]


bgp = CDLL(os.environ.get("LIBBGP", "libbgp.so.0"))
bgp.bgp_update_text.argtypes = [POINTER(Codec), c_void_p, c_char_p, c_size_t]
bgp.bgp_update_text.restype = c_size_t
bgp.bgp_version.restype = c_char_p

codec = Codec(as4=True, message_in_max=65535, family_count=2)
codec.families[0].family = bgp.bgp_family_of(1, 1)
codec.families[1].family = bgp.bgp_family_of(2, 1)
update = create_string_buffer(16384)  # views; more than struct bgp_update
fault = Fault()
text = create_string_buffer(65536)

if len(sys.argv) < 2:
    sys.exit("libbgp %s: messages in hex are wanted"
             % bgp.bgp_version().decode())
for word in sys.argv[1:]:
    msg = bytes.fromhex(word)
    err = bgp.bgp_update_decode(byref(codec), msg, c_size_t(len(msg)), update,
                                byref(fault))
    if err != 0:
        sys.exit("%d/%d: %s" % (fault.code, fault.subcode,
                                (fault.reason or b"").decode()))
    bgp.bgp_update_text(byref(codec), update, text, len(text))
    print(text.value.decode())
