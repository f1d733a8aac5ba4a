/*
 * privilege.c - another user for good, and memory that nobody else sees.
 */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "log.h"

/* That it cannot be undone is tried, not believed. */
static int
become(const struct passwd *who)
{
	if (initgroups(who->pw_name, who->pw_gid) != 0 ||
	    setgid(who->pw_gid) != 0 || setuid(who->pw_uid) != 0)
		return -1;
	if (who->pw_uid != 0 && setuid(0) == 0) {
		errno = EPERM;
		return -1;
	}
	return 0;
}

int
privilege_drop(const char *user)
{
	const struct passwd *who;

	errno = 0;
	who = getpwnam(user);
	if (who == NULL) {
		log_line(LOG_ERROR, "user %s: %s", user,
			 errno ? strerror(errno) : "there is none");
		return -1;
	}
	if (become(who) != 0) {
		log_line(LOG_ERROR, "user %s: %s", user, strerror(errno));
		return -1;
	}
	return 0;
}

void
privilege_hide(void)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		log_line(LOG_WARNING, "a core would show passwords: %s",
			 strerror(errno));
}
