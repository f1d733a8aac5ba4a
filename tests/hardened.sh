#!/bin/sh
# hardened.sh FILE...: are these programs and shared libraries built with the
# hardening flags that a release has?  One line for each that is not; readelf
# and objdump see what the linker did, and what the compiler put in.
set -u
status=0

lacks() {
	echo "$file: no $1"
	status=1
}

for file; do
	dynamic=$(readelf -dW "$file") || exit 2
	segments=$(readelf -lW "$file")
	names=$(readelf --dyn-syms -W "$file")
	echo "$segments" | grep -q GNU_RELRO || lacks RELRO
	echo "$dynamic" | grep -Eq 'BIND_NOW|Flags:.* NOW' || lacks BIND_NOW
	echo "$segments" | grep -Eq 'GNU_STACK.* RW ' || lacks 'stack without code'
	case $file in
	*.so*) ;;
	*) echo "$dynamic" | grep -q 'Flags:.*PIE' || lacks PIE ;;
	esac
	echo "$names" | grep -q __stack_chk_fail || lacks 'stack protector'
	echo "$names" | grep -q '_chk@' || lacks FORTIFY_SOURCE
	case $(uname -m) in
	x86_64)
		# Not the note: Debian's crt1.o has none, and then nothing has.
		objdump -d "$file" | grep -q endbr64 || lacks CET
		;;
	esac
done
exit $status
