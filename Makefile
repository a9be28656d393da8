# Makefile - builds, tests and installs Spindle; for GNU make and BSD make.
#
#   make            the programs            make demo     the story, offline
#   make test       every test that needs   make lint     the house rules
#                   nothing installed       make install  PREFIX, DESTDIR
#   make single     folders and codecs as   make test-single   the tests
#                   one file of each kind                 against those
#   make sim        the simulated world     make faults   what it must find
#   make fuzz       any bytes, for a minute a parser
#   make mutants    whether a test notices if one place is made wrong
#   make coverage   the lines that no test runs, and how many do (gcc)
#   make bench      figures beside peers    make article  the story's programs
#   make clean      leaves nothing          make uninstall
#
# Objects lie beside their sources: x.o for the programs, x.to for the tests
# (the same code with an allocator that can fail).  After a change of CC or
# CFLAGS on the command line, `make clean` first.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

CC = cc
CXX = c++
AR = ar
CFLAGS = -O2 -g
LDFLAGS =
LDLIBS =
PREFIX = /usr/local
MANDIR = $(PREFIX)/share/man
DESTDIR =
# Programs that can be asked for --help here, if those that are built cannot.
HELP = bin

STRICT = -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
	-Wstrict-prototypes
TEST_ALLOC = -Dmalloc=test_malloc -Dcalloc=test_calloc \
	-Drealloc=test_realloc -Dfree=test_free
# Scripts that compile by themselves; CXX= leaves C++ out.  What they ask of
# the compiler is whether it takes the sources, not how well it does.
TOOLS = CC='$(CC)' CXX='$(CXX)' LDFLAGS='$(LDFLAGS)' LDLIBS='$(LDLIBS)' \
	CFLAGS='$(CFLAGS) -O0 -U_FORTIFY_SOURCE'
LINK = $(CC) $(CFLAGS) $(LDFLAGS) -o $@

# ---- lists ----
REACTOR = reactor/address.o reactor/buffer.o reactor/connect.o \
	reactor/descriptor.o reactor/listen.o reactor/poller.o \
	reactor/poller_epoll.o reactor/poller_kqueue.o reactor/poller_poll.o \
	reactor/reactor.o reactor/signals.o reactor/stream.o \
	reactor/system_posix.o reactor/timer.o reactor/tls.o \
	reactor/tls_engine.o reactor/tls_library.o reactor/tls_settings.o \
	reactor/tls_words.o reactor/transport.o reactor/udp.o reactor/wake.o \
	reactor/watch.o reactor/words.o
DEFER = defer/control.o defer/coroutine.o defer/deferred.o \
	defer/deferred_list.o defer/failure.o defer/failure_detail.o \
	defer/lock.o defer/share.o defer/timeout.o defer/unhandled.o
HTML = html/charset.o html/extractor.o html/match.o html/multibyte.o \
	html/open.o html/path.o html/reader.o html/refresh.o html/scan.o \
	html/tag.o html/text.o
DNS = dns/answer.o dns/ask.o dns/config.o dns/dns_connect.o dns/dns_pool.o \
	dns/dns_public.o dns/dns_server.o dns/message.o dns/resolver.o
HTTP = http/body.o http/client.o http/connection.o http/content.o \
	http/cookie.o http/credentials.o http/date.o http/get_page.o \
	http/head.o http/hop.o http/http_failure.o http/http_server.o \
	http/idna.o http/inflate.o http/proxy.o http/request.o http/tunnel.o \
	http/url.o
BIN = bin/category.o bin/chronicle.o bin/crew.o bin/delayed.o bin/digest.o \
	bin/explain.o bin/fetch.o bin/field.o bin/finder.o bin/findings.o \
	bin/har.o bin/inflight.o bin/input.o bin/manners.o bin/nap.o \
	bin/network.o bin/odd.o bin/options.o bin/output.o bin/place.o \
	bin/program.o bin/progress.o bin/record.o bin/report.o bin/resume.o \
	bin/robots.o bin/scrape.o bin/scraper_options.o bin/shard.o \
	bin/stats.o bin/story.o bin/trace.o bin/verbose.o bin/waterfall.o \
	bin/wire.o bin/worker.o bin/workers.o
TEST_PARTS = test/dns_probe.to test/dns_world.to test/html_judge.to \
	test/idna_judge.to test/proxy_kit.to test/scenario.to \
	test/scrape_world.to test/sim_forger.to test/sim_seeds.to \
	test/sim_web.to test/tls_kit.to test/torture.to
