/*
 * test_selector.c - the selector language: what it accepts, what it selects,
 * how it prints, and what it says of what it does not accept.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "chance.h"

#include "bgp/plan.h"

static const struct bgp_label labels[] = {
	{ "a", "x" },      { "b", "long value" },
	{ "empty", "" },   { "contains", "y" },
	{ "in", "z" },     { "not", "n" },
	{ "starts", "s" }, { "has", "h" },
	{ "all", "l" },    { "k8s.io/x-y_z", "v" },
};
enum { LABELS = sizeof labels / sizeof *labels };

static struct bgp_selector *
parse(const char *text)
{
	struct bgp_selector_fault fault = { 0, "" };
	struct bgp_selector *s;
	int err = bgp_selector_new(&s, text, NULL, &fault);

	if (err != BGP_OK)
		print_error("%s: column %zu: %s\n", text, fault.column,
			    fault.reason);
	assert_int_equal(err, BGP_OK);
	return s;
}

/* Selects, prints as expected, and its print is its own canonical form. */
static void
check(const char *text, bool selects, const char *canonical)
{
	struct bgp_selector *s = parse(text), *again;
	char buf[256], buf2[256];

	if (bgp_selector_match(s, labels, LABELS) != selects)
		fail_msg("%s: selects %d", text, !selects);
	assert_int_equal(bgp_selector_text(s, buf, sizeof buf),
			 strlen(canonical));
	assert_string_equal(buf, canonical);
	again = parse(buf);
	assert_int_equal(bgp_selector_match(again, labels, LABELS), selects);
	bgp_selector_text(again, buf2, sizeof buf2);
	assert_string_equal(buf2, canonical);
	bgp_selector_del(s);
	bgp_selector_del(again);
}

