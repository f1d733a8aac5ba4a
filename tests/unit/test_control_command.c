/*
 * test_control_command.c - lines of the control protocol, understood or not.
 */
#include <string.h>

#include "check.h"

#include "host/command.h"

static const struct good {
	const char *line;
	enum command_verb verb;
	const char *name;
} good[] = {
	{ "show status", COMMAND_SHOW_STATUS, "" },
	{ "  show\tstatus  ", COMMAND_SHOW_STATUS, "" },
	{ "show status\r", COMMAND_SHOW_STATUS, "" },
	{ "show memory", COMMAND_SHOW_MEMORY, "" },
	{ "show protocols", COMMAND_SHOW_PROTOCOLS, "" },
	{ "show protocols Node_192_0_2_1", COMMAND_SHOW_PROTOCOLS,
	  "Node_192_0_2_1" },
	{ "show protocols all", COMMAND_SHOW_PROTOCOLS, "" },
	{ "show protocols all \"Node_*\"", COMMAND_SHOW_PROTOCOLS, "Node_*" },
	{ "show route", COMMAND_SHOW_ROUTE, "" },
	{ "show route protocol a all", COMMAND_SHOW_ROUTE, "a" },
	{ "enable a", COMMAND_ENABLE, "a" },
	{ "disable all", COMMAND_DISABLE, "*" },
	{ "restart a", COMMAND_RESTART, "a" },
	{ "reload a", COMMAND_RELOAD, "a" },
	{ "reload in a", COMMAND_RELOAD, "a" },
	{ "configure", COMMAND_CONFIGURE, "" },
	{ "configure check", COMMAND_CONFIGURE, "" },
	{ "disable a \"back at noon\"", COMMAND_DISABLE, "a" },
	{ "disable \"a*\" \"\"", COMMAND_DISABLE, "a*" },
	{ "show route export a why", COMMAND_SHOW_ROUTE, "a" },
	{ "help", COMMAND_HELP, "" },
	{ " ? ", COMMAND_HELP, "" },
	{ "down", COMMAND_DOWN, "" },
	{ "restrict", COMMAND_RESTRICT, "" },
};

static void
test_good(void **state)
{
	struct command c;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		const char *why = command_parse(&c, good[i].line);

		if (why != NULL || c.verb != good[i].verb ||
		    strcmp(c.name, good[i].name) != 0)
			fail_msg("\"%s\": %s, %d, \"%s\"", good[i].line,
				 why ? why : "-", (int)c.verb, c.name);
	}
}

static const char *const bad[] = {
	"",
	" ",
	"show",
	"show nothing",
	"status",
	"bogus",
	"show status all",
	"show protocols a b",
	"show protocols \"a",
	"enable",
	"disable a b",
	"reload",
	"reload in",
	"configure now",
	"configure check now",
	"help me",
	"disable a b\"",
	"disable a \"b",
	"disable a \"b\" c",
	"enable a \"b\"",
	"show route why",
	"show route why export a",
	"show route 10.0.0.1/8",
	"down a",
	"show route nothing",
	"show route for",
	"show route for a",
	"show route protocol",
	"show route for 10.0.0.0/8 for 10.0.0.0/8",
	"show route table t",
	"show route protocol a protocol b",
	"show route 10.0.0.0/33",
};

static void
test_bad(void **state)
{
	char line[400];
	struct command c;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (command_parse(&c, bad[i]) == NULL)
			fail_msg("\"%s\" is understood", bad[i]);
	memset(line, 'x', sizeof line - 1);
	line[sizeof line - 1] = '\0';
	assert_non_null(command_parse(&c, line));
	memcpy(line, "enable ", 7);
	assert_non_null(command_parse(&c, line));
}

static void
test_route_words(void **state)
{
	static const uint8_t ten[4] = { 10, 1, 2, 3 };
	struct command c;

	(void)state;
	assert_null(command_parse(&c, "show route"));
	assert_int_equal(c.view, BGP_VIEW_ADJ_IN);
	assert_int_equal(c.family, 0);
	assert_false(c.all || c.count || c.has_prefix || c.primary);

	assert_null(command_parse(&c, "show route for 10.1.2.3 all count"));
	assert_true(c.all && c.count && c.has_prefix && c.longest);
	assert_int_equal(c.family, BGP_IPV4_UNICAST);
	assert_int_equal(c.prefix.bits, 32);
	assert_memory_equal(c.prefix.octets, ten, 4);

	assert_null(command_parse(&c, "show route 2001:db8::/32 primary"));
	assert_true(c.has_prefix && c.primary && !c.longest);
	assert_int_equal(c.family, BGP_IPV6_UNICAST);
	assert_int_equal(c.prefix.bits, 32);

	assert_null(command_parse(&c, "show route export a table master6"));
	assert_int_equal(c.view, BGP_VIEW_ADJ_OUT);
	assert_string_equal(c.name, "a");
	assert_int_equal(c.family, BGP_IPV6_UNICAST);

	assert_null(command_parse(&c, "show route filtered table master4"));
	assert_true(c.filtered);
	assert_int_equal(c.family, BGP_IPV4_UNICAST);
}

static void
test_reload_ways(void **state)
{
	struct command c;

	(void)state;
	assert_null(command_parse(&c, "reload a"));
	assert_true(c.reload_in && c.reload_out);
	assert_null(command_parse(&c, "reload in a"));
	assert_true(c.reload_in && !c.reload_out);
	assert_null(command_parse(&c, "reload out a"));
	assert_true(!c.reload_in && c.reload_out);
}

static void
test_names(void **state)
{
	struct command c;

	(void)state;
	assert_null(command_parse(&c, "show protocols"));
	assert_true(command_names(&c, "whoever"));
	assert_null(command_parse(&c, "show protocols \"Node_10_*\""));
	assert_true(command_names(&c, "Node_10_0_0_1"));
	assert_false(command_names(&c, "Node_11_0_0_1"));
	assert_null(command_parse(&c, "enable Node_1"));
	assert_false(command_names(&c, "Node_10"));
}

static void
test_privilege(void **state)
{
	static const char *const touch[] = { "enable a",  "disable a",
					     "restart a", "reload a",
					     "configure", "down" };
	static const char *const look[] = { "show status", "show memory",
					    "show protocols", "show route",
					    "restrict" };
	struct command c;

	(void)state;
	for (size_t i = 0; i < sizeof touch / sizeof touch[0]; i++) {
		assert_null(command_parse(&c, touch[i]));
		assert_true(command_is_privileged(&c));
	}
	for (size_t i = 0; i < sizeof look / sizeof look[0]; i++) {
		assert_null(command_parse(&c, look[i]));
		assert_false(command_is_privileged(&c));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_route_words),
		cmocka_unit_test(test_reload_ways),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_privilege),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