TESTS = test/bin_chronicle_test.run test/bin_crew_test.run \
	test/bin_fetch_test.run test/bin_field_test.run \
	test/bin_finder_test.run test/bin_inflight_test.run \
	test/bin_input_test.run test/bin_manners_test.run \
	test/bin_options_test.run test/bin_output_test.run \
	test/bin_progress_test.run test/bin_record_test.run \
	test/bin_report_test.run test/bin_resume_test.run \
	test/bin_robots_test.run test/bin_scrape_test.run \
	test/bin_shard_test.run test/bin_stats_test.run \
	test/bin_story_test.run test/bin_verbose_test.run \
	test/bin_wire_test.run test/bin_workers_test.run \
	test/defer_cancel_test.run \
	test/defer_chain_test.run test/defer_coroutine_cancel_test.run \
	test/defer_coroutine_test.run test/defer_deferred_test.run \
	test/defer_depth_test.run test/defer_list_test.run \
	test/defer_lock_test.run test/defer_memory_test.run \
	test/defer_random_test.run test/defer_third_test.run \
	test/defer_timeout_test.run test/defer_unhandled_test.run \
	test/dns_bad_server_test.run \
	test/dns_config_test.run test/dns_connect_test.run \
	test/dns_message_test.run test/dns_name_test.run \
	test/dns_patience_test.run test/dns_pool_test.run \
	test/dns_public_test.run test/dns_resolver_test.run \
	test/dns_server_test.run test/dns_third_test.run \
	test/dns_tls_test.run test/dns_weather_test.run \
	test/html_charset_test.run \
	test/html_extractor_test.run test/html_multibyte_test.run \
	test/html_open_test.run test/html_path_test.run \
	test/html_reader_test.run test/html_refresh_test.run \
	test/html_scan_test.run test/html_text_test.run \
	test/http_body_test.run test/http_by_proxy_test.run \
	test/http_chain_test.run test/http_client_test.run \
	test/http_content_test.run test/http_cookie_test.run \
	test/http_credentials_test.run test/http_date_test.run \
	test/http_framing_test.run test/http_get_page_test.run \
	test/http_giving_up_test.run test/http_head_test.run \
	test/http_hostile_test.run test/http_idna_test.run \
	test/http_inflate_hand_test.run test/http_inflate_test.run \
	test/http_journal_test.run test/http_memory_test.run \
	test/http_proxy_test.run test/http_request_test.run \
	test/http_server_test.run test/http_sink_test.run \
	test/http_third_test.run test/http_timings_test.run \
	test/http_tls_test.run test/http_tunnel_test.run \
	test/http_url_test.run test/http_watcher_test.run \
	test/reactor_accept_test.run test/reactor_address_test.run \
	test/reactor_close_test.run test/reactor_descriptor_test.run \
	test/reactor_end_test.run test/reactor_leftover_test.run \
	test/reactor_listen_test.run test/reactor_loop_test.run \
	test/reactor_poller_test.run test/reactor_stream_test.run \
	test/reactor_system_test.run test/reactor_thread_test.run \
	test/reactor_timer_test.run test/reactor_tls_broken_test.run \
	test/reactor_tls_settings_test.run test/reactor_tls_test.run \
	test/reactor_tls_words_test.run test/reactor_udp_test.run \
	test/reactor_watch_test.run test/reactor_wheel_test.run \
	test/sim_crowd_test.run test/sim_kernel_test.run \
	test/sim_stack_test.run test/sim_tls_test.run test/sim_trace_test.run \
	test/sim_transport_test.run test/sim_web_test.run \
	test/sim_workers_test.run \
	test/torture_plain_test.run test/torture_tls_test.run
FUZZ = test/fuzz_address.to test/fuzz_body.to test/fuzz_certificate.to \
	test/fuzz_charset.to test/fuzz_client.to test/fuzz_cookie.to \
	test/fuzz_date.to test/fuzz_dns_config.to test/fuzz_dns_message.to \
	test/fuzz_head.to test/fuzz_html.to test/fuzz_idna.to \
	test/fuzz_inflate.to test/fuzz_message.to test/fuzz_path.to \
	test/fuzz_record.to test/fuzz_request.to test/fuzz_resolver.to \
	test/fuzz_robots.to test/fuzz_server.to test/fuzz_url.to \
	test/fuzz_wire.to

