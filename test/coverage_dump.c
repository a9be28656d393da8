/*
 * coverage_dump.c - what a process has counted is written before it ends by
 * _exit or by a signal of its own; coverage.sh puts it in front of both.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
void __gcov_dump(void);
void __gcov_reset(void);
int __real_raise(int number);
int __wrap_raise(int number);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

/* It counts anew, as nothing is written twice, and it may live on. */
int
__wrap_raise(int number)
{
	__gcov_dump();
	__gcov_reset();
	return __real_raise(number);
}

void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
