/*
 * bin_resume_test.c - which URLs a file of records has, cut anywhere.  The
 * source is compiled once more, in here, with a file that cannot be mended.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int cut_error;	/* why a file cannot be cut, or 0 */

static int
cut(int fd, off_t len)
{
	errno = cut_error;
	return cut_error != 0 ? -1 : ftruncate(fd, len);
}

#define ftruncate cut
#include "../bin/resume.c"
#undef ftruncate

#include "../bin/field.h"
#include "../bin/report.h"
#include "alloc.h"
#include "check.h"
#include "guard.h"

static bool
has(struct resume *r, const char *url)
{
	return resume_has(r, url, strlen(url));
}

/* The record of a URL, as scraper writes it. */
static void
add(struct record *r, const char *url)
{
	static const struct field_list none;
	const struct report_form form = { .json = true, .fields = &none };
	struct report report = {
		.url = url, .url_len = strlen(url), .category = "refused",
		.detail = "\"}\n{\"url\":\"http://no/\"",
	};

	report_write(&report, &form, r);
}

static const char *const urls[] = {
	"http://a/", "http://a/?x=\"y\"", "http://b/\\", "a\\\"b", "\x01\xff",
	"\xc3\xbc\xe2\x80\xae", "b.test", "", "\\",
};
enum { URLS = sizeof(urls) / sizeof(urls[0]) };

static void
test_feed(void)
{
	struct record file = { .at = NULL };
	struct resume r;

	for (int i = 0; i < URLS; i++)
		add(&file, urls[i]);
	record_addf(&file, "rubbish\n\n{\"url\":\"http://cut/\n"
	    " {\"url\":\"http://blank/\"}\n{\"url\":null}\n{\"url\"\n");
	add(&file, "http://last/");

	check_case("in pieces of any size");
	for (size_t piece = 1; piece <= file.len; piece += 1 + piece / 20) {
		memset(&r, 0, sizeof(r));
		for (size_t at = 0; at < file.len; at += piece) {
			size_t n = piece < file.len - at ? piece :
			    file.len - at;
			char *copy = guard_copy(file.at + at, n);

			CHECK_INT(resume_feed(&r, copy, n), 0);
			guard_free(copy, n);
		}
		for (int i = 0; i < URLS; i++)
			CHECK(has(&r, urls[i]));
		CHECK(has(&r, "http://last/"));
		CHECK_INT(r.count, URLS + 1);
		CHECK(!has(&r, "http://no/") && !has(&r, "http://cut/") &&
		    !has(&r, "http://blank/") && !has(&r, "http://a"));
		resume_free(&r);
	}

	check_case("a record counts when its line is whole");
	for (size_t len = 0; len < 60; len++) {
		memset(&r, 0, sizeof(r));
		CHECK_INT(resume_feed(&r, file.at, len), 0);
		CHECK_INT(r.count,
		    memchr(file.at, '\n', len) != NULL ? 1 : 0);
		resume_free(&r);
	}
	record_free(&file);
}

static void
test_many(void)
{
	struct resume r = { .hashes = NULL };
	struct record line = { .at = NULL };
	char url[40];

	check_case("a hundred thousand, in less than 22 bytes each");
	for (int i = 0; i < 100000; i++) {
		snprintf(url, sizeof(url), "http://%d.test/", i);
		add(&line, url);
		CHECK_INT(resume_feed(&r, line.at, line.len), 0);
		line.len = 0;
	}
	CHECK_INT(r.count, 100000);
	CHECK(r.room * sizeof(*r.hashes) < 100000 * 22);
	for (int i = 0; i < 200000; i++) {
		snprintf(url, sizeof(url), "http://%d.test/", i);
		if (!CHECK(has(&r, url) == (i < 100000)))
			break;
	}
	record_free(&line);
	resume_free(&r);
	CHECK_INT(alloc_live(), 0);
}

/* Makes a file with these bytes. */
static void
put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	CHECK(f != NULL && fputs(text, f) >= 0);
	if (f != NULL)
		CHECK_INT(fclose(f), 0);
}