# ---- end of lists ----
TLS_PEERS = test/liar.run test/tls/cut.run test/tls/failing.run \
	test/tls/peer.run
PROGRAMS = bin/scraper bin/getpage bin/resolve bin/extract bin/demosite
HOUSE = $(REACTOR) $(DEFER) $(HTML) $(DNS) $(HTTP) $(BIN)
TEST_TOOLS = test/check.o test/alloc.o test/guard.o test/loopback.o \
	test/sim.o test/sim_host.o test/sim_system.o test/sim_listen.o \
	test/sim_tcp.o test/sim_udp.o test/sim_poller.o \
	test/http_raw.o test/http_rig.o test/http_script.o
FUZZ_TOOLS = test/fuzz.o test/fuzz_replay.o
REPLAYS = $(FUZZ:.to=.replay)
TEST_KQUEUE = test/kqueue/poller.to test/kqueue/kqueue.to \
	test/kqueue/poller_netbsd.to test/kqueue/kqueue_netbsd.to

all: $(PROGRAMS)

.SUFFIXES:
.SUFFIXES: .c .o .to .run .replay .fuzz

.c.o:
	@echo '  CC $@'
	@$(CC) $(STRICT) $(CFLAGS) -MMD -MP -MF $@.d -c -o $@ $<

.c.to:
	@echo '  CC $@'
	@$(CC) $(STRICT) $(TEST_ALLOC) $(CFLAGS) -MMD -MP -MF $@.d -c -o $@ $<

.to.run:
	@echo '  LD $@'
	@$(LINK) -pthread $< build/test.a $(LDLIBS)

# A fuzz target with its corpus alone, and with a fuzzer.
.to.replay:
	@echo '  LD $@'
	@$(LINK) -pthread $< $(FUZZ_TOOLS) build/test.a $(LDLIBS)

.to.fuzz:
	@echo '  LD $@'
	@$(LINK) -pthread -fsanitize=fuzzer $< test/fuzz.o build/test.a \
	    $(LDLIBS)

# ---- programs ----

build/spindle.a: $(HOUSE)
	@mkdir -p build
	@echo '  AR $@'
	@rm -f $@
	@$(AR) rc $@ $(HOUSE)

bin/scraper: bin/scraper.o build/spindle.a
	@echo '  LD $@'
	@$(LINK) bin/scraper.o build/spindle.a $(LDLIBS)

bin/getpage: bin/getpage.o build/spindle.a
	@echo '  LD $@'
	@$(LINK) bin/getpage.o build/spindle.a $(LDLIBS)

bin/resolve: bin/resolve.o build/spindle.a
	@echo '  LD $@'
	@$(LINK) bin/resolve.o build/spindle.a $(LDLIBS)

bin/extract: bin/extract.o build/spindle.a
	@echo '  LD $@'
	@$(LINK) bin/extract.o build/spindle.a $(LDLIBS)

bin/demosite: bin/demosite.o build/spindle.a
	@echo '  LD $@'
	@$(LINK) bin/demosite.o build/spindle.a $(LDLIBS)

demo: bin/scraper bin/demosite
	@sh bin/demo.sh bin

# The pictures that the chapters show.
pictures: bin/scraper bin/demosite
	@mkdir -p bin/pictures
	@sh bin/pictures.sh bin bin/pictures

# Draws what REACTOR_TRACE=FILE has written: make timeline TRACE=FILE >x.svg
TRACE =

timeline:
	@awk -f bin/timeline.awk $(TRACE)

# Programs, manual pages, completions of three shells.
INSTALL = sh bin/install.sh
PLACES = "$(HELP)" "$(DESTDIR)$(PREFIX)" "$(DESTDIR)$(MANDIR)"

install: all
	@$(INSTALL) install $(PLACES) $(PROGRAMS)

uninstall:
	@$(INSTALL) uninstall $(PLACES) $(PROGRAMS)

# ---- tests ----

build/test.a: $(HOUSE:.o=.to) $(TEST_PARTS) $(TEST_TOOLS) $(TEST_KQUEUE)
	@mkdir -p build
	@echo '  AR $@'
	@rm -f $@
	@$(AR) rc $@ $(HOUSE:.o=.to) $(TEST_PARTS) $(TEST_TOOLS) $(TEST_KQUEUE)

