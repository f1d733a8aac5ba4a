/*
 * check.h - what every CMocka test includes, in the order CMocka wants it.
 */
#ifndef BGP_TESTS_CHECK_H
#define BGP_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