#define A "{\"url\":\"http://a/\"}\n"
#define B "{\"url\":\"http://b/\"}\n"

static void
test_not_mended(const char *name)
{
	struct resume r = { .hashes = NULL };
	int fd;

	check_case("a torn line that cannot be taken away");
	put(name, A "{");
	cut_error = EIO;
	CHECK_INT(resume_open(&r, name, &fd), -EIO);
	cut_error = 0;
	CHECK_INT(alloc_live(), 0);
}

/* The last byte, which ends the last record, is read alone. */
static void
test_last_byte(const char *name)
{
	static char text[RESUME_PIECE + 2];
	struct resume r = { .hashes = NULL };
	int fd;

	check_case("a file of one byte more than is read at once");
	memset(text, 'x', RESUME_PIECE);
	memcpy(text + RESUME_PIECE + 1 - strlen("\n" A), "\n" A,
	    strlen("\n" A));
	put(name, text);
	CHECK_INT(resume_open(&r, name, &fd), 0);
	CHECK(has(&r, "http://a/"));
	CHECK_INT(lseek(fd, 0, SEEK_CUR), RESUME_PIECE + 1);
	close(fd);
	resume_free(&r);
}

static void
test_open(void)
{
	static const struct {
		const char *what, *text, *want;
		size_t count;
	} files[] = {
		{ "a whole file", A B, A B "x", 2 },
		{ "a torn last line", A "{\"url\":\"http://b/\"}", A "x", 1 },
		{ "torn after one byte", A B "{", A B "x", 2 },
		{ "only a torn line", "{\"ur", "x", 0 },
		{ "an empty file", "", "x", 0 },
	};
	char name[] = "/tmp/spindle.XXXXXX", got[200];
	struct resume r;
	int fd = mkstemp(name);

	CHECK(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		ssize_t n;

		check_case(files[i].what);
		put(name, files[i].text);
		memset(&r, 0, sizeof(r));
		CHECK_INT(resume_open(&r, name, &fd), 0);
		CHECK_INT(r.count, files[i].count);
		CHECK_INT(write(fd, "x", 1), 1);
		n = pread(fd, got, sizeof(got), 0);
		CHECK_BYTES(got, (size_t)(n > 0 ? n : 0), files[i].want);
		close(fd);
		resume_free(&r);
	}

	test_not_mended(name);
	test_last_byte(name);
	check_case("each allocation fails");
	put(name, A B "{");
	for (long n = 0, error = -1; error != 0 && n < 10; n++) {
		alloc_fail_at(n, 0);
		memset(&r, 0, sizeof(r));
		error = resume_open(&r, name, &fd);
		CHECK(error == (alloc_has_failed() ? -ENOMEM : 0));
		alloc_fail_at(0, 0);
		CHECK(error != 0 || !has(&r, "http://a/"));
		alloc_fail_at(-1, 0);
		CHECK(error != 0 || has(&r, "http://a/"));
		if (error == 0)
			close(fd);
		resume_free(&r);
		CHECK_INT(alloc_live(), 0);
	}
	unlink(name);

	check_case("what cannot be resumed");
	memset(&r, 0, sizeof(r));
	CHECK_INT(resume_open(&r, "/dev/null", &fd), -ESPIPE);
	CHECK_INT(resume_open(&r, "/tmp", &fd), -EISDIR);
	CHECK_INT(resume_open(&r, "/nonexistent/file", &fd), -ENOENT);
}

static void
test_lock(void)
{
	char name[] = "/tmp/spindle.XXXXXX";
	struct resume r = { .hashes = NULL };
	int fd = mkstemp(name), status = 1;
	pid_t child;

	check_case("a file that another process has open");
	close(fd);
	CHECK_INT(resume_open(&r, name, &fd), 0);
	child = fork();
	if (child == 0) {
		int error = resume_open(&r, name, &fd);

		_exit(error == -EAGAIN || error == -EACCES ? 0 : 1);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK_INT(status, 0);
	close(fd);
	resume_free(&r);
	unlink(name);
}

int
main(void)
{
	test_feed();
	test_many();
	test_open();
	test_lock();
	return check_done();
}