# poller_kqueue.c once more, over a kqueue made of poll(2).
test/kqueue/poller.to: reactor/poller_kqueue.c
	@echo '  CC $@'
	@$(CC) $(STRICT) $(TEST_ALLOC) $(CFLAGS) -Itest/kqueue \
	    -DPOLLER_WITH_KQUEUE -Dpoller_kqueue=poller_kqueue_stand_in \
	    -MMD -MP -MF $@.d -c -o $@ reactor/poller_kqueue.c

test/kqueue/kqueue.to: test/kqueue/kqueue.c
	@echo '  CC $@'
	@$(CC) $(STRICT) $(CFLAGS) -Itest/kqueue \
	    -MMD -MP -MF $@.d -c -o $@ test/kqueue/kqueue.c

$(TESTS): build/test.a

# And both with the types of NetBSD before 10.
test/kqueue/poller_netbsd.to: reactor/poller_kqueue.c
	@echo '  CC $@'
	@$(CC) $(STRICT) $(TEST_ALLOC) $(CFLAGS) -Itest/kqueue \
	    -DPOLLER_WITH_KQUEUE -Dpoller_kqueue=poller_kqueue_like_netbsd \
	    -DKQUEUE_LIKE_NETBSD \
	    -MMD -MP -MF $@.d -c -o $@ reactor/poller_kqueue.c

test/kqueue/kqueue_netbsd.to: test/kqueue/kqueue.c
	@echo '  CC $@'
	@$(CC) $(STRICT) $(CFLAGS) -Itest/kqueue -DKQUEUE_LIKE_NETBSD \
	    -MMD -MP -MF $@.d -c -o $@ test/kqueue/kqueue.c

$(REPLAYS): build/test.a $(FUZZ_TOOLS)

# A libssl that hides nothing, which test/fuzz_client.c opens.
build/libplain.so: test/tls/plain.c reactor/tls_library.h
	@mkdir -p build
	@echo '  LD $@'
	@$(CC) -std=c11 $(CFLAGS) -fPIC -shared -o $@ test/tls/plain.c

$(FUZZ:.to=.fuzz): build/test.a test/fuzz.o

# Objects are named so that make does not take them for intermediate.
tests: $(TESTS:.run=.to) $(TESTS) $(FUZZ) $(REPLAYS) build/libplain.so

# What is built, and then the sources: that they can be copied, their cores,
# chapters and single files.  What takes longest begins first.
RUN_CRASH = "sh test/bin_crash_test.sh bin"
RUN_BUILT = "sh test/bin_contract_test.sh bin" \
	"sh test/bin_workers_test.sh bin" \
	"sh test/article_test.sh bin build/article" $(TESTS) $(REPLAYS) \
	$(RUN_CRASH) \
	"sh test/bin_fields_test.sh bin" "sh test/bin_manners_test.sh bin" \
	"sh test/bin_terminal_test.sh bin" "sh test/bin_tls_test.sh bin" \
	"sh test/bin_web_test.sh bin" \
	"sh test/install_test.sh bin"
RUN_SOURCES = "sh test/copy_test.sh http" "sh test/copy_test.sh dns" \
	"sh test/copy_test.sh reactor" \
	"sh test/single_test.sh build/single" "sh test/copy_test.sh html" \
	"sh test/copy_test.sh defer" "sh test/core_test.sh" \
	"sh test/chapter_test.sh bin"

test: all tests article-programs single
	@$(TOOLS) sh test/run.sh $(RUN_SOURCES) $(RUN_BUILT)

# Examples and single files, compiled.
test-sources: single
	@$(TOOLS) sh test/run.sh $(RUN_SOURCES)

test-built: all tests article-programs
	@$(TOOLS) sh test/run.sh $(RUN_BUILT)

# Servers and ends of TLS connections for test/real.
tls-peers: $(TLS_PEERS:.run=.to) $(TLS_PEERS)

$(TLS_PEERS): build/test.a

# One header and one source for each folder, each codec, and all of it.
single:
	@sh test/single.sh build/single

