/*
 * privilege.h - no more rights than a program needs, and no core with secrets.
 */
#ifndef HOST_PRIVILEGE_H
#define HOST_PRIVILEGE_H

/*
 * Becomes this user, for good, with the user's groups; behind the binding of
 * ports.  0, or -1 after a line in the log: there is no such user, or we are
 * not root.
 */
int privilege_drop(const char *user);

/* From now on neither a core nor a debugger of the same user sees the memory:
 * there are passwords in it. */
void privilege_hide(void);

#endif