static void
test_language(void **state)
{
	static const struct {
		const char *text;
		bool selects;
		const char *canonical;
	} cases[] = {
		{ "", true, "all()" },
		{ " \t", true, "all()" },
		{ "all()", true, "all()" },
		{ "all( \t)", true, "all()" },
		{ "global()", true, "global()" },
		{ "!all()", false, "!all()" },
		{ "has(a)", true, "has(a)" },
		{ "has( a )", true, "has(a)" },
		{ "has(no)", false, "has(no)" },
		{ "has(k8s.io/x-y_z)", true, "has(k8s.io/x-y_z)" },
		{ "has(has)", true, "has(has)" },
		{ "has == 'h'", true, "has == \"h\"" },
		{ "all=='l'", true, "all == \"l\"" },
		/* every operator: true, false, label missing */
		{ "a=='x'", true, "a == \"x\"" },
		{ "a == \"xx\"", false, "a == \"xx\"" },
		{ "no == ''", false, "no == \"\"" },
		{ "empty == ''", true, "empty == \"\"" },
		{ "a != 'x'", false, "a != \"x\"" },
		{ "a != ''", true, "a != \"\"" },
		{ "no != 'x'", true, "no != \"x\"" },
		{ "b contains 'g v'", true, "b contains \"g v\"" },
		{ "b contains ''", true, "b contains \"\"" },
		{ "empty contains ''", true, "empty contains \"\"" },
		{ "b contains 'gv'", false, "b contains \"gv\"" },
		{ "no contains ''", false, "no contains \"\"" },
		{ "b starts with 'long'", true, "b starts with \"long\"" },
		{ "b startswith 'long value+'", false,
		  "b starts with \"long value+\"" },
		{ "b starts \twith''", true, "b starts with \"\"" },
		{ "no starts with ''", false, "no starts with \"\"" },
		{ "b ends with 'ue'", true, "b ends with \"ue\"" },
		{ "b endswith'a long value'", false,
		  "b ends with \"a long value\"" },
		{ "b ends with ''", true, "b ends with \"\"" },
		{ "no ends with ''", false, "no ends with \"\"" },
		{ "a in {'y','x'}", true, "a in {\"x\", \"y\"}" },
		{ "a in{'y',\"z\" , }", false, "a in {\"y\", \"z\"}" },
		{ "a in {'y', 'x', 'x', 'xx', ''}", true,
		  "a in {\"\", \"x\", \"xx\", \"y\"}" },
		{ "a in {}", false, "a in {}" },
		{ "no in {''}", false, "no in {\"\"}" },
		{ "a not in {'x'}", false, "a not in {\"x\"}" },
		{ "a notin {'y'}", true, "a not in {\"y\"}" },
		{ "a not\tin {}", true, "a not in {}" },
		{ "no not in {''}", true, "no not in {\"\"}" },
		/* quotes */
		{ "a == 'say \"x\"'", false, "a == 'say \"x\"'" },
		{ "a == \"it's\"", false, "a == \"it's\"" },
		{ "a in {'\"', \"'\"}", false, "a in {'\"', \"'\"}" },
		{ "a == 'x\\'", false, "a == \"x\\\"" },
		/* words of the language as labels */
		{ "contains contains 'y'", true, "contains contains \"y\"" },
		{ "in in {'z'}", true, "in in {\"z\"}" },
		{ "not not in {'n'}", false, "not not in {\"n\"}" },
		{ "starts starts with 's'", true, "starts starts with \"s\"" },
		{ "notin notin {'n'}", true, "notin not in {\"n\"}" },
		/* precedence, negation, parentheses */
		{ "has(a)||has(no)&&has(no)", true,
		  "has(a) || has(no) && has(no)" },
		{ "(has(a)||has(no))&&has(no)", false,
		  "(has(a) || has(no)) && has(no)" },
		{ "has(no)&&(has(no)||has(a))", false,
		  "has(no) && (has(no) || has(a))" },
		{ "((has(a) && (has(a))))", true, "has(a) && has(a)" },
		{ "has(a) && (has(b) && has(no))", false,
		  "has(a) && has(b) && has(no)" },
		{ "has(no) || (has(no) || has(a))", true,
		  "has(no) || has(no) || has(a)" },
		{ "!has(a)&&has(no)", false, "!has(a) && has(no)" },
		{ "!a=='x'", false, "!a == \"x\"" },
		{ "!!has(a)", true, "has(a)" },
		{ "! ! !has(a)", false, "!has(a)" },
		{ "!(has(a) || has(no))", false, "!(has(a) || has(no))" },
		{ "!(!(has(a) || has(no)))", true, "has(a) || has(no)" },
		{ "!(!(has(a) && has(no))) || a in {'x'}", true,
		  "has(a) && has(no) || a in {\"x\"}" },
		{ "a=='x' && !(!(has(no) || b contains 'long'))", true,
		  "a == \"x\" && (has(no) || b contains \"long\")" },
		{ "!(!has(a))", true, "has(a)" },
		{ "!(a in {'x'})", false, "!a in {\"x\"}" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(cases[i].text, cases[i].selects, cases[i].canonical);
}

static void
test_no_labels_at_all(void **state)
{
	struct bgp_selector *s = parse("!has(a) && a != 'x'");

	(void)state;
	assert_true(bgp_selector_match(s, NULL, 0));
	bgp_selector_del(s);
}

static void
test_errors(void **state)
{
	static const struct {
		const char *text;
		size_t column;
		const char *reason;
	} cases[] = {
		{ "a", 2, "expected an operator after the label" },
		{ "a = 'b'", 3, "expected an operator after the label" },
		{ "a like 'b'", 3, "expected an operator after the label" },
		{ "a containsx 'b'", 3,
		  "expected an operator after the label" },
		{ "a starts 'b'", 3, "expected an operator after the label" },
		{ "a not 'b'", 3, "expected an operator after the label" },
		{ "a not inn {}", 3, "expected an operator after the label" },
		{ "a\n== 'b'", 2, "expected an operator after the label" },
		{ "a == b", 6, "expected a string in quotes" },
		{ "a ==", 5, "expected a string in quotes" },
		{ "a == 'b", 6, "string does not end" },
		{ "a == \"b'", 6, "string does not end" },
		{ "a in {'b", 7, "string does not end" },
		{ "a in 'b'", 6, "expected a set in braces" },
		{ "a in {b}", 7, "expected }" },
		{ "a in {,}", 7, "expected }" },
		{ "a in {'b' 'c'}", 11, "expected }" },
		{ "a in {'b'", 10, "expected }" },
		{ "has()", 5, "expected a label name in has()" },
		{ "has(a", 6, "expected ) after has(" },
		{ "has(a b)", 7, "expected ) after has(" },
		{ "has (a)", 5, "expected an operator after the label" },
		{ "all", 4, "expected an operator after the label" },
		{ "all(a)", 5, "expected ) after all( or global(" },
		{ "global(", 8, "expected ) after all( or global(" },
		{ "(has(a)", 8, "expected )" },
		{ "()", 2, "expected a label, has(), all() or (" },
		{ "has(a))", 7, "unexpected characters" },
		{ "has(a) has(b)", 8, "unexpected characters" },
		{ "has(a) &", 8, "unexpected characters" },
		{ "has(a) | has(b)", 8, "unexpected characters" },
		{ "has(a) &&", 10, "expression ends too early" },
		{ "has(a) || ", 11, "expression ends too early" },
		{ "!", 2, "expression ends too early" },
		{ "&& has(a)", 1, "expected a label, has(), all() or (" },
		{ "'a' == 'b'", 1, "expected a label, has(), all() or (" },
		{ "has(\xc3\xa4)", 5, "expected a label name in has()" },
		{ "!= 'a'", 2, "expected a label, has(), all() or (" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bgp_selector_fault fault = { 0, "none" };
		struct bgp_selector *s;
		int err = bgp_selector_new(&s, cases[i].text, NULL, &fault);

		if (err != BGP_ERR_INVALID || fault.column != cases[i].column)
			fail_msg("%s: %d, column %zu, %s", cases[i].text, err,
				 fault.column, fault.reason);
		assert_null(s);
		assert_string_equal(fault.reason, cases[i].reason);
	}
}

static void
expect_limit(const char *text, size_t column)
{
	struct bgp_selector_fault fault = { 0, NULL };
	struct bgp_selector *s;

	assert_int_equal(bgp_selector_new(&s, text, NULL, NULL), BGP_ERR_LIMIT);
	assert_int_equal(bgp_selector_new(&s, text, NULL, &fault),
			 BGP_ERR_LIMIT);
	assert_non_null(fault.reason);
	assert_int_equal(fault.column, column);
}

static void
test_limits(void **state)
{
	char text[BGP_SELECTOR_LEN_MAX + 2];
	size_t len = 0;

	(void)state;
	memset(text, 'a', BGP_SELECTOR_NAME_MAX);
	strcpy(text + BGP_SELECTOR_NAME_MAX, "!=''");
	bgp_selector_del(parse(text));
	memset(text, 'a', BGP_SELECTOR_NAME_MAX + 1);
	strcpy(text + BGP_SELECTOR_NAME_MAX + 1, "!=''");
	expect_limit(text, 1);
	memmove(text + 4, text, strlen(text) + 1);
	memcpy(text, "has(", 4);
	expect_limit(text, 5);

	memset(text, '(', BGP_SELECTOR_DEPTH_MAX + 1);
	memset(text + BGP_SELECTOR_DEPTH_MAX + 1, 0, 1);
	expect_limit(text, BGP_SELECTOR_DEPTH_MAX + 2);
	memcpy(text + BGP_SELECTOR_DEPTH_MAX, "all()", 5);
	memset(text + BGP_SELECTOR_DEPTH_MAX + 5, ')', BGP_SELECTOR_DEPTH_MAX);
	text[2 * BGP_SELECTOR_DEPTH_MAX + 5] = '\0';
	bgp_selector_del(parse(text));

	/* A chain leans left: no operand waits, however long it is. */
	for (len = 0; len + 10 <= BGP_SELECTOR_LEN_MAX; len += 8)
		memcpy(text + len, "has(x)&&", 8);
	strcpy(text + len, "all()");
	bgp_selector_del(parse(text));
	memset(text, ' ', BGP_SELECTOR_LEN_MAX + 1);
	text[BGP_SELECTOR_LEN_MAX + 1] = '\0';
	expect_limit(text, BGP_SELECTOR_LEN_MAX + 1);
	text[BGP_SELECTOR_LEN_MAX] = '\0';
	bgp_selector_del(parse(text));
	memset(text, '!', BGP_SELECTOR_LEN_MAX);
	strcpy(text + BGP_SELECTOR_LEN_MAX - 5, "all()");
	bgp_selector_del(parse(text));
}

/* x&&(x&&(…: two operands wait at every level but the last. */
static void
test_pending_limit(void **state)
{
	char text[2048];
	struct bgp_selector *s;

	(void)state;
	for (int levels = 60; levels <= 68; levels++) {
		text[0] = '\0';
		for (int i = 0; i < levels; i++)
			strcat(text, "has(a)&&(");
		strcat(text, "has(a)");
		for (int i = 0; i < levels; i++)
			strcat(text, ")");
		if (levels < BGP_SELECTOR_DEPTH_MAX) {
			s = parse(text);
			assert_true(bgp_selector_match(s, labels, LABELS));
			bgp_selector_del(s);
		} else {
			assert_int_equal(bgp_selector_new(&s, text, NULL, NULL),
					 BGP_ERR_LIMIT);
		}
	}
}

static void
test_memory(void **state)
{
	struct stingy memory = { 0, 0, false };
	struct bgp_allocator host = { stingy_resize, &memory };
	struct bgp_selector *s;

	(void)state;
	assert_int_equal(bgp_selector_new(&s, "has(a)", &host, NULL),
			 BGP_ERR_NOMEM);
	assert_null(s);
	/* The second request only makes the block smaller: not needed. */
	memory.left = 1;
	assert_int_equal(bgp_selector_new(&s, "has(a)", &host, NULL), BGP_OK);
	assert_true(bgp_selector_match(s, labels, LABELS));
	bgp_selector_del(s);
	memory.left = 9;
	assert_int_equal(bgp_selector_new(&s, "a == 'x'", &host, NULL), BGP_OK);
	assert_true(memory.octets < 200);
	bgp_selector_del(s);
	bgp_selector_del(NULL);
	assert_int_equal(memory.octets, 0);
}

static void
test_cut_text(void **state)
{
	struct bgp_selector *s = parse("has(abc)");
	char buf[5] = "....";

	(void)state;
	assert_int_equal(bgp_selector_text(s, buf, 5), 8);
	assert_string_equal(buf, "has(");
	assert_int_equal(bgp_selector_text(s, NULL, 0), 8);
	bgp_selector_del(s);
}

/* ------------------------------------------- against a naive second reading */

struct sink {
	char text[BGP_SELECTOR_LEN_MAX + 256];
	size_t len;
};

static void
write(struct sink *out, const char *text)
{
	memcpy(out->text + out->len, text, strlen(text) + 1);
	out->len += strlen(text);
	for (uint32_t n = chance(3); n > 1; n--)
		out->text[out->len++] = chance(2) ? ' ' : '\t';
	out->text[out->len] = '\0';
}

static const char *const words[] = { "", "x", "xy", "y", "yx", "zz" };
static const char *const names[] = { "a", "b", "in", "not", "contains" };

static const char *
value_of(const char *name, const struct bgp_label *set, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(set[i].key, name) == 0)
			return set[i].value;
	return NULL;
}

/* Writes a random test and answers what it must answer. */
static bool
random_test(struct sink *out, const struct bgp_label *set, size_t count)
{
	const char *name = names[chance(5)], *word = words[chance(6)];
	const char *value = value_of(name, set, count);
	char quoted[16];
	uint32_t kind = chance(9), members = chance(4);
	bool found = false;

	if (kind == 0) {
		out->len += (size_t)sprintf(out->text + out->len, "has(%s)",
					    name);
		return value != NULL;
	}
	out->len += (size_t)sprintf(out->text + out->len, "%s ", name);
	sprintf(quoted, chance(2) ? "'%s'" : "\"%s\"", word);
	switch (kind) {
	case 1:
		write(out, "==");
		write(out, quoted);
		return value != NULL && strcmp(value, word) == 0;
	case 2:
		write(out, "!=");
		write(out, quoted);
		return value == NULL || strcmp(value, word) != 0;
	case 3:
		write(out, "contains");
		write(out, quoted);
		return value != NULL && strstr(value, word) != NULL;
	case 4:
		write(out, chance(2) ? "starts with" : "startswith");
		write(out, quoted);
		return value != NULL && strstr(value, word) == value;
	case 5:
		write(out, chance(2) ? "ends \t with" : "endswith");
		write(out, quoted);
		return value != NULL && strlen(value) >= strlen(word) &&
		    strcmp(value + strlen(value) - strlen(word), word) == 0;
	}
	write(out, kind == 6 ? "in" : kind == 7 ? "not in" : "notin");
	write(out, "{");
	for (uint32_t i = 0; i < members; i++) {
		word = words[chance(6)];
		sprintf(quoted, chance(2) ? "'%s'" : "\"%s\"", word);
		write(out, quoted);
		if (i + 1 < members || chance(2))
			write(out, ",");
		found = found || (value != NULL && strcmp(value, word) == 0);
	}
	write(out, "}");
	return kind == 6 ? found : !found;
}

static bool
random_expression(struct sink *out, const struct bgp_label *set, size_t count,
		  int depth)
{
	uint32_t n = 1 + chance(3), kind = depth == 0 ? 0 : chance(5);
	bool answer;

	switch (kind) {
	case 0:
		return random_test(out, set, count);
	case 1:
		write(out, "!(");
		answer = !random_expression(out, set, count, depth - 1);
		write(out, ")");
		return answer;
	case 2:
		write(out, "!");
		return !random_test(out, set, count);
	}
	answer = kind == 3;
	write(out, "(");
	for (uint32_t i = 0; i < n; i++) {
		bool one = random_expression(out, set, count, depth - 1);

		answer = kind == 3 ? answer && one : answer || one;
		if (i + 1 < n)
			write(out, kind == 3 ? "&&" : "||");
	}
	write(out, ")");
	return answer;
}

/* Without parentheses: negation before and, and before or. */
static bool
random_flat(struct sink *out, const struct bgp_label *set, size_t count)
{
	bool all = true, any = false;

	for (uint32_t n = 1 + chance(8); n > 0; n--) {
		bool negated = false, one;

		for (uint32_t k = chance(4); k > 0; k--) {
			write(out, "!");
			negated = !negated;
		}
		one = random_test(out, set, count) != negated;
		all = all && one;
		if (n == 1 || chance(2)) {
			any = any || all;
			all = true;
			write(out, n > 1 ? "||" : "");
		} else {
			write(out, "&&");
		}
	}
	return any;
}

static void
random_round(void)
{
	struct bgp_label set[5];
	struct bgp_selector *s, *again;
	static struct sink out;
	size_t count = 0, len;
	char *canonical, *twice;
	bool answer;

	for (size_t i = 0; i < 5; i++)
		if (chance(2))
			set[count++] = (struct bgp_label){ names[i],
							   words[chance(6)] };
	out.len = 0;
	answer = chance(3) == 0 ? random_flat(&out, set, count)
				: random_expression(&out, set, count, 4);
	s = parse(out.text);
	if (bgp_selector_match(s, set, count) != answer)
		fail_msg("%s", out.text);
	len = bgp_selector_text(s, NULL, 0);
	canonical = malloc(len + 1);
	bgp_selector_text(s, canonical, len + 1);
	again = parse(canonical);
	assert_int_equal(bgp_selector_match(again, set, count), answer);
	twice = malloc(len + 1);
	assert_int_equal(bgp_selector_text(again, twice, len + 1), len);
	assert_string_equal(canonical, twice);
	free(canonical);
	free(twice);
	bgp_selector_del(s);
	bgp_selector_del(again);
}

static void
test_random(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++)
		random_round();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_no_labels_at_all),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_pending_limit),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_cut_text),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