# All tests, with build/single/spindle.c in place of its sources.
test-single: tests single
	@echo '  CC build/single/spindle.to'
	@$(CC) $(STRICT) $(TEST_ALLOC) $(CFLAGS) -c \
	    -o build/single/spindle.to build/single/spindle.c
	@rm -f build/single/test.a build/single/*.run
	@$(AR) rc build/single/test.a build/single/spindle.to \
	    $(BIN:.o=.to) $(TEST_PARTS) $(TEST_TOOLS) $(TEST_KQUEUE)
	@for t in $(TESTS:.run=); do \
		$(CC) $(CFLAGS) $(LDFLAGS) -pthread \
		    -o build/single/`basename $$t`.run $$t.to \
		    build/single/test.a $(LDLIBS) || exit 1; \
	done
	@sh test/run.sh build/single/*.run

# The simulated world: some thousand seeds, or `make sim SEED=n` for one.
SEED =
SEEDS = 3000

sim: test/sim_transport_test.run test/sim_crowd_test.run \
	    test/dns_weather_test.run test/sim_stack_test.run \
	    test/sim_tls_test.run test/sim_web_test.run \
	    test/sim_workers_test.run
	@sh test/sim.sh "$(SEEDS)" "$(SEED)"

faults: tests
	@sh test/faults.sh

# Each fuzz target for some seconds, or one of them, or just its corpus.
FUZZ_SECONDS = 60
TARGET =

fuzz: $(REPLAYS) build/libplain.so
	@FUZZ_SECONDS='$(FUZZ_SECONDS)' sh test/fuzz.sh "$(TARGET)" $(REPLAYS)

fuzzers: $(FUZZ) $(FUZZ:.to=.fuzz)

# The programs of the article that all this began with.
article: bin/demosite article-programs
	@sh bench/article/run.sh bin build/article

article-programs: build/spindle.a
	@CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' \
	    LDLIBS='$(LDLIBS)' sh bench/article/build.sh build/article

# The product with one place made wrong, N times: what tests do not notice.
N = 30
FOLDER =

mutants: all tests
	@$(TOOLS) CFLAGS='$(CFLAGS)' TEST_ALLOC='$(TEST_ALLOC)' N='$(N)' \
	    SEED='$(SEED)' FOLDER='$(FOLDER)' sh test/mutants.sh \
	    $(TESTS) $(REPLAYS) "sh test/bin_contract_test.sh bin" \
	    "sh test/bin_fields_test.sh bin" "sh test/bin_tls_test.sh bin" \
	    "sh test/bin_manners_test.sh bin" "sh test/bin_web_test.sh bin" \
	    "sh test/bin_terminal_test.sh bin" \
	    "sh test/bin_workers_test.sh bin"

# The lines of the product that no test runs, in a copy built for that.
coverage:
	@$(TOOLS) MAKE='$(MAKE)' TEST_ALLOC='$(TEST_ALLOC)' \
	    sh test/coverage.sh

lint:
	@sh test/lint.sh

bench: all
	@sh bench/run.sh

# ---- housekeeping ----

clean:
	@rm -rf build
	@rm -f $(PROGRAMS) $(PROGRAMS:=.o) $(PROGRAMS:=.o.d)
	@rm -f $(HOUSE) $(HOUSE:.o=.to) $(HOUSE:=.d) $(HOUSE:.o=.to.d)
	@rm -f $(TESTS) $(TESTS:.run=.to) $(TESTS:.run=.to.d)
	@rm -f $(TEST_TOOLS) $(TEST_TOOLS:=.d)
	@rm -f $(FUZZ) $(FUZZ:=.d) $(FUZZ_TOOLS) $(FUZZ_TOOLS:=.d)
	@rm -f $(REPLAYS) $(FUZZ:.to=.fuzz)
	@rm -f $(TLS_PEERS) $(TLS_PEERS:.run=.to) $(TLS_PEERS:.run=.to.d)
	@rm -f $(TEST_PARTS) $(TEST_PARTS:=.d) $(TEST_KQUEUE) $(TEST_KQUEUE:=.d)

.PHONY: all demo pictures timeline install uninstall tests test test-built \
	test-sources tls-peers single test-single sim faults fuzz fuzzers \
	article article-programs mutants coverage lint bench clean

-include $(HOUSE:=.d) $(HOUSE:.o=.to.d) $(PROGRAMS:=.o.d)
-include $(TESTS:.run=.to.d) $(TEST_TOOLS:=.d) $(TEST_PARTS:=.d)
-include $(TEST_KQUEUE:=.d) $(FUZZ:=.d) $(FUZZ_TOOLS:=.d)
-include $(TLS_PEERS:.run=.to.d)
